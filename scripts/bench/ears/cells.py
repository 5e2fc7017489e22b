"""Which outcomes are counted together, and how a table shows what they come to."""

from collections.abc import Callable, Container, Sequence
from pathlib import Path

from bench.ears.clips import LIVE_ALL, PEOPLE, SYNTHETIC
from bench.ears.clips import NEAR as NEAR_HUMAN
from bench.ears.mixing import CLOSE
from bench.ears.plan import SNRS_DB
from bench.ears.tally import Tally, wilson
from bench.ears.work import Outcome

Outcomes = Sequence[Outcome]
Where = Callable[[Outcome], bool]
SPEAKERS = (*PEOPLE, NEAR_HUMAN, SYNTHETIC)
"""The sets of commands that are reported separately."""
LEVELS = (None, *SNRS_DB)
NEAR = (CLOSE, "1 m")


def where(
    *,
    system: str | None = None,
    live: str = LIVE_ALL,
    groups: Sequence[str] | None = None,
    noises: Sequence[str] | None = None,
    snr_db: float | str | None = "any",
    places: Sequence[str] | None = None,
    texts: Sequence[str] | None = None,
    clips: Container[Path] | None = None,
    narrow: bool = False,
) -> Where:
    """A filter of outcomes; quiet belongs to every noise."""

    def fits(outcome: Outcome) -> bool:
        trial = outcome.trial
        condition = trial.condition
        return (
            not trial.any_score
            and trial.live == live
            and condition.narrow == narrow
            and (system is None or trial.system.name == system)
            and (groups is None or trial.clip.group in groups)
            and (noises is None or condition.noise is None or condition.noise in noises)
            and (snr_db == "any" or condition.snr_db == snr_db)
            and (places is None or condition.place in places)
            and (texts is None or trial.clip.text in texts)
            and (clips is None or trial.clip.path in clips)
        )

    return fits


def level_name(snr_db: float | None) -> str:
    """``quiet`` or ``12 dB``."""
    return "quiet" if snr_db is None else f"{snr_db:g} dB"


def share_cell(counted: Tally, count: int) -> str:
    """``0.985 (0.92–1.00)``; a dash if nothing was heard."""
    if not counted.commands:
        return "–"
    low, high = wilson(count, counted.commands)
    return f"{counted.share(count):.3f} ({low:.2f}–{high:.2f})"


def short_cell(counted: Tally) -> str:
    """``0.95 / 0.010 (68)``: share right, share wrong, number of commands."""
    if not counted.commands:
        return "–"
    right, wrong = counted.share(counted.right), counted.share(counted.wrong)
    return f"{right:.2f} / {wrong:.3f} ({counted.commands})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def seconds_cell(counted: Tally) -> str:
    """``0.24 / 0.38 / 0.50 (67)``: p50, p95 and longest latency, number of commands."""
    if not counted.latencies:
        return "–"
    three = " / ".join(f"{counted.latency(p) or 0.0:.2f}" for p in (50, 95, 100))
    return f"{three} ({len(counted.latencies)})"
