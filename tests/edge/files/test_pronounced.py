"""Pronunciations of one's own, in a routine's file and in the phrase file."""

import pytest

from voiceguide.core.errors import RoutineError
from voiceguide.edge.files.phrase_file import PHRASES_FOLDER
from voiceguide.edge.files.phrase_reading import read_phrase_file
from voiceguide.edge.files.pronounced import for_ears, for_mouth
from voiceguide.edge.files.routine_file import FOLDER, load_routine
from voiceguide.edge.voice.respelling import as_written, respelled

OF_ROUTINE = """pronunciations:
  jojoba: HH OW HH OW B AH
  squalane: squailayn
section:"""
OF_PHRASES = """
pronunciations:
  squalane: [S K W AA L EY N, squailayn]
  bakuchiol: B AH K UW CH IY AO L
"""


@pytest.fixture
def routine(tmp_path):
    text = (FOLDER / "quick.yaml").read_text().replace("id: quick", "id: mine", 1)
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace("section:", OF_ROUTINE, 1))
    return path


@pytest.fixture
def spoken(tmp_path):
    path = tmp_path / "phrases.yaml"
    path.write_text((PHRASES_FOLDER / "en.yaml").read_text() + OF_PHRASES)
    return read_phrase_file(path)


def test_both_files_serve_ears_and_voice_and_the_phrase_file_goes_first(routine, spoken):
    routines = [load_routine(routine)]
    assert for_ears(routines, spoken) == {
        "jojoba": ("HH OW HH OW B AH",),
        "squalane": ("S K W AA L EY N", "S K W EY L EY N"),
        "bakuchiol": ("B AH K UW CH IY AO L",),
    }
    mouth = for_mouth(routines, spoken)
    assert set(mouth) == {"jojoba", "bakuchiol"}  # squalane is read so anyway
    said = respelled("Jojoba, bakuchiol and serum.", own=mouth)
    assert said == f"{mouth['jojoba']}, {mouth['bakuchiol']} and seerum."
    assert as_written(mouth["jojoba"], own=mouth) == "jojoba"


def test_what_is_no_pronunciation_is_one_sentence_with_its_line(routine):
    routine.write_text(routine.read_text().replace("squailayn", "S XX"))
    line = routine.read_text()[: routine.read_text().index("S XX")].count("\n") + 1
    with pytest.raises(RoutineError, match=rf"mine\.yaml:{line}:.*'XX' is no phone"):
        load_routine(routine)
