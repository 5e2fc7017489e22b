"""Phrases that a vocabulary holds as one word."""

import pytest

from voiceguide.edge.lexicon.joined import MOST_WAYS, as_known, as_words, joined_lexicon

VOCABULARY = {"go", "go_back", "two_minutes", "timer", "two", "minutes", "where_am_i", "where_am"}


@pytest.mark.parametrize(
    ("phrase", "written"),
    [
        ("go", "go"),
        ("go back", "go_back"),
        ("where am i", "where_am_i"),
        ("timer two minutes", "timer two_minutes"),
        ("hey guide", "hey guide"),
        ("go go back", "go go_back"),
        ("[unk]", "[unk]"),
    ],
)
def test_the_longest_runs_that_are_known_stand_as_one_word(phrase, written):
    assert as_known(phrase, VOCABULARY.__contains__) == written
    assert as_words(written) == phrase


def test_a_joined_phrase_is_pronounced_in_every_way_of_its_words():
    ways = {"the": ("DH AH", "DH IY"), "end": ("EH N D",), "stop": ("S T AA P",)}
    made = dict(joined_lexicon(("the end", "stop"), ways))
    assert made == {"the_end": ("DH AH EH N D", "DH IY EH N D")}
    many = dict(joined_lexicon(("the the the the the",), ways))
    assert len(many["the_the_the_the_the"]) == MOST_WAYS
