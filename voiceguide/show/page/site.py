"""The page's addresses: the page with its face, its files, the live feed, commands if allowed."""

import asyncio
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from math import inf
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from voiceguide.show.drawing.figure import VIEW_BOX, definitions, palette, zones
from voiceguide.show.drawing.zones import BACK_ZONES
from voiceguide.show.page.address import Address, is_loopback_url
from voiceguide.show.page.feed import Feed
from voiceguide.show.page.guard import Buckets, Guard
from voiceguide.show.page.qr import modules

MOST_PAGES = 40
LARGEST_COMMAND_BYTES = 200
BODY_SECONDS = 5.0
CALENDAR_SECONDS = 2.0
"""The shortest time between two readings of the history."""
SCRIPTS = ("mirror.js", "picture.js", "history.js", "words.js")
TYPES = {
    "mirror.css": "text/css; charset=utf-8",
    **dict.fromkeys(SCRIPTS, "text/javascript; charset=utf-8"),
    "manifest.webmanifest": "application/manifest+json",
    "icon.svg": "image/svg+xml",
}

FONT = "atkinson-next.woff2"


@dataclass(frozen=True, slots=True)
class Records:
    """What the page asks for besides the feed; called on worker threads."""

    history: Callable[[], dict[str, Any]]
    """Seconds of each day by ISO date, and the days in a row."""
    routines: Callable[[], dict[str, str]] = dict
    """How long each routine takes, in words, by its name."""


@dataclass(frozen=True, slots=True)
class Control:
    """What a page that may command needs."""

    token: str
    obey: Callable[[str], bool]
    """Obeys words as if they had been said; False if they mean nothing now."""
    link: str
    """The page's address with the token."""

    def invitation(self, page: str) -> str:
        """The link for another phone, shown as a QR code to a page that has the token already.

        Args:
            page: the address by which the browser came; behind a proxy only the browser knows it.

        Returns:
            The link; empty if only this machine could open it.
        """
        links = (f"{page}#token={self.token}" if page else "", self.link)
        return next((link for link in links if link and not is_loopback_url(link)), "")


def make_site(
    feed: Feed,
    address: Address,
    told: Records,
    control: Control | None = None,
    clock: Callable[[], float] = time.monotonic,
    skin: str = "light",
) -> ASGIApp:
    """The whole ASGI application.

    Args:
        skin: the tone of the skin in the pictures.
        control: None for a page without commands.
        clock: a monotonic clock in seconds, for rates.
    """
    folder = files("voiceguide.show.page") / "static"
    static = {name: (folder.joinpath(name).read_bytes(), kind) for name, kind in TYPES.items()}
    static["palette.css"] = (palette().encode(), TYPES["mirror.css"])
    static[FONT] = (files("voiceguide.show").joinpath("type", FONT).read_bytes(), "font/woff2")
    page = folder.joinpath("index.html").read_text("utf-8")
    for mark, drawing in (
        ("VIEW_BOX", VIEW_BOX),
        ("SKIN", skin),
        ("<!-- definitions -->", definitions()),
        ("<!-- zones -->", zones()),
        ("<!-- back zones -->", zones(shapes=BACK_ZONES)),
    ):
        page = page.replace(mark, drawing)
    commands = Buckets(clock, burst=8, per_second=2)
    days = _Seldom(told.history, CALENDAR_SECONDS, clock)
    # The routines do not change during a session.
    lengths = _Seldom(told.routines, inf, clock)

    async def index(_request: Request) -> Response:
        return Response(page, media_type="text/html; charset=utf-8")

    async def file(request: Request) -> Response:
        content, kind = static[request.url.path.rpartition("/")[2]]
        return Response(content, media_type=kind)

    async def events(_request: Request) -> Response:
        if feed.readers >= MOST_PAGES:
            return PlainTextResponse("Too many pages are open.", 503, {"retry-after": "5"})
        return _FeedResponse(feed)

    async def history(_request: Request) -> Response:
        return JSONResponse(await days())

    async def routines(_request: Request) -> Response:
        return JSONResponse(await lengths())

    async def command(request: Request) -> Response:
        if control is None:
            return PlainTextResponse("This page can only be looked at.", 403)
        refusal = _refused(request, control) or _not_json(request)
        if refusal:
            return refusal
        if not commands.take("all"):
            return PlainTextResponse("Too many commands; wait a second.", 429)
        words = _said(await _body(request), "say")
        if words is None:
            return PlainTextResponse('Send {"say": "next"}.', 400)
        obeyed = control.obey(words)
        return Response(status_code=204) if obeyed else PlainTextResponse("Not now.", 409)

    async def invite(request: Request) -> Response:
        if control is None:
            return PlainTextResponse("This page can only be looked at.", 403)
        refusal = _refused(request, control)
        if refusal:
            return refusal
        page = _said(await _body(request), "page") or ""
        ours = page.startswith(f"{request.headers['origin']}/")
        link = control.invitation(page if ours else "")
        return JSONResponse(modules(link) if link else [])

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await feed.bind()
        yield

    routes = [
        Route("/", index),
        Route("/events", events),
        Route("/history", history),
        Route("/routines", routines),
        Route("/command", command, methods=["POST"]),
        Route("/invite", invite, methods=["POST"]),
        *(Route(f"/{name}", file) for name in static),
    ]
    return Guard(Starlette(routes=routes, lifespan=lifespan), address, clock)


class _Seldom:
    """Something slow to read, which is read only now and then, however many ask for it."""

    def __init__(
        self, read: Callable[[], dict[str, Any]], seconds: float, clock: Callable[[], float]
    ) -> None:
        self._read, self._seconds, self._clock = read, seconds, clock
        self._one_at_a_time = asyncio.Lock()
        self._kept: dict[str, Any] = {}
        self._read_at: float | None = None

    async def __call__(self) -> dict[str, Any]:
        """The last reading, which may be a moment old."""
        async with self._one_at_a_time:
            now = self._clock()
            if self._read_at is None or now - self._read_at >= self._seconds:
                self._kept = await run_in_threadpool(self._read)
                self._read_at = now
        return self._kept


class _FeedResponse(StreamingResponse):  # type: ignore[misc] # no types without the extra
    """The feed; a page counts as open from the moment that its request is answered."""

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
    """The answer to a command that is not even read, or None."""
    origin = request.headers.get("origin", "")
    # Through a proxy that encrypts, the browser knows the page by https.
    if origin not in (f"{scheme}://{request.headers['host']}" for scheme in ("http", "https")):
        return PlainTextResponse("Commands are taken from the page itself only.", 403)
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), control.token.encode()):
        return PlainTextResponse("The token is missing or wrong.", 401)
    return None


def _not_json(request: Request) -> Response | None:
    """The answer to a body of another type than JSON, which a form of a foreign page would have."""
    if request.headers.get("content-type", "").partition(";")[0] == "application/json":
        return None
    return PlainTextResponse("Commands are JSON.", 415)


async def _body(request: Request) -> bytes:
    """The body, but hardly more of it than a command can have."""
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


def _said(data: bytes, name: str) -> str | None:
    """A text field of the body, or None."""
    try:
        text = json.loads(data)[name]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return text if isinstance(text, str) else None
