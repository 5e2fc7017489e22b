"""The results of a soak: its figures, the aims, the table and the JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.soak.resources import Sample, slope
from bench.soak.spoken import Spoken
from rich.table import Table

MOST_GROWTH_MB = 2.0
"""The most that memory may grow in an hour; more would matter after a day of sessions."""
ROW = 200
"""How many commands in a row must be obeyed as they were meant."""
RIGHT, MISSED, HARMLESS = "obeyed", "missed", ("not live", "ignored")


@dataclass(slots=True)
class Found:
    """The figures of a soak."""

    kind: str
    hours: float = 0.0
    sessions: int = 0
    unfinished: int = 0
    outcomes: list[str] = field(default_factory=list)
    """The outcome of every command in order: obeyed, missed, wrong …"""
    out_of_nothing: int = 0
    """How many commands were obeyed though nobody spoke."""
    twice: int = 0
    """How many commands reached the session twice though they were said once."""
    in_row: bool = False
    """Whether every command must be obeyed at the first try."""
    spoken: list[Spoken] = field(default_factory=list)
    """Every command in order, if it is known how it was said and taken."""
    known: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """For a row: by voice and command, the words that were chosen."""
    times_real_time: float = 1.0
    samples: list[Sample] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, outcomes: Iterable[str]) -> None:
        """Add outcomes of commands, except of those that meant nothing where they were said."""
        self.outcomes += [each for each in outcomes if each not in HARMLESS]

    def add_spoken(self, spoken: Sequence[Spoken]) -> None:
        """Add commands of which more is known; those that went wrong become problems."""
        self.spoken += spoken
        self.add(one.outcome for one in spoken)
        for one in spoken:
            if one.outcome not in (RIGHT, MISSED) or (self.in_row and one.outcome != RIGHT):
                self.problems.append(
                    f"seed {one.session}, {one.routine}: {one.words!r} by {one.voice} at "
                    f"{one.at_s:.1f} s, {one.place}, was {one.outcome} ({one.why}, {one.score:.2f})"
                )

    @property
    def wrong(self) -> int:
        """How many commands were taken for others."""
        return sum(each not in (RIGHT, MISSED) for each in self.outcomes)

    def row(self, also: Sequence[str] = ()) -> int:
        """The longest row of commands that were obeyed, or had an outcome that is also allowed."""
        longest = now = 0
        for each in self.outcomes:
            now = now + 1 if each == RIGHT or each in also else 0
            longest = max(longest, now)
        return longest

    def figures(self, aims_row: int) -> list[tuple[str, str, str, bool]]:
        """Each figure as (what, measured value, aim or an empty text, whether the aim is met)."""
        last = self.samples[-1]
        first = self.samples[min(len(self.samples) - 1, len(self.samples) // 4)]
        growth = slope(self.samples)
        said = len(self.outcomes)
        return [
            ("sessions", f"{self.sessions}", "", True),
            ("hours of them", f"{self.hours:.2f}", "", True),
            ("times real time", f"{self.times_real_time:.1f}", "", True),
            ("did not come to their end", f"{self.unfinished}", "0", not self.unfinished),
            ("commands spoken", f"{said}", f"≥ {aims_row}", said >= aims_row),
            ("obeyed", f"{self.outcomes.count(RIGHT)}", "", True),
            ("missed, said again", f"{self.outcomes.count(MISSED)}", "", True),
            ("taken for another", f"{self.wrong}", "0", not self.wrong),
            ("obeyed though nobody spoke", f"{self.out_of_nothing}", "0", not self.out_of_nothing),
            ("obeyed twice", f"{self.twice}", "0", not self.twice),
            (
                "longest row, none taken for another",
                f"{self.row((MISSED,))}",
                f"≥ {aims_row}",
                self.row((MISSED,)) >= aims_row,
            ),
            (
                "longest row, each at the first try",
                f"{self.row()}",
                f"≥ {aims_row}" if self.in_row else "",
                self.row() >= aims_row or not self.in_row,
            ),
            (
                "memory at a quarter, at the end",
                f"{first.resident_mb:.0f}, {last.resident_mb:.0f} MB",
                "",
                True,
            ),
            (
                "memory grows an hour, later half",
                f"{growth:+.2f} MB",
                f"≤ {MOST_GROWTH_MB:g} MB",
                growth <= MOST_GROWTH_MB,
            ),
            _kept("threads", first.threads, last.threads),
            _kept("open files", first.files, last.files),
            _kept("processes", first.processes, last.processes),
        ]

    def table(self, machine: str, aims_row: int) -> Table:
        """The figures as a table."""
        table = Table("figure", "measured", "aim", title=f"{self.kind}: {machine}")
        for what, measured, aim, met in self.figures(aims_row):
            table.add_row(what, measured if met else f"[red]{measured}[/]", aim)
        return table

    def as_json(self, machine: str, aims_row: int) -> dict[str, Any]:
        """The figures as JSON."""
        figures = self.figures(aims_row)
        return {
            "kind": self.kind,
            "machine": machine,
            "figures": {what: measured for what, measured, *_ in figures},
            "missed_aims": [what for what, _, _, met in figures if not met],
            "problems": self.problems,
            "outcomes": self.outcomes,
            "known": self.known,
            "spoken": [asdict(each) for each in self.spoken],
            "samples": [asdict(each) for each in self.samples],
        }


def _kept(what: str, first: int, last: int) -> tuple[str, str, str, bool]:
    """The row of a number that must not grow."""
    return f"{what} at a quarter, at the end", f"{first}, {last}", "no more", last <= first
