"""How each command of a session in the room was taken, and why some were missed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.table import Table

from voiceguide.core.commands import Command
from voiceguide.core.table import TABLE
from voiceguide.rehearsal.entries import (
    Cued,
    Decided,
    Entered,
    Entry,
    Obeyed,
    Outcome,
    Said,
    Uttered,
)
from voiceguide.rehearsal.scribe import NEAR_SECONDS
from voiceguide.rehearsal.summary import Summary
from voiceguide.sound.echo.gate import FIRST_SECONDS, LINGER_SECONDS

STRAYED = "led elsewhere"
"""The outcome of a command that was obeyed, but did not lead where the table of states says."""
AT_ONCE_SECONDS = 0.01
NOTHING = "nothing was written of it"


@dataclass(frozen=True, slots=True)
class Spoken:
    """One command: how it was said, and how it was taken."""

    session: int
    """The seed of its session."""
    routine: str
    voice: str
    words: str
    command: str
    state: str
    at_s: float
    outcome: str
    place: str
    """What the guide did while it was said."""
    why: str
    """The ears' reason for or against it."""
    score: float
    """Its score, 0–1; 0 if the ears heard nothing."""
    heard: str


def commands_of(entries: Sequence[Entry], seed: int, routine: str, voice: str) -> list[Spoken]:
    """The commands of a session in order, except those that meant nothing where they were said."""
    found = []
    for one in entries:
        if not isinstance(one, Uttered) or one.command is None:
            continue
        if one.outcome is Outcome.NOT_LIVE:
            continue
        decided = _decided(one, entries)
        heard = decided.heard if decided else None
        told = Spoken(
            session=seed,
            routine=routine,
            voice=voice,
            words=one.utterance.label,
            command=one.command.value,
            state=one.utterance.state.value,
            at_s=round(one.at_seconds, 2),
            outcome=one.outcome.value,
            place=_place(one, entries),
            why=heard.why.value if heard else NOTHING,
            score=round(heard.confidence, 3) if heard else 0.0,
            heard=heard.text if heard else "",
        )
        if one.outcome is Outcome.OBEYED and not _led_right(one, entries):
            told = replace(told, outcome=STRAYED)
        found.append(told)
    return found


def obeyed_twice(entries: Sequence[Entry], summary: Summary) -> int:
    """How many more commands reached the session than words were taken for a command."""
    reached = sum(isinstance(one, Obeyed) for one in entries)
    taken = summary.obeyed + summary.wrong + summary.mistaken + summary.false_accepts
    return reached - taken


def why_missed(commands: Sequence[Spoken]) -> Table:
    """A table of the words and places where commands were missed: how often, and why."""
    table = Table("said", "spoken", "missed", "reasons", title="what was missed")
    for name in ("words", "voice", "state", "place"):
        kinds = sorted({getattr(one, name) for one in commands})
        for kind in kinds:
            said = [one for one in commands if getattr(one, name) == kind]
            missed = [one for one in said if one.outcome != Outcome.OBEYED]
            if missed:
                reasons = Counter(one.why for one in missed).most_common()
                told = ", ".join(f"{why}: {number}" for why, number in reasons)
                table.add_row(f"{name}: {kind}", f"{len(said)}", f"{len(missed)}", told)
        table.add_section()
    return table


def _decided(one: Uttered, entries: Sequence[Entry]) -> Decided | None:
    """The decision on something said: the one that was obeyed, or that overlaps it most."""
    start, end = one.utterance.start_seconds, one.utterance.end_seconds
    near = [
        entry
        for entry in entries
        if isinstance(entry, Decided)
        and entry.heard.end_seconds >= start
        and entry.heard.start_seconds <= end + NEAR_SECONDS
    ]

    def weight(decided: Decided) -> tuple[bool, float]:
        heard = decided.heard
        common = min(heard.end_seconds, end) - max(heard.start_seconds, start)
        return bool(heard.phrase and heard.phrase.command is one.command), common

    return max(near, key=weight, default=None)


def _place(one: Uttered, entries: Sequence[Entry]) -> str:
    start, end = one.utterance.start_seconds, one.utterance.end_seconds
    for said in entries:
        if not isinstance(said, Said) or not said.at_seconds < end:
            continue
        if start < said.end_seconds and end > said.at_seconds:
            early = start < said.at_seconds + FIRST_SECONDS
            return "over the guide's first second" if early else "over the guide"
    if any(
        isinstance(said, Said) and 0 <= start - said.end_seconds < LINGER_SECONDS
        for said in entries
    ):
        return "just after the guide"
    if any(
        isinstance(cue, Cued) and start - LINGER_SECONDS < cue.at_seconds < end for cue in entries
    ):
        return "beside a tick"
    return "in silence"


def _led_right(one: Uttered, entries: Sequence[Entry]) -> bool:
    """Whether the command led where it should once it had reached the session."""
    at = next(
        (
            entry.at_seconds
            for entry in entries
            if isinstance(entry, Obeyed)
            and entry.command is one.command
            and entry.at_seconds >= one.at_seconds
        ),
        None,
    )
    if at is None:
        return False
    states = [entry for entry in entries if isinstance(entry, Entered)]
    before = [entry.state.value for entry in states if entry.at_seconds < at]
    after = [entry.state.value for entry in states if entry.at_seconds <= at + AT_ONCE_SECONDS]
    return bool(before) and after[-1] in _leads_to(one.command, before[-1])


def _leads_to(command: Command | None, state: str) -> set[str]:
    """The states to which a command may lead from a state, by the table."""
    rows = [row for row in TABLE if command and row["trigger"] == command.value]
    return {
        str(row["dest"] or state)
        for row in rows
        if state in (row["source"] if isinstance(row["source"], list) else [row["source"]])
    }
