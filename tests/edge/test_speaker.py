import threading

import numpy as np
import pytest

from voiceguide.edge import devices, speaker
from voiceguide.edge.speaker import NullSpeaker, OutputClock
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


def test_a_device_that_stops_calling_is_not_alive(fake_time):
    pulse = devices.Pulse(1.0)
    fake_time.now += 0.9
    assert pulse.alive()
    pulse.beat()
    fake_time.now += 0.2
    pulse.beat()
    fake_time.now += 1.1
    assert not pulse.alive()


def test_blocks_that_only_fill_the_buffer_do_not_show_that_it_plays(fake_time):
    pulse = devices.Pulse(1.0)
    for _ in range(5):
        pulse.beat()
        fake_time.now += 0.001
    fake_time.now += 1.5
    assert pulse.alive()
    fake_time.now += 5.0
    assert not pulse.alive()


def test_a_device_may_take_its_time_to_wake_up(fake_time):
    pulse = devices.Pulse(1.0)
    fake_time.now += 4.0
    assert pulse.alive()
    fake_time.now += 2.0
    assert not pulse.alive()


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
