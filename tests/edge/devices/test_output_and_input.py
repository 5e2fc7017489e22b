"""Devices that come and go are told, and the timeline goes on."""

from threading import Event

import pytest
from support.fake_devices import (
    CLIP,
    FakeMicrophone,
    FakeSpeaker,
    lose,
    tend_until,
    tend_until_it_is,
)

from voiceguide.core.errors import DeviceError
from voiceguide.core.events import Fault, Faulted, Recovered
from voiceguide.edge.devices import input as input_module
from voiceguide.edge.devices import reopening
from voiceguide.edge.devices.input import open_input
from voiceguide.edge.devices.output import open_output
from voiceguide.edge.devices.reopening import STAND_SECONDS
from voiceguide.edge.devices.speaker import BRISK, CALM
from voiceguide.edge.devices.stand_in import NullSpeaker

pytestmark = pytest.mark.usefixtures("fake_devices")


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
