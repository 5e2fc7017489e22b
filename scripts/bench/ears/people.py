"""The speakers that each model may be tested with: lists, and the folds of a cross-validation."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.ears.clips import PEOPLE, Clip

Listed = frozenset[tuple[str, str]]


def read_speakers(file: Path) -> Listed:
    """A list of speakers: a table with the columns ``source`` and ``speaker``, separated by tabs.

    A line with one column names a speaker of any source.

    Raises:
        ValueError: the list is empty.
        OSError: the file cannot be read.
    """
    lines = [line.split("\t") for line in file.read_text("utf-8").splitlines() if line.strip()]
    listed = {(("*", one[0]) if len(one) == 1 else (one[0], one[1])) for one in lines}
    listed -= {("source", "speaker"), ("*", "speaker")}
    if not listed:
        raise ValueError(f"{file} lists no speaker; it needs lines of source, tab, speaker")
    return frozenset(listed)


def has(listed: Listed, clip: Clip) -> bool:
    """Whether the clip's speaker is in the list."""
    return (clip.source, clip.speaker) in listed or ("*", clip.speaker) in listed


@dataclass(frozen=True, slots=True)
class Member:
    """A model of a system, and the speakers that it never heard; None if it may hear everybody."""

    model: Path
    unheard: Listed | None = None


def member_for(members: tuple[Member, ...], clip: Clip) -> int | None:
    """The index of the model that hears a clip; None if each may know its speaker from training.

    For clips of sources that no list names (orders, a device's voice, noise) the models take turns;
    for people's commands the speaker must be listed.
    """
    fits = [
        number
        for number, member in enumerate(members)
        if member.unheard is None or has(member.unheard, clip)
    ]
    if not fits and clip.group not in PEOPLE:
        sources = {source for member in members for source, _ in member.unheard or ()}
        if clip.source not in sources and "*" not in sources:
            fits = list(range(len(members)))
    return fits[clip.key % len(fits)] if fits else None


def chosen(clips: Iterable[Clip], only: Listed | None, without: Listed | None) -> list[Clip]:
    """The clips of the chosen speakers, and all clips of sources that no list names."""
    return [
        clip
        for clip in clips
        if (only is None or not _covers(only, clip) or has(only, clip))
        and (without is None or not has(without, clip))
    ]


def _covers(listed: Listed, clip: Clip) -> bool:
    sources = {source for source, _ in listed}
    return clip.source in sources or ("*" in sources and clip.group in PEOPLE)
