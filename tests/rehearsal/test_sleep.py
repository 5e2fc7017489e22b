"""Asleep, called, a session by a routine's name, asleep again: with the real voice and ears."""

from pathlib import Path

import pytest

from voiceguide.core.session.preferences import Manner
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.rehearsal.entries import Entered, Said
from voiceguide.rehearsal.rehearsal import Scene, rehearse
from voiceguide.rehearsal.screenplay import parse_screenplay

PLAY = """\
2 the water is still cold today
when asleep #1 +7: hey guide
when choosing +1.5: quick
when ready +1.5: go
when closing +0.5: help
when idle #1 +20: quick
when stopping +1.5: stop
when ready #2 +1: stop
"""


@pytest.mark.parametrize(("noise", "snr_db"), [("none", 0.0), ("tap", 12.0)])
def test_it_sleeps_is_called_leads_and_sleeps_again(noise, snr_db):
    scene = Scene(
        None,
        {"quick": load_bundled()["quick"]},
        screenplay=parse_screenplay(PLAY, "play", Path()),
        noise=noise,
        snr_db=snr_db,
        manner=Manner(sleep_seconds=60),
        wake=("hey guide",),
    )
    done = rehearse(scene)
    states = [entry.state.value for entry in done.entries if isinstance(entry, Entered)]
    assert states[:4] == ["asleep", "choosing", "ready", "telling"]
    assert "idle" in states
    assert states[-1] == "asleep"
    assert states.count("choosing") == 1, "a name is enough for a minute after the session"
    assert done.ended
    assert done.summary.false_accepts == 0
    assert done.summary.wrong == 0
    first, second = [entry.text for entry in done.entries if isinstance(entry, Said)][:2]
    assert (first, second) == ("Hello.", "Say the name of a routine, or say help.")
