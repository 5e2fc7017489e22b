"""Typed words mean what the spoken ones would."""

import io
import os
import sys
import threading

import pytest

from voiceguide.core.commands import Command, Phrase, Phrasebook
from voiceguide.edge.devices.keyboard import LONGEST_LINE, Keyboard, TypedLine, find_typed

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


@pytest.mark.parametrize(
    ("keys", "lines", "left"),
    [
        ("next\n", ["next"], ""),
        ("nexr\x7ft\rre", ["next"], "re"),
        ("\x7f\x08no", [], "no"),
        ("what was\x17I", [], "what I"),
        ("nonsense\x15no\n", ["no"], ""),
        ("n\x1b[Ao\x1bOB\x1b[1;5C\t\x00", [], "no"),
        ("ä漢🙂", [], "ä漢🙂"),
        ("x" * 2 * LONGEST_LINE, [], "x" * LONGEST_LINE),
    ],
)
def test_keys_make_lines(keys, lines, left):
    line = TypedLine()
    assert list(line.take(keys)) == lines
    assert line.text == left
    one_by_one = TypedLine()
    assert [ended for key in keys if "\x1b" not in keys for ended in one_by_one.take(key)] == (
        lines if "\x1b" not in keys else []
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals of this kind")
def test_at_a_terminal_keys_are_seen_as_they_come_and_it_is_left_as_it_was():
    import pty
    import termios

    leader, follower = pty.openpty()
    heard, came = [], threading.Event()

    def hear(phrase):
        heard.append(phrase.text)
        came.set()

    with os.fdopen(follower) as terminal:
        before = termios.tcgetattr(terminal)
        keyboard = Keyboard(BOOK, hear, hear, terminal)
        with keyboard.key_by_key():
            assert not termios.tcgetattr(terminal)[3] & termios.ECHO
            keyboard.start()
            os.write(leader, "nä\x7fex".encode())
            os.write(leader, b"t\n")
            assert came.wait(20)
            assert heard == ["next"]
            assert keyboard.typed == ""
        assert termios.tcgetattr(terminal) == before
        os.close(leader)  # ends the thread
        keyboard._thread.join(20)
        assert not keyboard._thread.is_alive()


def test_without_a_terminal_nothing_is_touched():
    heard = []
    keyboard = Keyboard(BOOK, heard.append, heard.append, io.StringIO("next\n"))
    with keyboard.key_by_key():
        keyboard.read()
    assert [phrase.text for phrase in heard] == ["next"]
