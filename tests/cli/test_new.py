"""``voiceguide new``: a routine from a few answers or from another one, whole or not at all."""

import io
import sys

import pytest
import yaml

from voiceguide.__main__ import main
from voiceguide.edge.files.routine_file import FOLDER, load_routine
from voiceguide.edge.files.routine_text import SCHEMA_LINE

ANSWERS = """\
happy hands
One minute for tired hands.
Leave sore joints alone.
palms, rest
thumbs, 3 times, 3 s, left then right
With your thumb, stroke from the wrist to the fingers, three times.
heel circles, 1


fists, hold 5 s
Close both fists, gently.

"""


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEGUIDE_SETTINGS", str(tmp_path / "settings.toml"))
    (tmp_path / "settings.toml").touch()
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def answer(monkeypatch):
    """Answers, from a pipe or typed into a terminal."""

    def give(text, kind=io.StringIO):
        monkeypatch.setattr(sys, "stdin", kind(text))

    return give


def test_answers_from_a_pipe_become_a_routine_that_is_fine(folder, answer, capsys):
    answer(ANSWERS)
    assert main(["new", "my-hands.yaml"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("my-hands.yaml: fine, “happy hands”, 2 sections, ")
    assert said[1] == "Hear its first step: voiceguide preview my-hands.yaml --step 1"
    assert main(["check", "my-hands.yaml"]) == 0
    assert yaml.safe_load((folder / "my-hands.yaml").read_text("utf-8")) == {
        "format": "voiceguide/1",
        "id": "my-hands",
        "name": "happy hands",
        "summary": "One minute for tired hands.",
        "safety": "Leave sore joints alone.",
        "section": [
            {
                "name": "palms",
                "step": [
                    {
                        "name": "thumbs",
                        "say": "With your thumb, stroke from the wrist to the fingers, "
                        "three times.",
                        "stroke": {"count": 3, "seconds": "3 s", "side": "left then right"},
                    },
                    {
                        "name": "heel circles",
                        "say": "Heel circles, once.",
                        "stroke": {"count": 1, "seconds": "4 s"},
                    },
                ],
            },
            {
                "name": "rest",
                "step": [{"name": "fists", "say": "Close both fists, gently.", "hold": "5 s"}],
            },
        ],
    }


def test_its_first_line_names_a_schema_that_is_there(folder, answer):
    answer(ANSWERS)
    main(["new", "my-hands.yaml"])
    line = (folder / "my-hands.yaml").read_text("utf-8").splitlines()[0]
    assert line == f"{SCHEMA_LINE}{(FOLDER / 'schema.json').as_uri()}"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("happy hands", "back rub", "1: “back rub” holds the command “back”"),
        ("happy hands", "quick massage", "1: “quick massage” is a name of the routine `quick`"),
        ("happy hands", "привет", "1: the recogniser cannot learn “привет”"),
        ("happy hands", "", "1: there is nothing here that can be said"),
        ("One minute", "so " * 21, "2: a sentence is said in 20 words or fewer"),
        ("One minute", "so" * 120, "2: this is too long; use at most 200 characters"),
        ("palms, rest", "palms, , rest", "4: a zone has no name"),
        ("palms, rest", "palms, Palms", "4: two zones have one name"),
        ("palms, rest", "palms, …", "4: “…” has no letters"),
        ("3 s,", "3 fortnights,", "5: “3 fortnights” is no count, time or side"),
        ("3 times,", "0 times,", "5: “0 times” is no count; use 1 to 100"),
        ("3 times,", "2, 3,", "5: “3” says a second time what was said before"),
        ("3 s,", "31 s,", "5: “31 s” is out of range; use 0.4 to 30 s"),
        ("heel circles, 1", "thumbs, 2", "7: there is a stroke “thumbs” in this zone already"),
        ("fists, hold 5 s", "fists, hold 5 s, 3", "10: a hold has one length and no count"),
        ("fists, hold 5 s", "", "10: the zone rest needs a stroke"),
        ("fists, hold 5 s", ", 5", "10: a stroke begins with its name"),
    ],
)
def test_a_wrong_answer_from_a_pipe_is_told_with_its_line(
    folder, answer, capsys, before, after, why
):
    assert before in ANSWERS
    answer(ANSWERS.replace(before, after, 1))
    assert main(["new", "my-hands.yaml"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("voiceguide: standard input:") and told.count("\n") == 1
    assert f"standard input:{why}" in told
    assert [*folder.iterdir()] == []


@pytest.mark.parametrize("lines", [0, 1, 4, 5, 8, 9, 10])
def test_answers_that_end_too_soon_leave_nothing(folder, answer, capsys, lines):
    answer("".join(ANSWERS.splitlines(keepends=True)[:lines]))
    assert main(["new", "my-hands.yaml"]) == 2
    assert f"standard input:{lines + 1}: the answers end before" in capsys.readouterr().err
    assert [*folder.iterdir()] == []


def test_the_last_empty_line_may_be_missing(folder, answer):
    answer(ANSWERS.rstrip("\n") + "\n")
    assert main(["new", "my-hands.yaml"]) == 0
    assert load_routine(folder / "my-hands.yaml").sections[-1].steps[-1].id == "fists"


def test_in_a_terminal_a_wrong_answer_is_asked_for_again(folder, answer, capsys):
    answer(ANSWERS.replace("happy", "back\nhappy").replace("fists,", "\nfists,"), Terminal)
    assert main(["new", "my-hands.yaml"]) == 0
    said = capsys.readouterr().out
    assert "“back” holds the command “back”" in said
    assert said.count("What is it called, as you will say it?") == 2
    assert "The zone rest needs a stroke." in said
    assert "[Happy hands, a routine of your own.]" in said
    assert load_routine(folder / "my-hands.yaml").name == "happy hands"


def test_ctrl_c_leaves_nothing(folder, monkeypatch, capsys):
    class Interrupted(Terminal):
        def readline(self, *_):
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", Interrupted())
    assert main(["new", "my-hands.yaml"]) == 130
    assert "Stopped; nothing was written." in capsys.readouterr().out
    assert [*folder.iterdir()] == []


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("there.yaml", "there.yaml is there already, and is left as it is"),
        ("no/hands.yaml", "there is no folder no to write hands.yaml into"),
        ("hands.txt", "a routine is a file that ends in .yaml, not hands.txt"),
        ("….yaml", "has no letters to make an id of"),
        ("evening.yaml", "there is a routine evening already; give the file another name"),
    ],
)
def test_a_file_that_cannot_be_is_refused_before_anything_is_asked(
    folder, answer, capsys, file, why
):
    (folder / "there.yaml").write_text("mine", encoding="utf-8")
    answer("")
    assert main(["new", file]) == 2
    assert why in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["there.yaml"]
    assert (folder / "there.yaml").read_text("utf-8") == "mine"


def test_a_file_that_appears_meanwhile_is_left_as_it_is(folder, monkeypatch, capsys):
    class Meanwhile(io.StringIO):
        def readline(self, *size):
            (folder / "my-hands.yaml").write_text("mine", encoding="utf-8")
            return super().readline(*size)

    monkeypatch.setattr(sys, "stdin", Meanwhile(ANSWERS))
    assert main(["new", "my-hands.yaml"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (folder / "my-hands.yaml").read_text("utf-8") == "mine"


@pytest.mark.parametrize("routine_id", ["evening", "quick"])
def test_a_copy_is_the_same_routine_under_its_own_name(folder, answer, capsys, routine_id):
    answer("late hours\n")
    assert main(["new", "late.yaml", "--from", routine_id]) == 0
    assert "late.yaml: fine, “late hours”" in capsys.readouterr().out
    copy, whole = load_routine(folder / "late.yaml"), load_routine(routine_id)
    assert (copy.id, copy.name, copy.called) == ("late", "late hours", ())
    assert copy.sections == whole.sections and copy.closing == whole.closing
    lines = (folder / "late.yaml").read_text("utf-8").splitlines()
    assert [line.startswith(SCHEMA_LINE) for line in lines].count(True) == 1


def test_what_cannot_be_copied_is_named(folder, answer, capsys):
    (folder / "wrong.yaml").write_text("format: voiceguide/1\nid: wrong\n", encoding="utf-8")
    answer("late hours\n")
    assert main(["new", "late.yaml", "--from", "wrong.yaml"]) == 2
    assert "wrong.yaml:1:1: " in capsys.readouterr().err
    assert main(["new", "late.yaml", "--from", "evning"]) == 2
    assert "did you mean evening?" in capsys.readouterr().err
