"""Sequences for training: sound and labels belong together; only where PyTorch is installed."""

from itertools import islice
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from support.training_world import GO, build, speech  # noqa: E402
from train import augment, spectra  # noqa: E402
from train.corpus import CorpusWriter  # noqa: E402
from train.drawing import Drawer  # noqa: E402
from train.fit import computes_bfloat16, left_out  # noqa: E402
from train.pools import FILLER, FREE, NO_PHRASE, load_sounds, phrase_of  # noqa: E402

PHRASES = ["go", "go back"]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("work"))


def test_a_batch_is_the_same_for_the_same_seed(work: Path) -> None:
    sounds = load_sounds(work, PHRASES, torch.device("cpu"), corpora=("people", "events"))
    first, again, other = (augment.Augmenter(sounds, seed).batch(4) for seed in (1, 1, 2))
    assert torch.equal(first.samples, again.samples)
    assert torch.equal(first.labels, again.labels)
    assert not torch.equal(first.samples, other.samples)


def test_a_text_that_was_said_alone_counts_as_another(tmp_path: Path) -> None:
    work = build(tmp_path)
    names = {"kokoro-0799": 4, "kokoro-0800": 1}
    for name, clips in names.items():
        with CorpusWriter(work / "corpora", name) as corpus:
            for _ in range(clips):
                sound, labels = speech(GO, 0.4)
                corpus.add(sound, source="kokoro", speaker="af_heart", text="go", labels=labels)
    sounds = load_sounds(work, PHRASES, torch.device("cpu"), corpora=names)
    share = sounds.pools["command near"].share
    assert share.tolist() == pytest.approx([1 / 6] * 4 + [1 / 3])


def test_what_is_drawn_beside_is_what_would_be_drawn_in_between(work: Path) -> None:
    sounds = load_sounds(work, PHRASES, torch.device("cpu"), corpora=("people", "events"))
    drawer = Drawer(sounds, 4, seed=1)
    beside = list(islice(drawer.beside(), 2))
    between = [drawer.draw() for _ in beside]
    for one, other in zip(beside, between, strict=True):
        # With another number of threads sound is rounded otherwise, which soft bands show.
        assert float((one.features - other.features).abs().median()) < 0.01
        assert torch.equal(one.labels, other.labels)
    assert not torch.equal(beside[0].labels, beside[1].labels)


def test_what_is_drawn_beside_becomes_as_clear_as_it_is_asked_to_be(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(augment, "SNR_DB", (0.0, 0.1))
    monkeypatch.setattr(augment, "LEVEL_DBFS", (-20.0, -19.9))
    sounds = load_sounds(work, PHRASES, torch.device("cpu"), corpora=("people", "events"))

    def softest(ease_db: float) -> float:
        drawer = Drawer(sounds, 8, seed=1)
        drawer.ease(ease_db)
        loudness = next(drawer.beside()).features[:, :, 0]
        return float(loudness.quantile(0.05))

    assert softest(40.0) < softest(0.0) - 10


def test_speech_sounds_where_its_labels_are(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(augment, "SNR_DB", (60.0, 61.0))
    monkeypatch.setattr(augment, "LEVEL_DBFS", (-20.0, -19.0))
    sounds = load_sounds(work, PHRASES, torch.device("cpu"), corpora=("people",))
    sounds.pools["events"] = sounds.pools["word people"]
    batch = augment.Augmenter(sounds, 3).batch(12)
    power = batch.samples.unflatten(1, (-1, 160)).square().mean(2)
    spoken = batch.labels > 0
    assert 0.1 < float(spoken.float().mean()) < 0.9
    quiet = power[~spoken].median()
    assert power[spoken].median() > 1000 * quiet
    # All but the frames at a clip's edges are on the right side.
    right = (power > 30 * quiet) == spoken
    assert float(right.float().mean()) > 0.97
    assert set(batch.phrases.unique().tolist()) <= {FREE, FILLER, 0}


def test_levels_keep_within_16_bits(work: Path) -> None:
    sounds = load_sounds(work, PHRASES, torch.device("cpu"), corpora=("people", "events"))
    samples = augment.Augmenter(sounds, 4).batch(16).samples
    assert float(samples.abs().max()) <= 32768
    assert torch.equal(samples, samples.round())


def test_masks_hide_a_part_only() -> None:
    generator = torch.Generator().manual_seed(0)
    log_mel = torch.randn(64, 100, 40)
    masked = spectra.mask_features(log_mel, generator)
    changed = float((masked != log_mel).float().mean())
    assert 0.02 < changed < 0.4


def test_a_shorter_mouth_moves_a_peak_up() -> None:
    generator = torch.Generator().manual_seed(3)
    log_mel = torch.zeros(200, 2, 40)
    log_mel[:, :, 20] = 8.0
    heard = spectra.other_mouths(log_mel, generator)
    peaks = heard[:, 0].argmax(1)
    assert 17 <= int(peaks.min()) < 20 < int(peaks.max()) <= 23
    assert torch.equal(heard[:, 0], heard[:, 1])


def test_a_flat_spectrum_is_the_same_from_any_mouth() -> None:
    flat = torch.full((8, 3, 40), 5.0)
    heard = spectra.other_mouths(flat, torch.Generator().manual_seed(1))
    assert torch.allclose(heard, flat)


def test_16_bits_are_used_where_they_are_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu, cuda = torch.device("cpu"), torch.device("cuda")
    plain = {"avx2": True, "avx512_bf16": False, "amx_bf16": False}
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: plain)
    assert not computes_bfloat16(cpu)
    assert computes_bfloat16(cuda)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: plain | {"amx_bf16": True})
    assert computes_bfloat16(cpu)


def test_a_codec_keeps_what_is_loud_and_loses_what_is_soft() -> None:
    time = torch.arange(16_000) / 16_000
    loud, soft = (torch.sin(2 * torch.pi * hertz * time) for hertz in (1000, 1300))
    sound = (loud + 0.02 * soft)[None]
    few, many = (augment.through_codec(sound, torch.tensor([steps])) for steps in (2.0, 200.0))

    def level(one: torch.Tensor, hertz: int) -> float:
        return float(torch.fft.rfft(one)[0, hertz].abs() / 8000)

    assert level(few, 1000) == pytest.approx(1.0, abs=0.1)
    assert level(few, 1300) < 0.005
    assert level(many, 1300) == pytest.approx(0.02, abs=0.004)


def test_what_a_text_is() -> None:
    vocabulary = frozenset({"go", "back"})
    assert phrase_of("go back", PHRASES, vocabulary) == 1
    assert phrase_of("a bed", PHRASES, vocabulary) == FILLER
    assert phrase_of("we go home", PHRASES, vocabulary) == FREE
    assert phrase_of("then we go home again", PHRASES, vocabulary) == FILLER


def test_events_are_no_phrase(work: Path) -> None:
    sounds = load_sounds(work, PHRASES, torch.device("cpu"), corpora=("events",))
    assert set(sounds.pools["events"].phrase) == {NO_PHRASE}


def test_tested_people_are_left_out_in_turn(work: Path) -> None:
    from train.corpus import Corpus

    people = Corpus(work / "corpora", "people").clips
    tested = {("an4", name) for name in ("anna", "bert", "cleo", "dora")}
    base, even, odd, nobody = (
        left_out(people, PHRASES, who) for who in ("base", "even", "odd", "nobody")
    )
    assert tested <= base
    assert even & odd == base - tested  # who is aside is left out of both
    assert (even | odd) == base
    assert nobody == frozenset()


def test_a_headset_ends_at_4_khz_and_keeps_the_rest() -> None:
    time = torch.arange(16_000, dtype=torch.float64) / 16_000
    low, high = (torch.sin(2 * torch.pi * hertz * time) for hertz in (1000, 5000))
    heard = augment.narrowed((low + high)[None])
    assert torch.allclose(heard[0], low, atol=1e-3)


def test_8_bits_are_coarse_in_proportion() -> None:
    sound = torch.linspace(-1000, 1000, 4001)[None]
    coarse = augment.in_8_bits(sound)
    assert len(coarse.unique()) <= 255
    loud = sound.abs() > 100
    assert float(((coarse - sound).abs() / sound.abs())[loud].max()) < 0.04


def test_some_microphones_are_poor_and_the_others_stay(work: Path) -> None:
    sounds = load_sounds(work, PHRASES, torch.device("cpu"), corpora=("people", "events"))
    augmenter = augment.Augmenter(sounds, 5)
    sound = torch.randn(200, 4000)
    heard = augmenter._poor_microphones(sound.clone())
    changed = ~torch.isclose(heard, sound).all(1)
    poor = augment.NARROW_SHARE + augment.CLIPPED_SHARE
    assert 0.5 * poor < float(changed.float().mean()) < 1.6 * poor
    assert float((heard.abs().amax(1) <= 1.05 * sound.abs().amax(1)).float().mean()) > 0.9
