"""Asleep, called, a session by a routine's name, asleep again: with the real voice and ears."""

from pathlib import Path

from support.short_routine import short_library

from voiceguide.core.effects import Cue
from voiceguide.core.routine.known import Acquaintance
from voiceguide.core.session.preferences import Manner, Memory
from voiceguide.core.table import State
from voiceguide.rehearsal.entries import Cued, Entered, Said
from voiceguide.rehearsal.rehearsal import Scene, rehearse
from voiceguide.rehearsal.screenplay import parse_screenplay

PLAY = """\
2 the water is still cold today
when asleep #1 +3: hey guide
when choosing +1.2: quick
when ready #1 +1.2: go
when pacing +1: next
when idle #1 +2: quick
"""
SLEEP_SECONDS = 12.0


def test_beside_the_tap_it_sleeps_is_called_leads_and_sleeps_again():
    scene = Scene(
        None,
        short_library(1, "Stroke."),
        screenplay=parse_screenplay(PLAY, "play", Path()),
        noise="tap",
        snr_db=12.0,
        manner=Manner(sleep_seconds=SLEEP_SECONDS),
        wake=("hey guide",),
    )
    done = rehearse(scene)
    states = [entry.state.value for entry in done.entries if isinstance(entry, Entered)]
    assert states[:4] == ["asleep", "choosing", "ready", "telling"]
    assert "idle" in states
    assert states[-1] == "asleep"
    assert states.count("choosing") == 1, "a name is enough until it sleeps"
    assert done.ended
    assert done.summary.false_accepts == 0
    assert done.summary.wrong == 0
    first, second = [entry.text for entry in done.entries if isinstance(entry, Said)][:2]
    assert (first, second) == ("Hello.", "Say the name of a routine, or say help.")


AT_ONCE = """\
when asleep #1 +2: hey guide
after "hello" +0.8: quick
after "quick massage" +0.8: go
when pacing +2: stop
when stopping #1 +1: stop
"""


def test_somebody_who_knows_a_routine_is_at_its_first_stroke_ten_seconds_after_the_call():
    known = Memory(known=(("quick", Acquaintance(finished=3, days_known=9, days_away=1)),))
    scene = Scene(
        None,
        short_library(1),
        screenplay=parse_screenplay(AT_ONCE, "play", Path()),
        manner=Manner(sleep_seconds=SLEEP_SECONDS),
        memory=known,
        wake=("hey guide",),
    )
    done = rehearse(scene)
    called = next(
        entry.at_seconds
        for entry in done.entries
        if isinstance(entry, Entered) and entry.state is State.CHOOSING
    )
    first = next(
        entry.at_seconds
        for entry in done.entries
        if isinstance(entry, Cued) and entry.cue in (Cue.TICK, Cue.LAST)
    )
    assert first - called <= 10.0
    said = [entry.text for entry in done.entries if isinstance(entry, Said)]
    assert said[:2] == ["Hello.", "Quick massage."], "both words came before what explains them"
