"""Names and addresses of machines, as people write them: what can be one at all."""

import ipaddress
import re
import socket
from urllib.parse import urlsplit

LONGEST_NAME = 253
"""Letters of a name that can be looked up (RFC 1035)."""
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_FIGURES = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")


def is_machine(text: str) -> bool:
    """Whether it is an address in figures, or a name that can be looked up.

    Letters of every language may be in a name; one whose last part is a number is an address, or
    none that there is.
    """
    try:
        ipaddress.ip_address(text)
    except ValueError:
        pass
    else:
        return True
    if len(text) > LONGEST_NAME:
        return False
    try:
        # Raises where a part is empty or too long.
        labels = text.removesuffix(".").encode("idna").decode("ascii").split(".")
    except UnicodeError:
        return False
    if _FIGURES.fullmatch(labels[-1]):
        return len(labels) > 1 and _is_shorthand(text)
    return all(map(_LABEL.fullmatch, labels))


def _is_shorthand(text: str) -> bool:
    """Whether a system takes it as an address, as it does ``127.1``."""
    try:
        socket.inet_aton(text)
    except OSError:
        return False
    return True


def is_host(text: str) -> bool:
    """Whether it is the name of a machine, in letters, digits, "-" and "."."""
    label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    named = re.fullmatch(rf"{label}(?:\.{label})*", text) is not None
    return len(text) <= LONGEST_NAME and named


def is_origin(text: str) -> bool:
    """Whether it is a scheme, a machine and perhaps a port: where a page comes from."""
    found = re.fullmatch(r"https?://(\[[0-9a-fA-F:]+\]|[^/:]+)(?::\d{1,5})?", text)
    if not found:
        return False
    return is_machine(found[1].strip("[]")) if found[1].startswith("[") else is_host(found[1])


def is_address(text: str) -> bool:
    """Whether it is ``tcp://HOST:PORT``."""
    try:
        parts = urlsplit(text)
        whole = text == f"tcp://{parts.netloc}" and text.isprintable() and " " not in text
        named = whole and bool(parts.port) and "@" not in text
        return named and is_machine(parts.hostname or "")
    except ValueError:
        return False
