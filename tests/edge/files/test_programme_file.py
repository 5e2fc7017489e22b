"""Programme files: what they say, what is wrong with them, and who finds them."""

import argparse

import pytest

from voiceguide.cli import check
from voiceguide.core.routine.programme import Programme
from voiceguide.edge.files.bundled_programmes import (
    PROGRAMMES_FOLDER,
    bundled_programmes,
    load_bundled_programmes,
)
from voiceguide.edge.files.programme_file import check_programme, is_programme_file, schema_text
from voiceguide.edge.files.routine_file import bundled_routines
from voiceguide.edge.files.shelf import fill_shelf

WHOLE = """\
format: voiceguide-programme/1
id: my-days
name: my days
summary: Three days.
days:
  - routine: quick
    times: 2
  - routine: evening
"""


@pytest.fixture
def path(tmp_path):
    found = tmp_path / "my-days.yaml"
    found.write_text(WHOLE)
    return found


def test_days_are_unfolded_in_their_order(path):
    programme = check_programme(path, bundled_routines()).programme
    assert programme == Programme(
        "my-days", "my days", "Three days.", ("quick", "quick", "evening")
    )


def test_the_bundled_ones_are_fine_and_say_where_their_schema_is():
    programmes = load_bundled_programmes()
    assert {k: len(v.days) for k, v in programmes.items()} == {
        "four-weeks": 28,
        "seven-evenings": 7,
    }
    for each in bundled_programmes().values():
        assert check_programme(each, bundled_routines()).problems == ()
        first = each.read_text("utf-8").partition("\n")[0]
        assert first == "# yaml-language-server: $schema=schema.json"


def test_the_published_schema_is_that_of_the_reader():
    published = (PROGRAMMES_FOLDER / "schema.json").read_text("utf-8")
    assert published == schema_text(), "run scripts/make_schema"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("routine: evening", "routine: evenning", "8:14: there is no routine `evenning`; did you"),
        ("routine: evening", "routine: zzz", "8:14: there is no routine `zzz`; there are serum"),
        ("id: my-days", "id: My days", "2:5: `id` is `My days`; it must be lower-case words"),
        ("summary: Three days.", "sumary: x", "4:1: `sumary` is no key here; did you mean `summ"),
        ("name: my days\n", "", "1:1: `name` is missing; add it"),
        ("times: 2", "times: 0", "7:12: `times` is `0`; use 1 to 100"),
        ("times: 2", "times: often", "7:12: `times` must be a whole number"),
        ("times: 2", "tmes: 2", "7:5: `tmes` is no key here; did you mean `times`?"),
        ("times: 2", "times:", "7:5: `times` has no value"),
        ("  - routine: evening", "  - evening", "8:5: `days` must hold `key: value` lines"),
        ("  - routine: evening", "  - times: 2", "8:5: `routine` is missing; add it to this days"),
        (
            "  - routine: evening",
            "  - {routine: evening, times: 100}\n" * 4,
            "5:1: these are 402 days; 366 are the most",
        ),
        (
            "routine: quick",
            "routine: Quick massage",
            "6:14: `routine` is `Quick massage`; it must",
        ),
        ("routine: quick", "routine: 3", "6:14: `routine` must be text; put it in quotes"),
        ("routine: evening", "routine:", "8:5: `routine` has no value"),
        ("times: 2", "times: 101", "7:12: `times` is `101`; use 1 to 100"),
        ("times: 2", "times: 1.5", "7:12: `times` must be a whole number"),
        ("id: my-days", "id: none", "2:5: `id` is `none`, which stands for no programme"),
        ("name: my days", "name: No Programme", "3:7: `name` is `No Programme`, which stands for"),
        ("id: my-days", f"id: {'x' * 61}", "2:5: `id` is too long; use at most 60 characters"),
        ("id: my-days\n", "", "1:1: `id` is missing; add it"),
        ("name: my days", 'name: ""', "3:7: `name` is empty; write something"),
        ("name: my days", f"name: {'x' * 201}", "3:7: `name` is too long; use at most 200"),
        ("name: my days", "name: 3", "3:7: `name` must be text; put it in quotes"),
        ("name: my days", "name: my days\nname: x", "4:1: `name` is here twice, first on line 3"),
        ("summary: Three days.\n", "", "1:1: `summary` is missing; add it"),
        ("summary: Three days.", "summary: [x]", "4:10: `summary` must be text; put it in quotes"),
        ("days:", "dayz:", "5:1: `dayz` is no key here; did you mean `days`?"),
        ("days:\n", "more: 1\ndays:\n", "5:1: `more` is no key here; known here: format, id, na"),
        (
            "programme/1",
            "programm/1",
            "1:9: this format is not known; write `format: voicegu",
        ),
        ("/1\n", "/2\n", "1:9: this format is not known; write `format: voiceguide-programme/1`"),
        (WHOLE[WHOLE.index("days:\n") :], "days: []\n", "5:7: `days` is empty; list at least one"),
        (WHOLE[WHOLE.index("days:\n") :], "days: 3\n", "5:7: `days` must be a list"),
        ("  - routine: quick", "  - routine: [", "this is not YAML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(path, capsys, old, new, told):
    assert old in WHOLE
    path.write_text(WHOLE.replace(old, new))
    assert voiceguide_check(path) == 2
    out = capsys.readouterr().out.replace("\n", " ")
    assert told in out
    assert str(path) in out


def test_a_wrong_key_hides_no_unknown_routine(path):
    text = WHOLE.replace("times: 2", "tmes: 2").replace("evening", "evenning")
    path.write_text(text.replace("id: my-days", "id: none").replace("quick", "Quick massage"))
    problems = check_programme(path, bundled_routines()).problems
    assert [problem.located("x").partition(";")[0] for problem in problems] == [
        "x:2:5: `id` is `none`, which stands for no programme",
        "x:6:14: `routine` is `Quick massage`",
        "x:7:5: `tmes` is no key here",
        "x:8:14: there is no routine `evenning`",
    ]


def voiceguide_check(path):
    parser = argparse.ArgumentParser(prog="voiceguide")
    check.add(parser.add_subparsers(required=True))
    args = parser.parse_args(["check", str(path)])
    return args.run(args)


def test_a_good_one_is_one_line(path, capsys):
    assert voiceguide_check(path) == 0
    assert capsys.readouterr().out == f"{path}: fine, “my days”, 3 days\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("id: my-days", "id: four-weeks", "the id `four-weeks` is taken by another programme"),
        ("name: my days", "name: Four weeks to a habit", "is that of the programme `four-weeks`"),
    ],
)
def test_what_another_programme_is_called_is_warned_of(path, capsys, old, new, told):
    path.write_text(WHOLE.replace(old, new))
    assert voiceguide_check(path) == 0
    warning, verdict = capsys.readouterr().out.splitlines()
    assert warning.startswith(f"{path}: warning: ")
    assert told in warning
    assert "can be followed, 1 warning" in verdict


def test_one_s_own_lies_beside_one_s_own_routines_and_is_no_routine(path):
    assert is_programme_file(path)
    shelf = fill_shelf(path.parent)
    assert shelf.left_out == {}
    assert list(shelf.programmes) == ["four-weeks", "seven-evenings", "my-days"]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("id: my-days", "id: four-weeks", "the id `four-weeks` is taken by another programme"),
        ("routine: evening", "routine: evenning", "there is no routine `evenning`"),
    ],
)
def test_one_that_cannot_be_used_is_left_out_and_told_of(path, old, new, why):
    path.write_text(WHOLE.replace(old, new))
    shelf = fill_shelf(path.parent)
    assert why in shelf.left_out[path]
    assert "my-days" not in shelf.programmes
