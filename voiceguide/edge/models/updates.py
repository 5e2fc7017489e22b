"""Finds what is newer, by a list at a pinned address that is signed with a pinned key.

The list is TOML, with a table for each file that can be fetched (docs/updates.md); it tells the
size and the SHA-256 of each. Beside it lies its signature, as ``ssh-keygen -Y sign -n voiceguide``
writes it. Nothing in the list is read before the signature is verified.
"""

import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from voiceguide import __version__
from voiceguide.core.errors import ModelError, SettingsError
from voiceguide.edge.models.catalogue import Download, download_of, read_list

NAMESPACE = "voiceguide"
"""The namespace of the signature; one that was made for something else does not count."""
MOST_BYTES = 1_000_000
TIMEOUT_SECONDS = 30.0
_KEY = re.compile(r"ssh-ed25519 [A-Za-z0-9+/]{60,80}={0,2}")


class OfferedKind(StrEnum):
    """What a file of the list is."""

    PROGRAM = "program"
    MODEL = "model"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Offered:
    """One file of the list."""

    name: str
    """The file's name; a model's is that of its folder."""
    kind: OfferedKind
    about: str
    version: tuple[int, ...]
    """The version of a program; empty for anything else."""
    architecture: str
    """The architecture of a program, as Debian calls it; empty for anything else."""
    licence: str
    download: Download

    def is_newer_program(self, architecture: str) -> bool:
        """Whether it is a newer voiceguide for this machine."""
        is_ours = self.kind is OfferedKind.PROGRAM and self.architecture == architecture
        return is_ours and self.version > numbers(__version__)


def numbers(version: str) -> tuple[int, ...]:
    """A version to compare by.

    Raises:
        ValueError: it is not made of numbers and points.
    """
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6}){0,4}", version):
        raise ValueError(f"{version!r} is no version")
    return tuple(map(int, version.split(".")))


def read_updates(address: str, key: str) -> dict[str, Offered]:
    """What the list at this address offers, by name.

    Args:
        address: that of the list, ``https://…``; its signature has the same with ``.sig``.
        key: the key whose signature counts, ``ssh-ed25519 AAAA…``.

    Raises:
        SettingsError: the address or the key is not valid.
        ModelError: the list cannot be fetched, is not signed by this key, or makes no sense.
    """
    if not re.match(r"https?://", address):
        raise SettingsError("update.address must begin with https://")
    if not _KEY.fullmatch(" ".join(key.split()[:2])):
        raise SettingsError("update.key must be a key such as “ssh-ed25519 AAAA…”")
    with tempfile.TemporaryDirectory(prefix="voiceguide-update-") as name:
        folder = Path(name)
        for file in ("list", "list.sig"):
            (folder / file).write_bytes(_fetched(address + file.removeprefix("list")))
        _verify(folder, key, address)
        try:
            return read_list(folder / "list", "file", "file", _offered)
        except ModelError as error:
            raise ModelError(str(error).replace(str(folder / "list"), address)) from error


def _fetched(address: str) -> bytes:
    request = urllib.request.Request(address, headers={"User-Agent": f"voiceguide/{__version__}"})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            told: bytes = response.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise ModelError(f"{address} cannot be fetched ({reason}); is there a network?") from error
    if len(told) > MOST_BYTES:
        raise ModelError(f"{address} is larger than a list of updates can be")
    return told


def _verify(folder: Path, key: str, address: str) -> None:
    tool = shutil.which("ssh-keygen")
    if tool is None:
        raise ModelError(
            "ssh-keygen, which checks signatures, is missing; type: sudo apt install openssh-client"
        )
    (folder / "signers").write_text(f"updates {' '.join(key.split()[:2])}\n", encoding="utf-8")
    command = [tool, "-Y", "verify", "-f", str(folder / "signers"), "-I", "updates"]
    command += ["-n", NAMESPACE, "-s", str(folder / "list.sig")]
    with (folder / "list").open("rb") as signed:
        done = subprocess.run(command, stdin=signed, capture_output=True, check=False)
    if done.returncode:
        raise ModelError(
            f"{address} is not signed with the key of update.key, so nothing in it was believed"
        )


def _offered(name: str, entry: Any) -> Offered:
    kind = OfferedKind(entry["kind"])
    is_program = kind is OfferedKind.PROGRAM
    return Offered(
        name=name,
        kind=kind,
        about=str(entry["about"]),
        version=numbers(entry["version"]) if is_program else (),
        architecture=str(entry["architecture"]) if is_program else "",
        licence=str(entry["licence"]),
        download=download_of(entry),
    )
