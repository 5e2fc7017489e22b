"""Every state has its screen, at every size, light and dark: nothing runs over, nothing lies on
anything else, everything can be read. One browser and one page for all of them.
"""

import re

import pytest
from axe_core_python.base import AXE_SCRIPT
from support.page_stage import SIZES, found_in, page_stage, show, size_of
from support.page_states import STATES

from voiceguide.show.print_pdf import find_browser

BROWSER = find_browser()
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium installed")

SCREENS = {
    **{name: name.partition("-")[0] for name in STATES},
    "hold": "pacing",
    "breath": "pacing",
    "fault": "waiting",
    "fault-pacing": "pacing",
    "loud": "pacing",
    "offline": "offline",
}
"""What each fixture shows as."""

WRONG = """() => {
  const wrong = [];
  const named = (one) => one.id || one.parentElement.id || one.tagName;
  const selector =
    "header p, main p, main h1, #needs li, #calendar, #figure, #say li, #notice, #heard, #choices";
  const seen = [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
  const boxes = seen.map((one) => [named(one), one.getBoundingClientRect(), one]);
  for (const [name, box, one] of boxes) {
    if (box.left < -1 || box.right > innerWidth + 1 || box.top < -1 || box.bottom > innerHeight + 1)
      wrong.push(`${name} is beyond the edge`);
    if (one.id !== "choices" && one.scrollWidth > one.clientWidth + 1 && one.clientWidth)
      wrong.push(`${name} runs over`);
  }
  boxes.forEach(([name, a], index) => {
    for (const [other, b] of boxes.slice(index + 1)) {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 1) wrong.push(`${name} lies on ${other}`);
    }
  });
  const round = document.getElementById("figure");
  if (round.checkVisibility() && Math.min(round.clientWidth, round.clientHeight) < 110)
    wrong.push("no picture");
  return wrong;
}"""

SMALL = """() => [...document.querySelectorAll("button")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)
  .map((one) => one.textContent)"""

FAULTS = """async () => {
  const { violations } = await axe.run({ resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => [id, nodes.map((one) => one.html)]);
}"""

STANDS = """() => {
  const drawn = (one) => document.querySelector(one.getAttribute("href"));
  const hands = ways.filter((way) => drawn(way.hand));
  const { screen } = document.body.dataset, picture = at("figure").dataset.show;
  const parts = picture === "scene" && drawn(at("scene")).childElementCount;
  return [screen, document.title, picture, parts, ways.length, hands.length];
}"""
"""The screen, its title, its picture and how much of it is drawn, the strokes and their hands."""


@pytest.fixture(scope="module")
def stage():
    """A page whose states are given to it."""
    with page_stage(BROWSER) as page:
        yield page


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_runs_over_and_nothing_overlaps(stage, size, scheme):
    size_of(stage, size, scheme)
    assert found_in(stage, SCREENS, WRONG) == {}


@pytest.mark.parametrize("size", ["small phone", "small display"])
def test_buttons_have_room_too(stage, size):
    """Where the page may command."""
    size_of(stage, size, "dark")
    stage.evaluate("token = 'a-token-of-a-test', sends = send, send = async () => null, 0")
    try:
        assert found_in(stage, SCREENS, WRONG) == {}
        assert found_in(stage, SCREENS, SMALL) == {}
        show(stage, "pacing")
        assert stage.locator("#say button:visible").count() >= 4
        stage.locator("#say button").first.focus()
        show(stage, "paused")
        assert stage.evaluate("document.activeElement.closest('#say') !== null")
    finally:
        stage.evaluate("token = null, invited = false, send = sends, 0")


def test_a_choice_fills_the_largest_mirror(stage):
    stage.set_viewport_size({"width": 2160, "height": 3840})
    show(stage, "choosing")
    assert stage.evaluate(WRONG) == []
    assert stage.evaluate("at('choices').scrollHeight - at('choices').clientHeight") <= 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(stage, scheme):
    size_of(stage, "phone", scheme)
    stage.evaluate(AXE_SCRIPT)
    names = [name for name in SCREENS if not name.startswith("pacing-")]
    assert found_in(stage, names, FAULTS) == {}


def test_each_state_has_its_screen_and_a_picture_that_is_drawn(stage):
    size_of(stage, "laptop", "light")
    stands = found_in(stage, SCREENS, STANDS)
    assert {name: shown[0] for name, shown in stands.items()} == SCREENS
    for name, (_, title, picture, parts, ways, hands) in stands.items():
        assert title, name
        if picture == "scene":
            assert parts, name
        if name.startswith(("pacing", "hold")):
            assert ways in (1, 2), name
            assert hands == ways, name


def test_all_routines_can_be_reached_where_the_screen_is_small(stage):
    size_of(stage, "small phone", "light")
    show(stage, "choosing")
    assert stage.evaluate("at('choices').children.length") == 9
    last = stage.locator("#choices li").last
    last.scroll_into_view_if_needed()
    box = last.bounding_box()
    assert box["y"] + box["height"] <= 640
    assert stage.evaluate("at('choices').tabIndex") == 0, "the keyboard scrolls it as well"


def test_the_typeface_is_its_own(stage):
    assert stage.evaluate("document.fonts.check('20px \"Atkinson Hyperlegible Next\"')")
    assert stage.evaluate("[...document.fonts].every((face) => face.status === 'loaded')")


def test_one_half_is_lit_where_one_side_is_worked_on(stage):
    show(stage, "pacing")
    assert stage.locator("#front .zone.lit").get_attribute("data-zone") == "jaw"
    assert stage.locator("#front .zones").get_attribute("data-half") == "left"
    show(stage, "pacing-both")
    assert stage.locator("#front .zones").get_attribute("data-half") == ""


def test_the_frame_counts_strokes_and_is_the_rest_of_a_timer(stage):
    show(stage, "pacing")
    assert stage.locator("#beads .coming").count() == 5
    assert stage.locator("#beads .done").count() == 2
    show(stage, "timer")
    assert stage.locator("#beads .coming").count() == 1
    assert stage.locator("#beads .done").count() == 1


@pytest.mark.parametrize(("seconds", "shown"), [(60, "Hold 40"), (24, "Hold 4"), (10, "Hold")])
def test_a_long_part_of_a_breath_counts_down(stage, seconds, shown):
    show(stage, "breath")
    text = stage.evaluate(
        """(seconds) => {
            const [time, counted] = [clock(), shown.counted];
            shown.breath = [{ way: "hold", share: 1, from: 1, to: 1 }];
            [counted.period, counted.onset] = [seconds, time - Math.min(20.5, seconds - 1)];
            breathe(time);
            return at("way").textContent;
        }""",
        seconds,
    )
    assert text == shown


def test_what_is_told_stands_there_in_words(stage):
    show(stage, "ready")
    assert stage.locator("#needs li").first.inner_text() == "An oil cleanser"
    assert stage.inner_text("#on") == "Say “start” to begin"
    show(stage, "waiting")
    assert stage.inner_text("#on") == "Say “next” when you are done"
    show(stage, "timer")
    assert stage.inner_text("#on").startswith("Goes on by itself")
    assert re.fullmatch(r"\d+ min left · your timer \d+:\d\d min", stage.inner_text("#left"))
    show(stage, "finished")
    assert stage.inner_text("#row").startswith("3 days in a row")
    assert stage.inner_text("#tomorrow") == "Tomorrow makes 4 in a row."
    assert stage.locator("#calendar .level3.today").count() == 1
    assert "minutes in the last" in stage.get_attribute("#calendar", "aria-label")
    show(stage, "fault")
    assert "microphone is gone" in stage.inner_text("#notice")
    show(stage, "loud")
    assert "too loud" in stage.inner_text("#notice")
    show(stage, "asleep")
    assert stage.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
    # The tests' book has "wake" for a call.
    assert stage.inner_text("#step") == "Say “wake”"


def test_nothing_of_the_calendar_is_cut_off(stage):
    show(stage, "finished")
    # The box of a text is higher than its letters.
    cut = """() => {
      const { width, height } = at("calendar").viewBox.baseVal;
      const boxes = [...at("calendar").children].map((one) => [one.textContent, one.getBBox()]);
      return boxes.filter(([, box]) => box.x < 0 || box.x + box.width > width
        || box.y < -3 || box.y + box.height > height + 3).map(([text]) => text);
    }"""
    assert stage.evaluate(cut) == []


@pytest.mark.parametrize("size", ["small phone", "phone", "mirror"])
def test_the_picture_stays_where_it_is_while_a_stroke_is_told_and_paced(stage, size):
    size_of(stage, size, "light")
    places = []
    for name in ("telling", "pacing", "paused", "waiting"):
        show(stage, name)
        places.append(stage.locator("#figure").bounding_box())
    assert places == places[:1] * 4


def test_a_screen_reader_hears_of_steps_and_faults_but_not_over_the_guide(stage):
    show(stage, "telling")
    assert stage.text_content("#aloud") == "Hook glide"
    show(stage, "fault")
    assert "microphone is gone" in stage.text_content("#aloud")
    assert stage.get_attribute("#aloud", "aria-live") == "polite"


def test_taps_land_and_lift_and_pinches_pinch(stage):
    show(stage, "pacing-taps")
    sizes = stage.evaluate(
        """[...Array(40).keys()].map((n) => {
          moveOne(ways[0], 0.8 * n / 40);
          return Number(/scale\\(\\S+ (\\S+)\\)/.exec(ways[0].hand.getAttribute("transform"))[1]);
        })"""
    )
    lifts = sum(a < b >= c for a, b, c in zip(sizes, sizes[1:], sizes[2:], strict=False))
    assert lifts >= 3


@pytest.mark.long
def test_a_machine_that_is_too_slow_is_given_no_movement(stage):
    show(stage, "pacing")
    stage.emulate_media(reduced_motion="no-preference")
    pace = """(ms) => {
      sluggish = false;
      times = [];
      for (let n = 0; n < 90; n += 1) watchPace(n * ms);
      return calm();
    }"""
    try:
        assert not stage.evaluate(pace, 17)
        assert stage.evaluate(pace, 40)
    finally:
        stage.evaluate("sluggish = false")
        stage.emulate_media(reduced_motion="reduce")
