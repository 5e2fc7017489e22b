"""Pronunciations: the dictionary that ships, variants without R, and guesses."""

import random

import pytest

from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.lexicon import guessing
from voiceguide.edge.lexicon.guessing import guess
from voiceguide.edge.lexicon.pronouncing import (
    PHONES,
    dictionary,
    dictionary_words,
    encode,
    pronounce,
    with_variants,
)


@pytest.mark.parametrize(
    ("word", "spoken"),
    [
        ("stop", ("S T AA P",)),
        ("either", ("IY DH ER", "AY DH ER")),
        ("Stop", ("S T AA P",)),
        ("let’s", ("L EH T S",)),
        ("zebra-crossing", ("Z IY B R AH K R AO S IH NG",)),
        ("zyxwv", ()),
        ("zyxwv-stop", ()),
        ("sto", ()),
        ("stop S", ()),
        ("", ()),
        ("-", ()),
    ],
)
def test_the_dictionary(word: str, spoken: tuple[str, ...]) -> None:
    assert dictionary(word) == spoken


def test_the_whole_dictionary_is_usable() -> None:
    words = dictionary_words()
    assert len(words) > 120_000
    assert words["start"] == ["S T AA R T"]
    for spoken in words.values():
        for one in spoken:
            encode(one)


@pytest.mark.parametrize(
    ("spoken", "other"),
    [
        ("S T AA R T", "S T AA T"),
        ("F AE S T ER", "F AE S T AH"),
        ("K AE R IY", None),
        ("Y EH R", None),
        ("AO R D ER ER", "AO D ER AH"),
        ("S T AA P", None),
    ],
)
def test_who_drops_an_r(spoken: str, other: str | None) -> None:
    assert with_variants([spoken]) == (spoken, *([other] if other else []))


def test_a_persons_own_pronunciation_stands_alone() -> None:
    found = pronounce(["car", "zyxwv"], {"car": ("K AE R",), "zyxwv": ("Z IH K S",)})
    assert found["car"].spoken == ("K AE R",)
    assert found["zyxwv"].spoken == ("Z IH K S",)
    assert not found["zyxwv"].guessed


def test_what_is_guessed_is_said_to_be() -> None:
    found = pronounce(["stop", "zumbarella", "l’oréalia", "привет", "zz9"])
    assert not found["stop"].guessed
    assert found["zumbarella"].guessed and found["l’oréalia"].guessed
    assert found["zumbarella"].spoken[0].startswith("Z AH M B")
    assert "привет" not in found and "zz9" not in found


def test_guesses_are_close_to_the_dictionary() -> None:
    """Edits a phone of the nearest of a word's pronunciations; names are half of the words."""
    words = dictionary_words()
    some = random.Random(3).sample([word for word in words if word.isalpha()], 500)
    guesses = guess(some)
    assert set(guesses) == set(some)
    edits = phones = 0
    for word in some:
        said = guesses[word].split()
        best = min((distance(said, one.split()), len(one.split())) for one in words[word])
        edits, phones = edits + best[0], phones + best[1]
    assert edits / phones < 0.12


def distance(one: list[str], other: list[str]) -> int:
    row = list(range(len(other) + 1))
    for index, phone in enumerate(one, 1):
        before, row[0] = row[0], index
        for place, against in enumerate(other, 1):
            change = before + (phone != against)
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, change)
    return row[-1]


def test_every_word_a_person_can_say_is_in_the_dictionary_or_guessed() -> None:
    phrases = load_phrasebook().with_library(load_bundled()).phrases
    words = {word for phrase in phrases for word in phrase.text.split()}
    found = pronounce(words)
    assert set(found) == words
    assert {word for word in words if found[word].guessed} <= {"gua", "sha"}


def test_without_espeak_nothing_is_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> None:
        raise OSError("libespeak-ng.so.1: cannot open shared object file")

    monkeypatch.setattr(guessing, "_espeak", nowhere)
    assert guess(["zumbarella"]) == {}
    assert pronounce(["zumbarella", "stop"]).keys() == {"stop"}


def test_espeaks_phonemes_become_known_phones() -> None:
    for phones in guessing._PHONES.values():
        assert set(phones.split()) <= set(PHONES)


@pytest.mark.parametrize("wrong", ["", " ", "S T OP", "s t aa p", "S T AA1 P"])
def test_what_is_no_pronunciation(wrong: str) -> None:
    with pytest.raises(ValueError, match="phone"):
        encode(wrong)
