"""Routines of one's own: found in a folder, and left out with one plain sentence each."""

from pathlib import Path

import pytest
from support.own_routines import write_routine

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.errors import RoutineError
from voiceguide.edge.files import shelf as shelf_module
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.files.shelf import Sayable, fill_shelf, open_shelf
from voiceguide.settings.tables import RoutinesSettings, Settings

WORDS = (Phrase("next", Command.NEXT), Phrase("hey guide", Command.WAKE))


def filled(folder, **given):
    return fill_shelf(folder, lambda: Sayable(WORDS, **given))


def test_own_routines_follow_the_bundled_ones(tmp_path):
    write_routine(tmp_path, "b-hands", "happy hands")
    write_routine(tmp_path, "a-feet", "warm feet", file="zz.YML")
    (tmp_path / "notes.txt").write_text("not read")
    (tmp_path / ".hidden.yaml").write_text("not read")
    write_routine(tmp_path / "below", "deep", "deep rest")
    shelf = filled(tmp_path)
    assert list(shelf.routines) == [*load_bundled(), "b-hands", "a-feet"]
    assert shelf.own == {"b-hands": tmp_path / "b-hands.yaml", "a-feet": tmp_path / "zz.YML"}
    assert shelf.left_out == {}
    assert shelf.load("b-hands").name == shelf.load("happy hands").name == "happy hands"
    assert shelf.find("Warm Feet") == tmp_path / "zz.YML"


def test_a_broken_file_is_told_once_and_the_others_are_used(tmp_path):
    broken = write_routine(tmp_path, "a-broken", "broken one")
    broken.write_text(broken.read_text().replace("summary:", "sumary:"))
    (tmp_path / "b-empty.yaml").write_text("")
    (tmp_path / "c-folder.yaml").mkdir()
    write_routine(tmp_path, "hands", "happy hands")
    shelf = filled(tmp_path)
    assert list(shelf.own) == ["hands"]
    assert [path.name for path in shelf.left_out] == [
        "a-broken.yaml",
        "b-empty.yaml",
        "c-folder.yaml",
    ]
    why = shelf.left_out[broken]
    assert why.startswith(f"{broken}:4:1: `sumary` is no key here; did you mean `summary`?")
    assert why.endswith(" It is left out.")
    with pytest.raises(RoutineError, match="`sumary` is no key here"):
        shelf.load("a-broken")


@pytest.mark.parametrize(
    ("routine_id", "name", "called", "why"),
    [
        ("evening", "late hands", "", "the id `evening` is taken by another routine"),
        ("late", "Evening", "", "“evening” is a name of the routine `evening` already"),
        ("late", "late hands", "Quick!", "“quick” is a name of the routine `quick` already"),
        ("late", "next", "", "“next” is a command already"),
        ("late", "late hands", "hey, guide", "“hey” is no name"),
        ("late", "Hey guide", "", "“hey guide” is a command already"),
        ("second", "happy hands", "", "“happy hands” is a name of the routine `hands` already"),
        ("hands", "tired hands", "", "the id `hands` is taken by another routine"),
    ],
)
def test_an_id_or_a_name_belongs_to_one(tmp_path, routine_id, name, called, why):
    write_routine(tmp_path, "hands", "happy hands", file="1.yaml")
    second = write_routine(tmp_path, routine_id, name, called=called, file="2.yaml")
    shelf = filled(tmp_path)
    if "is no name" in why:  # a list in YAML: two names, neither of them taken
        assert list(shelf.own) == ["hands", "late"]
        return
    assert list(shelf.own) == ["hands"]
    assert shelf.left_out[second].startswith(f"{second}: {why}")


def test_a_name_that_nobody_could_say_is_left_out(tmp_path):
    path = write_routine(tmp_path, "hands", "happy xyzzy")
    shelf = filled(tmp_path, vocabulary=frozenset({"happy", "hands"}))
    assert shelf.own == {}
    assert "the recogniser does not know “xyzzy”, so nobody could choose" in shelf.left_out[path]
    learns = filled(
        tmp_path,
        vocabulary=frozenset({"happy"}),
        learner=lambda words: dict.fromkeys(words, "said so"),
    )
    assert list(learns.own) == ["hands"]


def test_signs_in_a_name_are_not_heard(tmp_path):
    write_routine(tmp_path, "hands", "T-zone & hands!")
    shelf = filled(tmp_path, vocabulary=frozenset({"t", "zone", "hands"}))
    assert list(shelf.own) == ["hands"]
    assert shelf.routines["hands"].name == "T-zone & hands!"


def test_no_folder_is_fine_unless_it_was_named(tmp_path):
    gone = tmp_path / "gone"
    assert fill_shelf(gone).left_out == {}
    assert fill_shelf(gone, is_wanted=True).left_out == {
        gone: f"There is no folder {gone} with routines; make it."
    }
    file = tmp_path / "file"
    file.write_text("")
    assert "cannot be read (Not a directory)" in fill_shelf(file).left_out[file]


def test_a_folder_that_may_not_be_read_is_told(tmp_path, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert "cannot be read (Permission denied)" in fill_shelf(tmp_path).left_out[tmp_path]


def test_no_more_files_are_read_than_can_be_chosen_among(tmp_path, monkeypatch):
    monkeypatch.setattr(shelf_module, "MOST_FILES", 2)
    for number, name in enumerate(("one", "two", "three")):
        write_routine(tmp_path, f"r{number}", f"number {name}")
    shelf = filled(tmp_path)
    assert list(shelf.own) == ["r0", "r1"]
    assert "only the first 2 files are read" in shelf.left_out[tmp_path / "r2.yaml"]


def test_the_folder_lies_beside_the_settings_or_where_they_say(tmp_path):
    write_routine(tmp_path / "routines", "hands", "happy hands")
    write_routine(tmp_path / "mine", "feet", "warm feet")
    file = tmp_path / "settings.toml"
    assert list(open_shelf(Settings(), file, {}).own) == ["hands"]
    assert list(open_shelf(Settings(), None, {"VOICEGUIDE_SETTINGS": str(file)}).own) == ["hands"]
    other = Settings(routines=RoutinesSettings(tmp_path / "mine"))
    assert list(open_shelf(other, file, {}).own) == ["feet"]


def test_a_file_that_is_asked_for_takes_the_place_of_its_namesakes(tmp_path):
    write_routine(tmp_path, "hands", "happy hands")
    shelf = filled(tmp_path)
    other = write_routine(tmp_path / "other", "mine", "Evening")
    chosen = shelf.load(other)
    library = shelf.library(chosen)
    assert library["mine"] is chosen
    assert "evening" not in library
    assert list(shelf.library()) == list(shelf.routines)
    assert shelf.library(shelf.load("hands")) == shelf.library()
