"""The whole serum ritual, driven by nothing but spoken words, with the real voice and ears."""

import pytest

from voiceguide.core.routine.routine import Profile, When
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.rehearsal.record import Placed, Said
from voiceguide.rehearsal.rehearsal import Scene, rehearse


@pytest.mark.parametrize(("noise", "snr_db"), [("none", 0.0), ("tap", 15.0)])
def test_the_serum_ritual_is_done_to_its_last_sentence(noise, snr_db):
    library = load_bundled()
    scene = Scene(
        "serum-ritual",
        library,
        Profile(when=When.MORNING),
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
