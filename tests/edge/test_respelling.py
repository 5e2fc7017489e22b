"""The words that matter are pronounced well: checked by the phonemes that espeak-ng reads."""

import subprocess
import sys

import pytest

from voiceguide.core.lint import commands_within
from voiceguide.edge.phrase_file import load_phrasebook
from voiceguide.edge.respelling import lexicon, respelled

# In a process of its own: the library keeps state, and must not be in the one that runs the tests.
PHONEMES = """
import ctypes, sys
import espeakng_loader
data = espeakng_loader.get_data_path().encode()
espeak = ctypes.CDLL(espeakng_loader.get_library_path())
assert espeak.espeak_Initialize(2, 0, data, 0) > 0
assert espeak.espeak_SetVoiceByName(b"gmw/en-us") == 0
espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p
for text in sys.argv[1:]:
    left, parts = ctypes.c_char_p(text.encode()), []
    while left.value:
        parts.append(espeak.espeak_TextToPhonemes(ctypes.byref(left), 1, 2).decode())
    print(" ".join(parts))
"""
SAID = {
    "rosacea": "ɹˈoʊzˈeɪʃə",
    "sebum": "sˈiːbəm",
    "micellar": "maɪsˈɛlɚ",
    "jojoba": "hoʊhˈoʊbə",
    "hyaluronic": "hˈaɪɐlˈuːɹˈɑːnɪk",
    "décolletage": "dˌeɪkɑːltˈɑːʒ",
    "gua sha": "ɡwˈɑː ʃˈɑː",
    "serum": "sˈɛɹəm",
    "left": "lˈɛft",
    "right": "ɹˈaɪt",
    "twelve": "twˈɛlv",
    "90 seconds": "nˈaɪnti sˈɛkəndz",
    "about fifteen minutes": "ɐbˌaʊt fˈɪftiːn mˈɪnɪts",
}


@pytest.mark.skipif(sys.platform != "linux", reason="the engine is another one")
def test_the_words_that_matter_are_pronounced_well():
    texts = [respelled(word) for word in SAID]
    command = [sys.executable, "-c", PHONEMES, *texts]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert dict(zip(SAID, done.stdout.splitlines(), strict=True)) == SAID


def test_only_whole_words_are_respelled():
    assert respelled("Rosacea, and “sebum”; sebums.") == "roe-zaisha, and “seebum”; sebums."
    assert respelled("Let it be.") == "Let it be."
    assert respelled("sebum", "de") == "sebum"


def test_no_respelling_is_a_command():
    book = load_phrasebook("en")
    for text in lexicon("en").values():
        assert commands_within(text, book) == ()
