"""``voiceguide rehearse`` as typed: its options, its files, its refusals."""

import argparse
import json

import pytest
import soundfile

from voiceguide.__main__ import main
from voiceguide.cli import performing, rehearse
from voiceguide.core.errors import DeviceError, RoutineError, SettingsError
from voiceguide.core.routine.breath import parse_breath
from voiceguide.core.session.preferences import Manner

ROUTINE = """\
format: voiceguide/1
id: tiny
name: tiny routine
summary: One stroke.
safety: Be gentle.
closing: That was it.
section:
  - name: neck
    region: neck
    step:
      - name: upward stroke
        say: Glide along the neck.
        stroke: {count: 1, seconds: 2 s, hands: both, path: chest → chin, pressure: light}
"""


def run(*argv):
    parser = argparse.ArgumentParser()
    rehearse.add(parser.add_subparsers())
    args = parser.parse_args(["rehearse", *map(str, argv)])
    return args.run(args)


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny.yaml"
    path.write_text(ROUTINE, encoding="utf-8")
    return path


def test_a_small_rehearsal_prints_its_transcript_and_writes_its_files(tiny, tmp_path, capsys):
    """The same seed gives the same files to the last byte."""
    play = tmp_path / "play.txt"
    play.write_text("when ready +1: go\n", encoding="utf-8")
    for name in ("first", "again"):
        wav, picture, record = (tmp_path / f"{name}{kind}" for kind in (".wav", ".svg", ".json"))
        files = ["--wav", wav, "--picture", picture, "--json", record]
        code = run(tiny, "--screenplay", play, "--noise", "tap", "--seed", "7", *files)
        out = capsys.readouterr().out
        assert code == 0
        assert "person  “go” (obeyed)" in out
        assert "guide   That was it." in out
        assert "1 command spoken, 1 obeyed, 0 missed" in out
    sound = soundfile.info(str(wav))
    records = json.loads(record.read_text("utf-8"))
    assert (sound.samplerate, sound.channels) == (16_000, 1)
    assert records[-1]["kind"] == "summary"
    assert sound.duration == pytest.approx(records[-1]["length_s"], abs=0.001)
    assert picture.read_text("utf-8").startswith("<svg ")
    for kind in (".wav", ".json", ".svg"):
        first, again = (tmp_path / f"{name}{kind}" for name in ("first", "again"))
        assert first.read_bytes() == again.read_bytes()


@pytest.mark.parametrize("option", [["--page"], ["--page", "0.0.0.0:8400"], ["--page-control"]])
def test_a_page_does_not_apply_to_a_rehearsal(tiny, capsys, monkeypatch, option):
    monkeypatch.setattr(performing, "perform", lambda *_, **__: None)
    assert run(tiny, *option) == 0
    assert capsys.readouterr().out == rehearse.NO_PAGE + "\n"


def test_but_a_page_that_could_be_nowhere_is_refused(tiny):
    with pytest.raises(SettingsError, match=r"'a\.\.b' is no HOST:PORT"):
        run(tiny, "--page", "a..b")
    # So it is where a session without devices would become a rehearsal.
    assert main(["run", str(tiny), "--page", "999999"]) == 2


def test_a_silent_person_is_waited_for_no_longer_than_the_limit(tiny, capsys):
    assert run(tiny, "--say", "1 lovely", "--limit-minutes", "0.2") == 0
    out = capsys.readouterr().out
    assert "nobody has answered the guide for 0.2 minutes; the rehearsal ends here" in out
    assert "The session did not come to its end." in out


@pytest.mark.parametrize(
    ("argv", "error", "complaint"),
    [
        (["--say", "soon next"], RoutineError, r"--say 'soon next': 'soon next' does not say"),
        (["--say-wav", "3 no.wav"], RoutineError, r"--say-wav '3 no.wav': there is no sound file"),
        (["--say-wav", "3"], RoutineError, "no sound file is named"),
        (["--screenplay", "no.txt"], RoutineError, "no.txt cannot be read: there is no such file"),
        (["--noise", "no.wav"], DeviceError, r"no\.wav"),
        (["--picture", "s.png"], SettingsError, r"SVG only; give --picture a name .* s\.png"),
        (["--wav", "nowhere/s.wav"], SettingsError, "there is no folder nowhere"),
        (["--json", "."], SettingsError, r"\. is a folder"),
        (["--wav", "s.xyz"], SettingsError, r"cannot be written to s\.xyz"),
        (["--tool", "hammer"], SettingsError, "hammer"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    tiny, tmp_path, monkeypatch, argv, error, complaint
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=complaint):
        run(tiny, *argv)


@pytest.mark.parametrize(
    "argv", [["--seed", "-1"], ["--seed", "x"], ["--snr-db", "loud"], ["--limit-minutes", "0"]]
)
def test_numbers_out_of_range_are_refused(tiny, argv, capsys):
    with pytest.raises(SystemExit) as caught:
        run(tiny, *argv)
    assert caught.value.code == 2
    assert argv[1] in capsys.readouterr().err


def test_an_unknown_routine_is_refused():
    with pytest.raises(RoutineError, match="serum-ritual"):
        run("serum-rituall")


def test_a_rehearsal_on_the_breath_lasts_as_long_as_it_is_told_to(tiny, monkeypatch):
    scenes = []
    monkeypatch.setattr(performing, "perform", lambda scene, *_, **__: scenes.append(scene))
    assert run(tiny, "--breathing", "4-0-6-0", "--minutes", "1") == 0
    assert run(tiny) == 0
    assert [scene.manner for scene in scenes] == [Manner(parse_breath("4-0-6-0"), 60.0), Manner()]
