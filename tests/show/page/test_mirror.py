"""What is told of the page in a terminal: its address, who can open it, a code for a phone."""

import io

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("segno")

from rich.console import Console

from voiceguide.show.page import address
from voiceguide.show.page.mirror import MirrorPage

DARK_AND_LIGHT = "▀▄█"


def welcome(where, obey=lambda words: True, columns=80):
    """What a terminal shows."""
    shown = io.StringIO()
    page = MirrorPage(where, lambda: 0.0, lambda: None, obey)
    try:
        page.welcome(Console(file=shown, force_terminal=True, width=columns, color_system=None))
    finally:
        page.close()
    return shown.getvalue()


def test_a_phone_is_shown_a_code_of_an_address_that_it_can_open(monkeypatch):
    monkeypatch.setattr(address, "_own_ip", lambda: "192.168.1.7")
    shown = welcome("0.0.0.0:0")
    assert "http://192.168.1.7:" in shown
    assert "Everybody in the same network" in shown
    assert any(sign in shown for sign in DARK_AND_LIGHT)


@pytest.mark.parametrize(
    "where",
    [
        "127.0.0.1:0",
        "127.9.9.9:0",
        "localhost:0",
        "[::1]:0",
        "[::ffff:7f00:1]:0",
        # A name that leads to this machine alone, as its own often does.
        "127.1:0",
    ],
)
def test_no_code_of_an_address_that_no_phone_can_open(where):
    shown = welcome(where)
    assert "can also command:" in shown
    assert not any(sign in shown for sign in DARK_AND_LIGHT)
    assert "Everybody in the same network" not in shown


def test_no_code_where_there_is_no_network(monkeypatch):
    monkeypatch.setattr(address, "_own_ip", lambda: "127.0.0.1")
    shown = welcome("0.0.0.0:0")
    assert not any(sign in shown for sign in DARK_AND_LIGHT)


def test_a_page_that_can_only_be_looked_at_has_no_code(monkeypatch):
    monkeypatch.setattr(address, "_own_ip", lambda: "192.168.1.7")
    shown = welcome("0.0.0.0:0", obey=None)
    assert "http://192.168.1.7:" in shown
    assert "command" not in shown
    assert not any(sign in shown for sign in DARK_AND_LIGHT)


@pytest.mark.parametrize("columns", [20, 30])
def test_no_code_that_a_narrow_terminal_would_break(monkeypatch, columns):
    monkeypatch.setattr(address, "_own_ip", lambda: "192.168.1.7")
    shown = welcome("0.0.0.0:0", columns=columns)
    assert not any(sign in shown for sign in DARK_AND_LIGHT)


@pytest.mark.parametrize("columns", [40, 80])
def test_no_word_is_broken_and_the_link_is_whole(monkeypatch, columns):
    monkeypatch.setattr(address, "_own_ip", lambda: "192.168.1.7")
    lines = welcome("0.0.0.0:0", columns=columns).splitlines()
    words = " ".join(lines)
    assert (
        "Everybody in the same network can open it and see what you do, and your calendar" in words
    )
    assert all(len(line) <= columns or " " not in line for line in lines)
    assert sum("#token=" in line for line in lines) == 1
