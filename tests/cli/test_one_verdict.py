"""What `check` refuses every command refuses; what it warns of every command leads."""

import shlex

import pytest

from voiceguide.__main__ import main
from voiceguide.cli import performing

GOOD = """\
format: voiceguide/1
id: palms
name: hand care
summary: A minute for tired hands.
safety: Be gentle.
section:
  - name: palms
    step:
      - name: press
        say: Press the palm.
        hold: 5 s
"""
WRONG = {
    "a misspelt key": ("summary:", "sumary:"),
    "two things to do": ("hold: 5 s", "hold: 5 s\n        breathe: 3"),
    "an id twice": (
        "        hold: 5 s\n",
        "        hold: 5 s\n      - {name: press, say: Press again.}\n",
    ),
    "no duration": ("hold: 5 s", "hold: 5 parsecs"),
}
DOUBTFUL = {
    "a command in a sentence": ("Press the palm.", "Go back to the palm."),
    "a long sentence": ("Press the palm.", "Press " + "and press " * 12 + "the palm."),
    "a name twice": ("name: hand care", "name: hand care\ncalled: [hand care]"),
    "a name that cannot be heard": ("name: hand care", "name: привет"),
    "one side only": ("hold: 5 s", "hold: {seconds: 5 s, side: left}"),
    "an id that is taken": ("id: palms", "id: quick"),
    "nobody's section": ("        hold: 5 s", "        hold: 5 s\n        if: {when: evening}"),
}
USES = ("show {}", "show {} --json", "card {} -o card.html", "rehearse {}", "run {}")


@pytest.fixture
def led(monkeypatch, tmp_path):
    """The routines that would have been led."""
    led = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(performing, "perform", lambda scene, *_, **__: led.append(scene.routine_id))

    def run_live(options, console):
        led.append(options.routine_id)
        return True

    monkeypatch.setattr("voiceguide.app.run_live", run_live)
    return led


def file(tmp_path, change):
    assert change[0] in GOOD
    path = tmp_path / "palms.yaml"
    path.write_text(GOOD.replace(*change), encoding="utf-8")
    return path


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_what_check_refuses_every_command_refuses(change, tmp_path, led, capsys):
    path = file(tmp_path, change)
    assert main(["check", str(path)]) == 2
    first = capsys.readouterr().out.splitlines()[0]
    for use in USES:
        assert main(shlex.split(use.format(path))) == 2, use
        assert first in capsys.readouterr().err
    assert not led


@pytest.mark.parametrize("change", DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_check_warns_of_every_command_leads_and_warns_of(change, tmp_path, led, capsys):
    path = file(tmp_path, change)
    assert main(["check", str(path)]) == 0
    *found, verdict = capsys.readouterr().out.splitlines()
    warnings = [line for line in found if ": warning: " in line]
    assert warnings
    assert ": can be led, " in verdict
    for use in USES:
        assert main(shlex.split(use.format(path))) == 0, use
        assert warnings[0] in capsys.readouterr().err, use
    assert len(led) == 2


def test_nothing_is_said_of_a_good_one(tmp_path, led, capsys):
    path = file(tmp_path, ("A minute", "A minute"))
    for use in USES:
        assert main(shlex.split(use.format(path))) == 0
        assert not capsys.readouterr().err
