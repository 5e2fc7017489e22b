"""Typed words mean what the spoken ones would."""

import io

import pytest

from voiceguide.core.commands import Command, Phrase, Phrasebook
from voiceguide.edge.devices.keyboard import Keyboard, find_typed

BOOK = Phrasebook(
    "en",
    (
        Phrase("next", Command.NEXT),
        Phrase("no", Command.NO),
        Phrase("repeat", Command.REPEAT),
        Phrase("repeat the zone", Command.REPEAT_ZONE),
        Phrase("quick", Command.CHOOSE, "quick"),
    ),
)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("next\n", Command.NEXT),
        ("  NEXT ", Command.NEXT),
        ("ne", Command.NEXT),
        ("n", None),
        ("repeat", Command.REPEAT),
        ("repeat the", Command.REPEAT_ZONE),
        ("rep", None),
        ("", None),
        ("nonsense", None),
    ],
)
def test_a_line_means_a_phrase_when_it_can_mean_only_one(line, command):
    found = find_typed(line, BOOK)
    assert (found.command if found else None) == command


def test_every_line_is_handed_over_in_order():
    heard, puzzled = [], []
    keyboard = Keyboard(BOOK, heard.append, puzzled.append, io.StringIO("quick\n\nwhat\nno\n"))
    keyboard.read()
    assert [phrase.routine_id or phrase.command for phrase in heard] == ["quick", Command.NO]
    assert puzzled == ["what"]
