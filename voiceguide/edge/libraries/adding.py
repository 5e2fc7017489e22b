"""Tells how to add an optional part, for the way this voiceguide was installed."""

import importlib.util
import os
import re
import shlex
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

DEBIAN_PREFIX = Path("/usr/lib/voiceguide")
"""The environment of the Debian package (scripts/build_deb), which has no pip of its own."""

_EXTRA = re.compile(r"""extra == ['"]([\w-]+)['"]""")
_PLATFORM = re.compile(r"""sys_platform (==|!=) ['"](\w+)['"]""")


@dataclass(frozen=True, slots=True)
class Installation:
    """Where this voiceguide and its Python are."""

    python: Path
    """The Python program that runs it."""
    prefix: Path
    """The environment's folder."""
    is_environment: bool
    """Whether it is a virtual environment, not the system's Python."""
    root: Path
    """The folder that holds the package; in a checkout its top."""
    has_pip: bool
    is_managed: bool
    """Whether the system keeps pip from adding to it (PEP 668)."""
    is_writable: bool
    here: Path
    """The present folder."""


def this_place() -> Installation:
    """The installation of this process."""
    # Loaded only for this: they take long, and most starts have nothing to add.
    import sysconfig

    prefix = Path(sys.prefix)
    managed = Path(sysconfig.get_path("stdlib")) / "EXTERNALLY-MANAGED"
    return Installation(
        python=Path(sys.executable),
        prefix=prefix,
        is_environment=sys.prefix != sys.base_prefix,
        root=Path(__file__).resolve().parents[3],
        has_pip=importlib.util.find_spec("pip") is not None,
        is_managed=managed.is_file(),
        is_writable=os.access(sysconfig.get_path("purelib"), os.W_OK),
        here=Path.cwd(),
    )


def how_to_add(extra: str, place: Installation | None = None) -> str:
    """What a person types to add an optional part (an extra of ``pyproject.toml``)."""
    place = place or this_place()
    script = place.root / "scripts" / "extras"
    if script.is_file() and place.prefix == place.root / ".venv":
        shown = script.relative_to(place.here) if script.is_relative_to(place.here) else script
        return f"{_as_owner(place)}{shlex.quote(str(shown))} {extra}"
    return how_to_add_package(*_requirements(extra), place=place)


def how_to_add_package(*requirements: str, place: Installation | None = None) -> str:
    """What a person types to add packages from the package index, such as ``paho-mqtt>=2.1``."""
    place = place or this_place()
    wanted = shlex.join(requirements)
    if (place.prefix / "pipx_metadata.json").is_file():
        return f"pipx inject {shlex.quote(place.prefix.name)} {wanted}"
    python = shlex.quote(str(place.python))
    sudo = _as_owner(place)
    if place.prefix == DEBIAN_PREFIX:
        pip = f"{sudo}python3 -m pip --python {python} install {wanted}"
        return f"sudo apt-get install python3-pip && {pip}"
    if place.is_environment:
        if not place.has_pip or (place.prefix / "uv-receipt.toml").is_file():
            return f"{sudo}uv pip install --python {python} {wanted}"
        return f"{sudo}{python} -m pip install {wanted}"
    if not place.is_managed:
        return f"{sudo}{python} -m pip install {wanted}"
    bring = "" if place.has_pip else "sudo apt-get install python3-pip && "
    return f"{bring}{python} -m pip install --user --break-system-packages {wanted}"


def _as_owner(place: Installation) -> str:
    return "" if place.is_writable else "sudo "


def _requirements(extra: str) -> tuple[str, ...]:
    """What an extra needs on this system; the extra itself where nothing is known of it."""
    from importlib import metadata

    try:
        found = metadata.requires("voiceguide") or ()
    except metadata.PackageNotFoundError:
        found = ()
    return tuple(_of_extra(extra, found)) or (f"voiceguide[{extra}]",)


def _of_extra(extra: str, requirements: Iterable[str]) -> Iterable[str]:
    for one in requirements:
        wanted, _, marker = one.partition(";")
        platform = _PLATFORM.search(marker)
        fits = not platform or (platform[1] == "==") == (platform[2] == sys.platform)
        if fits and extra in _EXTRA.findall(marker):
            yield wanted.strip()
