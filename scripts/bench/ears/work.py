"""Hears many clips in several processes."""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from bench.ears.clips import NARRATION, Clip
from bench.ears.mixing import CLOSE, Condition, mixed, noise_at, word_end
from bench.ears.people import member_for
from bench.ears.systems import Decision, Hearing, System, open_system

from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.sound.clip import Samples

CHUNK, LONG_CHUNK = 24, 2


@dataclass(frozen=True, slots=True)
class Trial:
    """One clip to be heard once."""

    system: System
    live: str
    clip: Clip
    condition: Condition
    any_score: bool = False
    """Without bars, for the curve of errors."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a trial."""

    trial: Trial
    decisions: tuple[Decision, ...]
    sound_seconds: float
    cpu_seconds: float
    latency: float | None
    """Time from the true end of the word to the right decision; None if the end is unknown."""

    @property
    def obeyed(self) -> list[str]:
        """The commands that were obeyed, in order."""
        return [decision.wanted for decision in self.decisions]

    @property
    def right(self) -> bool:
        """Whether exactly the command that was said was obeyed, once."""
        return self.obeyed == [self.trial.clip.wanted]

    @property
    def wrong(self) -> bool:
        """Whether another command was obeyed, or one more."""
        return bool(self.obeyed) and not self.right


@dataclass(slots=True)
class _Bench:
    """What a process of the pool keeps."""

    noises: Path
    loaded: dict[tuple[object, ...], Hearing] = field(default_factory=dict)
    sounds: dict[tuple[str, str], Samples] = field(default_factory=dict)

    def hearing(self, trial: Trial) -> Hearing | None:
        """The system that hears a trial; None if it may not hear this clip."""
        members = trial.system.members
        number = member_for(members, trial.clip) if members else -1
        if number is None:
            return None
        key = (trial.system.kind, trial.system.name, number, trial.live, trial.any_score)
        if key not in self.loaded:
            model = members[number].model if members else None
            self.loaded[key] = open_system(trial.system.kind, model, trial.live, trial.any_score)
        return self.loaded[key]

    def noise(self, condition: Condition) -> Samples | None:
        """The noise of a condition, as at its place."""
        if condition.noise is None:
            return None
        where = condition.place if condition.place == CLOSE else "room"
        key = (condition.noise, where)
        if key not in self.sounds:
            dry = np.load(self.noises / f"{condition.noise}.npy")
            self.sounds[key] = noise_at(condition.place, dry)
        return self.sounds[key]


_bench: _Bench | None = None


def begin(noises: Path) -> None:
    """Start a process of the pool; ``noises`` holds an array for each noise."""
    global _bench
    _bench = _Bench(noises)


def hear(trials: list[Trial]) -> list[Outcome]:
    """Hear some clips in this process."""
    assert _bench is not None
    outcomes = []
    for trial in trials:
        hearing = _bench.hearing(trial)
        dry = read_sound(trial.clip.path, EAR_RATE_HZ).samples
        if hearing is None or not np.any(dry):
            continue
        sound = mixed(trial.clip, dry, trial.condition, _bench.noise(trial.condition))
        began = time.process_time()
        decisions = hearing.hear(sound)
        cpu = time.process_time() - began
        outcome = Outcome(trial, tuple(decisions), len(sound) / EAR_RATE_HZ, cpu, None)
        if trial.clip.wanted and outcome.right:
            end = word_end(dry, trial.condition)
            late = None if end is None else decisions[0].seconds - end
            outcome = Outcome(trial, outcome.decisions, outcome.sound_seconds, cpu, late)
        outcomes.append(outcome)
    return outcomes


def heard(trials: Iterable[Trial], noises: Path, processes: int) -> Iterator[list[Outcome]]:
    """Hear all trials, in any order, in chunks; trials of one system stay together."""
    groups: dict[tuple[object, ...], list[Trial]] = {}
    for trial in trials:
        long = trial.clip.group == NARRATION
        groups.setdefault((trial.system.name, trial.live, trial.any_score, long), []).append(trial)
    chunks = [
        group[start : start + size]
        for key, group in groups.items()
        for size in [LONG_CHUNK if key[-1] else CHUNK]
        for start in range(0, len(group), size)
    ]
    # Long recordings come first, so that no process is busy alone at the end.
    chunks.sort(key=lambda chunk: chunk[0].clip.group != NARRATION)
    with ProcessPoolExecutor(processes, initializer=begin, initargs=(noises,)) as pool:
        for done in as_completed([pool.submit(hear, chunk) for chunk in chunks]):
            yield done.result()
