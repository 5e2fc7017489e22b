"""Plans which clips each model hears in which conditions: the whole bench, or a share of it."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bench.ears.clips import (
    AN4,
    BOOKS,
    EVENTS,
    LIVE_ALL,
    LIVE_PACED,
    LIVE_TELLING,
    NARRATION,
    NEAR,
    NOISE,
    ORDERS,
    PEOPLE,
    SENTENCES,
    SYNTHETIC,
    TALK,
    WEB,
    WORDS,
    Clip,
    every,
    spread,
    stratified,
)
from bench.ears.mixing import CLOSE, PLACES, QUIET, Condition
from bench.ears.systems import OURS, System
from bench.ears.work import Trial

SNRS_DB = (18.0, 12.0, 6.0, 3.0, 0.0)
AIM_SNRS_DB = (12.0, 6.0, 0.0)
NARROW_SNRS_DB = (None, 12.0)
TAP = "tap"
OTHER_DEVICE = Condition(place="2 m")
"""The place of another person's device."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is heard: shares of the clips, with the words in the same proportions as among all.

    A word takes some 0.15 s of a core.
    """

    quiet: float = 1.0
    """Commands by people in quiet, close and at 1 m, for which the aims are strictest."""
    quiet_elsewhere: float = 1.0
    """The same at 0.5 and 2 m."""
    tap: float = 1.0
    """Beside the tap, close and at 1 m."""
    tap_elsewhere: float = 0.33
    """The same at 0.5 and 2 m."""
    others: float = 0.2
    """Beside every other noise at every level, with the places in turn."""
    telling: float = 0.5
    """With fewer live phrases, close, beside the tap."""
    synthetic: float = 0.2
    """Synthetic voices beside the tap, close and at 1 m; all of them in quiet, close."""
    near: float = 0.5
    """Near-human voices beside the tap, close; all of them in quiet, half as many narrow."""
    rivals: float = 0.5
    """The part of these clips that PocketSphinx and plain Vosk hear, close and at 1 m."""
    rival_talk: float = 0.25
    """The part of the talk that they hear."""
    curve: float = 0.35
    """Clips for the curve of errors."""
    talk: Mapping[str, int] = field(
        default_factory=lambda: {
            WORDS: 240,
            ORDERS: 207,
            AN4: 150,
            BOOKS: 100,
            SENTENCES: 100,
            WEB: 600,
        }
    )
    """Utterances without a command."""
    talk_paced: float = 0.0
    """The part of them that is heard again with what is live while strokes are paced."""
    events: int = 200
    narration_seconds: float = 3600.0
    noise_seconds: float = 60.0
    """How long each recorded noise is heard with nobody speaking."""


FULL = Plan()
QUICK = Plan(
    quiet=0.2,
    quiet_elsewhere=0.05,
    tap=0.1,
    tap_elsewhere=0.03,
    others=0.01,
    telling=0.04,
    synthetic=0.01,
    near=0.05,
    rivals=0.5,
    rival_talk=0.3,
    curve=0.0,
    talk={WORDS: 60, ORDERS: 15, AN4: 12, BOOKS: 6, SENTENCES: 10, WEB: 20},
    events=20,
    narration_seconds=90.0,
    noise_seconds=15.0,
)

ALL_TALK = Plan(
    quiet=0.0,
    quiet_elsewhere=0.0,
    tap=0.0,
    tap_elsewhere=0.0,
    others=0.0,
    telling=0.0,
    synthetic=0.0,
    near=0.0,
    rivals=0.0,
    curve=0.0,
    talk=dict.fromkeys(TALK, sys.maxsize),
    talk_paced=1.0,
)
"""Everything without a command, and no commands."""


def tap_levels(noises: Sequence[str], levels: Sequence[float]) -> list[Condition]:
    """Quiet, and the tap at some levels, close."""
    return [QUIET, *(Condition(TAP, snr) for snr in levels if TAP in noises)]


def at(place: str, conditions: Sequence[Condition]) -> list[Condition]:
    """The conditions at a place."""
    return [Condition(one.noise, one.snr_db, place) for one in conditions]


def trials(
    plan: Plan,
    ours: Sequence[System],
    rivals: Sequence[System],
    groups: Mapping[str, Sequence[Clip]],
    noises: Sequence[str],
) -> Iterator[Trial]:
    """Everything that is to be heard."""
    people = [clip for group in PEOPLE for clip in groups.get(group, ())]
    talk = {group: spread(groups.get(group, ()), count) for group, count in plan.talk.items()}
    talk[EVENTS] = spread(groups.get(EVENTS, ()), plan.events)
    talk[NOISE] = list(groups.get(NOISE, ()))
    everybody = [clip for clips in talk.values() for clip in clips]
    device = list(groups.get(NARRATION, ()))
    conditions = tap_levels(noises, SNRS_DB)
    few = tap_levels(noises, AIM_SNRS_DB)
    for system in ours:
        for clip, condition in grid(plan, people, conditions, noises):
            yield Trial(system, LIVE_ALL, clip, condition)
        for number, condition in enumerate(few):
            for clip in stratified(people, plan.telling, number):
                yield Trial(system, LIVE_TELLING, clip, condition)
        for clip, condition in spoken_by_machines(plan, groups.get(SYNTHETIC, ()), few):
            yield Trial(system, LIVE_ALL, clip, condition)
        for clip, condition in nearly_human(plan, groups.get(NEAR, ()), few):
            yield Trial(system, LIVE_ALL, clip, condition)
        for clip in everybody:
            yield Trial(system, LIVE_ALL, clip, QUIET)
        for clip in every(everybody, plan.talk_paced):
            yield Trial(system, LIVE_PACED, clip, QUIET)
        for clip in device:
            yield Trial(system, LIVE_ALL, clip, OTHER_DEVICE)
        yield from curve(plan, system, people, talk, few)
    for system in rivals:
        for place in (CLOSE, "1 m"):
            for number, condition in enumerate(at(place, conditions)):
                for clip in stratified(
                    beside_tap(plan, people, number, condition), plan.rivals, number
                ):
                    yield Trial(system, LIVE_ALL, clip, condition)
        for group, clips in talk.items():
            for clip in clips if group == NOISE else every(clips, plan.rival_talk):
                yield Trial(system, LIVE_ALL, clip, QUIET)
        for clip in every(device, plan.rival_talk):
            yield Trial(system, LIVE_ALL, clip, OTHER_DEVICE)


def grid(
    plan: Plan, people: Sequence[Clip], conditions: Sequence[Condition], noises: Sequence[str]
) -> Iterator[tuple[Clip, Condition]]:
    """People's commands: the tap at every place and level, the other noises in turn."""
    for place in PLACES:
        for number, condition in enumerate(at(place, conditions)):
            for clip in beside_tap(plan, people, number, condition):
                yield clip, condition
    for first, noise in enumerate(name for name in noises if name != TAP):
        for second, snr in enumerate(SNRS_DB):
            for turn, clip in enumerate(stratified(people, plan.others, first + 5 * second)):
                place = PLACES[(turn + first + second) % len(PLACES)]
                yield clip, Condition(noise, snr, place)


def beside_tap(plan: Plan, people: Sequence[Clip], number: int, condition: Condition) -> list[Clip]:
    """People's commands for a condition with the tap, or in quiet."""
    near = condition.place in (CLOSE, "1 m")
    if condition.noise is None:
        share = plan.quiet if near else plan.quiet_elsewhere
    else:
        share = plan.tap if near else plan.tap_elsewhere
    return stratified(people, share, number)


def spoken_by_machines(
    plan: Plan, clips: Sequence[Clip], conditions: Sequence[Condition]
) -> Iterator[tuple[Clip, Condition]]:
    """Synthetic voices: quiet, and the tap."""
    for place in (CLOSE, "1 m"):
        for number, condition in enumerate(at(place, conditions)):
            share = min(1.0, 5 * plan.synthetic) if condition == QUIET else plan.synthetic
            for clip in stratified(clips, share, number):
                yield clip, condition


def nearly_human(
    plan: Plan, clips: Sequence[Clip], conditions: Sequence[Condition]
) -> Iterator[tuple[Clip, Condition]]:
    """Near-human voices: close, in quiet and beside the tap, some of them in narrow band."""
    for number, condition in enumerate(conditions):
        share = min(1.0, 2 * plan.near) if condition == QUIET else plan.near
        for clip in stratified(clips, share, number):
            yield clip, condition
        if condition.snr_db in NARROW_SNRS_DB:
            for clip in stratified(clips, plan.near, number):
                yield clip, replace(condition, narrow=True)


def curve(
    plan: Plan,
    system: System,
    people: Sequence[Clip],
    talk: Mapping[str, Sequence[Clip]],
    conditions: Sequence[Condition],
) -> Iterator[Trial]:
    """The trials for the curve of errors: commands and talk, without bars."""
    if system.kind != OURS:
        return
    for number, condition in enumerate(conditions):
        for clip in stratified(people, plan.curve, number):
            yield Trial(system, LIVE_ALL, clip, condition, any_score=True)
    for group in (WORDS, ORDERS, AN4, BOOKS, SENTENCES):
        for clip in every(talk.get(group, ()), plan.curve):
            yield Trial(system, LIVE_ALL, clip, QUIET, any_score=True)
