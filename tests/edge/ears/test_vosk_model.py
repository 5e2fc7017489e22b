"""Vosk in this process: phrases as wholes, and what becomes of its objects at the end."""

import subprocess
import sys

import pytest

from voiceguide.edge.ears.vosk_model import VoskModel
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.files.vocabulary import read_vocabulary
from voiceguide.edge.lexicon.joined import as_known
from voiceguide.edge.models.model_store import resolve_model

LOADED = """
import sys
from voiceguide.edge.ears.vosk_model import VoskModel
from voiceguide.edge.models.model_store import resolve_model

model = VoskModel(resolve_model(None))
stream = model.stream(["next"])
"""
OUTLIVED = """
class Kept: pass

kept = Kept()
kept.itself, kept.model, kept.stream = kept, model, stream
sys.kept = kept
"""
HALF = """
import vosk

for kind in (vosk.Model, vosk.KaldiRecognizer):
    kind.__new__(kind)
"""


@pytest.mark.parametrize(
    ("ending", "code"), [("", 0), (OUTLIVED, 0), (HALF, 0), ("raise SystemExit(3)", 3)]
)
def test_it_goes_without_a_word(ending, code):
    command = [sys.executable, "-c", LOADED + ending]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (code, "")


def test_phrases_are_heard_as_wholes_and_written_in_words():
    model = VoskModel(resolve_model(None))
    assert model.knows("where_am_i")
    assert not model.knows("hey_guide"), "a call has weights of its own, word by word"
    phrases = load_phrasebook().with_library(load_bundled()).phrases
    alone = [one.text for one in phrases if not one.when and not one.minutes]
    assert {as_known(text, model.knows).count(" ") for text in alone} == {0}
    assert as_known("timer two minutes", model.knows) == "timer two_minutes"
    words = read_vocabulary(resolve_model(None))
    assert words is not None
    assert "where" in words
    assert not [word for word in words if "_" in word]
