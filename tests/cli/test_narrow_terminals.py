"""Every command in a terminal of 80 and of 40 columns: no word is broken and none is left out."""

import contextlib
import io
import re
import shutil
import sys
from datetime import datetime, timedelta

import pytest
from support.places import EARS_DATA
from test_run import TINY

from voiceguide.__main__ import COMMANDS, main
from voiceguide.core.history import Visit
from voiceguide.doctor import examination, libraries
from voiceguide.edge.devices import devices as devices_module
from voiceguide.edge.devices.devices import Device
from voiceguide.edge.ears import hearing
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.journal.visits import note_visit
from voiceguide.home.fleet import FleetSpeaker, as_table
from voiceguide.rehearsal import rehearsal
from voiceguide.show.lines import fitted, print_table, wrapped

WIDE = 1000
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_DRAWN = re.compile(r"^[^\w]+$")
"""Lines, bars and signs of a calendar are no words."""


class Terminal(io.StringIO):
    """Takes what is printed."""

    def isatty(self):
        return True


def shown(monkeypatch, columns, command):
    """What a command prints into a terminal so wide."""
    terminal = Terminal()
    with monkeypatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        patch.setenv("TERM", "xterm")
        patch.delenv("NO_COLOR", raising=False)
        patch.setattr(sys, "stdout", terminal)
        patch.setattr(sys, "stderr", terminal)
        with contextlib.suppress(SystemExit):
            command()
    return _CONTROL.sub("", terminal.getvalue())


def words(text):
    return {word.strip("…:") for word in text.split() if not _DRAWN.fullmatch(word)}


def check(monkeypatch, command):
    """What is told in 80 columns and in 40: nothing is wider than the terminal but a word of its
    own, and every word is whole.

    Figures are left aside: what a command measures differs from one time to the next.
    """
    wide, *told = (shown(monkeypatch, width, command) for width in (WIDE, 80, 40))
    for columns, narrow in zip((80, 40), told, strict=True):
        assert narrow.strip()
        for line in narrow.splitlines():
            assert len(line.rstrip()) <= columns or len(line.split()) <= 2, line
        broken = {word for word in words(wide) - words(narrow) if not any(map(str.isdigit, word))}
        assert not broken, f"{sorted(broken)}\n{narrow}"
    return told


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """The folder of a journal with a history."""
    folder = tmp_path_factory.mktemp("journal")
    now = datetime.now().astimezone().replace(hour=7, microsecond=0)
    with Journal(folder / "journal.sqlite") as journal:
        for back in range(0, 30, 2):
            began = now - timedelta(days=back)
            note_visit(journal, Visit(began, "quick", 62.0 + back, ("neck", "jaw"), 1.1, True))
    return folder


@pytest.fixture(autouse=True)
def world(monkeypatch, history):
    """A journal with a history, and devices with long names."""
    monkeypatch.setenv("VOICEGUIDE_JOURNAL_FOLDER", str(history))
    card = "USB PnP Sound Device with an exceptionally long name: Audio (hw:1,0)"
    found = [
        Device(0, card, "ALSA", 2, 0, 44_100, True, False),
        Device(1, "HDMI 0", "ALSA", 0, 8, 48_000, False, True),
    ]
    monkeypatch.setattr(devices_module, "list_devices", lambda: found)


@pytest.mark.parametrize(
    "command",
    [
        "routines",
        "models list",
        "voices list",
        "history",
        "devices",
        "train-me --show",
        *(f"show {one}" for one in load_bundled()),
        "check quick",
        "check no-such-routine",
        "show no-such-routine",
        "run no-such-routine",
        "say --voice",
        "fleet",
    ],
)
def test_no_word_of_a_command_is_broken(monkeypatch, command):
    for text in check(monkeypatch, lambda: main(command.split())):
        if command == "routines":
            assert all(re.search(rf"^{one}\b", text, re.M) for one in load_bundled())
        if command == "models list":
            assert re.search(r"^vosk-model-small-en-us-0\.15\b", text, re.M)


@pytest.fixture
def once(monkeypatch):
    """Lets what takes its time be done once, and told at every width."""

    def remember(where, name):
        done, do = [], getattr(where, name)

        def remembered(*words, **options):
            if not done:
                done.append(do(*words, **options))
            return done[0]

        monkeypatch.setattr(where, name, remembered)

    remember(rehearsal, "rehearse")
    remember(hearing, "hear_recording")
    examine = examination.examine
    monkeypatch.setattr(examination, "examine", lambda *all_, **more: [*examine(*all_, **more)])
    remember(examination, "examine")
    remember(libraries, "check_libraries")


def test_no_word_of_what_takes_its_time_is_broken(monkeypatch, tmp_path, once):
    folder = tmp_path / "a-folder-with-a-rather-long-name[b]" / "and-another[/b]"
    folder.mkdir(parents=True)
    routine, sound = folder / "tiny.yaml", folder / "session.wav"
    routine.write_text(TINY.replace("count: 4", "count: 1"), encoding="utf-8")
    said = ["--say", "when ready +1: go", "--say", "when telling +1: how long"]
    rehearse = ["rehearse", str(routine), *said, "--page", "--limit-minutes", "0.5"]
    main([*rehearse, "--wav", str(sound)])  # what is told meanwhile is wiped
    word = str(shutil.copy(EARS_DATA / "yes-fjam.flac", folder))
    card = folder / "card.html"
    told = check(monkeypatch, lambda: main([*rehearse, "--wav", str(sound)]))
    assert all(str(sound) in text for text in told), "brackets and all"
    told = check(monkeypatch, lambda: main(["hear", word, str(folder / "no.wav")]))
    assert all(word in text for text in told)
    told = check(monkeypatch, lambda: main(["card", str(routine), "-o", str(card)]))
    assert all(str(card) in text for text in told)
    check(monkeypatch, lambda: main(["doctor", "--output-device", "HDMI"]))


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_no_word_of_the_help_is_broken(monkeypatch, command):
    check(monkeypatch, lambda: main([*command.split(), "--help"]))


def test_the_speakers_of_a_broker_are_read_in_any_terminal(monkeypatch):
    speakers = [
        FleetSpeaker(
            "bathroom-upstairs", True, "0.2.0", "pacing", "serum ritual", "jaw and chin",
            "hook glide", 42, ("microphone", "voice"), at="2026-11-29",
        ),
        FleetSpeaker("kitchen", False),
    ]  # fmt: skip
    for text in check(monkeypatch, lambda: print_table(as_table(speakers))):
        assert re.search(r"^bathroom-upstairs\b", text, re.M)
        assert re.search(r"^kitchen\b", text, re.M)


def test_a_running_guide_is_read_in_any_terminal(monkeypatch):
    report = (
        "settings  tempo 1, 150 words a minute, +0 dB\n"
        "  “where am i” ignored: the noise was too loud (confidence 0.42, 3 dB over the noise)"
    )
    _, narrow = check(monkeypatch, lambda: print(fitted(report)))
    assert "\n    " in narrow, "what belongs together is indented"


def test_a_pipe_gets_a_line_for_each_row(capsys):
    main(["routines"])
    lines = capsys.readouterr().out.strip().splitlines()
    assert len(lines) == len(load_bundled()) + 1
    assert fitted("word " * 100) == "word " * 100


def test_a_word_longer_than_the_terminal_stays_whole():
    path = "/home/somebody/a-folder/with-a-long-name/and-another/routine.yaml:12:3:"
    lines = wrapped(f"{path} the step has no words", 40).splitlines()
    assert lines == [path, "the step has no words"]
