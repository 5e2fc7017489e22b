"""A pronunciation in a routine of one's own serves every command that speaks or hears."""

import argparse
from contextlib import suppress

import pytest
from support.own_routines import write_routine

from voiceguide.__main__ import main
from voiceguide.cli import serve
from voiceguide.doctor.sound import check_model
from voiceguide.edge.files.shelf import open_shelf
from voiceguide.settings.tables import Settings

JOJOBA = {"jojoba": ("HH OW HH OW B AH",)}


class ReachedError(Exception):
    """Far enough: the recogniser or the voice is asked for."""


@pytest.fixture(autouse=True)
def routine(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = write_routine(tmp_path / "voiceguide" / "routines", "hands", "hand care")
    with path.open("a", encoding="utf-8") as more:
        more.write("pronunciations: {jojoba: HH OW HH OW B AH}\n")


@pytest.fixture
def given(monkeypatch):
    """What a recogniser was made with."""
    given = []

    def recogniser(_model, pronunciations):
        given.append(dict(pronunciations))
        raise ReachedError

    monkeypatch.setattr("voiceguide.edge.ears.recogniser.Recogniser", recogniser)
    monkeypatch.setattr("voiceguide.doctor.sound.Recogniser", recogniser)
    return given


def test_the_ears_of_hear_serve_and_doctor_have_it(given, tmp_path):
    shelf = open_shelf(Settings(), None, {"XDG_CONFIG_HOME": str(tmp_path)})
    asked = argparse.Namespace(settings=None, model=None, voice=None)
    for command in (
        lambda: main(["hear", "no.wav"]),
        lambda: serve._served(asked),
        lambda: check_model(Settings(), shelf.routines),
    ):
        with suppress(ReachedError):
            command()
    assert [JOJOBA.items() <= each.items() for each in given] == [True, True, True]


def test_what_is_said_to_hear_it_is_spelled_so(monkeypatch):
    given = []

    def one_sentence(_name, _text, _rate, _stack, spellings):
        given.append(spellings)
        raise ReachedError

    monkeypatch.setattr("voiceguide.edge.voice.rendering.one_sentence", one_sentence)
    with suppress(ReachedError):
        main(["say", "Jojoba oil."])
    assert "jojoba" in given[0]
