"""Pronunciations of one's own: written for the ears or for the voice, they serve both."""

import pytest

from voiceguide.edge.lexicon.guessing import guess
from voiceguide.edge.lexicon.respell import as_phones, respell, spellings

WORDS = {
    "squalane": "S K W EY L EY N",
    "bakuchiol": "B AH K UW CH IY AO L",
    "serum": "S IY R AH M",
    "nasolabial": "N EY Z OW L EY B IY AH L",
    "jojoba": "HH OW HH OW B AH",
    "ceramide": "S EH R AH M AY D",
}
"""What espeak-ng reads otherwise."""


@pytest.mark.parametrize("word", WORDS)
def test_phones_become_a_spelling_that_is_read_as_them(word):
    assert guess([word])[word] != WORDS[word]
    spelling = respell(word, WORDS[word])
    assert spelling
    assert guess([spelling])[spelling] == WORDS[word]


def test_a_word_that_is_read_so_anyway_stays_as_it_is():
    assert respell("left", "L EH F T") is None
    assert spellings({"left": "L EH F T"}) == {}


def test_a_spelling_becomes_the_phones_it_is_read_as():
    assert as_phones("squailayn") == "S K W EY L EY N"
    assert as_phones("S K W EY1 L EY0 N") == "S K W EY L EY N"
    assert spellings({"squalane": "squailayn"}) == {"squalane": "squailayn"}


@pytest.mark.parametrize("written", ["", "S XX Q", "skway lane", "QQ", "12"])
def test_what_is_neither_is_refused(written):
    with pytest.raises(ValueError, match="phone"):
        as_phones(written)


def test_a_long_word_is_tried_within_bounds():
    assert respell("rhythm", " ".join(["AY", "K", "AH", "S"] * 8)) != "rhythm"
