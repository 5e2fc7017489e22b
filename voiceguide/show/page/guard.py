"""Checks every request (host, size, rate), and adds the security headers to every answer."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from voiceguide.show.page.address import Address, is_own_host

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}


def policy(ancestors: Sequence[str] = ()) -> str:
    """The content security policy of a page that only these origins may put into a frame."""
    framed = " ".join(ancestors) or "'none'"
    return f"{_POLICY}; frame-ancestors {framed}"


LONGEST_TARGET = 200
"""The longest path with its query, in characters; those of the page are far shorter."""
BURST, PER_SECOND = 240.0, 60.0
"""How many requests one address may make at once, and how many per second after that."""
MOST_ADDRESSES = 256


class Guard:
    """ASGI middleware around the page.

    Args:
        clock: a monotonic clock in seconds, for the rate.
    """

    def __init__(
        self, app: ASGIApp, address: Address, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._address = address
        self._policy = policy(address.ancestors)
        self._buckets = Buckets(clock, BURST, PER_SECOND)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or let the page answer it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers["content-security-policy"] = self._policy
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        hosts = Headers(scope=scope).getlist("host")
        if len(hosts) != 1 or not is_own_host(hosts[0], self._address):
            return PlainTextResponse("This page answers to its own address only.", 421)
        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > LONGEST_TARGET:
            return PlainTextResponse("Too long.", 414)
        if scope["method"] not in ("GET", "POST"):
            return PlainTextResponse("There is no such method here.", 405)
        if not self._buckets.take((scope.get("client") or ("",))[0]):
            return PlainTextResponse("Too many requests; wait a second.", 429)
        return None


class Buckets:
    """A token bucket for each of the most recent addresses."""

    def __init__(self, clock: Callable[[], float], burst: float, per_second: float) -> None:
        self._clock = clock
        self._burst = burst
        self._per_second = per_second
        self._filled: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str) -> bool:
        """Whether this address may make one more request now."""
        now = self._clock()
        left, at = self._filled.pop(who, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._per_second)
        allowed = left >= 1
        self._filled[who] = (left - 1 if allowed else left, now)
        if len(self._filled) > MOST_ADDRESSES:
            self._filled.popitem(last=False)
        return allowed
