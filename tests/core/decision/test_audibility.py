"""When it is too loud to hear."""

import pytest

from voiceguide.core.decision.audibility import (
    HOLD_SECONDS,
    USUAL_VOICE_DBFS,
    Audibility,
    NoiseUnderSound,
)


def told(audibility: Audibility, noise_dbfs: float, seconds: float, at: float = 0.0) -> bool:
    for tenth in range(round(seconds * 10) + 1):
        audibility.observe(noise_dbfs, at + tenth / 10)
    return audibility.loud


def test_a_quiet_room_is_not_loud() -> None:
    assert not told(Audibility(), -70.0, 60.0)


def test_noise_over_the_usual_voice_is_loud_after_a_while() -> None:
    audibility = Audibility()
    assert not told(audibility, USUAL_VOICE_DBFS + 2, HOLD_SECONDS - 0.2)
    assert told(audibility, USUAL_VOICE_DBFS + 2, 1.0, at=HOLD_SECONDS)


def test_a_short_bang_is_not_loud() -> None:
    audibility = Audibility()
    told(audibility, -10.0, HOLD_SECONDS - 0.5)
    told(audibility, -60.0, 0.5, at=HOLD_SECONDS)
    assert not told(audibility, -10.0, HOLD_SECONDS - 0.5, at=HOLD_SECONDS + 1)


def test_it_does_not_flutter() -> None:
    audibility = Audibility()
    assert told(audibility, USUAL_VOICE_DBFS + 1, 10.0)
    assert told(audibility, USUAL_VOICE_DBFS - 2, 10.0, at=10.0)  # a little softer: still loud
    assert not told(audibility, USUAL_VOICE_DBFS - 4, 10.0, at=20.0)


@pytest.mark.parametrize(("snr_db", "loud"), [(20.0, False), (2.0, True)])
def test_it_learns_how_loud_the_person_is(snr_db: float, loud: bool) -> None:
    audibility = Audibility()
    audibility.observe(-50.0, 0.0)
    audibility.understood(snr_db)
    assert audibility.snr_db == pytest.approx(snr_db)
    # The tap is turned on: 12 dB more noise than when the word was understood.
    assert told(audibility, -38.0, 10.0, at=1.0) == loud


def test_one_odd_utterance_is_not_all() -> None:
    audibility = Audibility()
    audibility.observe(-50.0, 0.0)
    audibility.understood(20.0)
    audibility.understood(5.0)
    assert 10.0 < audibility.snr_db < 20.0


def under(levels: list[float], played: list[float], coupling: float | None) -> float | None:
    found = None
    noise = NoiseUnderSound(0.1)
    for level, playing in zip(levels, played, strict=True):
        found = noise.take(level, playing, coupling)
    return found


def test_noise_that_no_echo_can_be_is_found_under_the_guides_sound() -> None:
    assert under([-10.0] * 20, [-25.0] * 20, None) == -10.0
    assert under([-30.0] * 20, [-25.0] * 20, -20.0) == -30.0


def test_an_echo_is_no_noise_and_neither_is_a_voice_that_pauses() -> None:
    assert under([-45.0] * 20, [-25.0] * 20, -20.0) is None
    assert under([-24.0] * 20, [-25.0] * 20, None) is None
    assert under([-10.0] * 19 + [-60.0], [-25.0] * 20, -20.0) is None
    assert under([-10.0] * 5, [-25.0] * 5, -20.0) is None


def test_what_learns_the_noise_for_an_echo_does_not_hide_it() -> None:
    noise = NoiseUnderSound(0.1)
    for coupling in (-20.0, -10.0, 0.0, 10.0) * 10:
        found = noise.take(-15.0, -25.0, coupling)
    assert found == -15.0
