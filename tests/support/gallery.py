"""The page in every state at once: an application that mounts it below a path for each."""

import contextlib
import time
from html import escape

from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from support import page_stage
from support.page_states import NOW_SECONDS, STATES, fixture
from support.page_world import TOLD

from voiceguide.show.page.address import Address
from voiceguide.show.page.feed import Feed
from voiceguide.show.page.site import make_site

SIZES = tuple(f"{width}x{height}" for width, height in page_stage.SIZES.values())

AT_ONCE = 4
"""Each keeps a connection for its feed, and a browser opens six to one address."""


def gallery(port, skin="light", names=tuple(STATES)):
    """An ASGI application; its page shows a few states at a time, in frames of one of the sizes."""
    began = time.monotonic()
    feeds = {name: Feed(lambda: NOW_SECONDS + time.monotonic() - began) for name in names}
    address = Address("127.0.0.1", port, ancestors=("'self'",))

    async def index(request):
        asked = request.query_params
        size = asked.get("size") if asked.get("size") in SIZES else SIZES[0]
        part = int(asked["part"]) if asked.get("part", "").isdecimal() else 0
        return HTMLResponse(_page(names, size, part))

    @contextlib.asynccontextmanager
    async def lifespan(_app):
        for name, feed in feeds.items():
            await feed.bind()
            feed.publish(fixture(name)["shown"])
        yield

    mounts = [
        Mount(f"/state/{name}", make_site(feed, address, TOLD, skin=skin))
        for name, feed in feeds.items()
    ]
    return Starlette(routes=[Route("/", index), *mounts], lifespan=lifespan)


def _page(names, size, part):
    """A few states, and links to the others and to the other sizes."""
    width, height = size.split("x")
    parts = range(0, len(names), AT_ONCE)
    links = [(f"size={each}&amp;part={part}", each) for each in SIZES]
    links += [(f"size={size}&amp;part={n}", names[first]) for n, first in enumerate(parts)]
    frames = "".join(
        f"<figure><figcaption>{escape(name)}</figcaption>"
        f"<iframe title='{escape(name)}' src='state/{escape(name)}/' width='{width}' "
        f"height='{height}'></iframe></figure>"
        for name in names[part * AT_ONCE : (part + 1) * AT_ONCE]
    )
    shown = " ".join(f"<a href='?{query}'>{escape(text)}</a>" for query, text in links)
    return (
        "<!doctype html><meta charset='utf-8'><title>voiceguide: every state</title>"
        "<style>body{font:16px sans-serif;margin:16px;background:#888}a{margin-right:1em}"
        "figure{display:inline-block;margin:8px}iframe{border:0}</style>"
        f"<p>{shown}</p>{frames}"
    )
