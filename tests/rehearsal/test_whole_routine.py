"""The whole serum ritual, driven by nothing but spoken words, with the real voice and ears."""

from pathlib import Path

import pytest

from voiceguide.core.routine.routine import Profile, When
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.rehearsal.entries import Placed, Said
from voiceguide.rehearsal.rehearsal import Scene, default_screenplay, rehearse
from voiceguide.rehearsal.screenplay import parse_screenplay

pytestmark = pytest.mark.long

BRISK = """\
when ready +1.2: go
when waiting +2: next
when pacing +4: next
"""


@pytest.mark.parametrize(
    ("screenplay", "noise", "snr_db"),
    [
        # Every stroke, beside water: what might be taken for a word in twenty minutes.
        (default_screenplay(), "tap", 15.0),
        # A word in every step, in quiet: none may be missed.
        (parse_screenplay(BRISK, "brisk", Path()), "none", 0.0),
    ],
    ids=["all strokes beside the tap", "briskly in quiet"],
)
def test_the_serum_ritual_is_done_to_its_last_sentence(screenplay, noise, snr_db):
    library = load_bundled()
    scene = Scene(
        "serum-ritual",
        library,
        Profile(when=When.MORNING),
        screenplay=screenplay,
        noise=noise,
        snr_db=snr_db,
    )
    done = rehearse(scene)
    said = [entry.text for entry in done.entries if isinstance(entry, Said)]
    visited = {entry.section_id for entry in done.entries if isinstance(entry, Placed)}
    routine = library["serum-ritual"]
    assert done.ended
    assert said[-1] == routine.closing[-1]
    assert visited == {
        section.id for section in routine.sections if section.conditions.when is not When.EVENING
    }
    assert done.summary.false_accepts == 0
    assert done.summary.wrong == 0
    assert done.summary.obeyed >= 15
    if noise == "none":
        assert done.summary.missed == 0
