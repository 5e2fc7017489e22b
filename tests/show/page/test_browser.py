"""The page of a session in a real browser: how it moves, whom it obeys, who may frame it. Skipped
where no Chromium is installed (scripts/test installs one with apt).
"""

import socket
import threading
import time
from contextlib import ExitStack, contextmanager

import pytest
import uvicorn
from playwright.sync_api import sync_playwright
from support.gallery import gallery
from support.own_picture import FEET
from support.page_states import EVENING, a_library
from support.page_world import World, serving

from voiceguide.core.table import State
from voiceguide.edge.files.routine_file import load_routine
from voiceguide.show.print_pdf import find_browser

BROWSER = find_browser()
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium installed")

SIZES = {"wide": (1280, 800), "small": (800, 480), "phone": (390, 844)}
LIBRARY = a_library()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def bare(browser):
    """A page that nothing happens to."""
    with ritual() as world, browser.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(world.url)
        page.wait_for_selector("body[data-link=found]")
        yield page


@pytest.fixture
def look(browser):
    """Opens pages; at the end none may have complained in its console."""
    complaints, contexts = [], []

    def look(url, size="wide", scheme="dark", moves=False, errors=True):
        width, height = SIZES[size]
        motion = "no-preference" if moves else "reduce"  # what moves is painted again and again
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion=motion
        )
        contexts.append(context)
        page = context.new_page()
        if errors:
            page.on("console", lambda said: said.type in ("error", "warning") and note(said.text))
            page.on("pageerror", lambda error: note(str(error)))
        page.goto(url)
        page.wait_for_selector("body[data-link=found]")
        # How fast this machine draws is not what is looked at.
        page.evaluate("sluggish = false; watchPace = () => {};")
        return page

    note = complaints.append
    yield look
    for context in contexts:
        context.close()
    # A page that is still open when its guide is gone looks for it.
    assert [text for text in complaints if "ERR_CONNECTION_REFUSED" not in text] == []


def ritual(**more):
    return serving(library=LIBRARY, routine_id="serum-ritual", manner=EVENING, **more)


def text(page, place):
    return page.inner_text(f"#{place}")


def wait_text(page, place, wanted):
    page.wait_for_function(
        "([id, wanted]) => document.getElementById(id).textContent.includes(wanted)",
        arg=[place, wanted],
    )


class Live(World):
    """A world whose session's clock runs on with the real one."""

    def __init__(self, **more):
        super().__init__(**more)
        self.began = time.monotonic()
        self.feed._now = lambda: self.play.now + time.monotonic() - self.began

    def show(self):
        self.began = time.monotonic()
        super().show()


FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
HAND = """() => {
  const [, x, y, sx] = /translate\\((\\S+) (\\S+)\\) scale\\((\\S+)/.exec(
    ways[0].hand.getAttribute("transform")).map(Number);
  const share = (clock() - shown.counted.onset) / shown.counted.period;
  const along = Math.min(1, Math.max(0, share) / (1 - RETURN_SHARE));
  const point = ways[0].path.getPointAtLength(ways[0].length * along);
  const still = at("figure").dataset.still;
  return { x, y, sx, still, off: Math.hypot(x - point.x, y - point.y) };
}"""


def hand_now(page):
    """Where the hand has been drawn just now."""
    page.evaluate(FRAME)
    return page.evaluate(HAND)


def stroking(world):
    """In the second stroke along the jaw, on the left."""
    world.at_step("hook-glide", State.PACING)
    while world.play.seen().session.counted.number < 2:
        world.play.until(world.play.now + 0.05)
    world.show()


def test_the_hand_moves_along_the_stroke_in_its_real_tempo_on_the_left(look):
    world = Live(library=LIBRARY, routine_id="serum-ritual", manner=EVENING)
    try:
        page = look(world.url, moves=True)
        stroking(world)
        page.wait_for_function("() => ways.length === 1 && shown.counted.number === 2")
        # The session's clock, as the page knows it, is the one that is told.
        off = page.evaluate("clock()") - world.feed._now()
        # What the feed took on its way is off it; a busy machine takes longer.
        assert abs(off) < 0.3
        page.wait_for_function("() => clock() > shown.counted.onset + 0.3")
        seen = [hand_now(page) for _ in range(6)]
        assert all(one["still"] == "no" for one in seen)
        assert all(one["off"] < 6 for one in seen), "on the path, where it should be by now"
        assert seen[0]["x"] > seen[-1]["x"], "from the chin to the left ear"
        assert all(one["x"] < 120 and one["sx"] < 0 for one in seen), "the left hand"
    finally:
        world.close()


def test_who_wants_no_movement_sees_none(look):
    world = Live(library=LIBRARY, routine_id="serum-ritual", manner=EVENING)
    try:
        page = look(world.url)
        stroking(world)
        page.wait_for_function("() => ways.length === 1 && shown.counted.number === 2")
        page.wait_for_function("() => clock() > shown.counted.onset + 0.3")
        seen = {(one["x"], one["y"]) for one in (hand_now(page) for _ in range(4))}
        assert len(seen) == 1
        assert text(page, "count") == "2 of 5"
    finally:
        world.close()


def test_a_breath_is_one_shape_that_grows_and_falls_to_the_frame(look):
    with serving(library=LIBRARY, routine_id="breathing") as world:
        page = look(world.url, moves=True)
        world.play.at(20, "start")
        while (
            not (world.play.seen().breath and world.play.seen().session.counted.number)
            and world.play.now < 300
        ):
            world.play.until(world.play.now + 0.2)
        counted = world.play.seen().session.counted
        world.show()
        page.wait_for_function(
            "() => at('figure').dataset.show === 'breath' && shown.counted.onset"
        )
        drawn = (
            "now => (breathe(now), [Number(at('lung').getAttribute('r')), at('way').textContent])"
        )
        onset, period = counted.onset_seconds, counted.period_seconds
        moments = [page.evaluate(drawn, onset + share * period) for share in (0.05, 0.48, 0.9)]
        assert moments[0][0] < moments[1][0] > moments[2][0]
        assert moments[2][1] == "Breathe out"


def test_what_no_hand_does_is_shown_without_a_hand(look):
    with serving(library=LIBRARY, routine_id="weekly") as world:
        page = look(world.url)
        world.at_step("shoulder-drop", State.PACING)
        wait_text(page, "step", "Shoulder drop")
        assert page.evaluate("ways.map((way) => way.hand)") == [None, None]
        page.wait_for_function("() => at('count').textContent.trim()")


def test_a_routine_may_bring_its_own_picture(look, tmp_path):
    path = tmp_path / "feet.yaml"
    path.write_text(FEET, "utf-8")
    with serving(library={"feet": load_routine(path)}, routine_id="feet") as world:
        page = look(world.url)
        world.at_step("long-strokes", State.PACING)
        page.wait_for_selector("#figure[data-show=own] #own .glow")
        assert page.locator("#own path.line").count() == 2
        assert not page.locator("#front").is_visible()
        assert page.evaluate("ways.length") == 1


def test_the_count_is_large(look):
    with ritual() as world:
        page = look(world.url)
        world.at_step("hook-glide", State.PACING)
        page.wait_for_selector("#count:not(:empty)")
        for size, least in (("wide", 110), ("small", 66), ("phone", 44)):
            width, height = SIZES[size]
            page.set_viewport_size({"width": width, "height": height})
            drawn = page.evaluate("parseFloat(getComputedStyle(at('count')).fontSize)")
            assert drawn >= least, size


def test_the_page_outlives_the_guide_and_finds_it_again(look):
    world = World(library=LIBRARY, routine_id="serum-ritual", manner=EVENING)
    page = look(world.url, errors=False)
    port = world.port
    world.at_step("hook-glide", State.PACING)
    wait_text(page, "step", "Hook glide")
    world.close()
    page.wait_for_selector("body[data-link=lost][data-screen=offline]")
    assert text(page, "step") == "Waiting for the guide"
    again = World(port=port, library=LIBRARY, routine_id="quick")
    try:
        page.wait_for_selector("body[data-link=found]")
        wait_text(page, "routine", "Quick massage")
    finally:
        again.close()


def test_a_page_with_the_link_commands_and_hides_its_token(look):
    with ritual(control=True) as world:
        page = look(world.server.link)
        assert world.server.token not in page.url
        page.get_by_role("button", name="start").click()
        page.wait_for_function("() => performance.getEntriesByName(origin + '/command').length > 0")
        assert world.obeyed == ["start"]
        page.reload()
        page.wait_for_selector("#say button")
        assert world.server.token not in page.content()


def test_the_start_of_a_page_with_the_link_shows_it_to_a_phone(look, monkeypatch):
    # As if served in the network at home: a link that only this machine can open invites nobody.
    monkeypatch.setattr("voiceguide.show.page.site.is_loopback_url", lambda url: False)
    with ritual(control=True) as world:
        page = look(world.server.link)
        page.wait_for_selector("#invite:not([hidden])")
        assert page.locator("#invite path").get_attribute("d").count("M") > 300
        other = look(world.url)
        other.wait_for_selector("body[data-screen=ready]")
        assert not other.locator("#invite").is_visible()
        world.at_step("hook-glide", State.PACING)
        page.wait_for_selector("#invite", state="hidden")


def test_a_page_without_the_link_has_nothing_to_press(look):
    with ritual(control=True) as world:
        page = look(world.url)
        page.wait_for_selector("#say li")
        assert page.locator("button").count() == 0


def test_an_old_token_is_given_up(look):
    with ritual(control=True) as world:
        page = look(f"{world.url}#token=an-old-token-of-another-day", errors=False)
        page.get_by_role("button", name="start").click()
        page.wait_for_function("() => document.querySelectorAll('#say button').length === 0")
        assert world.obeyed == []


def test_no_foreign_script_runs(bare):
    ran = bare.evaluate(
        """() => {
          const made = document.createElement("script");
          made.textContent = "window.ran = 1";
          document.head.append(made);
          return window.ran;
        }"""
    )
    assert ran is None


def test_it_can_be_installed(bare):
    manifest = bare.evaluate("fetch('manifest.webmanifest').then((answer) => answer.json())")
    assert manifest["start_url"] == "./"
    assert bare.evaluate(
        """src => new Promise((done) => { const image = new Image();
           image.onload = () => done(image.naturalWidth > 0); image.onerror = () => done(false);
           image.src = src; })""",
        manifest["icons"][0]["src"],
    )


@contextmanager
def served_gallery(*names):
    """The gallery on a port of its own."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen()  # a page that asks before the server runs waits for it
        port = bound.getsockname()[1]
        config = uvicorn.Config(gallery(port, names=names), log_config=None)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.should_exit = server.force_exit = True
            thread.join()


def test_it_works_below_a_path_and_in_a_frame_of_whom_the_owner_names(browser):
    with served_gallery("waiting", "choosing") as url:
        page = browser.new_page()
        page.goto(url)
        frame = page.frame_locator("iframe[title=waiting]")
        frame.locator("body[data-screen=waiting]").wait_for()
        assert frame.locator("#step").inner_text() == "Rinse"
        frame.locator("#figure[data-show=scene]").wait_for()
        other = page.frame_locator("iframe[title=choosing]")
        other.locator("#choices li i:not(:empty)").first.wait_for()
        page.close()


def test_nobody_else_may_frame_it(browser):
    with ritual() as world, served_gallery("waiting") as url:
        page = browser.new_page()
        page.goto(url)
        with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
            page.evaluate("src => { document.querySelector('iframe').src = src; }", world.url)
        page.close()


@pytest.mark.long
def test_twenty_pages_at_once_show_the_same(look, browser):
    """Six of one visitor, who has no more connections, one of another, and what thirteen read."""
    with ritual() as world, ExitStack() as stack:
        context = stack.enter_context(browser.new_context(reduced_motion="reduce"))
        pages = [context.new_page() for _ in range(6)]
        other = look(world.url, "small")
        feeds = [stack.enter_context(feed_of(world)) for _ in range(13)]
        for page in pages:
            page.goto(world.url)
        world.at_step("hook-glide", State.PACING)
        for page in [other, *pages]:
            page.wait_for_function("() => shown && shown.step === 'hook glide'")
        for feed in feeds:
            assert any(b'"hook glide"' in line for line in feed)
        assert world.feed.readers == 20


@contextmanager
def feed_of(world):
    """What a page is told, line by line, as it comes."""
    with socket.create_connection(("127.0.0.1", world.port), timeout=100) as connection:
        connection.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with connection.makefile("rb") as lines:
            yield lines
