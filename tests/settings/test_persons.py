"""The persons of a home in the settings: read, found by name, and told of where they are wrong."""

from pathlib import Path

import pytest
from support.wrong_settings import problems

from voiceguide.core.errors import SettingsError
from voiceguide.core.routine.routine import Profile, Skin, When
from voiceguide.settings.load import load_settings

WHOLE = """\
[persons.anna]
name = "Anna Maria"
calls = ["good evening mirror"]
button = 22
when = "evening"
skin = ["rosacea"]
avoid = ["Jaw"]
tool = "roller"
everything = true
tempo = 0.8
words_per_minute = 140

[persons.ben]
"""


def read(tmp_path, text):
    path = tmp_path / "settings.toml"
    path.write_text(text)
    return load_settings(path, {})


def test_a_person_has_what_the_table_says(tmp_path):
    anna, ben = read(tmp_path, WHOLE).persons
    assert anna.profile == Profile(When.EVENING, (Skin.ROSACEA,), ("jaw",), "roller")
    assert (anna.said, anna.tempo, anna.words_per_minute) == ("Anna Maria", 0.8, 140)
    assert (anna.button, ben.button) == (22, None)
    assert (ben.said, ben.written, ben.profile) == ("ben", "Ben", Profile())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("persons = 1\n", r":1:1: `persons` is a table of persons"),
        ("[persons]\nanna = 1\n", r":2:1: each person is a table; write \[persons.anna\]"),
        ("[persons.Anna]\n", r":1:1: 'Anna' cannot be the name of a person's table"),
        ("[persons.guest]\n", r":1:1: 'guest' is nobody in particular"),
        ("[persons.anna]\nskn = []\n", r":2:1: there is no key `skn`.* did you mean `skin`"),
        ("[persons.anna]\ntempo = 9\n", r":2:1: `tempo` must be a number from"),
        ('[persons.anna]\nname = "R2"\n', r":2:1: 'R2' cannot be said as a name"),
        ("[persons.a1]\n", r":1:1: 'a1' cannot be said as a name"),
        (
            '[persons.a-b]\nsounds_like = "eye"\n',
            r":2:1: `sounds_like` is for a `name` of one word",
        ),
        (
            '[persons.ann]\n[persons.anne]\nname = "Ann"\n',
            r":2:1: \[persons.ann\] is called 'Ann' too",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, text, problem):
    with pytest.raises(SettingsError, match=problem):
        read(tmp_path, text)


def test_a_button_on_a_pin_for_each_and_for_a_guest(tmp_path):
    found = read(tmp_path, f"{WHOLE}[gpio]\nbutton = 17\nguest_button = 23\n")
    assert found.person_pins == {"anna": 22, "guest": 23}


ANNA = "[persons.anna]\nbutton = 22\n"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[persons.anna]\nbutton = 28\n", ["2:1: `button` must be a whole number from 0 to 27"]),
        (
            f"{ANNA}[persons.ben]\nbutton = 22\n",
            ["4:1: `persons.ben.button` is 22, but that pin is for `persons.anna.button`; choose"],
        ),
        (
            f"{ANNA}[gpio]\nlight = 22\nbutton = 17\nguest_button = 17\n",
            [
                "4:1: `gpio.light` is 22, but that pin is for `persons.anna.button`; choose",
                "6:1: `gpio.guest_button` is 17, but that pin is for `gpio.button`; choose",
            ],
        ),
        (
            "[persons.anna]\nbutton = 8\n[gpio]\nring = 12\n",
            ["2:1: `persons.anna.button` is 8, but that pin is for `gpio.ring`; choose"],
        ),
        (
            "[gpio]\nguest_button = 23\n",
            ["2:1: `gpio.guest_button` is for a home whose persons have names; write [persons."],
        ),
    ],
)
def test_a_pin_has_one_use(write, text, wanted):
    told = problems(write(text))
    assert len(told) == len(wanted)
    for line, begin in zip(told, wanted, strict=True):
        assert line.startswith(f"settings.toml:{begin}")


def test_a_pin_of_a_variable_is_told_of_where_the_file_names_it_too(write):
    path = write(f"[gpio]\nbutton = 17\n{ANNA}")
    assert problems(path, {"VOICEGUIDE_GPIO_BUTTON": "22"}) == [
        "settings.toml:4:1: `persons.anna.button` is 22, but that pin is for `gpio.button`; "
        "choose another pin."
    ]
    pins = {"VOICEGUIDE_GPIO_BUTTON": "5", "VOICEGUIDE_GPIO_LIGHT": "5"}
    assert problems(path, pins) == [
        "`gpio.light` is 5, but that pin is for `gpio.button`; choose another pin."
    ]


@pytest.mark.parametrize("name", ["anna", "Anna Maria", "anna-maria", "ANNA MARIA"])
def test_a_person_is_found_by_name_or_id(tmp_path, name):
    assert read(tmp_path, WHOLE).person_called(name) == "anna"


def test_somebody_who_is_not_there_is_told_of(tmp_path):
    found = read(tmp_path, WHOLE)
    assert found.person_called("guest") == "guest"
    with pytest.raises(SettingsError, match=r"no person 'Carl'.*anna, ben, guest"):
        found.person_called("Carl")


def test_each_has_a_journal_of_their_own_and_a_guest_none(tmp_path):
    found = read(tmp_path, f'[journal]\nfolder = "{tmp_path.as_posix()}"\n{WHOLE}')
    assert found.journal_path == found.journal_of("") == Path(tmp_path) / "journal.sqlite"
    assert found.journal_of("anna") == Path(tmp_path) / "journal-anna.sqlite"
    assert found.journal_of("guest") is None
