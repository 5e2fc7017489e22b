"""Devices that come and go are told, and the timeline goes on."""

from contextlib import contextmanager, nullcontext
from threading import Event, Lock
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest

from voiceguide.core.errors import DeviceError
from voiceguide.core.events import Fault, Faulted, Recovered
from voiceguide.edge.devices import input as input_module
from voiceguide.edge.devices import output as output_module
from voiceguide.edge.devices import reopening
from voiceguide.edge.devices.input import open_input
from voiceguide.edge.devices.output import REST_SECONDS, open_output
from voiceguide.edge.devices.reopening import STAND_SECONDS
from voiceguide.edge.devices.speaker import BRISK, CALM, OutputClock
from voiceguide.edge.devices.stand_in import NullSpeaker, RestingSpeaker
from voiceguide.sound.background import Background
from voiceguide.sound.mixer import Mixer


class FakeSpeaker:
    """A speaker that can be pulled out."""

    hangs = False
    latency_seconds = 0.0

    opening = nullcontext()
    made: ClassVar[list["FakeSpeaker"]] = []

    def __init__(self, name=None, *, mixer=None, clock=None, plays=True, demands=BRISK):
        self.demands = demands
        with FakeSpeaker.opening:
            pass
        if not FakeSpeaker.there:
            raise DeviceError("there is no speaker")
        self.plays = plays
        self.mixer = mixer or Mixer(8000)
        self.clock = clock or OutputClock(self.mixer)
        self.closed = Event()
        FakeSpeaker.made.append(self)

    name = "bath"
    silent_seconds = 0.0
    works = True

    def settle(self, timeout_seconds):
        return FakeSpeaker.works

    def alive(self):
        return FakeSpeaker.there

    def now_seconds(self):
        return self.clock.now_seconds()

    def close(self):
        self.closed.set()
        return not FakeSpeaker.hangs


class FakeMicrophone:
    """A microphone that can be pulled out."""

    def __init__(self, name=None, channel=None):
        if not FakeMicrophone.there:
            raise DeviceError("there is no microphone")

    name = "bath"
    works = True

    def settle(self, timeout_seconds):
        return FakeMicrophone.works

    def alive(self):
        return FakeMicrophone.there

    def read(self, timeout):
        return "block"

    def close(self):
        return True


@pytest.fixture(autouse=True)
def devices(monkeypatch):
    monkeypatch.setattr(output_module, "Speaker", FakeSpeaker)
    monkeypatch.setattr(input_module, "Microphone", FakeMicrophone)
    for module in (output_module, input_module):
        monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
        monkeypatch.setattr(module, "ROUSE_SECONDS", 0.0)
    monkeypatch.setattr(reopening.open_streams, "reopening", nullcontext)
    monkeypatch.setattr(FakeSpeaker, "hangs", False)
    monkeypatch.setattr(FakeSpeaker, "opening", nullcontext())
    FakeSpeaker.made.clear()
    FakeSpeaker.there = FakeMicrophone.there = True


@pytest.fixture
def clock(monkeypatch):
    """Seconds by which an output rests and waits."""
    now = [1000.0]
    for module in (output_module, input_module):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def tend_until(device, event):
    """Attempts run in threads: ask until one is done."""
    for _ in range(200_000):
        if event in device.tend():
            return
    raise AssertionError(f"{event} never came")


def lose(device, clock, fault):
    """Pull it out for so long that it is told."""
    assert device.tend() == []
    clock[0] += STAND_SECONDS + 0.1
    told = device.tend() or device.tend()
    assert told == [Faulted(fault)]


def test_a_lost_speaker_is_replaced_on_the_same_mixer_and_comes_back(clock):
    output = open_output(None)
    mixer = output.mixer
    assert (output.problem, output.tend()) == (None, [])
    FakeSpeaker.there = False
    lose(output, clock, Fault.SPEAKER)
    assert type(output._speaker) is NullSpeaker
    assert output.mixer is mixer
    FakeSpeaker.there = True
    tend_until(output, Recovered(Fault.SPEAKER))
    assert output.mixer is mixer
    assert output.tend() == []
    output.close()


def test_less_is_asked_of_a_speaker_that_was_lost_soon_after_it_came_back(clock):
    output = open_output(None)
    demands = []
    for seconds in (60.0, 5.0, 5.0, 60.0):
        clock[0] += seconds
        FakeSpeaker.there = False
        output.tend()
        FakeSpeaker.there = True
        assert tend_until_it_is(output, FakeSpeaker) == []
        demands.append(output._speaker.demands)
    assert demands == [BRISK, CALM, CALM, BRISK]
    output.close()


def test_a_gap_is_bridged_in_silence_and_what_was_to_sound_is_heard_after_it(clock):
    output = open_output(None)
    start, _ = output.mixer.play(CLIP, None, tag=1)
    FakeSpeaker.there = False
    assert output.tend() == []
    output._speaker._thread.join(10)
    before = output.now_seconds()
    clock[0] += STAND_SECONDS - 0.1
    assert output.tend() == []
    FakeSpeaker.there = True
    assert tend_until_it_is(output, FakeSpeaker) == []
    assert output.gaps == 1
    assert output.mixer.position == start
    assert output.mixer.render(100).all()
    assert output.now_seconds() >= before
    output.close()


def test_a_device_that_opens_and_does_nothing_is_not_back(clock, monkeypatch):
    output, source = open_output(None), open_input(None)
    monkeypatch.setattr(FakeSpeaker, "works", False)
    monkeypatch.setattr(FakeMicrophone, "works", False)
    FakeSpeaker.there = FakeMicrophone.there = False
    assert (output.tend(), source.tend()) == ([], [])
    FakeSpeaker.there = FakeMicrophone.there = True
    for device in (output, source):
        for _ in range(20):
            assert device.tend() == []
            if device._attempts._running:
                device._attempts._running.join(10)
    clock[0] += STAND_SECONDS + 0.1
    assert output.tend() == [Faulted(Fault.SPEAKER)]
    assert source.tend() == [Faulted(Fault.MICROPHONE)]
    monkeypatch.setattr(FakeSpeaker, "works", True)
    monkeypatch.setattr(FakeMicrophone, "works", True)
    tend_until(output, Recovered(Fault.SPEAKER))
    tend_until(source, Recovered(Fault.MICROPHONE))
    output.close()


def test_a_silence_that_ends_by_itself_is_counted_and_nothing_else():
    output = open_output(None)
    speaker = output._speaker
    for silent in (0.0, 0.4, 0.6, 2.0, 0.1, 0.0, 0.7, 0.0):
        speaker.silent_seconds = silent
        assert output.tend() == []
    assert output._speaker is speaker
    assert output.gaps == 2
    output.close()


def test_a_microphone_that_is_back_at_once_is_no_news(clock):
    source = open_input(None)
    FakeMicrophone.there = False
    assert source.tend() == []
    FakeMicrophone.there = True
    for _ in range(200_000):
        assert source.tend() == []
        if source.read(0.0) == "block":
            break
    assert source.gaps == 1


def test_a_lost_microphone_is_silent_until_it_comes_back(clock):
    source = open_input(None)
    assert source.read(0.0) == "block"
    FakeMicrophone.there = False
    lose(source, clock, Fault.MICROPHONE)
    assert source.read(0.0) is None
    assert source.tend() == []
    FakeMicrophone.there = True
    tend_until(source, Recovered(Fault.MICROPHONE))
    assert source.read(0.0) == "block"


def test_without_devices_there_are_stand_ins_and_a_reason():
    FakeSpeaker.there = FakeMicrophone.there = False
    output, source = open_output(None), open_input(None)
    assert isinstance(output._speaker, NullSpeaker)
    assert output.problem == "There is no speaker: what is said is shown instead."
    assert source.problem == "There is no microphone: words can be typed instead."
    assert source.tend() == []
    output.close()


def test_a_device_that_was_named_must_be_there():
    FakeSpeaker.there = FakeMicrophone.there = False
    with pytest.raises(DeviceError):
        open_output("kitchen")
    with pytest.raises(DeviceError):
        open_input("kitchen")


@pytest.mark.parametrize("name", [None, "kitchen"])
def test_a_service_waits_for_devices_that_are_not_there_yet(name):
    FakeSpeaker.there = FakeMicrophone.there = False
    output = open_output(name, waits=True)
    source = open_input(name, waits=True)
    assert "typed" not in f"{output.problem} {source.problem}"
    assert output.problem
    assert source.problem
    FakeSpeaker.there = FakeMicrophone.there = True
    tend_until(output, Recovered(Fault.SPEAKER))
    tend_until(source, Recovered(Fault.MICROPHONE))
    assert source.read(0.0) == "block"
    output.close()


def test_a_device_that_never_closes_or_opens_is_known(monkeypatch):
    output, source = open_output(None), open_input(None)
    FakeSpeaker.hangs, FakeSpeaker.there, FakeMicrophone.there = True, False, False
    assert not output.hangs
    output.tend()
    for _ in range(200_000):
        if output.hangs:
            break
    assert output.hangs
    opening, go_on = Event(), Event()

    def open_for_ever(name, channel=None):
        opening.set()
        go_on.wait(60)
        raise DeviceError("at last")

    monkeypatch.setattr(input_module, "Microphone", open_for_ever)
    source.tend()
    source.tend()
    opening.wait(10)
    assert not source.hangs
    monkeypatch.setattr(reopening, "HANG_SECONDS", -1.0)
    assert source.hangs
    go_on.set()


CLIP = np.ones(100, np.float32)


@pytest.fixture
def resting(clock):
    """An output whose speaker has been let go of, and that speaker."""
    output = open_output(None)
    device = output._speaker
    output.may_rest = True
    output.tend()
    clock[0] += REST_SECONDS
    assert output.tend() == []
    assert isinstance(output._speaker, RestingSpeaker)
    yield output, device
    output.close()


def tend_until_it_is(output, kind):
    """Tend it until such a speaker plays; gives what was told meanwhile."""
    told = []
    for _ in range(200_000):
        told += output.tend()
        if type(output._speaker) is kind:
            return told
        if output._attempts and output._attempts._running:
            output._attempts._running.join(10)
    raise AssertionError(f"there was never a {kind.__name__}")


def place(output):
    """Something is to sound: the stand-in ends by itself."""
    start, _ = output.mixer.play(CLIP, None, tag=1)
    output._speaker._thread.join(10)
    assert not output._speaker.alive()
    return start


@contextmanager
def slow_to_open(output):
    """Something is to sound, and the device is being opened until the end of the context."""
    FakeSpeaker.opening = Lock()
    with FakeSpeaker.opening:
        place(output)
        output.tend()
        yield


def test_a_speaker_rests_once_nothing_sounds_and_comes_back_for_the_first_sound(resting):
    output, device = resting
    assert device.closed.wait(10)
    assert not device.plays
    start = place(output)
    before = output.now_seconds()
    assert tend_until_it_is(output, FakeSpeaker) == []
    assert output._speaker.plays
    # Nothing of it was lost to the stand-in, and time has not run backwards.
    assert output.mixer.position == start
    assert output.mixer.render(100).all()
    assert output.now_seconds() >= before


def test_a_speaker_that_may_not_rest_any_more_comes_back_and_stays_for_a_while(resting, clock):
    output, _ = resting
    output.may_rest = False
    assert tend_until_it_is(output, FakeSpeaker) == []
    output.may_rest = True
    clock[0] += REST_SECONDS - 1
    output.tend()
    clock[0] += REST_SECONDS - 1
    output.tend()
    assert isinstance(output._speaker, FakeSpeaker)
    clock[0] += 1
    output.tend()
    assert isinstance(output._speaker, RestingSpeaker)


def test_a_speaker_that_is_gone_when_it_is_needed_is_a_fault_and_is_looked_for(resting, clock):
    output, _ = resting
    FakeSpeaker.there = False
    place(output)
    output.tend()
    clock[0] += STAND_SECONDS
    output.tend()
    assert isinstance(output._speaker, RestingSpeaker), "it is tried for so long"
    clock[0] += 0.1
    assert output.tend() == [Faulted(Fault.SPEAKER)]
    assert type(output._speaker) is NullSpeaker
    FakeSpeaker.there = True
    assert tend_until_it_is(output, FakeSpeaker) == [Recovered(Fault.SPEAKER)]


def test_a_speaker_that_takes_too_long_to_open_is_lost_until_it_is(resting, clock):
    output, _ = resting
    with slow_to_open(output):
        clock[0] += STAND_SECONDS + 0.1
        assert output.tend() == [Faulted(Fault.SPEAKER)]
    assert tend_until_it_is(output, FakeSpeaker) == [Recovered(Fault.SPEAKER)]


def test_a_device_that_another_has_is_left_to_it_if_nobody_called_after_all(resting):
    output, _ = resting
    FakeSpeaker.there = False
    output.may_rest = False
    output.tend()
    output.may_rest = True
    output._attempts._running.join(10)
    assert output.tend() == []
    assert output._attempts is None
    FakeSpeaker.there = True
    assert output.tend() == []
    assert isinstance(output._speaker, RestingSpeaker)
    assert output._speaker.alive()


def test_what_is_being_opened_as_it_ends_is_closed(resting):
    output, device = resting
    with slow_to_open(output):
        running = output._attempts._running
    output.close()
    assert not running.is_alive()
    assert all(each.closed.is_set() for each in FakeSpeaker.made if each is not device)
    assert output.tend() == []
    assert not output._attempts.is_running


def test_a_speaker_does_not_rest_while_anything_sounds(clock):
    output = open_output(None)
    device = output._speaker
    output.may_rest = True
    output.mixer.play(CLIP, None, tag=1)
    for _ in range(2):
        output.tend()
        clock[0] += 2 * REST_SECONDS
    assert output._speaker is device
    output.mixer.render(100)
    output.mixer.set_background(Background(CLIP, 8000))
    for _ in range(2):
        output.tend()
        clock[0] += 2 * REST_SECONDS
    assert output._speaker is device
    output.close()
