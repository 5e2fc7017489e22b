"""An exported model as a network again; only where PyTorch is installed."""

from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

import numpy as np  # noqa: E402
from support.training_world import build  # noqa: E402
from train import fit as fitting  # noqa: E402
from train import looping  # noqa: E402
from train.export import export_network  # noqa: E402
from train.fit import Plan, fit  # noqa: E402
from train.model_file import write_model  # noqa: E402
from train.model_reader import UnreadableModelError, as_network, load_network, read_model, unfolded  # noqa: E402
from train.network import LABEL_SMOOTHING, Shape, Tdnn, describe  # noqa: E402
from train.recipe import label  # noqa: E402

from voiceguide.edge.ears.layers import context  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore:Sparse:UserWarning")

SHAPE = Shape(width=24, bottleneck=12, blocks=((1, 1), (3, 0)))
PRIORS = np.linspace(1, 2, 40, dtype=np.float32) / np.linspace(1, 2, 40).sum()


@pytest.fixture
def net() -> Tdnn:
    """A network whose normalisations have learnt something."""
    torch.manual_seed(1)
    net = Tdnn(SHAPE)
    net.mean.normal_(5.0)
    net.spread.uniform_(3.0, 9.0)
    net.train()
    for _ in range(20):
        net(features())
    return net.eval()


def features() -> torch.Tensor:
    return torch.randn(4, 120, 40) * 6 + 5


@pytest.fixture
def folder(net: Tdnn, tmp_path: Path) -> Path:
    layers = describe(net)
    write_model(tmp_path / "model", layers, PRIORS, context(layers))
    return tmp_path / "model"


@torch.no_grad()
def test_an_exported_model_says_what_the_network_said(net: Tdnn, folder: Path) -> None:
    layers, priors = read_model(folder / "am" / "final.mdl")
    np.testing.assert_allclose(priors, PRIORS, rtol=1e-6)
    again = as_network(layers)
    assert again.shape == SHAPE
    sound = features()
    torch.testing.assert_close(again(sound), net(sound), atol=2e-3, rtol=1e-3)


@torch.no_grad()
def test_taking_the_normalisation_out_changes_nothing_that_is_said(folder: Path) -> None:
    again, _ = load_network(folder)
    sound = features()
    before = again(sound)
    unfolded(again, sound)
    torch.testing.assert_close(again(sound), before, atol=1e-3, rtol=1e-3)
    # In training every batch is normalised by itself: with these statistics that is the same.
    torch.testing.assert_close(again.train()(sound), before, atol=0.05, rtol=0.05)
    for norm in [again.first_norm, *(block.norm for block in again.blocks)]:
        assert not torch.equal(norm.weight, torch.ones_like(norm.weight))


@torch.no_grad()
def test_a_model_read_and_written_again_is_the_same(folder: Path, tmp_path: Path) -> None:
    export_network(tmp_path / "again", folder)
    old, new = (read_model(one / "am" / "final.mdl") for one in (folder, tmp_path / "again"))
    for before, after in zip(old[0], new[0], strict=True):
        np.testing.assert_allclose(after.weight, before.weight, atol=1e-4)
        np.testing.assert_allclose(after.bias, before.bias, atol=1e-4)
    np.testing.assert_allclose(new[1], old[1], rtol=1e-3)
    assert new[1].min() >= LABEL_SMOOTHING / 40


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "final.mdl"
    path.write_bytes(b"\0B<TransitionModel> something else")
    with pytest.raises(UnreadableModelError, match="no model file that this training has written"):
        read_model(path)


def test_training_goes_on_from_a_model_folder(folder: Path, tmp_path: Path) -> None:
    work = build(tmp_path / "work")
    plan = Plan(steps=2, batch=4, rate=1e-4, sequence=True)
    fit(work, tmp_path / "refined.pt", plan, begin=folder, seed=1)
    refined, counts = load_network(tmp_path / "refined.pt")
    begun, _ = load_network(folder)
    assert refined.shape == SHAPE  # that of the folder, not the recipe's
    sound = features()
    with torch.no_grad():
        moved = (refined(sound).log_softmax(2) - begun(sound).log_softmax(2)).abs().mean()
    assert 0 < moved < 1.0
    assert counts.sum() > 1e6


def test_each_corpus_is_labelled_once(folder: Path, tmp_path: Path, capsys) -> None:
    work = build(tmp_path / "work")
    label(work, folder, 1)
    assert "2 corpora: " in capsys.readouterr().out
    label(work, folder, 1)
    assert "corpora" not in capsys.readouterr().out


def test_an_interrupted_training_goes_on_where_it_was(
    folder: Path, tmp_path: Path, monkeypatch, capsys
) -> None:
    work = build(tmp_path / "work")
    out = tmp_path / "refined.pt"
    plan = Plan(steps=3, batch=4, rate=1e-4, sequence=True, warmup=1)
    learn, saved = fitting.Trainer.learn, looping.SAVED_SECONDS
    monkeypatch.setattr(looping, "SAVED_SECONDS", -1.0)

    def interrupted(trainer: fitting.Trainer) -> tuple[float, float, float]:
        if trainer.step == 2:
            raise KeyboardInterrupt
        return learn(trainer)

    monkeypatch.setattr(fitting.Trainer, "learn", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fit(work, out, plan, begin=folder, seed=1)
    assert not out.exists()
    steps = []
    monkeypatch.setattr(
        fitting.Trainer, "learn", lambda trainer: (steps.append(trainer.step), learn(trainer))[1]
    )
    monkeypatch.setattr(looping, "SAVED_SECONDS", saved)
    fit(work, out, plan, begin=folder, seed=1)
    assert steps == [2]
    assert out.exists() and not out.with_suffix(looping.GOING).exists()
