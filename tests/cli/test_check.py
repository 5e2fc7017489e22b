"""``voiceguide check``: problems as lines an editor can jump to, one wrong file beside others."""

import argparse
from pathlib import Path

import pytest

from voiceguide.cli import check
from voiceguide.edge.routine_file import bundled_routines

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "routines.md"


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
    assert folder == f"{tmp_path}: this is a folder; give the file inside it."
    assert nothing.startswith(f"{empty}: this file is empty")
    assert "no routine called 'nonsuch'" in unknown
    assert "fine" in fine


def test_names_need_words_the_recogniser_knows(tmp_path, capsys):
    path = tmp_path / "hands.yaml"
    path.write_text(example().replace("\nname: ", "\nname: zyxwv "), encoding="utf-8")
    assert voiceguide("check", path) == 2
    assert "the recogniser does not know “zyxwv”" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["--nonsense"]])
def test_wrong_arguments(arguments):
    with pytest.raises(SystemExit) as raised:
        voiceguide("check", *arguments)
    assert raised.value.code == 2
