"""``voiceguide programmes``: listed, chosen, left; each person's own."""

import json

import pytest

from voiceguide.__main__ import main
from voiceguide.core.effects import KeepProgramme
from voiceguide.core.routine.programme import Standing
from voiceguide.edge.journal.journal import Journal


@pytest.fixture
def voiceguide(tmp_path, capsys):
    settings = tmp_path / "settings.toml"
    folder = (tmp_path / "data").as_posix()
    settings.write_text(f'[journal]\nfolder = "{folder}"\n[persons.anna]\n')

    def run(*arguments):
        code = main(["programmes", *arguments, "--settings", str(settings)])
        told = capsys.readouterr()
        return code, " ".join((told.out + told.err).split())

    return run


def test_they_are_listed_and_nothing_is_made(voiceguide, tmp_path):
    code, told = voiceguide()
    assert code == 0
    assert "four-weeks four weeks to a habit 28" in told
    assert "seven-evenings" in told
    assert not (tmp_path / "data").exists()


def test_one_is_chosen_by_id_or_name_and_left(voiceguide):
    assert voiceguide("choose", "seven evenings of breath") == (
        0, "Chosen: seven evenings of breath, 7 days. Day 1 is breathing.",
    )  # fmt: skip
    assert "0 of 7 days done; day 1 is breathing." in voiceguide()[1]
    assert voiceguide("choose", "four-weeks", "--day", "7")[1].endswith("Day 7 is weekly.")
    listed = {one["id"]: one["done"] for one in json.loads(voiceguide("list", "--json")[1])}
    assert listed == {"four-weeks": 6, "seven-evenings": None}
    assert voiceguide("leave") == (0, "Left: four weeks to a habit.")
    assert voiceguide("leave") == (0, "No programme was followed.")


def test_each_person_has_one_of_their_own(voiceguide):
    voiceguide("choose", "seven-evenings", "--person", "Anna")
    assert "You follow" not in voiceguide()[1]
    assert "You follow seven evenings" in voiceguide("--person", "anna")[1]


@pytest.mark.parametrize(
    ("standing", "told"),
    [
        (Standing("gone", 3), "You follow gone, of which there is no file any more."),
        (Standing("seven-evenings", 7, "2026-03-01"), "You have done all 7 days of seven evenings"),
        (Standing("seven-evenings", 2, "2026-03-01"), "2 of 7 days done, the last on 2026-03-01;"),
    ],
)
def test_where_one_stands_is_told_in_words(voiceguide, tmp_path, standing, told):
    with Journal(tmp_path / "data" / "journal.sqlite") as journal:
        journal.keep(KeepProgramme(standing))
    assert told in voiceguide()[1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("choose",), "which programme? There are: four-weeks, seven-evenings."),
        (("choose", "four-week"), "no programme 'four-week'; did you mean four-weeks?"),
        (("choose", "four-weeks", "--day", "29"), "--day must be from 1 to 28, not 29."),
        (("choose", "four-weeks", "--person", "guest"), "nothing is remembered of a guest."),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence(voiceguide, arguments, told):
    code, out = voiceguide(*arguments)
    assert code == 2
    assert told in out


def test_a_guest_follows_no_programme(voiceguide, tmp_path):
    with (tmp_path / "settings.toml").open("a") as file:
        file.write('programme = "seven-evenings"\n[person]\nguest = true\n')
    assert voiceguide("choose", "four-weeks") == (
        2,
        "voiceguide: a programme needs a journal, and nothing is remembered of a guest "
        "(`person.guest` is true in the settings).",
    )
    with (tmp_path / "settings.toml").open("a") as file:
        file.write('programme = "four-weeks"\n')
    code, told = voiceguide()
    assert code == 0
    assert "You follow" not in told
    assert told.endswith("`person.guest` is true: a guest follows no programme.")
    assert "You follow seven evenings" in voiceguide("--person", "anna")[1]


def test_what_the_settings_name_is_followed_until_it_is_changed_there(voiceguide, tmp_path):
    with (tmp_path / "settings.toml").open("a") as file:
        file.write('programme = "seven-evenings"\n[persons.ben]\n')
    whose = ("--person", "anna")
    assert "You follow seven evenings of breath: 0 of 7 days done" in voiceguide(*whose)[1]
    why = "the settings name the programme seven-evenings (`persons.anna.programme`); change it"
    for act in (("choose", "four-weeks"), ("leave",)):
        code, told = voiceguide(*act, *whose)
        assert (code, why in told) == (2, True)
    assert voiceguide("choose", "seven-evenings", "--day", "3", *whose)[0] == 0
    assert "2 of 7 days done" in voiceguide(*whose)[1]
    assert voiceguide("choose", "four-weeks", "--person", "ben")[0] == 0
