"""``voiceguide check``: problems as lines an editor can jump to, one wrong file beside others."""

import argparse
import re
import shutil
from pathlib import Path

import pytest
from support.places import ROOT

from voiceguide.cli import check
from voiceguide.core.numbers import number
from voiceguide.edge.files.phrase_file import PHRASES_FOLDER, load_phrasebook
from voiceguide.edge.files.routine_file import bundled_routines
from voiceguide.edge.models.shipped import shipped_folder

DOCUMENT = ROOT / "docs" / "routines.md"


def voiceguide(*arguments: str | Path) -> int:
    parser = argparse.ArgumentParser(prog="voiceguide")
    check.add(parser.add_subparsers(required=True))
    args = parser.parse_args([str(argument) for argument in arguments])
    return args.run(args)


def example() -> str:
    """The complete example of the document for routine writers."""
    text = DOCUMENT.read_text("utf-8")
    return text.split("```yaml\n", 1)[1].split("```", 1)[0]


def test_a_good_file_is_one_line_with_its_length(capsys):
    assert voiceguide("check", "quick") == 0
    path = bundled_routines()["quick"]
    line = capsys.readouterr().out
    assert line.startswith(f"{path}: fine, “quick massage”, 5 sections, ")
    assert line.endswith(" s\n") and line.count("\n") == 1


def test_the_example_of_the_document_is_fine(tmp_path, capsys):
    path = tmp_path / "hands.yaml"
    path.write_text(example(), encoding="utf-8")
    assert voiceguide("check", path) == 0, capsys.readouterr().out
    told = re.search(r"(\d+ min.*) to (\d+ min.*) by the time of day$", capsys.readouterr().out)
    for span in told.groups():
        minutes, seconds = re.fullmatch(r"(\d+) min(?: (\d+) s)?", span).groups()
        length = number(round(int(minutes) + int(seconds or 0) / 60))
        assert f"summary: About {length} minutes" in example()


def test_problems_are_printed_with_file_line_and_column(tmp_path, capsys):
    path = tmp_path / "hands.yaml"
    path.write_text(example().replace("summary:", "sumary:"), encoding="utf-8")
    assert voiceguide("check", path) == 2
    line = example().split("summary:")[0].count("\n") + 1
    assert capsys.readouterr().out == (
        f"{path}:{line}:1: `sumary` is no key here; did you mean `summary`?\n"
    )


def test_each_file_is_checked_even_after_a_hopeless_one(tmp_path, capsys):
    empty = tmp_path / "empty.yaml"
    empty.touch()
    assert voiceguide("check", tmp_path, empty, "nonsuch", "quick") == 2
    folder, nothing, unknown, fine = capsys.readouterr().out.splitlines()
    assert folder == f"{tmp_path} cannot be read: it is a folder; name the file."
    assert nothing.startswith(f"{empty}: this file is empty")
    assert "no routine called 'nonsuch'" in unknown
    assert "fine" in fine


def test_a_guessed_pronunciation_is_a_note_with_its_place(tmp_path, capsys):
    path = tmp_path / "hands.yaml"
    path.write_text(example().replace("\nname: ", "\nname: zyxwv "), encoding="utf-8")
    assert voiceguide("check", path) == 0
    note, fine = capsys.readouterr().out.splitlines()
    line = example().split("\nname: ")[0].count("\n") + 2
    assert note == (
        f"{path}:{line}:7: note: the word “zyxwv” is not in the dictionary; its pronunciation was "
        "guessed as Z IH K S UH V; if it is heard badly, give it under `pronunciations` in your "
        "phrase file"
    )
    assert fine.startswith(f"{path}: fine, “zyxwv ")


def test_names_need_words_that_can_be_learnt(tmp_path, capsys):
    path = tmp_path / "hands.yaml"
    path.write_text(example().replace("\nname: ", "\nname: привет "), encoding="utf-8")
    assert voiceguide("check", path) == 0
    warning, verdict = capsys.readouterr().out.splitlines()
    assert ": warning: the recogniser does not know “привет”" in warning
    assert verdict.startswith(f"{path}: can be led, 1 warning, ")


def test_a_model_that_cannot_learn_needs_words_it_knows(tmp_path, capsys):
    model = tmp_path / "model"
    shutil.copytree(shipped_folder("models") / "voiceguide-en-1", model)
    (model / "graph" / "filler.json").unlink()
    path = tmp_path / "hands.yaml"
    path.write_text(example().replace("\nname: ", "\nname: zyxwv "), encoding="utf-8")
    assert voiceguide("check", path, "--model", model) == 0
    assert ": warning: the recogniser does not know “zyxwv”" in capsys.readouterr().out


def phrase_file(tmp_path: Path, more: str = "") -> Path:
    path = tmp_path / "my-phrases.yaml"
    text = (PHRASES_FOLDER / "en.yaml").read_text("utf-8")
    path.write_text(text.replace("[next,", "[next, zyxwv,") + more, encoding="utf-8")
    return path


def test_a_phrase_file_of_ones_own(tmp_path, capsys):
    path = phrase_file(tmp_path)
    assert voiceguide("check", path) == 0
    note, fine = capsys.readouterr().out.splitlines()
    line = path.read_text("utf-8").split("zyxwv")[0].count("\n") + 1
    assert note.startswith(f"{path}:{line}:1: note: the word “zyxwv” is not in the dictionary; ")
    assert fine == f"{path}: fine, {len(load_phrasebook().phrases) + 1} phrases"


def test_a_pronunciation_in_the_phrase_file_is_no_guess(tmp_path, capsys):
    path = phrase_file(tmp_path, "\npronunciations:\n  zyxwv: Z IH K S\n")
    assert voiceguide("check", path) == 0
    assert capsys.readouterr().out.startswith(f"{path}: fine, ")


def test_a_phrase_that_nobody_could_say(tmp_path, capsys):
    path = phrase_file(tmp_path)
    path.write_text(path.read_text("utf-8").replace("zyxwv", "привет"), encoding="utf-8")
    assert voiceguide("check", path) == 2
    out = capsys.readouterr().out
    assert "the recogniser does not know “привет”; use another word for it" in out
    assert "fine" not in out


def test_a_wrong_phrase_file_is_one_sentence(tmp_path, capsys):
    path = phrase_file(tmp_path, "\npronunciations:\n  zyxwv: Z IQ K S\n")
    assert voiceguide("check", path, "quick") == 2
    wrong, fine = capsys.readouterr().out.splitlines()
    line = path.read_text("utf-8").split("zyxwv: Z")[0].count("\n") + 1
    assert wrong.startswith(f"{path}:{line}: the pronunciation of 'zyxwv' cannot be used: 'IQ' is ")
    assert "quick massage" in fine


@pytest.mark.parametrize("arguments", [[], ["--nonsense"]])
def test_wrong_arguments(arguments):
    with pytest.raises(SystemExit) as raised:
        voiceguide("check", *arguments)
    assert raised.value.code == 2
