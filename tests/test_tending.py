"""Devices that come and go are told, and the timeline goes on."""

from contextlib import nullcontext
from threading import Event

import numpy as np
import pytest

from voiceguide import reopening, tending
from voiceguide.core.errors import DeviceError
from voiceguide.core.events import Fault, Faulted, Recovered
from voiceguide.edge.stand_in import NullSpeaker, RestingSpeaker
from voiceguide.sound.background import Background
from voiceguide.sound.mixer import Mixer


class FakeSpeaker:
    """A speaker that can be pulled out."""

    hangs = False
    latency_seconds = 0.0

    def __init__(self, name=None, *, mixer=None, plays=True):
        if not FakeSpeaker.there:
            raise DeviceError("there is no speaker")
        self.plays = plays
        self.mixer = mixer or Mixer(8000)
        self.closed = Event()

    def alive(self):
        return FakeSpeaker.there

    def now_seconds(self):
        return self.mixer.position / 8000

    def close(self):
        self.closed.set()
        return not FakeSpeaker.hangs


class FakeMicrophone:
    """A microphone that can be pulled out."""

    def __init__(self, name=None):
        if not FakeMicrophone.there:
            raise DeviceError("there is no microphone")

    def alive(self):
        return FakeMicrophone.there

    def read(self, timeout):
        return "block"

    def close(self):
        return True


@pytest.fixture(autouse=True)
def devices(monkeypatch):
    monkeypatch.setattr(tending, "Speaker", FakeSpeaker)
    monkeypatch.setattr(tending, "Microphone", FakeMicrophone)
    monkeypatch.setattr(reopening, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(reopening.open_streams, "reopening", nullcontext)
    monkeypatch.setattr(FakeSpeaker, "hangs", False)
    FakeSpeaker.there = FakeMicrophone.there = True


def tend_until(device, event):
    """Attempts run in threads: ask until one is done."""
    for _ in range(200_000):
        if event in device.tend():
            return
    raise AssertionError(f"{event} never came")


def test_a_lost_speaker_is_replaced_on_the_same_mixer_and_comes_back():
    output = tending.open_output(None)
    mixer = output.mixer
    assert (output.problem, output.tend()) == (None, [])
    FakeSpeaker.there = False
    assert output.tend() == [Faulted(Fault.SPEAKER)]
    assert output.mixer is mixer
    FakeSpeaker.there = True
    tend_until(output, Recovered(Fault.SPEAKER))
    assert output.mixer is mixer
    assert output.tend() == []
    output.close()


def test_a_lost_microphone_is_silent_until_it_comes_back():
    source = tending.open_input(None)
    assert source.read(0.0) == "block"
    FakeMicrophone.there = False
    assert source.tend() == [Faulted(Fault.MICROPHONE)]
    assert source.read(0.0) is None
    assert source.tend() == []
    FakeMicrophone.there = True
    tend_until(source, Recovered(Fault.MICROPHONE))
    assert source.read(0.0) == "block"


def test_without_devices_there_are_stand_ins_and_a_reason():
    FakeSpeaker.there = FakeMicrophone.there = False
    output, source = tending.open_output(None), tending.open_input(None)
    assert isinstance(output._speaker, NullSpeaker)
    assert output.problem == "There is no speaker: what is said is shown instead."
    assert source.problem == "There is no microphone: words can be typed instead."
    assert source.tend() == []
    output.close()


def test_a_device_that_was_named_must_be_there():
    FakeSpeaker.there = FakeMicrophone.there = False
    with pytest.raises(DeviceError):
        tending.open_output("kitchen")
    with pytest.raises(DeviceError):
        tending.open_input("kitchen")


@pytest.mark.parametrize("name", [None, "kitchen"])
def test_a_service_waits_for_devices_that_are_not_there_yet(name):
    FakeSpeaker.there = FakeMicrophone.there = False
    output = tending.open_output(name, waits=True)
    source = tending.open_input(name, waits=True)
    assert output.problem
    assert source.problem
    FakeSpeaker.there = FakeMicrophone.there = True
    tend_until(output, Recovered(Fault.SPEAKER))
    tend_until(source, Recovered(Fault.MICROPHONE))
    assert source.read(0.0) == "block"
    output.close()


def test_a_device_that_never_closes_or_opens_is_known(monkeypatch):
    output, source = tending.open_output(None), tending.open_input(None)
    FakeSpeaker.hangs, FakeSpeaker.there, FakeMicrophone.there = True, False, False
    assert not output.hangs
    output.tend()
    for _ in range(200_000):
        if output.hangs:
            break
    assert output.hangs
    opening, go_on = Event(), Event()

    def open_for_ever(name):
        opening.set()
        go_on.wait(60)
        raise DeviceError("at last")

    monkeypatch.setattr(tending, "Microphone", open_for_ever)
    source.tend()
    source.tend()
    opening.wait(10)
    assert not source.hangs
    monkeypatch.setattr(reopening, "HANG_SECONDS", -1.0)
    assert source.hangs
    go_on.set()


CLIP = np.ones(100, np.float32)


@pytest.fixture
def resting(monkeypatch):
    """An output whose speaker has been let go of."""
    monkeypatch.setattr(tending, "REST_SECONDS", 0.0)
    output = tending.open_output(None)
    device = output._speaker
    output.may_rest = True
    assert output.tend() == []
    assert isinstance(output._speaker, RestingSpeaker)
    yield output, device
    output.close()


def wait_until(output, kind):
    """Tend it until such a speaker plays; gives what was told meanwhile."""
    if output.may_rest and isinstance(output._speaker, RestingSpeaker):
        output._speaker._thread.join(10)
    told = []
    for _ in range(200_000):
        told += output.tend()
        if type(output._speaker) is kind:
            return told
    raise AssertionError(f"there was never a {kind.__name__}")


def test_a_speaker_rests_once_nothing_sounds_and_comes_back_for_the_first_sound(resting):
    output, device = resting
    assert device.closed.wait(10)
    assert not device.plays
    start, _ = output.mixer.play(CLIP, None, tag=1)
    assert wait_until(output, FakeSpeaker) == []
    assert output._speaker.plays
    # Nothing of it was lost to the stand-in.
    assert output.mixer.position == start
    assert output.mixer.render(100).all()


def test_a_speaker_that_may_not_rest_any_more_comes_back_without_a_sound(resting):
    output, _ = resting
    output.may_rest = False
    assert wait_until(output, FakeSpeaker) == []
    assert output.tend() == []


def test_a_speaker_that_is_gone_when_it_is_needed_is_a_fault_and_is_looked_for(resting):
    output, _ = resting
    FakeSpeaker.there = False
    output.mixer.play(CLIP, None, tag=1)
    assert wait_until(output, NullSpeaker) == [Faulted(Fault.SPEAKER)]
    FakeSpeaker.there = True
    assert wait_until(output, FakeSpeaker) == [Recovered(Fault.SPEAKER)]


def test_a_speaker_does_not_rest_while_anything_sounds_or_before_its_time(monkeypatch):
    output = tending.open_output(None)
    device = output._speaker
    output.may_rest = True
    output.tend()
    assert output._speaker is device
    monkeypatch.setattr(tending, "REST_SECONDS", 0.0)
    output.mixer.play(CLIP, None, tag=1)
    output.tend()
    assert output._speaker is device
    output.mixer.render(100)
    output.mixer.set_background(Background(CLIP, 8000))
    output.tend()
    assert output._speaker is device
    output.close()
