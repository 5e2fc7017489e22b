"""What becomes of Vosk's objects at the end of a process: they go without a word."""

import subprocess
import sys

import pytest

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
