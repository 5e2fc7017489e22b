"""Asleep, called, a session by a routine's name, asleep again: with the real voice and ears."""

from pathlib import Path

from support.short_routine import short_library

from voiceguide.core.session.preferences import Manner
from voiceguide.rehearsal.entries import Entered, Said
from voiceguide.rehearsal.rehearsal import Scene, rehearse
from voiceguide.rehearsal.screenplay import parse_screenplay

PLAY = """\
2 the water is still cold today
when asleep #1 +5: hey guide
when choosing +1.2: quick
when ready #1 +1.2: go
when pacing +1: next
when idle #1 +2: quick
"""
SLEEP_SECONDS = 12.0


def test_beside_the_tap_it_sleeps_is_called_leads_and_sleeps_again():
    scene = Scene(
        None,
        short_library(1),
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
