"""Six minutes of slow breathing, led by nothing but spoken words, with the real voice and ears."""

import itertools
from pathlib import Path

import pytest

from voiceguide.core.commands import Command
from voiceguide.core.effects import SWELLS, Cue
from voiceguide.core.session.preferences import Manner
from voiceguide.core.table import State
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.rehearsal.entries import Cued, Entered, Obeyed, Said
from voiceguide.rehearsal.rehearsal import Scene, rehearse
from voiceguide.rehearsal.screenplay import read_screenplay

pytestmark = pytest.mark.long

PLAY = Path(__file__).with_name("minutes-of-breath.txt")
MINUTES = 6
"""Enough for every word below and a long, undisturbed end; session tests play ten and more."""
CHANGES = [Command.SLOWER, Command.SLOWER, Command.FASTER]


@pytest.fixture(scope="module")
def done():
    scene = Scene(
        "breathing",
        load_bundled(),
        screenplay=read_screenplay(PLAY),
        manner=Manner(None, MINUTES * 60.0),
        background="drone",
    )
    return rehearse(scene)


def of(done, kind):
    return [entry for entry in done.entries if isinstance(entry, kind)]


def test_every_word_is_obeyed_and_no_other(done):
    obeyed = [entry.command for entry in of(done, Obeyed)]
    assert [one for one in obeyed if one in CHANGES] == CHANGES
    assert {Command.PAUSE, Command.RESUME, Command.REPEAT, Command.NEXT} <= set(obeyed)
    assert len(obeyed) == 1 + len(CHANGES) + 4
    assert done.summary.wrong == done.summary.false_accepts == 0


def test_it_lasts_as_long_as_was_asked_and_closes_softly(done):
    assert done.ended
    states = of(done, Entered)
    begun = next(entry.at_seconds for entry in states if entry.state is State.TELLING)
    pause = next(entry.at_seconds for entry in states if entry.state is State.PAUSED)
    resumed = next(entry.at_seconds for entry in states if entry.at_seconds > pause)
    last = of(done, Said)[-1]
    assert last.text == load_bundled()["breathing"].closing[-1]
    breath = 10 * 1.15  # as it is at the end: twice slower, once faster
    assert last.end_seconds - begun - (resumed - pause) == pytest.approx(MINUTES * 60, abs=breath)


def test_breaths_alternate_and_nothing_is_said_as_a_phase_begins(done):
    swells = [entry for entry in of(done, Cued) if entry.cue in SWELLS]
    words = [entry.at_seconds for entry in of(done, Obeyed)]
    assert len(swells) > 7 * MINUTES
    for one, other in itertools.pairwise(swells):
        # Onsets are fixed ahead: a word may come just before the swell it breaks off.
        if not any(one.at_seconds - 0.3 <= at <= other.at_seconds for at in words):
            assert one.cue is not other.cue
            assert other.at_seconds >= one.at_seconds + one.seconds - 0.01
    for said, swell in itertools.product(of(done, Said), swells):
        assert not said.at_seconds < swell.at_seconds < said.end_seconds - 0.05
    assert swells[-1].cue is Cue.BREATHE_OUT
