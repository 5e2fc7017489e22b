"""``scripts/make_graph``: words added to a model folder."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.places import ROOT

from voiceguide.edge.lexicon.graph_build import read_sources
from voiceguide.edge.models.model_sums import damaged_file
from voiceguide.edge.models.shipped import shipped_folder

SCRIPT = ROOT / "scripts" / "make_graph"
MODEL = shipped_folder("models") / "voiceguide-en-1"


def make_graph(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def words(tmp_path: Path) -> Path:
    path = tmp_path / "words.txt"
    path.write_text(
        "# mine\nhyaluronic\nzumbarella\nflurb F L ER B  # not FLURB\nstop\n", encoding="utf-8"
    )
    return path


def test_words_are_looked_up_guessed_or_taken_as_written(words: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = make_graph(MODEL, words, out)
    assert done.returncode == 0, done.stderr
    guessed, summary = done.stdout.splitlines()
    assert guessed.startswith("guessed: zumbarella Z AH M B")
    known = read_sources(MODEL / "graph").lexicon
    count = len(known) + 3
    assert summary == f"3 new words, 4 new pronunciations; {count} words now"
    lexicon = read_sources(out / "graph").lexicon
    assert lexicon["flurb"] == ["F L ER B", "F L AH B"]
    assert lexicon["stop"] == known["stop"]
    assert damaged_file(out) is None
    again = make_graph(out, words, out)
    assert again.stdout.splitlines()[-1] == f"0 new words, 0 new pronunciations; {count} words now"
    assert damaged_file(out) is None


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("flurb F L UR B", "words.txt:1: 'UR' is no phone; "),
        ("привет", "make_graph: no pronunciation of привет; write it down."),
    ],
)
def test_a_word_that_cannot_be_added(tmp_path: Path, line: str, complaint: str) -> None:
    (tmp_path / "words.txt").write_text(line, encoding="utf-8")
    done = make_graph(MODEL, tmp_path / "words.txt", tmp_path / "out")
    assert done.returncode == 1
    assert complaint in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_model_of_others_cannot_be_added_to(words: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(MODEL, other)
    (other / "graph" / "filler.json").unlink()
    done = make_graph(other, words, tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr.startswith(f"make_graph: {other} lacks ")
