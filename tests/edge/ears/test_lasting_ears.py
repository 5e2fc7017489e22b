"""A recogniser that dies or hangs takes nothing with it; its ears come back by themselves."""

import os
import signal
import threading

import numpy as np
import pytest
from support.places import EARS_DATA as DATA

from voiceguide.core.commands import Command
from voiceguide.core.decision.guide_sound import Sounding
from voiceguide.core.errors import ModelError
from voiceguide.core.rates import BLOCK_SAMPLES, BLOCK_SECONDS, EAR_RATE_HZ
from voiceguide.edge.ears.ears import Ears, open_ears
from voiceguide.edge.ears.lasting_ears import (
    KEPT_SECONDS,
    SHORT_LIFE_SECONDS,
    LastingEars,
    Opened,
    open_lasting_ears,
)
from voiceguide.edge.ears.listener import EarState
from voiceguide.edge.ears.recogniser_port import RecogniserLostError
from voiceguide.edge.ears.recogniser_process import RecogniserProcess
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.edge.models.shipped import shipped_folder

MODEL = shipped_folder("models") / "voiceguide-en-1"
BOOK = load_phrasebook()
QUIET = np.random.default_rng(0).normal(0, 3, BLOCK_SAMPLES).astype(np.int16)
WAIT_SECONDS = 60.0
posix = pytest.mark.skipif(os.name != "posix", reason="there are no such signals here")


def sound(name):
    return read_sound(DATA / f"{name}.flac", EAR_RATE_HZ).samples


def heard_by(ears, name):
    """What they decide on a recording with quiet around it."""
    samples = (sound(name) * 32767).astype(np.int16)
    quiet = np.tile(QUIET, 24)
    whole = np.concatenate((quiet, samples, quiet))
    heard = []
    for start in range(0, len(whole), BLOCK_SAMPLES):
        heard += ears.hear(whole[start : start + BLOCK_SAMPLES], start / EAR_RATE_HZ)
    return heard


def obeyed(ears, name):
    return [one.phrase.command for one in heard_by(ears, name) if one.phrase]


@pytest.fixture
def lasting():
    ears = open_lasting_ears(resolve_model(None), BOOK.decoys, phrases=BOOK.phrases)
    ears.listen_for(BOOK.phrases)
    ears.wait()
    yield ears
    ears.close()


def come_back(ears):
    """Let the other recogniser be started, and the ears notice it."""
    done = threading.Event()
    ears._coming.add_done_callback(lambda _: done.set())
    assert done.wait(WAIT_SECONDS)
    ears.hear(QUIET, 0.0)


@posix
def test_ears_whose_recogniser_crashes_hear_again_with_another_one(lasting):
    assert obeyed(lasting, "stop-mjbh") == [Command.STOP]
    first = lasting.process_id
    os.kill(first, signal.SIGSEGV)
    blocks = 0
    while lasting.state is EarState.WELL:  # every block asks it
        assert lasting.hear(QUIET, 0.0) == ()
        blocks += 1
    assert lasting.state is EarState.AWAY
    assert blocks <= 4, "it is noticed within 0.2 s of sound"
    assert not lasting.loud and not lasting.spoken_over and not lasting.may_be_called
    come_back(lasting)
    assert lasting.state is EarState.WELL
    assert lasting.times_lost == 1
    assert lasting.process_id not in (None, first)
    assert obeyed(lasting, "repeat-flrp") == [Command.REPEAT]


@posix
def test_a_recogniser_that_dies_while_nobody_speaks_to_a_sleeper_is_noticed(lasting):
    call = load_phrasebook().with_wake(("hey guide",)).phrases[-1:]
    lasting.listen_for(call)
    silence = np.zeros(BLOCK_SAMPLES, np.int16)
    for _ in range(20):
        lasting.hear(silence, 0.0)
    assert not lasting.is_roused
    process = lasting._opened.process
    os.kill(process.pid, signal.SIGKILL)
    process._worker._pump.join(WAIT_SECONDS)
    lasting.hear(silence, 0.0)
    assert lasting.state is EarState.AWAY
    come_back(lasting)
    assert lasting.state is EarState.WELL
    assert not lasting.is_roused


def test_it_hears_the_very_same_in_a_process_of_its_own(lasting):
    here = open_ears(resolve_model(None), BOOK.decoys, phrases=BOOK.phrases)
    here.listen_for(BOOK.phrases)
    for name in ("no-fbbh", "start-mcen"):
        assert heard_by(lasting, name) == heard_by(here, name) != []


@posix
def test_a_recogniser_that_hangs_is_ended():
    process = RecogniserProcess()
    process.load(MODEL)
    stream = process.stream(["stop"])
    pid = process.pid
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(RecogniserLostError, match=r"no answer within 0\.2 s"):
        process.ask({"do": "reset", "stream": stream._number}, deadline_seconds=0.2)
    assert not process.is_running
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(RecogniserLostError, match="closed"):
        stream.reset()


def test_what_it_cannot_do_ends_it():
    process = RecogniserProcess()
    with pytest.raises(RecogniserLostError, match="the recogniser failed"):
        process.known(["stop"])  # no model is loaded
    assert process.pid is None


def test_a_folder_that_is_no_model_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEGUIDE_CACHE_DIR", str(tmp_path / "cache"))
    with pytest.raises(ModelError, match="is broken"):
        open_lasting_ears(tmp_path).wait()


class FakeProcess:
    """Runs until the test says otherwise."""

    pid = 1

    def __init__(self):
        self.is_running = True

    def close(self):
        self.is_running = False


class FakeEars(Ears):
    """Hears nothing."""

    def __init__(self):
        self.listened = []
        self.heard = []

    def listen_for(self, phrases):
        self.listened.append(phrases)

    def hear(self, block, end_seconds, guide=None):
        self.heard.append((end_seconds, guide))
        return (end_seconds,)


class World:
    """A clock, and recognisers that load as soon as the test lets them, and die."""

    def __init__(self, fail=None):
        self.now = 0.0
        self.opened = []
        self.fail = fail
        self.loads = threading.Event()
        self.ears = LastingEars(self.open, lambda: self.now)
        self.ears.listen_for(BOOK.phrases)

    @classmethod
    def begun(cls):
        """A world in which the first recogniser runs."""
        world = cls()
        world.loads.set()
        world.ears.wait()
        world.ears.hear(QUIET, 0.0)
        return world

    def open(self):
        assert self.loads.wait(WAIT_SECONDS)
        if self.fail:
            raise self.fail
        self.opened.append(Opened(FakeEars(), FakeProcess()))
        return self.opened[-1]

    def die(self, after_seconds):
        self.now += after_seconds
        self.opened[-1].process.is_running = False
        self.ears.hear(QUIET, 0.0)


def test_what_is_said_while_the_first_one_loads_is_heard_as_soon_as_it_runs():
    world = World()
    guides = [Sounding(level_dbfs=-float(number)) for number in range(4)]
    for number, guide in enumerate(guides[:3]):
        assert world.ears.hear(QUIET, number * 0.05, guide) == ()
    assert world.ears.state is EarState.COMING
    assert not world.ears.have_come()
    assert world.ears.is_roused, "every block counts"
    assert not world.ears.loud and not world.ears.spoken_over and not world.ears.may_be_called
    world.loads.set()
    world.ears.wait()
    assert world.ears.hear(QUIET, 0.15, guides[3]) == (0.0, 0.05, 0.1, 0.15)
    assert world.ears.state is EarState.WELL
    only = world.opened[0].ears
    assert only.listened == [BOOK.phrases]
    assert [guide for _, guide in only.heard] == guides
    assert world.ears.hear(QUIET, 0.2) == (0.2,)


def test_the_first_one_can_wait_until_the_guide_speaks():
    world = World.__new__(World)
    world.now, world.opened, world.fail, world.loads = 0.0, [], None, threading.Event()
    world.loads.set()
    world.ears = LastingEars(world.open, lambda: world.now, waits=True)
    assert world.ears.hear(QUIET, 0.0) == ()
    assert not world.ears.have_come() and not world.opened
    world.ears.begin()
    world.ears.wait()
    world.ears.begin()
    assert len(world.opened) == 1, "it is loaded once"
    assert world.ears.hear(QUIET, 0.05) == (0.0, 0.05), "what was said before is heard too"


def test_of_a_long_wait_the_latest_sound_is_kept():
    world = World()
    blocks = round(KEPT_SECONDS / BLOCK_SECONDS)
    for number in range(2 * blocks):
        world.ears.hear(QUIET, float(number))
    world.loads.set()
    world.ears.wait()
    heard = world.ears.hear(QUIET, 2.0 * blocks)
    assert heard == tuple(float(number) for number in range(blocks + 1, 2 * blocks + 1))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ModelError("the model is broken"), "the model is broken"),
        (RecogniserLostError("it died"), "cannot be used: it died; start again"),
    ],
)
def test_a_first_one_that_cannot_be_used_is_told_to_who_asks(error, told):
    world = World(fail=error)
    assert not world.ears.have_come()
    world.loads.set()
    with pytest.raises(ModelError, match=told):
        world.ears.wait()
    assert world.ears.hear(QUIET, 0.0) == ()
    assert world.ears.state is EarState.COMING, "no other one is started, and none is missed"
    with pytest.raises(ModelError, match=told):
        world.ears.have_come()


def test_one_that_dies_twice_within_a_minute_stays_away():
    world = World.begun()
    world.die(after_seconds=5)
    come_back(world.ears)
    assert world.opened[-1].ears.listened == [BOOK.phrases]
    world.die(after_seconds=5)
    assert world.ears.state is EarState.LOST
    assert len(world.opened) == 2
    assert world.ears.hear(QUIET, 0.0) == ()


def test_one_that_lives_for_long_is_always_started_again():
    world = World.begun()
    for _ in range(5):
        world.die(after_seconds=SHORT_LIFE_SECONDS)
        come_back(world.ears)
    assert world.ears.state is EarState.WELL
    assert world.ears.times_lost == 5


def test_one_that_cannot_be_started_again_stays_away():
    world = World.begun()
    world.fail = ModelError("the model is broken")
    world.die(after_seconds=100)
    assert world.ears.state is EarState.AWAY
    come_back(world.ears)
    assert world.ears.state is EarState.LOST


def test_a_process_that_is_ready_only_after_the_end_is_ended():
    world = World.begun()
    gate = threading.Event()
    usual = world.open

    def late():
        gate.wait(WAIT_SECONDS)
        return usual()

    world.ears._open = late
    world.die(after_seconds=5)
    coming = world.ears._coming
    world.ears.close()
    gate.set()
    process = coming.result(WAIT_SECONDS).process
    for thread in threading.enumerate():
        if thread.name == "recogniser":
            thread.join(WAIT_SECONDS)
    assert not process.is_running
