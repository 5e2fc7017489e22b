"""Limits connections where strangers connect: how many in all, from one address, and for how long.

Each listener has a door of its own. Silence blocks nobody: a connection that has sent nothing whole
for a while is closed, and where there is no room, the one that has been silent longest makes room
for the newcomer. A newcomer is turned away only where everybody else is being served.
"""

import ipaddress
import time
from collections.abc import Callable
from contextlib import suppress

FILES_FOR_SOUND = 128
"""How many file descriptors, below the process's limit, no stranger gets: voice, loudspeaker and
journal must always be able to open theirs."""


class Guest:
    """A connection that was let in."""

    def __init__(self, address: str, let_go: Callable[[], None], now: float) -> None:
        self.address = address
        self.let_go = let_go
        """Ends the connection at once; may be called more than once."""
        self.heard_at = now
        """When it last sent something whole, in seconds of the door's clock."""
        self.is_served = False
        """Whether an answer is being made or sent, so that its silence does not count."""


class Door:
    """Counts connections; one thread at a time may use it.

    Args:
        most: how many connections there may be at a time.
        most_each: how many of them from one address (with IPv6 from one /64 network).
        silence_seconds: a guest that sends nothing whole for this long is disconnected; so this is
            the time for the head of a request too, however slowly it trickles in.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        most: int,
        most_each: int,
        silence_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._most_each = most_each
        self.silence_seconds = silence_seconds
        self._clock = clock
        self._guests: list[Guest] = []
        self.turned_away = 0
        """How many were turned away for lack of room."""
        self.let_go = 0
        """How many were disconnected for their silence."""

    def __len__(self) -> int:
        return len(self._guests)

    def enter(self, address: str, let_go: Callable[[], None], fileno: int = 0) -> Guest | None:
        """Let a connection in; None where it must be turned away.

        Args:
            address: the peer's address as text; empty where it has none.
            let_go: ends the connection at once.
            fileno: the descriptor of its socket. The lowest free one is always taken, so a high one
                shows that few are left.
        """
        self.sweep()
        address = _network(address)
        ours = [guest for guest in self._guests if guest.address == address]
        full = len(self._guests) >= self._most and self._guests
        crowd = ours if len(ours) >= self._most_each else full or []
        if crowd and not self._make_room(crowd):
            self.turned_away += 1
            return None
        if fileno >= _most_files() - FILES_FOR_SOUND:
            self.turned_away += 1
            return None
        guest = Guest(address, let_go, self._clock())
        self._guests.append(guest)
        return guest

    def heard(self, guest: Guest) -> None:
        """Note that this guest has sent something whole."""
        guest.heard_at = self._clock()

    def leave(self, guest: Guest) -> None:
        """Note that this guest is gone; call it also after it was disconnected."""
        with suppress(ValueError):
            self._guests.remove(guest)

    def sweep(self) -> None:
        """Disconnect whoever has been silent for too long; call it about every second."""
        now = self._clock()
        for guest in tuple(self._guests):
            if not guest.is_served and now - guest.heard_at >= self.silence_seconds:
                self._dismiss(guest)

    def _make_room(self, crowd: list[Guest]) -> bool:
        silent = [guest for guest in crowd if not guest.is_served]
        if not silent:
            return False
        self._dismiss(min(silent, key=lambda guest: guest.heard_at))
        return True

    def _dismiss(self, guest: Guest) -> None:
        self.leave(guest)
        self.let_go += 1
        guest.let_go()


def _network(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if ip.version == 4:
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((int(ip), 64), strict=False))


def _most_files() -> int:
    """How many descriptors this process may have; very many where there is no limit."""
    try:
        import resource
    except ImportError:  # Windows
        return 1 << 30
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft if soft > 2 * FILES_FOR_SOUND else 1 << 30
