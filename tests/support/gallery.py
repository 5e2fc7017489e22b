"""The page in every state at once: an application that mounts it below a path for each."""

import contextlib
import time

from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from support.page_states import NOW_SECONDS, STATES, fixture
from support.page_world import TOLD

from voiceguide.show.page.address import Address
from voiceguide.show.page.feed import Feed
from voiceguide.show.page.site import make_site


def gallery(port, page, sizes, skin="light", names=tuple(STATES)):
    """An ASGI application.

    Args:
        page: HTML of the frames, from the names of the states and a size.
        sizes: that can be asked for; the first if none is.
    """
    began = time.monotonic()
    feeds = {name: Feed(lambda: NOW_SECONDS + time.monotonic() - began) for name in names}
    address = Address("127.0.0.1", port, ancestors=("'self'",))

    async def index(request):
        size = request.url.query if request.url.query in sizes else sizes[0]
        return HTMLResponse(page(list(names), size))

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
