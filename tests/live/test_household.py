"""Everybody in a home: what the settings make of them, and how they say who they are."""

import io

import pytest
from rich.console import Console

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.decider import Decider
from voiceguide.core.effects import KeepProgramme
from voiceguide.core.errors import SettingsError
from voiceguide.core.routine.programme import Standing
from voiceguide.core.table import State, live_commands
from voiceguide.edge.files.bundled_programmes import load_bundled_programmes
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.live.caretaker import answering_to
from voiceguide.live.household import (
    household,
    introduced,
    names_of,
    programme_problems,
    sounding_names,
)
from voiceguide.live.remembering import open_journals
from voiceguide.settings.load import load_settings
from voiceguide.show.console import Display

BOOK = answering_to(load_phrasebook(), ("hey guide",))


def settings(tmp_path, text=""):
    path = tmp_path / "settings.toml"
    path.write_text(text)
    return load_settings(path, {})


def book_of(tmp_path, text):
    return introduced(BOOK, settings(tmp_path, text).persons)


def test_without_a_person_nothing_can_be_said_that_could_not_before(tmp_path):
    found = settings(tmp_path)
    assert introduced(BOOK, found.persons) is BOOK
    assert names_of(found) == {}
    assert household(found, load_bundled()).keys() == {"", "guest"}


def test_a_name_is_said_with_a_call_to_whoever_sleeps_and_alone_to_whoever_listens(tmp_path):
    book = book_of(tmp_path, '[persons.anna]\ncalls = ["good evening mirror"]\n')
    asleep = {one.text: one.person for one in book.live(live_commands(State.ASLEEP))}
    says = {"it is", "it's", "this is", "i'm"}
    assert asleep == {
        "hey guide": None,
        **{f"hey guide {how} anna": "anna" for how in says},
        **{f"hey guide {how} a guest": "guest" for how in says},
        "good evening mirror": "anna",
    }
    ready = {one.text for one in book.live(live_commands(State.READY)) if one.person}
    assert ready == {f"{how} {who}" for how in says for who in ("anna", "a guest")}
    assert not [one for one in book.live(live_commands(State.PACING)) if one.person]


def test_the_ears_wait_for_the_name_after_the_call(tmp_path):
    book = book_of(tmp_path, "[persons.anna]\n")
    decider = Decider()
    decider.listen_for(book.live(live_commands(State.ASLEEP)))
    assert decider._prefixes == {"hey guide"}


@pytest.mark.parametrize(
    ("calls", "what"),
    [("go back", "back"), ("hey guide", "wake"), ("it is anna", "anna")],
)
def test_a_call_of_one_s_own_that_asks_for_something_else_is_refused(tmp_path, calls, what):
    with pytest.raises(SettingsError, match=rf"persons.anna.*“{calls}” already asks for {what}"):
        book_of(tmp_path, f'[persons.anna]\ncalls = ["{calls}"]\n')


def test_everybody_hears_what_suits_them_at_their_own_pace(tmp_path):
    text = """\
[strokes]
tempo = 0.9
[person]
avoid = ["jaw"]
[persons.anna]
skin = ["sensitive"]
when = "evening"
words_per_minute = 130
[persons.mary-lou]
everything = true
"""
    there = household(settings(tmp_path, text), load_bundled())
    assert list(there) == ["", "guest", "anna", "mary-lou"]
    zones = {key: [s.id for s in one.library["evening"].sections] for key, one in there.items()}
    assert "jaw" not in zones[""]
    assert "jaw" in zones["anna"]
    assert "jaw" in zones["guest"]
    anna, mary = there["anna"], there["mary-lou"]
    assert (anna.preferences.tempo, anna.preferences.words_per_minute) == (0.9, 130)
    assert (anna.when, anna.profile) == ("evening", settings(tmp_path, text).persons[0].profile.key)
    assert mary.everything
    assert not anna.everything
    assert names_of(settings(tmp_path, text)) == {
        "anna": "Anna", "mary-lou": "Mary Lou", "guest": "Guest",
    }  # fmt: skip


def test_a_name_may_sound_otherwise_than_it_is_written(tmp_path):
    text = '[persons.zoe]\nname = "Zoë"\nsounds_like = "Z OW IY"\n'
    found = settings(tmp_path, text).persons
    assert sounding_names(found) == {"zoë": ("Z OW IY",)}
    assert introduced(BOOK, found).find("it is zoë") == Phrase(
        "it is zoë", Command.PERSON, person="zoe"
    )
    wrong = settings(tmp_path, '[persons.zoe]\nsounds_like = "Q Q"\n').persons
    with pytest.raises(SettingsError, match=r"persons.zoe. `sounds_like`"):
        sounding_names(wrong)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ('[person]\nprogramme = "four-weeks"\n[persons.anna]\nprogramme = "seven-evenings"\n', []),
        ("[persons.anna]\n", []),
        (
            '[person]\nprogramme = "four-week"\n',
            ["`person.programme`: there is no programme 'four-week'; did you mean four-weeks?"],
        ),
        (
            '[persons.anna]\nprogramme = "x"\n',
            ["`persons.anna.programme`: there is no programme 'x'; there are: four-weeks,"],
        ),
        (
            '[person]\nguest = true\nprogramme = "four-weeks"\n',
            ["`person.programme`: a person without a name is a guest"],
        ),
        (
            '[journal]\nkeep = false\n[person]\nprogramme = "four-weeks"\n',
            ["`person.programme`: nothing is remembered (`journal.keep` is off), so each start is"],
        ),
    ],
)
def test_a_programme_that_cannot_be_followed_is_told_of(tmp_path, text, problems):
    found = programme_problems(settings(tmp_path, text), load_bundled_programmes())
    assert [told[: len(wanted)] for told, wanted in zip(found, problems, strict=True)] == problems


def test_the_programmes_of_the_settings_are_each_person_s(tmp_path):
    text = '[person]\nprogramme = "four-weeks"\n[persons.anna]\nprogramme = "seven-evenings"\n'
    there = household(settings(tmp_path, text), load_bundled())
    named = {"": "four-weeks", "guest": "", "anna": "seven-evenings"}
    assert {key: each.programme for key, each in there.items()} == named


def test_where_whoever_has_no_name_is_a_guest_nothing_of_them_has_a_file(tmp_path):
    found = settings(tmp_path, "[person]\nguest = true\n[persons.anna]\n")
    assert found.first_person(None) == "guest"
    assert found.first_person("Anna") == "anna"
    assert settings(tmp_path).first_person(None) == ""
    guest = household(found, load_bundled())["guest"]
    assert open_journals(found, [guest], Display(Console(file=io.StringIO()))) == ({}, [guest])
    assert list(tmp_path.iterdir()) == [tmp_path / "settings.toml"]


def test_a_journal_knows_of_the_programme_that_the_settings_name(tmp_path):
    named = '[persons.anna]\nprogramme = "{}"\n[journal]\nfolder = "{}"\n'
    for programme in ("four-weeks", "seven-evenings"):
        found = settings(tmp_path, named.format(programme, tmp_path.as_posix()))
        anna = household(found, load_bundled())["anna"]
        journals, _ = open_journals(found, [anna], Display(Console(file=io.StringIO())))
        assert journals["anna"].load()[0].standing == Standing(programme)
        journals["anna"].keep(KeepProgramme(Standing(programme, 1, "2026-03-01")))
        journals["anna"].close()
