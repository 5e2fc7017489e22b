"""Where a server listens, and by which names a browser may ask for the page."""

import ipaddress
import re
import socket
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from voiceguide.core.errors import SettingsError
from voiceguide.settings.hosts import is_machine

DEFAULT = "127.0.0.1:8400"
HOME_DOMAINS = frozenset(
    {"local", "lan", "home", "home.arpa", "internal", "localdomain", "fritz.box"}
)
"""Domains that routers give a home network; nobody outside can register a name in them."""


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port to listen on."""

    host: str
    port: int
    names: tuple[str, ...] = ()
    """Further names of this machine, in lower case."""
    ancestors: tuple[str, ...] = ()
    """Origins whose pages may show this one in a frame."""

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        ip = _ip(self.host)
        return ip is not None and ip.is_loopback

    @property
    def is_everywhere(self) -> bool:
        """Whether it listens on every network of this machine."""
        ip = _ip(self.host)
        return ip is not None and ip.is_unspecified

    @property
    def url(self) -> str:
        """The address to open on this machine or, if it listens to them, on others."""
        host = _own_ip() if self.is_everywhere else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"


def parse_address(
    text: str,
    default: str = DEFAULT,
    hint: str = "put the name of a routine before --page",
) -> Address:
    """Read ``HOST:PORT``, ``HOST`` or ``:PORT``; the part that is left out is that of ``default``.

    Raises:
        SettingsError: it is none of these.
    """
    text = text or default
    found = re.fullmatch(r"(?:\[([0-9a-fA-F:]+)\]|([\w.-]*))(?::(\d{1,5}))?", text)
    host, port = default.rsplit(":", 1)
    if found:
        host = found[1] or found[2] or host
        port = found[3] or port
    # A single word is probably the name of a routine that should stand before the option.
    told = found is not None and (found[3] is not None or "." in host.strip(".") or ":" in host)
    known = host == "localhost" or (told and is_machine(host))
    if not found or not known or not 0 <= int(port) <= 65535:
        raise SettingsError(
            f"{text!r} is no HOST:PORT such as {default} or 0.0.0.0:{default.rsplit(':', 1)[1]}; "
            f"{hint}"
        )
    return Address(host, int(port))


def where_bound(address: Address, bound: tuple[str, int]) -> Address:
    """The address as it was bound: with the port that the system gave, and with the IP address in
    place of a name that leads to this machine alone.
    """
    host, port = bound[:2]
    if not address.is_loopback and Address(host, port).is_loopback:
        names = (*address.names, address.host.lower())
        return replace(address, host=host, port=port, names=names)
    return replace(address, port=port)


def is_loopback_url(url: str) -> bool:
    """Whether only this machine can open it."""
    return Address(urlsplit(url).hostname or "", 0).is_loopback


def is_own_host(header: str, address: Address) -> bool:
    """Whether a ``Host`` header names this page: the defence against DNS rebinding.

    An IP address cannot be rebound, so any is accepted; of names only this machine's own are, and
    those in the settings.
    """
    found = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::\d{1,5})?", header)
    if not found:
        return False
    host = found[1].strip("[]").lower()
    if host in address.names:
        return True
    ip = _ip(host)
    if address.is_loopback:
        return host == "localhost" or (ip is not None and ip.is_loopback)
    return ip is not None or host in {"localhost", address.host.lower()} or _is_ours(host)


def _is_ours(host: str) -> bool:
    """Whether it is this machine's name, alone or in a domain of the home network."""
    name = socket.gethostname().lower()
    if host == name:
        return True
    own, _, rest = host.partition(".")
    return own == name.partition(".")[0] and (not rest or rest in (HOME_DOMAINS | _searched()))


def _searched() -> set[str]:
    """The search domains that the router gave this system."""
    try:
        lines = Path("/etc/resolv.conf").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return set()
    words = (line.lower().split() for line in lines[:100])
    return {
        each.strip(".")
        for found in words
        if found[:1] in (["search"], ["domain"])
        for each in found[1:]
    }


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip


def _own_ip() -> str:
    """This machine's address in its network; finding it out sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
