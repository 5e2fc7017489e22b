"""A speaker that rests while nothing sounds, and comes back for the first sound."""

from contextlib import contextmanager
from threading import Lock

import pytest
from support.fake_devices import CLIP, FakeSpeaker, tend_until_it_is

from voiceguide.core.events import Fault, Faulted, Recovered
from voiceguide.edge.devices.output import REST_SECONDS, open_output
from voiceguide.edge.devices.reopening import STAND_SECONDS
from voiceguide.edge.devices.stand_in import NullSpeaker, RestingSpeaker
from voiceguide.sound.background import Background

pytestmark = pytest.mark.usefixtures("fake_devices")


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
