"""The page in a browser, with its states given to it and not by a feed."""

from contextlib import contextmanager

from playwright.sync_api import sync_playwright
from support.page_states import STATES, fixture
from support.page_world import serving

SIZES = {
    "small phone": (360, 640),
    "phone": (390, 844),
    "small display": (800, 480),
    "laptop": (1280, 800),
    "mirror": (1080, 1920),
}


@contextmanager
def page_stage(browser_path):
    """Such a page, at rest; it must not complain of anything until the end."""
    with serving() as world, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(reduced_motion="reduce")
        complaints = []
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(world.url)
        page.wait_for_selector("body[data-link=found]")
        page.evaluate("source.close(), document.fonts.ready")
        yield page
        browser.close()
        assert complaints == [], complaints


_SHOW = """async (told) => {
  if (!told) {
    shown = null, render(OFFLINE), count(OFFLINE, 0), frameShows(0, 0, 0);
    return;
  }
  offsets = [];
  ahead = null;
  take(told);
  const time = clock();
  count(shown, time);
  frameShows(...frameOf(shown, time));
  heard(time);
  trimSay();
  if (["finished", "ended"].includes(document.body.dataset.screen))
    for (let n = 0; n < 200 && at("past").hidden; n += 1)
      await new Promise((done) => requestAnimationFrame(done));
}"""


def _told(name):
    """What the feed would send; nothing where there is no guide."""
    return None if name == "offline" else fixture(name)


def show(page, name):
    """Let the page show a fixture, whole, as one that comes from the feed."""
    page.evaluate(_SHOW, _told(name))


def found_in(page, names, script):
    """The list that a script finds while each of these fixtures is shown, by its name; none where
    it is empty.

    All in one call: so nothing is painted in between, which costs more than all the rest.
    """
    ask = f"""async (all) => {{
      const [show, ask] = [{_SHOW}, {script}], found = {{}};
      for (const [name, told] of all) {{
        await show(told);
        const list = await ask();
        if (list.length) found[name] = list;
      }}
      return found;
    }}"""
    return page.evaluate(ask, [(name, _told(name)) for name in names])


def size_of(page, size, scheme):
    """Give the window a size and a scheme of colours."""
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")


def pictures(browser_path, folder):
    """Write every state at every size, light and dark; gives the files' names."""
    names = []
    with page_stage(browser_path) as page:
        for size, (width, height) in SIZES.items():
            for scheme in ("light", "dark"):
                size_of(page, size, scheme)
                for state in (*STATES, "offline"):
                    show(page, state)
                    names.append(f"{width}x{height}-{scheme}-{state}.png")
                    page.screenshot(path=folder / names[-1])
    return names
