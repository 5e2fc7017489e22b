import threading
from types import SimpleNamespace

import numpy as np
import pytest

from voiceguide.edge.devices import devices, speaker
from voiceguide.edge.devices.output import Output
from voiceguide.edge.devices.speaker import OutputClock
from voiceguide.edge.devices.stand_in import NullSpeaker, RestingSpeaker
from voiceguide.sound.mixer import Mixer


class FakeTime:
    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def fake_time(monkeypatch):
    fake = FakeTime()
    monkeypatch.setattr(speaker, "time", fake)
    monkeypatch.setattr(devices, "time", fake)
    return fake


def test_the_clock_is_smooth_between_callbacks_and_never_runs_backwards(fake_time):
    mixer = Mixer(1000)
    clock = OutputClock(mixer)
    mixer.render(500)
    clock.mark(mixer.position)
    assert clock.now_seconds() == 0.5
    fake_time.now += 0.03
    assert clock.now_seconds() == pytest.approx(0.53)
    clock.mark(510)  # The device takes its samples a little slower than our clock runs.
    assert clock.now_seconds() == pytest.approx(0.53)
    fake_time.now += 0.04
    assert clock.now_seconds() == pytest.approx(0.55)


def test_the_clock_waits_when_the_device_takes_no_more(fake_time):
    clock = OutputClock(Mixer(1000))
    fake_time.now += 3600.0
    assert clock.now_seconds() == 0.25


def test_a_recent_moment_is_placed_on_the_timeline(fake_time):
    clock = OutputClock(Mixer(1000))
    clock.mark(2000)
    assert clock.at(fake_time.now - 0.5) == pytest.approx(1.5)


def asked_for(seconds, device, fake_time):
    """Whether it is alive after so much silence, in which it is asked as the loop does."""
    for _ in range(round(seconds / 0.25)):
        fake_time.now += 0.25
        alive = device.alive()
    return alive


def test_a_device_that_stops_calling_is_not_alive(fake_time):
    pulse = devices.Pulse(1.0)
    assert asked_for(0.75, pulse, fake_time)
    pulse.beat()
    fake_time.now += 0.2
    pulse.beat()
    assert asked_for(1.0, pulse, fake_time)
    assert not asked_for(0.25, pulse, fake_time)


def test_blocks_that_only_fill_the_buffer_do_not_show_that_it_plays(fake_time):
    pulse = devices.Pulse(1.0)
    for _ in range(5):
        pulse.beat()
        fake_time.now += 0.001
    assert asked_for(1.5, pulse, fake_time)
    assert not asked_for(5.0, pulse, fake_time)


def test_a_device_may_take_its_time_to_wake_up(fake_time):
    pulse = devices.Pulse(1.0)
    assert asked_for(4.0, pulse, fake_time)
    assert not asked_for(2.0, pulse, fake_time)


class FakeStream:
    """A stream whose device takes a block when the test says so."""

    latency = 0.03

    def __init__(self, *, callback, **options):
        self._callback = callback

    def start(self):
        pass

    def close(self, ignore_errors):
        pass

    def take(self, ran_dry=False):
        out = np.full((480, 2), np.nan, np.float32)
        self._callback(out, 480, None, SimpleNamespace(output_underflow=ran_dry))
        return out


@pytest.fixture
def fake_device(monkeypatch):
    library = SimpleNamespace(OutputStream=FakeStream, PortAudioError=OSError)
    monkeypatch.setattr(speaker, "sound_library", lambda: library)
    device = devices.Device(0, "bath", "fake", 0, 2, 48_000, False, True)
    monkeypatch.setattr(speaker, "find_device", lambda kind, name: device)


@pytest.fixture
def played(fake_device, fake_time):
    """A speaker that plays on a fake device, and faults that its owner tells."""
    opened = speaker.Speaker()
    output = Output(opened, None, None)
    for _ in range(100):
        opened._stream.take()
        fake_time.now += 0.01
    yield opened, output
    output.close()


def test_a_machine_with_too_much_to_do_has_not_lost_its_speaker(played, fake_time):
    opened, output = played
    for late in (1.2, 3.0, 0.9, 30.0):
        # Neither the callback nor the loop was let run; the loop comes first.
        fake_time.now += late
        assert output.tend() == []
        fake_time.now += 0.3
        assert output.tend() == []
        opened._stream.take()
        assert output.tend() == []


def test_a_speaker_that_is_gone_is_noticed_also_where_it_ran_dry_first(played, fake_time):
    opened, output = played
    opened._stream.take(ran_dry=True)
    began = fake_time.now
    while output._speaker is opened:
        assert output.tend() == []
        fake_time.now += 0.25
    assert fake_time.now - began == pytest.approx(3.0)
    assert opened.underflows == 1


def test_a_speaker_that_is_to_take_over_wakes_its_device_first(fake_device, fake_time):
    mixer = Mixer(48_000)
    mixer.play(np.ones(480, np.float32), None, tag=1)
    opened = speaker.Speaker(mixer=mixer, plays=False)
    for told in range(20):
        opened.plays = told > 10
        assert not opened._stream.take().any()
        assert mixer.position == 0
        fake_time.now += 0.01
    assert opened.settle(0.0)
    assert opened._stream.take().all()
    opened.close()


def test_a_speaker_that_was_let_go_of_plays_nothing_more_of_the_timeline(played):
    opened, _ = played
    position = opened.mixer.position
    opened.mixer.play(np.ones(480, np.float32), None, tag=1)
    opened.plays = False
    assert not opened._stream.take().any()
    assert opened.mixer.position == position


def test_the_timeline_rests_until_something_is_placed():
    mixer = Mixer(8000)
    with RestingSpeaker(mixer=mixer) as resting:
        while not mixer.position:
            assert resting.alive()
        start, _ = mixer.play(np.ones(400, np.float32), None, tag=5)
        while resting.alive():
            assert mixer.position == start
        assert mixer.position == start
        assert mixer.pop_ended() == []


def test_without_a_speaker_the_timeline_runs_and_clips_end():
    heard = threading.Event()

    class Watched(Mixer):
        def render_into(self, out):
            super().render_into(out)
            if not self.busy:
                heard.set()

    mixer = Watched(8000)
    mixer.play(np.ones(400, dtype=np.float32), 0, tag=5)
    with NullSpeaker(mixer=mixer) as stand_in:
        assert stand_in.settle()
        assert heard.wait(10.0)
        assert stand_in.alive()
        assert mixer.pop_ended() == [(5, 400)]
        assert stand_in.now_seconds() >= 0.02
    assert not stand_in.alive()
