"""Tells which library of the system is missing, and which package of this system has it."""

import platform
import re
from collections.abc import Iterator, Mapping

PORTAUDIO = "libportaudio.so.2"

# Debian (and Raspberry Pi OS, Ubuntu), Fedora, Arch, openSUSE.
_FAMILIES = ("debian", "fedora", "arch", "suse")
_INSTALL = {
    "debian": "sudo apt-get install",
    "fedora": "sudo dnf install",
    "arch": "sudo pacman -S",
    "suse": "sudo zypper install",
}
_PACKAGES = {
    PORTAUDIO: ("libportaudio2", "portaudio", "portaudio", "portaudio"),
    "libespeak-ng.so.1": ("libespeak-ng1", "espeak-ng", "espeak-ng", "libespeak-ng1"),
    "libatomic.so.1": ("libatomic1", "libatomic", "gcc-libs", "libatomic1"),
    "libgomp.so.1": ("libgomp1", "libgomp", "gcc-libs", "libgomp1"),
    "libstdc++.so.6": ("libstdc++6", "libstdc++", "gcc-libs", "libstdc++6"),
    "libgcc_s.so.1": ("libgcc-s1", "libgcc", "gcc-libs", "libgcc_s1"),
    "libsndfile.so.1": ("libsndfile1", "libsndfile", "libsndfile", "libsndfile1"),
    "libasound.so.2": ("libasound2", "alsa-lib", "alsa-lib", "libasound2"),
    "libjack.so.0": ("libjack-jackd2-0", "jack-audio-connection-kit", "jack2", "libjack0"),
    "liblgpio.so.1": ("liblgpio1", "lgpio", "lgpio", "liblgpio1"),
}

_GLIBC = re.compile(r"([\w.+-]+\.so(?:\.\d+)*): cannot open shared object file")
_MUSL = re.compile(r"Error loading shared library ([\w.+-]+\.so(?:\.\d+)*)")
_TOLD_OTHERWISE = {
    "PortAudio library not found": PORTAUDIO,
    "sndfile library not": "libsndfile.so.1",
}


def missing_library(error: BaseException | str) -> str | None:
    """The file that the loader could not find, such as ``libatomic.so.1``; None for another
    error.
    """
    for text in _texts(error):
        if found := _GLIBC.search(text) or _MUSL.search(text):
            return found[1]
        for said, name in _TOLD_OTHERWISE.items():
            if said in text:
                return name
    return None


def _texts(error: BaseException | str) -> Iterator[str]:
    if isinstance(error, str):
        yield error
        return
    cause: BaseException | None = error
    while cause is not None:
        yield str(cause)
        cause = cause.__cause__ or cause.__context__


def package_of(library: str, family: str | None = None) -> str:
    """The package that has this library on this system; where that is not known, Debian's name for
    it.

    For an unknown library it is the library's own name.
    """
    names = dict(zip(_FAMILIES, _PACKAGES.get(library, (library,) * 4), strict=True))
    return names[family or _family() or "debian"]


def how_to_install(*libraries: str, family: str | None = None) -> str:
    """How to get these libraries: ``install it (sudo apt-get install libatomic1)``."""
    here = family or _family()
    packages = list(dict.fromkeys(package_of(one, here) for one in libraries))
    if here is None or not all(one in _PACKAGES for one in libraries):
        return f"install the package of your system that has {' and '.join(libraries)}"
    it = "it" if len(packages) == 1 else "them"
    return f"install {it} ({_INSTALL[here]} {' '.join(packages)})"


def why_not(what: str, error: BaseException) -> str:
    """One sentence on something compiled that cannot be loaded, and what to do."""
    library = missing_library(error)
    if library is None:
        return f"{what} cannot be loaded ({error}); set up voiceguide again"
    return f"{what} cannot be loaded because {library} is missing; {how_to_install(library)}"


def _family(release: Mapping[str, str] | None = None) -> str | None:
    """The family of Linux distributions that this machine belongs to."""
    if release is None:
        try:
            release = platform.freedesktop_os_release()
        except OSError:
            return None
    like = f"{release.get('ID', '')} {release.get('ID_LIKE', '')}".split()
    for one in like:
        for family in _FAMILIES:
            if one.startswith(family if family != "suse" else ("suse", "opensuse")):
                return family
    return None
