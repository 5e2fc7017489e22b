"""What a running guide tells of itself: to a person, as JSON, to Prometheus."""

import json
import re

import pytest
from support.playing import Play, small_routine

from voiceguide.core.commands import Command, Phrase, Phrasebook
from voiceguide.core.decision.heard import Heard, Reason
from voiceguide.core.events import (
    CommandHeard,
    Fault,
    Faulted,
    Recovered,
    Started,
    TimeToRemind,
)
from voiceguide.core.session.preferences import GUEST, Guided, Manner
from voiceguide.core.session.session import Session
from voiceguide.core.table import State
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.live.session_log import log_moment
from voiceguide.live.vitals import LAST_UTTERANCES, Server, Vitals, as_metrics, as_text
from voiceguide.loop import Moment

NEXT = Phrase("next", Command.NEXT)
LIBRARY = {"small": small_routine()}
FIGURES = {"noise_dbfs": float("-inf"), "voice_over_noise_db": 21.26, "memory_bytes": 1e8}


SERVERS = (
    Server("ears", "tcp://192.168.1.5:10300", is_away=True, times_away=3),
    Server("voice", "tcp://[::1]:10200", is_away=False, times_away=0),
)


def utterance(text, phrase, latency, why=Reason.AGREED):
    return Heard(text, phrase, why, 1.0, 2.0, 2.0 + latency, 0.91, 18.04)


@pytest.fixture
def vitals():
    session = Session(load_bundled(), Phrasebook("en", ()), routine_id="roller")
    clock = iter([100.0] * 6 + [3825.04, 3826.0, 3827.0])
    made = Vitals(session, "1.2", lambda: next(clock), lambda: FIGURES, lambda: SERVERS)

    def live(event):
        effects = session.handle(event, 1.0)
        made.watch(Moment(1.0, event, effects, session.snapshot()))

    live(Started())
    live(CommandHeard(Command.START))
    live(Faulted(Fault.SPEAKER))
    live(Faulted(Fault.DISK))
    live(Recovered(Fault.SPEAKER))
    for tenths in range(1, 21):
        made.heard(utterance("next", NEXT, tenths / 10))
    made.heard(utterance("[unk]", None, 0.3, Reason.NO_COMMAND))
    return made


def test_the_report_is_json_with_all_that_counts(vitals):
    report = json.loads(json.dumps(vitals.report(), allow_nan=False))
    assert report["uptime_seconds"] == 3725.0
    assert report["session"]["state"] == "telling"
    assert report["session"]["step_id"] == "cool-roller"
    assert report["session"]["faults"] == ["disk"]
    assert report["commands"] == {"start": 1}
    assert report["latency_seconds"] == {"p50": 1.0, "p95": 1.9}
    assert len(report["last_utterances"]) == LAST_UTTERANCES
    assert report["last_utterances"][-1] == {
        "text": "[unk]", "obeyed": None, "why": "not a command", "confidence": 0.91,
        "snr_db": 18.0, "latency_seconds": 0.3,
    }  # fmt: skip
    assert report["servers"] == [
        {"part": "ears", "address": "tcp://192.168.1.5:10300", "is_away": True, "times_away": 3},
        {"part": "voice", "address": "tcp://[::1]:10200", "is_away": False, "times_away": 0},
    ]
    # Before anything was heard the noise is infinitely low: it is left out.
    assert report["figures"] == {"voice_over_noise_db": 21.26, "memory_bytes": 1e8}


def test_a_person_reads_it_line_by_line(vitals):
    lines = as_text(vitals.report()).splitlines()
    assert lines[0] == "voiceguide 1.2, up 1:02:05"
    assert lines[1] == "state     telling: roller, prepare, cool-roller"
    assert lines[2] == "settings  tempo 1, 150 words a minute, +0 dB"
    assert lines[3] == "faults    disk"
    assert lines[4] == (
        "ears      tcp://192.168.1.5:10300, away, this machine's ears meanwhile; 3 times away"
    )
    assert lines[5] == "voice     tcp://[::1]:10200, there; never away"
    assert lines[6] == "latency   1.00 s (p50), 1.90 s (p95)"
    assert lines[-1].startswith("  “[unk]” ignored: not a command (confidence 0.91, 18 dB")


def test_a_timer_of_ones_own_is_told_with_what_is_left_of_it_now():
    session = Session(load_bundled(), Phrasebook("en", ()), routine_id="roller")
    clock = [50.0]
    vitals = Vitals(session, "1", lambda: clock[0], dict)

    def live(event):
        effects = session.handle(event, 1.0)
        vitals.watch(Moment(1.0, event, effects, session.snapshot()))

    live(Started())
    assert vitals.report()["timer_seconds"] is None
    live(CommandHeard(Command.TIMER, minutes=3))
    clock[0] += 30.0
    assert vitals.report()["timer_seconds"] == 150
    assert "timer     2:30 left" in as_text(vitals.report()).splitlines()


def test_a_word_that_means_nothing_now_is_neither_counted_nor_logged_as_obeyed(caplog):
    caplog.set_level("INFO", "voiceguide")
    play = Play()
    vitals = Vitals(play.session, "1", lambda: play.now, dict)
    play.until(12)
    for command in (Command.RESUME, Command.START):
        event = CommandHeard(command)
        moment = Moment(
            play.now, event, play.session.handle(event, play.now), play.session.snapshot()
        )
        vitals.watch(moment)
        log_moment(moment)
    assert vitals.report()["commands"] == {"start": 1}
    assert re.findall(r"session obeyed word=\w+", caplog.text) == ["session obeyed word=start"]


def test_what_a_guest_said_and_did_is_gone_when_the_guide_sleeps(caplog):
    """Of anybody else the last words are told, and the log has commands and places."""
    caplog.set_level("INFO", "voiceguide")
    told = {}
    for person in ("", GUEST):
        caplog.clear()
        manner = Manner(sleep_seconds=60.0)
        play = Play(None, None, manner=manner, others=(Guided("anna", LIBRARY),), person=person)
        vitals = Vitals(play.session, "1", lambda at=play: at.now, dict)
        for command, routine in (
            ("wake", None),
            ("choose", "small"),
            ("next", None),
            ("slower", None),
            ("stop", None),
            ("stop", None),
        ):
            event, before = CommandHeard(Command(command), routine), len(play.effects)
            vitals.heard(utterance(f"the {command} of {person}", NEXT, 0.2))
            play.tell(event)
            effects = tuple(effect for _, effect in play.effects[before:])
            moment = Moment(play.now, event, effects, play.session.snapshot())
            vitals.watch(moment)
            log_moment(moment)
            play.until(play.now + 2)
        assert play.session.state is State.ASLEEP
        told[person] = (len(vitals.report()["last_utterances"]), caplog.text)
    assert told[""][0] == 6
    assert "small/neck" in told[""][1]
    assert told[GUEST] == (0, "")


def test_metrics_are_well_formed_and_hold_no_word_that_was_said(vitals):
    text = as_metrics(vitals.report())
    sample = re.compile(r'voiceguide_[a-z_]+(\{([a-z]+="[^"\\]*",?)+\})? -?[0-9.e+]+')
    comment = re.compile(r"# (HELP|TYPE) voiceguide_[a-z_]+ .+")
    lines = text.splitlines()
    assert [li for li in lines if not (sample.fullmatch(li) or comment.fullmatch(li))] == []
    assert 'voiceguide_state{state="telling",routine="roller"} 1' in lines
    assert 'voiceguide_utterances_total{obeyed="true",why="votes agree"} 20' in lines
    assert 'voiceguide_decision_latency_seconds{quantile="0.95"} 1.9' in lines
    assert "voiceguide_memory_bytes 1e+08" in lines
    ears = '{part="ears",address="tcp://192.168.1.5:10300"}'
    assert f"voiceguide_server_away{ears} 1" in lines
    assert f"voiceguide_server_away_total{ears} 3" in lines
    assert 'voiceguide_server_away{part="voice",address="tcp://[::1]:10200"} 0' in lines
    assert "[unk]" not in text
    assert text.endswith("\n")


def test_an_address_cannot_break_the_metrics():
    session = Session(load_bundled(), Phrasebook("en", ()))
    odd = Server("voice", 'tcp://a"\\b:1', is_away=True, times_away=1)
    report = Vitals(session, "1", lambda: 0.0, dict, lambda: (odd,)).report()
    assert r'address="tcp://a\"\\b:1"} 1' in as_metrics(report)
    assert "once away" in as_text(report)


def test_nothing_heard_yet_is_told_as_well():
    session = Session(load_bundled(), Phrasebook("en", ()))
    report = Vitals(session, "1", lambda: 0.0, dict).report()
    assert "latency " not in as_text(report)
    assert "server" not in as_metrics(report)
    assert "state     choosing" in as_text(report)
    assert "quantile" not in as_metrics(report)


def test_a_reminder_is_logged(caplog):
    caplog.set_level("INFO", "voiceguide")
    play = Play(None, None, manner=Manner(sleep_seconds=60.0))
    play.until_state(State.ASLEEP)
    event = TimeToRemind()
    play.tell(event)
    log_moment(Moment(play.now, event, (), play.session.snapshot()))
    assert "session reminds" in caplog.text
