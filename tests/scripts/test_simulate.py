"""The simulation in short: no seed breaks a rule, and whatever is broken breaks one."""

import re
from dataclasses import replace
from functools import cache

import pytest
from simulation.command import main, tell_failure
from simulation.happenings import Kill
from simulation.life import Parts
from simulation.shrink import shrink
from simulation.trial import play

from voiceguide.core.commands import Command
from voiceguide.core.effects import Cue, KeepPlace, KeepProgramme, Place, PlayCue, Say
from voiceguide.core.events import (
    CommandHeard,
    DeadlineReached,
    Interrupted,
    TapClosed,
    TimeToRemind,
)
from voiceguide.core.session.session import Session
from voiceguide.core.table import State
from voiceguide.core.wording import TIMER_OVER
from voiceguide.performer import Performer

SEEDS = range(1, 41)

usual = cache(play)
"""What comes of a seed with nothing broken; played once for all tests."""


def test_no_seed_breaks_a_rule():
    outcomes = [usual(seed) for seed in SEEDS[:24]]
    assert [outcome.broken for outcome in outcomes if outcome.broken] == []
    # Seeds in which nothing happens would break nothing.
    assert sum(outcome.steps for outcome in outcomes) > 25 * len(outcomes)
    assert any(outcome.lives > 1 for outcome in outcomes)
    assert len({type(h.what) for outcome in outcomes for h in outcome.happenings}) == 10


def test_a_seed_is_always_the_same():
    first = next(usual(seed) for seed in SEEDS if usual(seed).lives > 1)
    assert play(first.seed) == first
    again = play(first.seed, only=range(len(first.happenings)))
    assert again.happenings[: len(first.happenings)] == first.happenings


class Altered(Session):
    """A session whose answers are altered."""

    def handle(self, event, now):
        return self.alter(event, now, super().handle(event, now))


class DropsStrokes(Altered):
    def alter(self, event, now, effects):
        return tuple(e for e in effects if not (isinstance(e, PlayCue) and e.cue is Cue.LAST))


class DropsSteps(Session):
    """The strokes of a step end a stroke too soon."""

    def handle(self, event, now):
        active = self._guide.strokes.pace
        if active and active.step.stroke and active.done and isinstance(event, DeadlineReached):
            active.count = min(active.count, active.done + 1)
        return super().handle(event, now)


class KeepsSeldom(Altered):
    def alter(self, event, now, effects):
        return tuple(
            e for e in effects if not (isinstance(e, KeepPlace) and e.place.strokes_done > 1)
        )


class KeepsElsewhere(Altered):
    def alter(self, event, now, effects):
        return tuple(
            replace(e, place=replace(e.place, step_id="nowhere")) if isinstance(e, KeepPlace) else e
            for e in effects
        )


class SpeaksInThePast(Altered):
    def alter(self, event, now, effects):
        return tuple(replace(e, at_seconds=now - 1) if isinstance(e, Say) else e for e in effects)


class UsesAnIdAgain(Altered):
    def alter(self, event, now, effects):
        return tuple(replace(e, utterance_id=1) if isinstance(e, Say) else e for e in effects)


class NeverGoesOn(Session):
    def next_deadline(self):
        return None


class IgnoresNext(Session):
    """Words that lead on only have the step told again."""

    def handle(self, event, now):
        if isinstance(event, CommandHeard) and event.command in (Command.NEXT, Command.START):
            event = CommandHeard(Command.REPEAT)
        return super().handle(event, now)


class UndoesTooMuch(Session):
    def handle(self, event, now):
        if isinstance(event, CommandHeard) and event.command is Command.UNDO:
            super().handle(event, now)
        return super().handle(event, now)


class HangsInTime(Session):
    """A deadline stays in the past."""

    def next_deadline(self):
        deadline = super().next_deadline()
        return None if deadline is None else min(deadline, 5.0)


class SpeaksAtOnce(Performer):
    """Two sentences at once: none waits for the one before it, and each is said over itself."""

    def perform(self, effect):
        super().perform(effect)
        if isinstance(effect, Say):
            super().perform(replace(effect, utterance_id=-effect.utterance_id))

    def _place_rendered(self):
        self._speech_end = 0
        super()._place_rendered()


class ReportsTwice(Performer):
    def ended(self):
        return [event for event in super().ended() for _ in range(2)]


class ReportsNever(Performer):
    def ended(self):
        return [event for event in super().ended() if event.utterance_id % 3]


class KeepsLate(Performer):
    """A place is kept only when the next one comes."""

    late = None

    def perform(self, effect):
        if isinstance(effect, KeepPlace):
            effect, self.late = self.late, effect
        if effect is not None:
            super().perform(effect)


class KeepsForNobody(Altered):
    """What anybody does is kept as that of whoever has no name, a guest's as well."""

    def alter(self, event, now, effects):
        return tuple(replace(e, person="") if isinstance(e, KeepPlace) else e for e in effects)


class MixesPersons(Session):
    """Whoever comes finds a place that somebody else left."""

    def handle(self, event, now):
        effects = super().handle(event, now)
        if isinstance(event, CommandHeard) and event.person:
            course = self._guide.course
            course.memory = course.memory.keeping(Place("elsewhere", "zone", "step", 0))
        return effects


class CountsDaysTwice(Altered):
    def alter(self, event, now, effects):
        return tuple(
            replace(e, standing=replace(e.standing, done=e.standing.done + 1))
            if isinstance(e, KeepProgramme) and e.standing.done
            else e
            for e in effects
        )


class RemindsAtOnce(Session):
    """It reminds as soon as it sleeps, whatever the house thinks."""

    def handle(self, event, now):
        if self.state is State.ASLEEP and not isinstance(event, CommandHeard | Interrupted):
            event = TimeToRemind()
        return super().handle(event, now)


class RingsAgain(Session):
    """A timer that was told is owed once more."""

    def handle(self, event, now):
        effects = super().handle(event, now)
        if any(isinstance(e, Say) and e.text == TIMER_OVER for e in effects):
            self._guide.own_timer.ring()
        return effects


class RinsesAtOnce(Session):
    """A tap ends any wait, however short."""

    def handle(self, event, now):
        if isinstance(event, TapClosed):
            self._guide.rinse._since = now - 60
        return super().handle(event, now)


BROKEN = [
    (DropsStrokes, {"strokes", "onsets"}),
    (DropsSteps, {"strokes"}),
    (KeepsSeldom, {"at most a stroke is lost"}),
    (KeepsElsewhere, {"places exist"}),
    (SpeaksInThePast, {"nothing is due in the past"}),
    (UsesAnIdAgain, {"each end is reported once"}),
    (NeverGoesOn, {"there is a way on"}),
    (IgnoresNext, {"there is a way on"}),
    (UndoesTooMuch, {"undo leads back"}),
    (HangsInTime, {"no error", "time goes on"}),
    (SpeaksAtOnce, {"one sentence at a time"}),
    (ReportsTwice, {"each end is reported once"}),
    (ReportsNever, {"each end is reported once"}),
    (KeepsLate, {"at most a stroke is lost"}),
    (KeepsForNobody, {"each has a place of their own"}),
    (MixesPersons, {"each has a place of their own"}),
    (CountsDaysTwice, {"a day counts once"}),
    (RemindsAtOnce, {"a reminder is polite"}),
    (RingsAgain, {"a timer rings once"}),
    (RinsesAtOnce, {"a tap ends a rinse"}),
]

LIKELY = {
    **dict.fromkeys((KeepsForNobody, MixesPersons, RingsAgain, UndoesTooMuch), 12),
    RemindsAtOnce: 19,
    RinsesAtOnce: 28,
}
"""With this seed the search begins; each that is played in vain takes a tenth of a second."""


def parts_of(broken):
    return Parts(session=broken) if issubclass(broken, Session) else Parts(performer=broken)


@pytest.mark.parametrize(("broken", "rules"), BROKEN, ids=lambda one: getattr(one, "__name__", ""))
def test_what_is_broken_is_found(broken, rules):
    first = LIKELY.get(broken, SEEDS[0])
    for seed in sorted(SEEDS, key=lambda each: (each < first, each)):
        rule = play(seed, parts_of(broken)).rule
        if rule in rules:
            return
    raise AssertionError(f"{broken.__name__} breaks no rule of {rules} in {len(SEEDS)} sessions")


def test_a_failure_tells_how_to_see_it_again(capsys, monkeypatch):
    parts = parts_of(UndoesTooMuch)
    plays = (play(seed, parts) for seed in range(26, 200))
    # Few happenings: each of them is played without, again and again.
    failed = next(o for o in plays if o.rule and 3 < len(o.happenings) < 20)
    told = tell_failure(failed, parts)
    command = re.search(r"scripts/simulate (--replay \d+ --only [\d,]+|none)$", told)
    assert command
    only = [int(number) for number in command[1].split()[-1].split(",")]
    assert len(only) < len(failed.happenings)
    assert play(failed.seed, parts, only).rule == failed.rule
    assert failed.broken in told
    assert main(command[1].split()) == 0  # what is not broken breaks nothing there
    assert "No rule was broken." in capsys.readouterr().out


def test_a_run_tells_how_many_broke_a_rule(capsys):
    assert main(["--sessions", "2", "--seed", "3"]) == 0
    assert re.match(r"2 sessions \(\d+ lives, .* no rule was broken\.\n", capsys.readouterr().out)


@pytest.mark.parametrize("needed", [{3}, {0, 7}, set(range(10)), set()])
def test_shrinking_leaves_what_is_needed(needed):
    assert shrink(range(10), lambda numbers: needed <= set(numbers)) == sorted(needed)


def test_a_kill_is_followed_by_a_start_from_the_journal():
    outcome = next(o for o in map(usual, range(1, 200)) if o.lives > 2)
    kills = [h for h in outcome.happenings if isinstance(h.what, Kill)]
    assert len(kills) >= outcome.lives - 1
    assert outcome.transcript.count("        the process is killed") == outcome.lives - 1
