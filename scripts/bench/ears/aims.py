"""The aims of the ears, and whether they are reached."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.ears.cells import NEAR_HUMAN, level_name, table, where
from bench.ears.clips import COMMANDS, LIVE_PACED, TALK
from bench.ears.cost import Cost
from bench.ears.mixing import CLOSE
from bench.ears.plan import TAP
from bench.ears.tally import rate_interval, tally, wilson
from bench.ears.work import Outcome


@dataclass(frozen=True, slots=True)
class Goal:
    """What is wanted for the commands of some speakers, close to the microphone."""

    who: str
    group: str
    right: Mapping[float | None, float]
    """The least share obeyed, by the level of the tap (dB; None is quiet)."""
    wrong: Mapping[float | None, float]
    """The most that may be taken for another command."""
    texts: Sequence[str] | None = None
    """Only these phrases."""
    narrow: bool = False
    """Through a microphone that ends at 4 kHz."""
    clips: Container[Path] | None = None
    """Only these recordings."""


GOALS = (
    Goal(
        "near-human",
        NEAR_HUMAN,
        {None: 0.97, 12.0: 0.96, 6.0: 0.92, 0.0: 0.80},
        {None: 0.005, 12.0: 0.01, 6.0: 0.02, 0.0: 0.05},
    ),
    Goal(
        "near-human, next repeat slower",
        NEAR_HUMAN,
        {None: 0.99, 12.0: 0.98, 6.0: 0.95, 0.0: 0.85},
        {},
        texts=("next", "repeat", "slower"),
    ),
    Goal(
        "near-human, ends at 4 kHz",
        NEAR_HUMAN,
        {None: 0.93, 12.0: 0.90},
        {None: 0.01},
        narrow=True,
    ),
    Goal(
        "people",
        COMMANDS,
        {None: 0.98, 12.0: 0.97, 6.0: 0.95, 0.0: 0.85},
        {None: 0.005, 12.0: 0.01, 6.0: 0.02, 0.0: 0.04},
    ),
)
PER_HUNDRED, PER_HOUR = 0.5, 1.0
LATENCY = {50: 0.20, 95: 0.40}
REAL_TIME_FACTOR, MEMORY_MB, LOAD_SECONDS = 0.02, 40.0, 0.3
USUAL_SOUND = "commands beside the tap"
"""The sound for which the real-time factor is judged."""


@dataclass(frozen=True, slots=True)
class Aim:
    """One aim."""

    what: str
    level: str
    limit: str
    figure: str
    reached: bool | None
    """Whether it is reached; None if nothing was heard that could show it."""
    sure: bool = True
    """Whether the whole confidence interval is on the same side of the limit."""

    @property
    def verdict(self) -> str:
        """Whether it is reached, in words."""
        if self.reached is None:
            return "not measured"
        verdict = "reached" if self.reached else "not reached"
        return verdict if self.sure else f"{verdict} (the interval spans it)"


def aims(
    outcomes: Sequence[Outcome],
    system: str,
    cost: Cost | None,
    plain: Container[Path] | None = None,
) -> list[Aim]:
    """Every aim for a system.

    Args:
        plain: the near-human recordings that say their text; the aims for all of them are given
            for these too.
    """
    goals = list(GOALS)
    if plain is not None:
        goals.insert(1, replace(GOALS[0], who="near-human, said plainly", clips=plain))
    found: list[Aim] = []
    for goal in goals:
        found += _commands(outcomes, system, goal)
    found += _talk(outcomes, system) + _latency(outcomes, system)
    if cost is not None:
        factor = cost.real_time_factors.get(USUAL_SOUND)
        for what, limit, value, digits in (
            (f"real-time factor, {USUAL_SOUND}", REAL_TIME_FACTOR, factor, 3),
            ("memory of the recogniser, MB", MEMORY_MB, cost.memory_mb, 0),
            ("load, s", LOAD_SECONDS, cost.load_seconds, 2),
        ):
            figure = "–" if value is None else f"{value:.{digits}f}"
            reached = None if value is None else value <= limit
            found.append(Aim(what, "", f"≤ {limit:g}", figure, reached))
    return found


def aims_table(found: Sequence[Aim]) -> str:
    """The aims as a Markdown table."""
    rows = [[aim.what, aim.level, aim.limit, aim.figure, aim.verdict] for aim in found]
    return table(("aim", TAP, "wanted", "measured (95 %)", ""), rows)


def _commands(outcomes: Sequence[Outcome], system: str, goal: Goal) -> list[Aim]:
    found: list[Aim] = []
    for what, limits in (("right", goal.right), ("wrong", goal.wrong)):
        for snr, limit in limits.items():
            fits = where(
                system=system, groups=(goal.group,), noises=[TAP], snr_db=snr, places=(CLOSE,),
                texts=goal.texts, clips=goal.clips, narrow=goal.narrow,
            )  # fmt: skip
            counted = tally(outcomes, fits)
            count = counted.right if what == "right" else counted.wrong
            share = counted.share(count)
            low, high = wilson(count, counted.commands)
            sign, reached = ("≥", share >= limit) if what == "right" else ("≤", share <= limit)
            heard = bool(counted.commands)
            found.append(
                Aim(
                    f"{goal.who}: {what}",
                    level_name(snr),
                    f"{sign} {limit:g}",
                    f"{share:.3f} ({low:.3f}–{high:.3f}), n {counted.commands}" if heard else "–",
                    reached if heard else None,
                    not low < limit < high,
                )
            )
    return found


def _talk(outcomes: Sequence[Outcome], system: str) -> list[Aim]:
    every = tally(outcomes, where(system=system, groups=TALK))
    paced = tally(outcomes, where(system=system, live=LIVE_PACED, groups=TALK))
    low, high = wilson(min(every.false_accepts, every.n), every.n)
    least, most = (count / (paced.hours or 1.0) for count in rate_interval(paced.false_accepts))
    return [
        Aim(
            "false accepts per 100 utterances of talk",
            "",
            f"≤ {PER_HUNDRED:g}",
            f"{every.per_hundred:.2f} ({100 * low:.2f}–{100 * high:.2f}), n {every.n}",
            every.per_hundred <= PER_HUNDRED if every.n else None,
            not 100 * low < PER_HUNDRED < 100 * high,
        ),
        Aim(
            "false accepts an hour of talk while strokes are paced",
            "",
            f"≤ {PER_HOUR:g}",
            f"{paced.per_hour:.2f} ({least:.1f}–{most:.1f}), {paced.hours:.2f} h",
            paced.per_hour <= PER_HOUR if paced.n else None,
            not least < PER_HOUR < most,
        ),
    ]


def _latency(outcomes: Sequence[Outcome], system: str) -> list[Aim]:
    groups = [goal.group for goal in GOALS]
    counted = tally(outcomes, where(system=system, groups=groups, noises=[TAP], places=(CLOSE,)))
    found = []
    for percent, limit in LATENCY.items():
        late = counted.latency(percent)
        figure = "–" if late is None else f"{late:.2f}, n {len(counted.latencies)}"
        reached = None if late is None else late <= limit
        found.append(Aim(f"latency p{percent}, s", "all", f"≤ {limit:g}", figure, reached))
    return found
