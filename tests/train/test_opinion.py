"""The second opinion in training: its stretches, a few steps, and the file that the ears read."""

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from support.training_world import build  # noqa: E402
from train import opinion_fit  # noqa: E402
from train.drawing import Drawn  # noqa: E402
from train.network import Shape, Tdnn  # noqa: E402
from train.opinion_file import write_opinion  # noqa: E402
from train.opinion_fit import fit_opinion, load_opinion  # noqa: E402
from train.opinion_network import OpinionNetwork, OpinionShape, hidden  # noqa: E402
from train.opinion_stretches import LONGEST_FRAMES, SHORTEST_FRAMES, cut  # noqa: E402
from train.pools import FILLER, FREE, Sounds, load_sounds  # noqa: E402
from train.recipe import phone_network  # noqa: E402
from train.vocabulary import read_vocabulary  # noqa: E402

from voiceguide.edge.ears.second_opinion import FILE, SecondOpinion  # noqa: E402
from voiceguide.sound.mfcc import mfcc  # noqa: E402

SMALL = Shape(width=24, bottleneck=8, blocks=((1, 1), (1, 0), (2, 1), (3, 0)))
PHRASES = ("go", "go back", "stop")


def networks(seed: int = 0) -> tuple[Tdnn, OpinionNetwork]:
    torch.manual_seed(seed)
    trunk, net = Tdnn(SMALL), OpinionNetwork(OpinionShape(4, inputs=24, width=16, heads=2))
    features, lengths = torch.randn(6, 150, 40) * 10, torch.full((6,), 150)
    trunk.spread.fill_(10.0)
    for _ in range(3):  # so that the normalisations have something to fold
        net.train()(*hidden(trunk.train(), features, lengths, net.shape.beyond))
    return trunk.eval(), net.eval()


def batch(*runs: tuple[int, int, int]) -> Drawn:
    """One sequence of (phrase, phone, frames)."""
    phrases = [phrase for phrase, _, frames in runs for _ in range(frames)]
    labels = [phone for _, phone, frames in runs for _ in range(frames)]
    features = torch.arange(len(phrases), dtype=torch.float32)[None, :, None].expand(1, -1, 40)
    return Drawn(
        features,
        torch.tensor([labels], dtype=torch.uint8),
        torch.tensor([phrases], dtype=torch.int16),
    )


SEQUENCE = batch((FREE, 0, 60), (1, 5, 50), (FREE, 0, 60), (FILLER, 5, 40), (FREE, 0, 60))


def test_every_clip_is_heard_with_what_is_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("train.opinion_stretches.CUT_SHARE", 0.0)
    stretches = cut(SEQUENCE, np.random.default_rng(0), 3)
    assert stretches.targets.tolist() == [1, 3]
    for stretch, length, (first, last) in zip(
        stretches.features, stretches.lengths, ((60, 110), (170, 210)), strict=True
    ):
        begin, end = int(stretch[0, 0]), int(stretch[length - 1, 0])
        assert first - 50 <= begin <= first - 18
        assert last + 8 <= end + 1 <= last + 40


def test_a_part_of_a_phrase_is_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("train.opinion_stretches.CUT_SHARE", 1.0)
    rng = np.random.default_rng(0)
    targets = [cut(SEQUENCE, rng, 3).targets.tolist() for _ in range(5)]
    assert {target for found in targets for target in found} == {3}


def test_talk_is_heard_in_pieces_and_silence_as_anything_else() -> None:
    rng = np.random.default_rng(0)
    talk = cut(batch((FREE, 0, 20), (FILLER, 7, 360), (FREE, 0, 18)), rng, 3)
    assert len(talk.targets) >= 2
    silence = cut(batch((FREE, 0, 398)), rng, 3)
    assert len(silence.targets) == 1
    for stretches in (talk, silence):
        assert set(stretches.targets.tolist()) == {3}
        assert int(stretches.lengths.min()) >= SHORTEST_FRAMES
        assert int(stretches.lengths.max()) <= LONGEST_FRAMES


@pytest.mark.parametrize("samples", [4000, 16_000, 23_456])
def test_the_file_says_what_the_network_says(tmp_path: Path, samples: int) -> None:
    trunk, net = networks()
    write_opinion(tmp_path, PHRASES, trunk, net)
    assert FILE in (tmp_path / "SHA256SUMS").read_text(encoding="utf-8")
    sound = np.random.default_rng(samples).normal(0, 500, samples).astype(np.int16)
    features = torch.from_numpy(mfcc(sound)).float()[None]
    with torch.no_grad():
        lengths = torch.tensor([features.shape[1]])
        heard = hidden(trunk, features, lengths, net.shape.beyond)
        expected = net(*heard)[0].softmax(0).numpy()
    found = SecondOpinion(tmp_path / FILE).on(sound)
    assert tuple(found) == PHRASES
    np.testing.assert_allclose(list(found.values()), expected[:-1], atol=0.02)  # 8 bits


def test_what_lies_behind_a_stretch_changes_nothing() -> None:
    trunk, net = networks()
    features = torch.randn(1, 200, 40) * 10
    lengths = torch.tensor([90])
    with torch.no_grad():
        alone = net(*hidden(trunk, features[:, :90], lengths, net.shape.beyond))
        beside = net(*hidden(trunk, features, lengths, net.shape.beyond))
    torch.testing.assert_close(alone, beside, atol=1e-4, rtol=1e-4)


def test_training_begins_with_what_hears_phones_and_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, out = build(tmp_path), tmp_path / "networks" / "opinion.pt"
    trunk = tmp_path / "trunk.pt"
    net = Tdnn(SMALL)
    torch.save(
        {
            "weights": net.state_dict(),
            "counts": torch.ones(40, dtype=torch.float64),
            "step": 0,
            "shape": json.dumps({"width": 24, "bottleneck": 8, "blocks": SMALL.blocks}),
        },
        trunk,
    )
    monkeypatch.setattr(opinion_fit, "SEQUENCES", 4)
    fit_opinion(work, out, trunk, 1e-6, "nobody", seed=3)
    steps = torch.load(out, weights_only=True)["step"]
    out.replace(out.with_suffix(".going"))
    fit_opinion(work, out, trunk, 0.02, "nobody", seed=4)
    assert torch.load(out, weights_only=True)["step"] > steps
    assert not out.with_suffix(".going").exists()
    before = out.stat().st_mtime_ns
    fit_opinion(work, out, trunk, 1.0, "nobody", seed=5)  # it is there: nothing is trained again
    assert out.stat().st_mtime_ns == before
    learnt, whole = load_opinion(out)
    assert learnt.shape == SMALL
    assert whole.shape.outputs == len(read_vocabulary(work)) + 1
    state = torch.load(out, weights_only=True)
    state["weights"]["out.bias"] += 2.0
    other = tmp_path / "other.pt"
    torch.save(state, other)
    mean = load_opinion(out, other)[1]
    torch.testing.assert_close(mean.out.bias, whole.out.bias + 1.0)
    torch.testing.assert_close(mean.first.weight, whole.first.weight)


def test_it_begins_with_the_network_that_was_just_trained_on(tmp_path: Path) -> None:
    networks, model, checkpoint = tmp_path / "networks", tmp_path / "model", tmp_path / "one.pt"
    networks.mkdir()
    model.mkdir()
    checkpoint.touch()
    assert phone_network(tmp_path, None) == networks / "nobody.pt"
    assert phone_network(tmp_path, model) == model
    (networks / "refined.pt").touch()
    assert phone_network(tmp_path, model) == networks / "refined.pt"
    assert phone_network(tmp_path, checkpoint) == checkpoint


def test_who_is_left_out_takes_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = build(tmp_path)
    heard: list[Sounds] = []

    def remember(*found: object) -> None:
        heard.append(load_sounds(*found))
        raise InterruptedError

    monkeypatch.setattr("train.fit.load_sounds", remember)
    for who in ("nobody", "even"):
        with pytest.raises(InterruptedError):
            fit_opinion(work, tmp_path / "out.pt", tmp_path, 1.0, who, seed=1)
    everybody, fewer = (len(sounds.pools["command people"].start) for sounds in heard)
    assert 0 < fewer < everybody
