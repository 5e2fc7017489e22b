"""Takes as sound files in a folder: ``next-1.wav``, ``where-am-i-2.flac``."""

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import soundfile

from voiceguide.core.commands import Phrase, Phrasebook
from voiceguide.core.errors import SettingsError
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.system.whole_file import write_whole
from voiceguide.teaching.measuring import NamedTake

KINDS = (".wav", ".flac", ".ogg", ".opus", ".mp3")

_NAME = re.compile(r"(?P<words>.+?)-(?P<number>\d+)")


@dataclass(frozen=True, slots=True)
class TakeFile:
    """A file with a take in it."""

    path: Path
    phrase: Phrase


def find_takes(folder: Path, book: Phrasebook, wanted: Sequence[Phrase]) -> tuple[TakeFile, ...]:
    """The takes in a folder, in the order of their phrases in the book, then of their numbers.

    Args:
        wanted: only takes of these phrases; all takes if it is empty.

    Raises:
        SettingsError: there is no such folder, no take in it, or a file that names no known phrase.
    """
    if not folder.is_dir():
        raise SettingsError(f"{folder} is no folder; give one that holds takes such as next-1.wav.")
    found: list[tuple[int, int, TakeFile]] = []
    places = {phrase: place for place, phrase in enumerate(book.phrases)}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in KINDS:
            continue
        match = _NAME.fullmatch(path.stem)
        phrase = book.find(match["words"].replace("-", " ")) if match else None
        if match is None or phrase is None:
            raise SettingsError(
                f"{path} names no phrase; call a take by its words and its number: next-1.wav, "
                "where-am-i-2.wav."
            )
        if not wanted or phrase in wanted:
            found.append((places[phrase], int(match["number"]), TakeFile(path, phrase)))
    if not found:
        raise SettingsError(f"{folder} holds no take; call them by their words: next-1.wav.")
    return tuple(file for _, _, file in sorted(found, key=lambda each: each[:2]))


def make_folder(folder: Path) -> None:
    """Make sure that takes can be kept in this folder, before anybody says one.

    Raises:
        SettingsError: it cannot be made or written to, or holds takes already.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / ".voiceguide"
        probe.touch()
        probe.unlink()
        there = [path for path in folder.iterdir() if _NAME.fullmatch(path.stem)]
    except OSError as error:
        raise SettingsError(
            f"takes cannot be kept in {folder}: {error.strerror}; give another folder to --keep."
        ) from error
    if there:
        raise SettingsError(f"{folder} holds takes already; give an empty folder to --keep.")


def keep_takes(folder: Path, takes: Sequence[NamedTake]) -> None:
    """Write every take as a WAV file, whole or not at all, that only this user can read.

    Raises:
        DiskError, SettingsError: a file cannot be written.
    """
    counts: Counter[str] = Counter()
    for said in takes:
        name = said.phrase.text.replace(" ", "-")
        counts[name] += 1
        path = folder / f"{name}-{counts[name]}.wav"
        sound = io.BytesIO()
        soundfile.write(sound, said.take.samples, EAR_RATE_HZ, "PCM_16", format="WAV")
        write_whole(path, sound.getvalue(), is_private=True)
