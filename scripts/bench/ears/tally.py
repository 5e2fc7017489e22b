"""Counts outcomes: shares with their intervals, false accepts, latencies."""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from bench.ears.work import Outcome


@dataclass(slots=True)
class Tally:
    """Counts of some outcomes."""

    n: int = 0
    right: int = 0
    wrong: int = 0
    commands: int = 0
    """How many clips have a command; in the others, talk, every decision is a false accept."""
    false_accepts: int = 0
    sound_seconds: float = 0.0
    cpu_seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    mistakes: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        clip = outcome.trial.clip
        self.n += 1
        self.sound_seconds += outcome.sound_seconds
        self.cpu_seconds += outcome.cpu_seconds
        got = outcome.obeyed
        if clip.wanted is None:
            self.false_accepts += len(got)
            self.mistakes.update(f"{clip.text[:20] or clip.group}>{one}" for one in got)
            return
        self.commands += 1
        self.right += outcome.right
        self.wrong += outcome.wrong
        if outcome.latency is not None:
            self.latencies.append(outcome.latency)
        if not outcome.right:
            self.mistakes[f"{clip.text}>{'+'.join(got) or '-'}"] += 1

    @property
    def missed(self) -> int:
        """How many commands led to no decision."""
        return self.commands - self.right - self.wrong

    @property
    def hours(self) -> float:
        """Hours of sound, without the quiet put around it."""
        return self.sound_seconds / 3600

    def share(self, count: int) -> float:
        """A count as a share of the commands; 0 if there were none."""
        return count / self.commands if self.commands else 0.0

    @property
    def per_hundred(self) -> float:
        """False accepts per hundred utterances."""
        return 100 * self.false_accepts / self.n if self.n else 0.0

    @property
    def per_hour(self) -> float:
        """False accepts per hour of talk."""
        return self.false_accepts / self.hours if self.hours else 0.0

    def latency(self, percent: float) -> float | None:
        """A percentile of the latencies in seconds; 100 is the longest."""
        return float(np.percentile(self.latencies, percent)) if self.latencies else None

    def facts(self) -> dict[str, object]:
        """The counts for the JSON file."""
        facts: dict[str, object] = {"n": self.n}
        if self.commands:
            for name in ("right", "wrong", "missed"):
                count = getattr(self, name)
                facts[name] = count
                facts[f"{name}_share"] = round(self.share(count), 4)
                facts[f"{name}_interval_95"] = [round(x, 4) for x in wilson(count, self.commands)]
            facts["latency_s"] = {
                name: None if (at := self.latency(percent)) is None else round(at, 3)
                for name, percent in (("p50", 50), ("p95", 95), ("max", 100))
            }
        if self.n > self.commands:
            low, high = rate_interval(self.false_accepts)
            facts |= {
                "false_accepts": self.false_accepts,
                "hours": round(self.hours, 4),
                "per_100_utterances": round(self.per_hundred, 3),
                "per_hour": round(self.per_hour, 3),
                "per_hour_interval_95": [
                    round(x / self.hours, 3) if self.hours else None for x in (low, high)
                ],
            }
        facts["cpu_per_second_of_sound"] = round(self.cpu_seconds / (self.sound_seconds or 1), 4)
        facts["mistakes"] = dict(self.mistakes.most_common())
        return facts


def tally(outcomes: Iterable[Outcome], wanted: Callable[[Outcome], bool]) -> Tally:
    """Count the outcomes that are wanted."""
    counted = Tally()
    for outcome in outcomes:
        if wanted(outcome):
            counted.add(outcome)
    return counted


def wilson(successes: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if not n:
        return 0.0, 1.0
    z, p = 1.96, successes / n
    middle, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)
    return max(0.0, low), min(1.0, high)


def rate_interval(count: int) -> tuple[float, float]:
    """A 95 % interval of the mean of a Poisson count (Byar's approximation)."""

    def bound(x: int, z: float) -> float:
        return float(x * (1 - 1 / (9 * x) + z / (3 * math.sqrt(x))) ** 3) if x else 0.0

    return bound(count, -1.96), bound(count + 1, 1.96)
