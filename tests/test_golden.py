"""Each bundled routine says, and paces, exactly what was last read and found good."""

import pytest
from support.golden_transcripts import CASES, FOLDER, transcript

from voiceguide.edge.files.routine_file import bundled_routines


def test_every_bundled_routine_has_a_golden_transcript():
    assert {routine_id for routine_id, _ in CASES.values()} == set(bundled_routines())


@pytest.mark.parametrize("case", CASES)
def test_the_transcript_is_as_it_was(case):
    golden = (FOLDER / f"{case}.txt").read_text("utf-8")
    assert transcript(case) == golden, (
        f"if {case} is better now: run tests/support/golden_transcripts.py, read the difference"
    )


@pytest.mark.parametrize("case", CASES)
def test_the_golden_transcript_is_a_whole_session(case):
    lines = (FOLDER / f"{case}.txt").read_text("utf-8").splitlines()
    assert lines[-1].endswith("[ended]")
    assert any(line.endswith("[pacing]") for line in lines)
