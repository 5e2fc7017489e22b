"""The soak in miniature: one session in the room, its figures, and what counts as growth."""

import json
import sys
from dataclasses import replace

import numpy as np
import pytest
from bench.soak.audition import MANNERS, WIRE_GAIN, Wire
from bench.soak.command import main
from bench.soak.live import NEEDED, WORDS, part_of
from bench.soak.pauses import CHUNK_SECONDS, Pauses
from bench.soak.report import Found
from bench.soak.resources import Sample, sample, slope
from bench.soak.room import play_of
from bench.soak.row import ANSWERS, TRIED, lines_of
from bench.soak.spoken import NOTHING, STRAYED, commands_of, obeyed_twice, why_missed
from support.short_routine import short_library

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.heard import Heard, Reason
from voiceguide.core.effects import Cue
from voiceguide.core.table import State
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.rehearsal.entries import Cued, Decided, Entered, Obeyed, Outcome, Said, Uttered
from voiceguide.rehearsal.person import SpokenLine
from voiceguide.rehearsal.rehearsal import Rehearsal
from voiceguide.rehearsal.summary import summarise
from voiceguide.sound.clip import Clip


@pytest.fixture(params=["as it was", pytest.param("in the room", marks=pytest.mark.long)])
def shortly(request, monkeypatch):
    """A session goes as one has gone; or it is one of a short routine, told in few words, in the
    simulated room, which takes most of the time.
    """
    monkeypatch.setattr("bench.soak.room.ROUTINES", ("quick",))
    monkeypatch.setattr("bench.soak.room.load_bundled", lambda: short_library(2, "Stroke."))
    if request.param == "as it was":
        monkeypatch.setattr("bench.soak.room.rehearse", lambda scene: gone(scene))


linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def samples(*megabytes, threads=3):
    return [
        Sample(hours=number / 10, resident_mb=mb, threads=threads, files=7, processes=1)
        for number, mb in enumerate(megabytes)
    ]


@linux_only
def test_a_session_in_the_room_meets_the_aims(shortly, tmp_path, capsys):
    path = tmp_path / "bench" / "soak.json"
    code = main(["--hours", "0.01", "--commands", "3", "--json", str(path)])
    shown = capsys.readouterr().out
    report = json.loads(path.read_text("utf-8"))
    assert code == 0, shown
    assert report["missed_aims"] == []
    assert report["figures"]["sessions"] == "1"
    assert set(report["outcomes"]) <= {"obeyed", "missed"}
    assert len(report["samples"]) == 2
    assert "memory grows an hour" in shown


@linux_only
def test_a_sample_is_of_the_process_itself():
    import os

    now = sample(os.getpid(), 1.5)
    assert now.hours == 1.5
    assert now.resident_mb > 10
    assert now.threads >= 1 and now.files >= 3 and now.processes >= 1


def test_growth_is_that_of_the_later_half():
    assert slope(samples(10, 50, 90, 100, 100, 100, 100)) == 0.0
    assert slope(samples(10, 10, 10, 10, 11, 12, 13)) == pytest.approx(10.0)
    assert slope(samples(10, 20)) == 0.0


def test_every_aim_that_is_missed_is_named():
    found = Found("a soak", hours=1.0, sessions=2, unfinished=1)
    found.add(["obeyed"] * 5 + ["wrong", "missed", "not live", "ignored", "obeyed"])
    found.out_of_nothing = 1
    found.samples = [*samples(10, 10, 10, 20), *samples(30, threads=4)]
    report = found.as_json("here", 200)
    assert set(report["missed_aims"]) == {
        "did not come to their end",
        "commands spoken",
        "taken for another",
        "obeyed though nobody spoke",
        "longest row, none taken for another",
        "threads at a quarter, at the end",
        *(["memory grows an hour, later half"] if slope(found.samples) > 2 else []),
    }
    assert found.row() == 5
    assert found.row(("missed",)) == 5


def test_the_person_of_the_live_soak_says_commands():
    book = load_phrasebook()
    for words, command in WORDS.items():
        phrase = book.find(words)
        assert phrase is not None and phrase.command.value == command


def test_the_person_of_a_live_row_says_what_the_ears_know():
    known = {command: (f"say {command.value}", "more") for command in NEEDED}
    part = part_of("somebody", known)
    assert (part.first, part.waits) == ("say start", True)
    assert set(part.words.values()) == set(WORDS.values())
    assert part.words["say pause"] == "pause"


def test_a_virtual_microphone_is_given_the_sound_as_it_is():
    wire, clip = Wire(), Clip(np.full(1000, 0.5, np.float32), 16_000)
    assert wire.speak(clip, 900, 0.0) == (900 / 16_000, 1900 / 16_000)
    heard = np.concatenate([wire.hear(np.zeros(800, np.float32)) for _ in range(3)])
    assert set(heard[900:1900].tolist()) == {round(0.5 * WIRE_GAIN * 32767)}
    assert not heard[:900].any() and not heard[1900:].any()


def test_ticks_are_no_speech_and_a_sentence_is_no_pause():
    pauses = Pauses({}, 1.0)
    loud, silent = (np.full(160, level, "<i2").tobytes() for level in (3000, 3))

    def hear(sound, seconds):
        for _ in range(round(seconds / CHUNK_SECONDS)):
            pauses.take(sound)
        return pauses.is_pause()

    assert not hear(silent, 0.5)
    assert hear(silent, 0.5)
    assert hear(loud, 0.1)
    assert not hear(loud, 0.5)
    assert not hear(silent, 0.5)
    assert hear(silent, 0.5)


def uttered(at, words, command, outcome=Outcome.OBEYED, state=State.PACING):
    line = play_of(f"1 {words}").lines[0]
    return Uttered(SpokenLine(line, state, at, at + 0.5), command, True, outcome)


def decided(at, words, command, why=Reason.AGREED, score=0.95):
    phrase = Phrase(words, command) if command else None
    return Decided(Heard(words, phrase, why, at, at + 0.5, at + 0.7, score, 30.0), "person")


SESSION = (
    Entered(0.0, State.READY),
    Said(0.5, 3.0, "Say go when you are ready."),
    uttered(4.5, "go", Command.START, state=State.READY),
    decided(4.5, "go", Command.START),
    Obeyed(5.2, Command.START, None),
    Entered(5.2, State.TELLING),
    Said(6.0, 9.0, "Glide along the neck."),
    Entered(9.0, State.PACING),
    uttered(6.5, "slower", Command.SLOWER, Outcome.MISSED, State.TELLING),
    decided(6.5, "slower", None, Reason.UNTRUSTED, 0.8),
    uttered(8.0, "faster", Command.FASTER, Outcome.MISSED, State.TELLING),
    uttered(9.2, "louder", Command.LOUDER, Outcome.MISSED),
    Cued(12.0, Cue.TICK),
    uttered(12.1, "pause", Command.PAUSE),
    decided(12.1, "pause", Command.PAUSE),
    Obeyed(12.8, Command.PAUSE, None),
    Entered(12.8, State.PAUSED),
    uttered(14.0, "hello", None, Outcome.IGNORED, State.PAUSED),
    uttered(15.0, "yes", Command.YES, Outcome.NOT_LIVE, State.PAUSED),
)


def test_each_command_is_told_with_its_place_and_the_reason():
    told = commands_of(SESSION, 3, "quick", "somebody")
    assert [(one.words, one.outcome, one.place, one.why) for one in told] == [
        ("go", "obeyed", "in silence", Reason.AGREED),
        ("slower", "missed", "over the guide's first second", Reason.UNTRUSTED),
        ("faster", "missed", "over the guide", NOTHING),
        ("louder", "missed", "just after the guide", NOTHING),
        ("pause", "obeyed", "beside a tick", Reason.AGREED),
    ]
    assert {(one.session, one.routine, one.voice) for one in told} == {(3, "quick", "somebody")}
    table = why_missed(told)
    assert "words: slower" in list(table.columns[0].cells)
    assert "words: pause" not in list(table.columns[0].cells)


def test_a_command_that_leads_elsewhere_is_not_obeyed_as_it_should_be():
    session = [one for one in SESSION if one != Entered(12.8, State.PAUSED)]
    assert commands_of(session, 0, "quick", "somebody")[-1].outcome == STRAYED
    session = [*SESSION, uttered(17, "where am i", Command.WHERE, state=State.PAUSED)]
    session += [Obeyed(17.8, Command.WHERE, None), Entered(17.8, State.TELLING)]
    assert commands_of(session, 0, "quick", "somebody")[-1].outcome == STRAYED


def test_a_word_that_is_obeyed_twice_is_counted():
    assert obeyed_twice(SESSION, summarise(SESSION, 20.0)) == 0
    again = (*SESSION, Obeyed(13.0, Command.PAUSE, None))
    assert obeyed_twice(again, summarise(again, 20.0)) == 1


def test_a_row_is_to_be_obeyed_at_once():
    found = Found("a row", in_row=True)
    found.samples = samples(10, 10)
    found.add_spoken(commands_of(SESSION, 3, "quick", "somebody"))
    report = found.as_json("here", 2)
    assert "longest row, each at the first try" in report["missed_aims"]
    assert len(report["problems"]) == 3
    assert report["spoken"][1]["why"] == Reason.UNTRUSTED


def test_the_person_of_a_row_says_only_what_the_ears_know_each_time_another_word():
    known = {Command.START: ("go", "begin"), Command.NEXT: ("next step",)}
    known |= {Command.RESUME: ("carry on",), Command.PAUSE: ("pause", "hold on")}
    first, second = (play_of(*lines_of(known, number)).lines for number in (0, 1))
    texts = {text for all_ in known.values() for text in all_}
    assert {line.words for line in (*first, *second)} == texts
    assert [line.words for line in first] != [line.words for line in second]
    assert {line.moment.state for line in first} == {*ANSWERS.values(), State.PACING}
    assert not set(TRIED) & {Command.STOP, Command.START_OVER, Command.UNDO}


def gone(scene):
    """A session in which everything was understood."""
    missed = [one for one in SESSION if isinstance(one, Uttered) and one.outcome is Outcome.MISSED]
    unheard = [one for one in SESSION if isinstance(one, Decided) and not one.heard.accepted]
    entries = (
        *(one for one in SESSION if one not in (*missed, *unheard)),
        uttered(17.0, "continue", Command.RESUME, state=State.PAUSED),
        decided(17.0, "continue", Command.RESUME),
        Obeyed(17.8, Command.RESUME, None),
        Entered(17.8, State.PACING),
    )
    return Rehearsal(entries, summarise(entries, 40.0), ended=True, speed=9.0)


@linux_only
def test_a_small_row_in_the_room(shortly, tmp_path, monkeypatch, capsys):
    book = load_phrasebook()
    first = tuple({phrase.command: phrase for phrase in reversed(book.phrases)}.values())
    monkeypatch.setattr("bench.soak.row.load_phrasebook", lambda: replace(book, phrases=first))
    monkeypatch.setattr("bench.soak.row.TRIED", (Command.NEXT, Command.REPEAT, Command.SLOWER))
    monkeypatch.setattr("bench.soak.row.LEAST_KNOWN", 4)
    monkeypatch.setattr("bench.soak.audition.MANNERS", MANNERS[1:2])
    path = tmp_path / "row.json"
    words = ["--row", "3", "--commands", "3", "--voice", "gmw/en-us+m3", "--voice", "nobody"]
    code = main([*words, "--json", str(path)])
    shown = capsys.readouterr().out
    report = json.loads(path.read_text("utf-8"))
    assert code == 0, shown
    assert "nobody:" in shown
    assert {"start", "next"} <= set(report["known"]["gmw/en-us+m3"])
    assert len(report["spoken"]) >= 3
    assert report["figures"]["obeyed twice"] == "0"
