"""Sentences, the words in them, and the commands that hide there."""

import pytest

from voiceguide.core.commands import Command, Phrase, Phrasebook
from voiceguide.core.lint import (
    breath_words,
    commands_within,
    listed,
    sentences,
    unknown_words,
    words,
)

BOOK = Phrasebook(
    "en",
    (
        Phrase("go", Command.START),
        Phrase("back", Command.BACK),
        Phrase("go back", Command.BACK),
        Phrase("what can i say", Command.HELP),
        Phrase("breathing", Command.CHOOSE, "breathing"),
    ),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lie down.  Breathe\nout.", ("Lie down.", "Breathe out.")),
        ("One only", ("One only",)),
        ("Ready? Yes! Well…  good.", ("Ready?", "Yes!", "Well…", "good.")),
        ("Factor 1.5 is one sentence.", ("Factor one point five is one sentence.",)),
        ("   ", ()),
    ],
)
def test_sentences(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Stroke the back of your neck.", ("back",)),
        ("Now GO, back to the chin.", ("go back",)),
        ("Back-and-forth strokes.", ("back",)),
        ("Cargo and backbone are words of their own.", ()),
        ("What can I say?", ("what can i say",)),
        ("Slow breathing is only a routine's name.", ()),
    ],
)
def test_commands_are_found_as_whole_words(text, expected):
    assert commands_within(text, BOOK) == expected


def test_words_are_those_a_recogniser_writes():
    assert words("Don’t zig-zag, Décolletage!") == ("don't", "zig", "zag", "décolletage")
    assert breath_words("Zig-zag up — to 30, twice.") == 5
    assert unknown_words("gua sha", frozenset({"gua"})) == ("sha",)


def test_lists_are_quoted():
    assert listed(["a"]) == "“a”"
    assert listed(["a", "b", "c"]) == "“a”, “b” and “c”"
