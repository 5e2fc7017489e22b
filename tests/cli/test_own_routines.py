"""Routines of one's own on the command line: listed, shown, checked, run, served by a speaker."""

import json
import sys

import pytest
from support.own_routines import write_routine

from voiceguide.__main__ import main
from voiceguide.doctor.parts import check_routines
from voiceguide.settings.load import load_settings


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of whoever has a settings file and says nothing of routines in it."""
    (tmp_path / "settings.toml").write_text("")
    monkeypatch.setenv("VOICEGUIDE_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.chdir(tmp_path)
    write_routine(tmp_path / "routines", "my-hands", "happy hands")
    return tmp_path / "routines"


@pytest.fixture
def broken(folder):
    path = write_routine(folder, "evening", "late hands", file="late.yaml")
    return path, f"{path}: the id `evening` is taken by another routine"


@pytest.fixture
def asked(monkeypatch):
    """What a live guide is asked for, in place of running one."""
    options = []
    monkeypatch.setattr("voiceguide.app.run_live", lambda each, console: not options.append(each))
    return options


def test_they_are_listed_and_what_is_left_out_is_told_once(folder, broken, capsys):
    assert main(["routines"]) == 0
    printed = capsys.readouterr()
    assert "your own: A moment for tired hands." in printed.out
    assert printed.err.count("It is left out.") == 1
    assert broken[1] in printed.err
    assert main(["routines", "--json"]) == 0
    listed = {one["id"]: one for one in json.loads(capsys.readouterr().out)}
    assert listed["my-hands"]["own"]
    assert listed["my-hands"]["file"] == str(folder / "my-hands.yaml")
    assert not listed["evening"]["own"]


@pytest.mark.parametrize("name", ["my-hands", "happy hands", "Happy Hands"])
def test_they_are_shown_by_id_and_name(folder, name, capsys):
    assert main(["show", name]) == 0
    assert capsys.readouterr().out.startswith("Happy hands, ")


def test_a_clash_is_found_by_the_check_too(folder, broken, capsys):
    assert main(["check", "my-hands"]) == 0
    assert main(["check", "late"]) == 2
    assert broken[1] in capsys.readouterr().out
    assert main(["check", "evening"]) == 0


def test_run_knows_them_by_name(folder, broken, asked, capsys):
    assert main(["run", "happy hands"]) == 0
    (options,) = asked
    assert options.routine_id == "my-hands"
    assert {"my-hands", "evening", "quick"} <= options.library.keys()
    assert [why.partition(";")[0] for why in options.left_out] == [broken[1]]


@pytest.mark.skipif(sys.platform != "linux", reason="the speaker runs under systemd")
def test_a_speaker_has_them_too(folder, broken, asked, monkeypatch):
    monkeypatch.setattr("voiceguide.edge.service.log_lines.set_up_log", lambda *_: None)
    assert main(["speaker"]) == 0
    (options,) = asked
    assert options.library["my-hands"].name == "happy hands"
    assert options.left_out


def test_the_setting_names_another_folder(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VOICEGUIDE_ROUTINES_OWN_FOLDER", str(tmp_path / "mine"))
    assert main(["routines"]) == 0
    printed = capsys.readouterr()
    assert "your own" not in printed.out
    assert f"There is no folder {tmp_path / 'mine'} with routines; make it." in printed.err


def test_the_doctor_counts_them_and_names_what_is_wrong(folder, monkeypatch):
    finding, routines, _ = check_routines(load_settings(None, {}), folder.parent / "s.toml", {})
    assert (finding.ok, finding.detail) == (True, "9 bundled, 1 of your own")
    assert "my-hands" in routines
    write_routine(folder, "quick", "late hands")
    finding, _, _ = check_routines(load_settings(None, {}), folder.parent / "s.toml", {})
    assert (finding.ok, finding.exit_code) == (False, 2)
    assert "the id `quick` is taken" in finding.detail
