"""A live session with ears and voice on another machine (a real server process) that is killed.

The whole guide with its threads, in real time; in the place of devices a silent speaker that keeps
the time, and a microphone into which a synthetic person says a word until it is obeyed.
"""

import json
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

pytest.importorskip("wyoming")

from rich.console import Console
from support.places import DATA
from support.wyoming_world import serving

from voiceguide.core.decision.heard import Reason
from voiceguide.core.events import CommandHeard, Faulted, Interrupted
from voiceguide.edge.devices.stand_in import NullSpeaker
from voiceguide.edge.devices.tending import Output
from voiceguide.edge.ears.ears import open_ears
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_routine
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.edge.voice.voice import Voice
from voiceguide.live.choose import open_voice, with_server
from voiceguide.live.live_guide import LiveGuide
from voiceguide.live.options import LiveOptions
from voiceguide.settings.sound import WyomingSettings
from voiceguide.settings.tables import JournalSettings, Settings
from voiceguide.sound.resample import resample
from voiceguide.sound.speech import to_int16

ROUTINE = DATA / "long-strokes.yaml"
RATE, BLOCK = 16_000, 800
AGAIN_SECONDS = 4.0
LIMIT_SECONDS = 90.0


class Person:
    """A microphone that hears somebody say ``wanted`` again and again, in real time."""

    problem = None
    hangs = False
    lost_blocks = 0
    gaps = 0

    def __init__(self, clips):
        self._clips = clips
        self.wanted = None
        self._sound = np.zeros(0, np.int16)
        self._next_word = self._next_block = time.monotonic()
        self._noise = np.random.default_rng(0)

    def read(self, timeout):
        self._next_block += BLOCK / RATE
        threading.Event().wait(max(0.0, self._next_block - time.monotonic()))
        if self.wanted and self._next_block > self._next_word:
            self._sound = self._clips[self.wanted]
            self._next_word = self._next_block + AGAIN_SECONDS
        block, self._sound = self._sound[:BLOCK], self._sound[BLOCK:]
        quiet = self._noise.normal(0, 3, BLOCK).astype(np.int16)
        quiet[: len(block)] += block
        return quiet

    def tend(self):
        return []

    def close(self):
        pass


class Watched(LiveGuide):
    """Notes what is obeyed and what fails; ``then`` is told of every command."""

    def prepare(self, then):
        self.obeyed, self.faults, self.records, self._then = [], [], [], then

    def _heard(self, heard):
        self.records.append(heard)
        super()._heard(heard)

    def _watch(self, moment):
        super()._watch(moment)
        if isinstance(moment.event, Faulted):
            self.faults.append(moment.event.fault)
        if isinstance(moment.event, CommandHeard):
            self.obeyed.append(moment.event.command.value)
            self._then(moment.event.command.value)

    def end(self):
        self._loop.post(Interrupted())


@pytest.fixture
def clips(tmp_path):
    with Voice("gmw/en-us+m3", cache_dir=tmp_path / "person") as voice:
        return {
            words: to_int16(resample(voice.render(words, 150), RATE).samples)
            for words in ("go", "slower", "faster")
        }


def test_a_session_goes_on_when_the_server_is_killed_and_uses_it_when_it_is_back(
    tmp_path, monkeypatch, clips
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    routine = load_routine(str(ROUTINE))
    with serving(tmp_path / "there") as server:
        settings = Settings(
            journal=JournalSettings(keep=False),
            wyoming=WyomingSettings(ears_server=server.uri, voice_server=server.uri),
        )
        voice, _ = open_voice(None, settings)
        book = load_phrasebook()
        ears = with_server(open_ears(resolve_model(None), book.decoys), settings)
        person = Person(clips)
        options = LiveOptions(
            library={routine.id: routine}, routine_id=routine.id, settings=settings, model=None,
            voice=None, input_device=None, output_device=None, record=None, panel=False,
        )  # fmt: skip
        with (tmp_path / "shown").open("w") as shown:
            output = Output(NullSpeaker(), None, None)
            guide = Watched(options, book, voice, ears, output, person, Console(file=shown))

            def come_back():
                server.start()
                while not ears.link.is_there:
                    threading.Event().wait(0.05)
                person.wanted = "faster"

            def then(command):
                if command == "start":
                    server.end()
                    person.wanted = "slower"
                elif command == "slower":
                    person.wanted = None
                    threading.Thread(target=come_back, daemon=True).start()
                elif guide.records[-1].why is Reason.REMOTE:
                    guide.end()

            guide.prepare(then)
            person.wanted = "go"
            watchdog = threading.Timer(LIMIT_SECONDS, guide.end)
            watchdog.start()
            guide.run(typed=False)
            watchdog.cancel()
            told = {one["part"]: one for one in json.loads(guide.status_json())["servers"]}
            for each in (guide, output, ears, voice):
                each.close()
    obeyed = [heard for heard in guide.records if heard.phrase]
    print([(each.text, each.why.value) for each in obeyed])
    assert guide.obeyed[:3] == ["start", "slower", "faster"]
    assert not guide.faults
    away = next(heard for heard in obeyed if heard.phrase.text == "slower")
    assert away.why is not Reason.REMOTE
    assert obeyed[-1].why is Reason.REMOTE, "it was not used again"
    assert set(told) == {"ears", "voice"}
    assert told["ears"]["address"] == server.uri
    assert told["ears"]["times_away"] >= 1


@pytest.mark.parametrize(
    "address", ["http://somewhere:1", "tcp://somewhere", "bath", "tcp://a b:1"]
)
def test_an_address_that_is_none_is_one_sentence(tmp_path, address):
    settings = tmp_path / "settings.toml"
    settings.write_text(f'[wyoming]\nears_server = "{address}"\n')
    done = subprocess.run(
        [sys.executable, "-m", "voiceguide", "run", "quick", "--settings", settings],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith(f"voiceguide: {settings}:2:1: `ears_server` must be an address")
    assert done.stderr.count("\n") == 1
