"""``voiceguide run`` where there is nothing to run it on, and what it refuses."""

import io
import json
import os
import subprocess
import sys

import pytest
from support.loaded import load_once
from support.short_routine import short_library

from voiceguide.__main__ import main
from voiceguide.cli.run import merged
from voiceguide.core.routine.routine import Profile, Skin, When
from voiceguide.edge.files.routine_file import load_bundled

TINY = """\
format: voiceguide/1
id: tiny
name: tiny routine
summary: One stroke.
safety: Be gentle.
closing: That was all of it.
section:
  - name: neck
    region: neck
    step:
      - name: upward stroke
        say: Glide along the neck.
        stroke: {count: 4, seconds: 3 s, hands: both, path: chest → chin, pressure: light}
"""


@pytest.fixture
def silent(tmp_path):
    """An environment in which PortAudio finds no device, and nothing of the person's is touched."""
    # With no entry at all PortAudio aborts; one that cannot be opened is not listed.
    (tmp_path / "alsa.conf").write_text("pcm.nothing { type hw card 99 }")
    return os.environ | {
        "ALSA_CONFIG_PATH": str(tmp_path / "alsa.conf"),
        "PULSE_SERVER": "unix:/nowhere",
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }


def run(environment, *arguments, cwd):
    command = [sys.executable, "-m", "voiceguide", "run", *arguments]
    return subprocess.run(
        command, env=environment, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )


@pytest.mark.skipif(sys.platform != "linux", reason="sound is taken away by ALSA's settings")
def test_without_sound_and_terminal_the_whole_thing_is_shown(silent, tmp_path):
    once = TINY.replace("count: 4", "count: 1")
    (tmp_path / "tiny.yaml").write_text(once, encoding="utf-8")
    done = run(silent, "tiny.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "There is no speaker" in done.stdout
    assert "There is no microphone" in done.stdout
    assert "Rehearsing in a simulated bathroom" in done.stdout
    assert "That was all of it." in done.stdout
    records = json.loads((tmp_path / "session" / "session.json").read_text("utf-8"))
    heard = [record for record in records if record["kind"] == "heard"]
    assert "start" in {record["command"] for record in heard}
    assert (tmp_path / "session" / "session.wav").stat().st_size > 500_000
    assert (tmp_path / "session" / "session.svg").read_text("utf-8").startswith("<svg")
    assert not (tmp_path / "data").exists(), "a rehearsal must not touch the journal"


class NoDevice:
    """Stands for a speaker or a microphone that is not there."""

    problem = "There is none."

    def close(self):
        pass


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The same for a command in this process."""
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    for place in ("open_output", "open_input"):
        monkeypatch.setattr(f"voiceguide.app.{place}", lambda *_, **__: NoDevice())


@pytest.mark.parametrize(
    ("zones", "words"),
    [
        (1, ["quick", "go", "slower"]),
        pytest.param(
            None,
            ["quick", "go", "slower", "repeat", "hold on", "continue", "faster"],
            marks=pytest.mark.long,
        ),
    ],
    ids=["short", "whole"],
)
def test_asked_for_no_routine_it_is_chosen_by_voice_and_every_word_is_obeyed(
    here, tmp_path, monkeypatch, capsys, zones, words
):
    """What somebody without a sound card is shown first: a person who is understood."""
    library = load_bundled() | short_library(zones, "Stroke.")
    monkeypatch.setattr("voiceguide.edge.files.shelf.Shelf.library", lambda *_: library)
    load_once(monkeypatch, "voiceguide.edge.ears.recogniser.Recogniser")
    assert main(["run", "--output", "shown"]) == 0
    shown = capsys.readouterr().out
    assert "Which routine would you like?" in shown
    assert "choosing" in shown
    assert "→ quick" in shown
    assert (tmp_path / "shown" / "session.svg").exists()
    records = json.loads((tmp_path / "shown" / "session.json").read_text("utf-8"))
    uttered = [record for record in records if record["kind"] == "uttered"]
    assert [one["text"] for one in uttered] == words
    assert {one["outcome"] for one in uttered} == {"obeyed"}
    assert all(f"person  “{word}” (obeyed)" in shown for word in words)
    said = [record for record in records if record["kind"] == "said"]
    for one in uttered:
        if one["state"] in ("choosing", "ready"):
            assert not any(each["at_s"] <= one["at_s"] < each["end_s"] for each in said)
    assert records[-1]["ended"]
    assert records[-1]["false_accepts"] == 0


def test_a_model_that_cannot_be_used_is_one_sentence(here, capfd):
    assert main(["run", "quick", "--model", "."]) == 4
    is_one_sentence_about("not a model", capfd.readouterr().err)


def test_a_voice_that_cannot_be_used_is_one_sentence(here, capfd):
    assert main(["run", "quick", "--voice", "Nobody"]) == 5
    is_one_sentence_about("Nobody", capfd.readouterr().err)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nosuch"], "nosuch"),
        (["quick", "--avoid", "elbow"], "elbow"),
        (["quick", "--settings", "missing.toml"], "missing.toml"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence_before_any_device_is_opened(
    tmp_path, monkeypatch, capsys, arguments, words
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("voiceguide.app.run_live", pytest.fail)
    assert main(["run", *arguments]) == 2
    is_one_sentence_about(words, capsys.readouterr().err)


def is_one_sentence_about(words, told):
    assert told.startswith("voiceguide: ")
    assert words in told
    assert told.count("\n") == 1, told


def test_what_is_asked_for_goes_before_what_is_usual():
    usual = Profile(When.MORNING, (Skin.ACNE,), ("jaw",), "roller")
    assert merged(usual, Profile()) == usual
    asked = Profile(When.EVENING, (Skin.ROSACEA,), ("neck", "jaw"), "gua-sha")
    both = Profile(When.EVENING, (Skin.ROSACEA,), ("jaw", "neck"), "gua-sha")
    assert merged(usual, asked) == both


def test_the_first_word_waits_for_nothing_that_only_screens_and_ears_need():
    late = ("rich", "voiceguide.show.panel", "voiceguide.edge.ears.ears", "voiceguide.sound.tap")
    code = f"import sys, voiceguide.app; print(*(each for each in {late} if each in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
