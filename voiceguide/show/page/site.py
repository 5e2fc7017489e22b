"""The page's few addresses: the page, what it needs, the live feed, and (if allowed) commands."""

import asyncio
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from voiceguide.show.drawing.figure import VIEW_BOX, body, features, zones
from voiceguide.show.page.address import Address, is_loopback_url
from voiceguide.show.page.feed import Feed
from voiceguide.show.page.guard import Buckets, Guard
from voiceguide.show.page.qr import modules

MOST_PAGES = 40
LARGEST_COMMAND_BYTES = 200
BODY_SECONDS = 5.0
CALENDAR_SECONDS = 2.0
"""The history is read no more often than this."""
TYPES = {
    "mirror.css": "text/css; charset=utf-8",
    "mirror.js": "text/javascript; charset=utf-8",
    "picture.js": "text/javascript; charset=utf-8",
    "manifest.webmanifest": "application/manifest+json",
    "icon.svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Control:
    """What may be done from the page."""

    token: str
    obey: Callable[[str], bool]
    """Obeys words as if they had been said; False when they mean nothing now."""
    link: str
    """The page's address with the token; shown as a QR code to whoever has the token already."""


def make_site(
    feed: Feed,
    address: Address,
    days: Callable[[], dict[str, float]],
    control: Control | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> ASGIApp:
    """The whole ASGI application.

    Args:
        days: seconds of each day of the history by ISO date; called on a worker thread.
        control: None for a page that can only be looked at.
        clock: seconds that never go back, for rates.
    """
    folder = files("voiceguide.show.page") / "static"
    static = {name: folder.joinpath(name).read_bytes() for name in TYPES}
    page = folder.joinpath("index.html").read_text("utf-8")
    drawing = f"{body()}{zones()}{features()}"
    page = page.replace("VIEW_BOX", VIEW_BOX).replace("<!-- figure -->", drawing)
    commands = Buckets(clock, burst=8, per_second=2)
    calendar = _Calendar(days, clock)

    async def index(_request: Request) -> Response:
        return Response(page, media_type="text/html; charset=utf-8")

    async def file(request: Request) -> Response:
        name = request.url.path.removeprefix("/")
        return Response(static[name], media_type=TYPES[name])

    async def events(_request: Request) -> Response:
        if feed.readers >= MOST_PAGES:
            return PlainTextResponse("Too many pages are open.", 503, {"retry-after": "5"})
        return _FeedResponse(feed)

    async def history(_request: Request) -> Response:
        return JSONResponse(await calendar.days())

    async def command(request: Request) -> Response:
        if control is None:
            return PlainTextResponse("This page can only be looked at.", 403)
        refusal = _refused(request, control) or _not_json(request)
        if refusal:
            return refusal
        if not commands.take("all"):
            return PlainTextResponse("Too many commands; wait a second.", 429)
        words = _words(await _body(request))
        if words is None:
            return PlainTextResponse('Send {"say": "next"}.', 400)
        obeyed = control.obey(words)
        return Response(status_code=204) if obeyed else PlainTextResponse("Not now.", 409)

    async def invite(request: Request) -> Response:
        if control is None:
            return PlainTextResponse("This page can only be looked at.", 403)
        rows = [] if is_loopback_url(control.link) else modules(control.link)
        return _refused(request, control) or JSONResponse(rows)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await feed.bind()
        yield

    routes = [
        Route("/", index),
        Route("/events", events),
        Route("/history", history),
        Route("/command", command, methods=["POST"]),
        Route("/invite", invite, methods=["POST"]),
        *(Route(f"/{name}", file) for name in TYPES),
    ]
    return Guard(Starlette(routes=routes, lifespan=lifespan), address, clock)


class _Calendar:
    """The days of the history, read once in a while however many ask: it takes its time."""

    def __init__(self, days: Callable[[], dict[str, float]], clock: Callable[[], float]) -> None:
        self._read, self._clock = days, clock
        self._one_at_a_time = asyncio.Lock()
        self._days: dict[str, float] = {}
        self._read_at: float | None = None

    async def days(self) -> dict[str, float]:
        """Seconds by day, as they stood a moment ago."""
        async with self._one_at_a_time:
            now = self._clock()
            if self._read_at is None or now - self._read_at >= CALENDAR_SECONDS:
                self._days = await run_in_threadpool(self._read)
                self._read_at = now
        return self._days


class _FeedResponse(StreamingResponse):  # type: ignore[misc] # no types without the extra
    """The feed, with its place taken from the moment the request is answered."""

    def __init__(self, feed: Feed) -> None:
        super().__init__(feed.messages(), media_type="text/event-stream")
        self._feed = feed
        feed.readers += 1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._feed.readers -= 1


def _refused(request: Request, control: Control) -> Response | None:
    """Why a command is not even read."""
    origin = request.headers.get("origin", "")
    if origin != f"http://{request.headers['host']}":
        return PlainTextResponse("Commands are taken from the page itself only.", 403)
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), control.token.encode()):
        return PlainTextResponse("The token is missing or wrong.", 401)
    return None


def _not_json(request: Request) -> Response | None:
    """No form of a foreign page can send this type."""
    if request.headers.get("content-type", "").partition(";")[0] == "application/json":
        return None
    return PlainTextResponse("Commands are JSON.", 415)


async def _body(request: Request) -> bytes:
    """The body, but not much more of it than a command can have."""
    data = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                data += chunk
                if len(data) > LARGEST_COMMAND_BYTES:
                    return b""
    except TimeoutError:
        return b""
    return data


def _words(data: bytes) -> str | None:
    try:
        words = json.loads(data)["say"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return words if isinstance(words, str) else None
