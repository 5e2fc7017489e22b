"""Ears with another machine's last word: a scripted server, and a real one that is killed (that
is long; `test_remote_voice.py` kills one each time).
"""

from concurrent.futures import Future, wait

import numpy as np
import pytest

pytest.importorskip("wyoming")

from support.loaded import load_once
from support.wyoming_world import serving, until
from wyoming.asr import Transcribe, Transcript

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.guide_sound import SILENT, Sounding, SpokenWord
from voiceguide.core.decision.heard import Reason
from voiceguide.edge.ears.ears import open_ears
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.edge.voice.voice import Voice
from voiceguide.edge.wyoming.remote_ears import RemoteEars, plain
from voiceguide.edge.wyoming.wyoming_link import AwayError, WyomingLink
from voiceguide.edge.wyoming.wyoming_sound import collected
from voiceguide.sound.resample import resample
from voiceguide.sound.speech import to_int16

BOOK = load_phrasebook()
LIVE = BOOK.live({Command.NEXT, Command.REPEAT, Command.STOP, Command.START})
RATE = 16_000
BLOCK = 800


@pytest.fixture(autouse=True)
def once(monkeypatch):
    """The model is loaded once."""
    load_once(monkeypatch, "voiceguide.edge.ears.ears.Recogniser")


@pytest.fixture(scope="module")
def person(tmp_path_factory):
    with Voice("gmw/en-us+m3", cache_dir=tmp_path_factory.mktemp("person")) as voice:
        yield lambda words: to_int16(resample(voice.render(words, 150), RATE).samples)


class Scripted:
    """A server that answers as the test says."""

    def __init__(self, answer):
        self.is_there = True
        self.answer = answer
        self.asked = []
        self.late = None

    def ask(self, events, last):
        self.asked.append(list(events))
        future = Future()
        if isinstance(self.answer, Exception):
            future.set_exception(self.answer)
        elif self.answer is not None:
            future.set_result([Transcript(self.answer).event()])
        self.late = future
        return future

    def close(self):
        self.is_there = False


class Room:
    """Feeds ears in blocks, quiet before and after."""

    def __init__(self, link, deadline_seconds=0.8):
        own = open_ears(resolve_model(None), BOOK.decoys)
        self.ears = RemoteEars(own, link, "en", deadline_seconds)
        self.ears.listen_for(LIVE)
        self.now = 0.0
        self.noise = np.random.default_rng(0)
        self.guide = SILENT
        self.quiet(1.0)

    def feed(self, samples):
        heard = []
        for first in range(0, len(samples) - BLOCK + 1, BLOCK):
            self.now += BLOCK / RATE
            block = samples[first : first + BLOCK]
            block = (block + self.noise.normal(0, 3, len(block))).astype(np.int16)
            heard += self.ears.hear(block, self.now, self.guide)
        return heard

    def quiet(self, seconds, until=lambda heard: False):
        heard = []
        for _ in range(round(seconds * RATE / BLOCK)):
            heard += self.feed(np.zeros(BLOCK, np.int16))
            if until(heard):
                break
        return heard

    def say(self, samples, seconds=1.5):
        whole = np.concatenate((samples, np.zeros(-len(samples) % BLOCK, np.int16)))
        return [*self.feed(whole), *self.quiet(seconds)]


def commands(heard):
    return [one.phrase.command for one in heard if one.phrase]


def test_what_it_writes_is_obeyed_whatever_we_heard(person):
    room = Room(Scripted(" Repeat! "))
    heard = room.say(person("next"))
    assert commands(heard) == [Command.REPEAT]
    assert heard[0].why is Reason.REMOTE
    assert "next" in heard[0].alternatives


def test_what_is_no_phrase_there_is_not_obeyed(person):
    heard = Room(Scripted("Next to the window.")).say(person("next"))
    assert commands(heard) == []
    assert [one.why for one in heard] == [Reason.REMOTE_OTHER]


def test_what_we_did_not_understand_it_may(person):
    link = Scripted("let’s go.")
    heard = Room(link).say(person("lettuce"), 3.0)
    assert len(link.asked) == 1
    assert commands(heard) == [Command.START]


def test_it_is_sent_the_utterance_and_the_live_phrases(person):
    link = Scripted("next")
    word = person("next")
    Room(link).say(word)
    asked = link.asked[0]
    assert Transcribe.from_event(asked[0]).transcript_terms == [phrase.text for phrase in LIVE]
    assert len(word) / RATE < collected(asked).seconds < len(word) / RATE + 1.0


@pytest.mark.parametrize("away", [AwayError("gone"), None])
def test_without_an_answer_our_own_decision_stands(person, away):
    heard = Room(Scripted(away)).say(person("next"))
    assert commands(heard) == [Command.NEXT]
    waited = heard[0].decided_seconds - heard[0].end_seconds
    assert waited < (1.2 if away is None else 0.5)


def test_an_answer_that_comes_too_late_changes_nothing(person):
    link = Scripted(None)
    room = Room(link)
    heard = room.say(person("next"))
    link.late.set_result([Transcript("repeat").event()])
    assert commands([*heard, *room.quiet(1.0)]) == [Command.NEXT]


def test_a_server_that_is_known_to_be_away_is_not_asked(person):
    link = Scripted("repeat")
    link.is_there = False
    heard = Room(link).say(person("next"))
    assert not link.asked
    assert commands(heard) == [Command.NEXT]


def test_stop_waits_for_nobody(person):
    link = Scripted(None)
    heard = Room(link).say(person("stop"), 0.5)
    assert commands(heard) == [Command.STOP]
    assert not link.asked


def test_what_is_said_over_the_guides_words_is_not_sent(person):
    link = Scripted("repeat")
    room = Room(link)
    word = SpokenWord("jaw", room.now, room.now + 2.0)
    room.guide = Sounding(level_dbfs=-60.0, words=(word,))
    room.say(person("next"))
    assert not link.asked


def test_what_is_no_longer_live_when_the_answer_comes_is_not_obeyed(person):
    link = Scripted(None)
    room = Room(link, deadline_seconds=5.0)
    assert room.say(person("next"), 0.6) == []
    room.ears.listen_for(BOOK.live({Command.STOP}))
    link.late.set_result([Transcript("next").event()])
    heard = room.quiet(0.2)
    assert [one.phrase for one in heard] == [None]


def test_plain_words_are_compared():
    assert plain(" Let's  GO! ") == plain("let’s go") == "lets go"


@pytest.mark.long
def test_a_real_server_is_killed_and_comes_back(person, tmp_path, monkeypatch):
    with serving(tmp_path) as server:
        link = WyomingLink(server.uri, "asr", "we", 300.0, back_off_seconds=0.1)
        room = Room(link, deadline_seconds=600.0)
        asked, ask = [], link.ask
        monkeypatch.setattr(link, "ask", lambda *words: asked.append(ask(*words)) or asked[-1])

        def said(words):
            """No sound goes on until the answer is there, however long that takes here."""

            def answered(more):
                wait(asked)
                return bool(heard or more)

            room.quiet(1.5)
            heard = room.say(person(words), 0.0)
            return [*heard, *room.quiet(600.0, answered)]

        assert [one.why for one in said("next")] == [Reason.REMOTE]
        server.end()
        heard = said("repeat")
        assert commands(heard) == [Command.REPEAT]
        assert heard[0].why is not Reason.REMOTE
        assert not link.is_there
        heard = said("next")
        assert heard[0].decided_seconds - heard[0].end_seconds < 0.5
        server.start()
        until(lambda: link.is_there)
        assert [one.why for one in said("repeat")] == [Reason.REMOTE]
        room.ears.close()


def test_a_call_may_be_one_until_the_server_has_answered_or_is_too_late(person):
    room = Room(Scripted(None))
    room.ears.listen_for((Phrase("hey guide", Command.WAKE),))
    room.quiet(1.0)
    said = person("hey guide")
    sound = np.concatenate((said, np.zeros(2 * RATE, np.int16)))
    perhaps, called = [], []
    for first in range(0, len(sound) - BLOCK, BLOCK):
        called += commands(room.feed(sound[first : first + BLOCK]))
        perhaps.append(room.ears.may_be_called)
        if called:
            break
    assert called == [Command.WAKE]
    assert not perhaps[-1]
    waited = perhaps[perhaps.index(True) : -1]
    assert all(waited)
    assert len(waited) * BLOCK / RATE > 0.8
