import math
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceguide.sound.gain import GAIN_RAMP_SECONDS, LIMIT_KNEE
from voiceguide.sound.level import dbfs
from voiceguide.sound.mixer import Mixer

RATE = 8000


def noise(sample_count: int, seed: int = 1, peak: float = 0.5) -> np.ndarray:
    values = np.random.default_rng(seed).uniform(-peak, peak, sample_count)
    return values.astype(np.float32)


def render_in(mixer: Mixer, sizes: list[int]) -> np.ndarray:
    return np.concatenate([mixer.render(size) for size in sizes] or [np.empty(0, np.float32)])


clips = st.lists(
    st.tuples(
        st.integers(0, 900),  # at_sample
        st.integers(0, 700),  # length
        st.floats(-20, 20),  # gain_db
    ),
    max_size=5,
)


@st.composite
def timelines(draw):
    """Clips, and acts at positions: (position, "fade" | "gain" | "duck" | "unduck", value)."""
    acts = draw(
        st.lists(
            st.tuples(
                st.integers(0, 1200),
                st.one_of(
                    st.tuples(st.just("fade"), st.integers(0, 400)),
                    st.tuples(st.just("gain"), st.floats(-60, 12)),
                    st.tuples(st.sampled_from(["duck", "unduck"]), st.none()),
                ),
            ),
            max_size=5,
        )
    )
    return draw(clips), sorted(acts, key=lambda act: act[0])


def perform(timeline, cuts: list[int]) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """1500 samples of the timeline, rendered up to each act and each cut in turn."""
    placed, acts = timeline
    mixer = Mixer(RATE)
    for tag, (at, length, gain_db) in enumerate(placed):
        mixer.play(noise(length, seed=tag), at, tag=tag, gain_db=gain_db)
    blocks, ended = [], []
    for position in sorted({*cuts, *(act[0] for act in acts), 1500}):
        blocks.append(mixer.render(position - mixer.position))
        ended += mixer.pop_ended()
        for at, (kind, value) in acts:
            if at == position:
                match kind:
                    case "fade":
                        mixer.fade_out(value)
                    case "gain":
                        mixer.set_gain_db(value)
                    case "duck":
                        mixer.duck()
                    case "unduck":
                        mixer.unduck()
    return np.concatenate(blocks), ended


@settings(deadline=None)
@given(timelines(), st.lists(st.integers(0, 1500), max_size=12))
def test_block_sizes_change_neither_a_sample_nor_an_ending(timeline, cuts):
    whole, ended = perform(timeline, [])
    parts, ended_in_parts = perform(timeline, cuts)
    assert np.array_equal(whole, parts)
    assert ended == ended_in_parts


@settings(deadline=None)
@given(clips)
def test_the_sum_never_exceeds_full_scale(placed):
    mixer = Mixer(RATE)
    for at, length, gain_db in placed:
        mixer.play(noise(length, peak=4.0), at, tag=None, gain_db=gain_db)
    assert np.abs(mixer.render(1700)).max() <= 1.0


def test_the_limiter_is_smooth_and_leaves_quiet_samples_alone():
    ramp = np.linspace(-3, 3, 60_001, dtype=np.float32)
    mixer = Mixer(RATE)
    mixer.play(ramp, 0, tag=None)
    out = mixer.render(len(ramp))
    quiet = np.abs(ramp) <= LIMIT_KNEE
    assert np.array_equal(out[quiet], ramp[quiet])
    slope = np.diff(out) / np.diff(ramp)
    assert slope.min() >= 0.0
    assert slope.max() < 1.01
    assert np.abs(np.diff(slope)).max() < 0.02  # No corner at the knee.
    assert np.allclose(out, -out[::-1])


@settings(deadline=None)
@given(st.integers(0, 500), st.lists(st.integers(1, 97), min_size=40, max_size=40))
def test_a_clip_sounds_at_exactly_its_position(at, sizes):
    mixer = Mixer(RATE)
    clip = noise(200)
    assert mixer.play(clip, at, tag=7) == (at, at + 200)
    out = np.concatenate([render_in(mixer, sizes), mixer.render(1000)])
    assert not out[:at].any()
    assert np.array_equal(out[at : at + 200], clip)
    assert not out[at + 200 :].any()
    assert mixer.pop_ended() == [(7, at + 200)]
    assert mixer.pop_ended() == []


def test_a_clip_for_a_position_in_the_past_starts_now_and_whole():
    mixer = Mixer(RATE)
    mixer.render(100)
    clip = noise(50)
    assert mixer.play(clip, 40, tag=None) == (100, 150)
    assert np.array_equal(mixer.render(50), clip)


def test_a_clip_without_a_position_starts_now():
    mixer = Mixer(RATE)
    mixer.render(33)
    assert mixer.play(noise(10), None, tag=None) == (33, 43)


def test_the_caller_may_reuse_its_buffer():
    mixer = Mixer(RATE)
    buffer = np.full(10, 0.5, dtype=np.float32)
    mixer.play(buffer, 0, tag=None)
    buffer[:] = 0.0
    assert np.array_equal(mixer.render(10), np.full(10, 0.5, dtype=np.float32))


@settings(deadline=None)
@given(st.integers(1, 300), st.integers(0, 400))
def test_faded_clips_are_silent_after_the_fade_and_never_reported(at, fade_samples):
    mixer = Mixer(RATE)
    mixer.play(np.full(2000, 0.5, dtype=np.float32), 0, tag=1)
    mixer.play(np.full(50, 0.5, dtype=np.float32), 1000, tag=2)
    mixer.render(at)
    mixer.fade_out(fade_samples)
    out = mixer.render(3000)
    assert np.all(out[:fade_samples] > 0.0)
    assert np.all(np.diff(out[:fade_samples]) < 0.0)
    assert not out[fade_samples:].any()
    assert mixer.pop_ended() == []
    assert not mixer.busy


def test_a_fade_is_a_raised_cosine():
    mixer = Mixer(RATE)
    mixer.play(np.full(2000, 0.5, dtype=np.float32), 0, tag=None)
    mixer.render(10)
    mixer.fade_out(399)
    out = mixer.render(399)
    assert out[199] == pytest.approx(0.25)
    assert np.allclose(out + out[::-1], 0.5)
    assert np.abs(np.diff(out)).max() < 0.5 * np.pi / 2 / 399


def test_a_second_fade_makes_it_shorter_but_never_longer():
    for second, silent_after in ((1000, 300), (50, 50)):
        mixer = Mixer(RATE)
        mixer.play(np.full(2000, 0.5, dtype=np.float32), 0, tag=None)
        mixer.render(10)
        mixer.fade_out(400)
        before = mixer.render(100)
        mixer.fade_out(second)
        after = mixer.render(500)
        assert before[-1] - after[0] < 0.01
        assert after[silent_after - 1] > 0.0
        assert not after[silent_after:].any()


def test_a_clip_placed_after_a_fade_sounds_as_ever():
    mixer = Mixer(RATE)
    mixer.play(np.full(100, 0.5, dtype=np.float32), 0, tag=None)
    mixer.render(10)
    mixer.fade_out(0)
    clip = noise(30)
    mixer.play(clip, None, tag=4)
    assert np.array_equal(mixer.render(30), clip)
    assert mixer.pop_ended() == [(4, 40)]


def test_the_gain_changes_smoothly_and_exactly():
    mixer = Mixer(RATE)
    mixer.play(np.full(3000, 0.5, dtype=np.float32), 0, tag=None)
    mixer.render(100)
    mixer.set_gain_db(-20.0)
    first = mixer.render(120)
    mixer.set_gain_db(0.0)  # In the middle of the ramp: no jump.
    out = np.concatenate([first, mixer.render(1000)])
    assert np.abs(np.diff(out, prepend=np.float32(0.5))).max() < 0.01
    assert out[-1] == np.float32(0.5)
    mixer.set_gain_db(-math.inf)
    ramp_samples = round(GAIN_RAMP_SECONDS * RATE)
    assert not mixer.render(1000)[ramp_samples:].any()


def test_a_gain_set_in_silence_holds_for_what_comes():
    mixer = Mixer(RATE)
    mixer.set_gain_db(-6.0)
    mixer.render(1000)
    mixer.play(np.full(10, 0.5, dtype=np.float32), None, tag=None)
    assert mixer.render(10) == pytest.approx(0.5 * 10 ** (-6 / 20))


def test_what_is_not_sound_is_refused():
    mixer = Mixer(RATE)
    for wrong in (np.zeros((2, 2), np.float32), np.array([np.nan], np.float32)):
        with pytest.raises(ValueError, match="finite"):
            mixer.play(wrong, 0, tag=None)
    with pytest.raises(ValueError, match="gain"):
        mixer.set_gain_db(math.nan)
    with pytest.raises(ValueError, match="fade"):
        mixer.fade_out(-1)
    with pytest.raises(ValueError, match="sample_rate_hz"):
        Mixer(0)


def test_the_level_of_what_was_played_is_known():
    mixer = Mixer(RATE)
    tone = np.sin(np.arange(RATE) * 0.3).astype(np.float32) * 0.5
    mixer.play(tone, RATE, tag=None)
    render_in(mixer, [333] * 72)
    assert mixer.playing_db(0, RATE) == -math.inf
    assert mixer.playing_db(RATE, 2 * RATE) == pytest.approx(dbfs(tone), abs=0.05)
    assert mixer.playing_db(RATE - RATE // 2, RATE + RATE // 2) == pytest.approx(
        dbfs(tone) - 3.0, abs=0.1
    )


def test_placing_from_many_threads_loses_nothing():
    mixer = Mixer(RATE)

    def place(first_tag: int) -> None:
        for tag in range(first_tag, first_tag + 100):
            mixer.play(noise(20), None, tag=tag)

    threads = [threading.Thread(target=place, args=(100 * number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    ended = []
    while any(thread.is_alive() for thread in threads) or mixer.busy:
        mixer.render(16)
        ended += mixer.pop_ended()
    assert sorted(tag for tag, _ in ended) == list(range(400))


def levels_of(mixer: Mixer, seconds: float, calls: tuple[float, ...] = ()) -> np.ndarray:
    """dB of each 10 ms of what is rendered, ``duck`` being called at these seconds."""
    start = mixer.position
    blocks = []
    for hop in range(round(seconds * 100)):
        if any(round(call * 100) == hop for call in calls):
            mixer.duck()
        blocks.append(mixer.render(RATE // 100))
    assert mixer.position - start == round(seconds * RATE)
    return np.array([dbfs(block) for block in blocks])


def test_narration_is_12_db_softer_within_60_ms_and_back_within_08_s():
    mixer = Mixer(RATE)
    mixer.play(np.full(3 * RATE, 0.1, np.float32), 0, tag=1)
    levels = levels_of(mixer, 2.0, calls=(0.5,))
    assert levels[49] == pytest.approx(-20, abs=0.1)
    assert levels[55:99] == pytest.approx(-32, abs=0.1)
    assert levels[50 + 80 :] == pytest.approx(-20, abs=0.1)
    assert mixer.softened_db == 0


def test_it_stays_softer_while_somebody_speaks_but_not_for_ever():
    mixer = Mixer(RATE)
    mixer.play(np.full(8 * RATE, 0.1, np.float32), 0, tag=1)
    every = tuple(np.arange(0.5, 6.0, 0.05))
    levels = levels_of(mixer, 7.5, calls=every)
    assert levels[60:340] == pytest.approx(-32, abs=0.1)
    assert levels[380:600] == pytest.approx(-20, abs=0.1)
    assert levels_of(mixer, 0.4, calls=(0.1,))[20] == pytest.approx(-32, abs=0.1)


def test_cues_do_not_become_softer():
    mixer = Mixer(RATE)
    mixer.play(np.full(RATE, 0.1, np.float32), 0, tag=None)
    assert levels_of(mixer, 1.0, calls=(0.1,)) == pytest.approx(-20, abs=0.1)


def test_what_is_called_off_comes_back_at_once_and_smoothly():
    mixer = Mixer(RATE)
    mixer.play(np.full(2 * RATE, 0.1, np.float32), 0, tag=1)
    mixer.duck()
    before = mixer.render(RATE // 10)
    mixer.unduck()
    after = mixer.render(RATE)
    assert dbfs(after[round(0.2 * RATE) :]) == pytest.approx(-20, abs=0.1)
    assert np.abs(np.diff(np.concatenate((before, after)))).max() < 0.001


def test_what_teaches_is_known_by_its_place():
    mixer = Mixer(1000)
    mixer.play(np.ones(100, np.float32) * 0.1, 500, tag=1)
    mixer.play(np.ones(100, np.float32) * 0.1, 650, tag=None, teaches=False)
    mixer.play(np.ones(100, np.float32) * 0.1, 900, tag=None)
    for _ in range(40):
        mixer.render(30)
    spans = ((0, 500), (500, 501), (599, 600), (600, 900), (850, 901), (1000, 1200))
    assert [mixer.taught(*span) for span in spans] == [False, True, True, False, True, False]
    mixer.render(20_000)
    mixer.play(np.ones(10, np.float32), None, tag=1)
    mixer.render(10)
    assert not mixer.taught(0, 2000)


def test_silence_is_known_by_its_place():
    mixer = Mixer(RATE)
    mixer.render(500)
    assert mixer.silent_from == 0
    mixer.play(np.full(100, 0.5, np.float32), 700, tag=None)
    for _ in range(4):
        mixer.render(100)
    assert 800 <= mixer.silent_from <= 900
    silent_from = mixer.silent_from
    mixer.render(5 * RATE)
    assert mixer.silent_from == silent_from
    assert mixer.position == 900 + 5 * RATE
    assert not mixer.played(0, mixer.position).any()
