"""Which clips a second opinion hears more of, and which it never hears."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from support.training_world import build  # noqa: E402
from train import judging  # noqa: E402
from train.judging import HARDER, judged  # noqa: E402
from train.network import Shape, Tdnn  # noqa: E402
from train.opinion_network import OpinionNetwork, OpinionShape  # noqa: E402
from train.pools import Pool, Sounds, load_sounds  # noqa: E402
from train.vocabulary import read_vocabulary  # noqa: E402

SMALL = Shape(width=24, bottleneck=8, blocks=((1, 1), (1, 0)))


def pool(phrases: list[int]) -> Pool:
    n = len(phrases)
    return Pool(
        np.arange(n),
        np.full(n, 8000),
        np.ones(n, np.float32),
        np.array(phrases, np.int16),
        np.full(n, 1 / n),
    )


def test_hard_words_are_drawn_more_often_and_wrong_renderings_never(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = {
        "word near": [[0.0, 0.0, 1.0], [0.3, 0.2, 0.5], [0.93, 0.02, 0.05]],
        "word people": [[0.0, 0.0, 1.0], [0.93, 0.02, 0.05]],
        "command near": [[0.9, 0.05, 0.05], [0.96, 0.04, 0.0], [0.4, 0.06, 0.54]],
        "command people": [],
    }
    pools = {
        "word near": pool([-1, -1, -1]),
        "word people": pool([-1, -1]),
        "command near": pool([0, 1, 1]),
        "command people": pool([1, 1]),
        "talk near": pool([-1]),
    }
    by_pool = {id(one): np.array(answers[name]) for name, one in pools.items() if name in answers}
    monkeypatch.setattr(judging, "_likely", lambda _sounds, one, *_networks: by_pool[id(one)])
    sounds = Sounds(np.zeros(0), np.zeros(0), pools, np.zeros(0), {}, torch.zeros(1, 1))
    found, dropped = judged(sounds, None, None)
    assert dropped == 2
    shares = {name: one.share for name, one in found.pools.items()}
    # The third is so surely a phrase that it may say it.
    harder = 1 + HARDER["near"] / 2
    np.testing.assert_allclose(shares["word near"], [1 / (1 + harder), harder / (1 + harder), 0])
    # A person did not say it.
    harder = 1 + HARDER["people"] * 0.95
    np.testing.assert_allclose(shares["word people"], [1 / (1 + harder), harder / (1 + harder)])
    # The second hardly says its phrase; the third is only not understood.
    np.testing.assert_allclose(shares["command near"], [0.5, 0, 0.5])
    for name in ("command people", "talk near"):
        assert found.pools[name] is pools[name]


def test_clips_are_judged_one_by_one(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = build(tmp_path)
    phrases = list(read_vocabulary(work))
    sounds = load_sounds(work, phrases, torch.device("cpu"))
    torch.manual_seed(1)
    trunk = Tdnn(SMALL).eval()
    trunk.spread.fill_(10.0)
    net = OpinionNetwork(OpinionShape(len(phrases) + 1, inputs=24, width=16, heads=2))
    some = sounds.pools["command synthetic"]
    together = judging._likely(sounds, some, trunk, net)
    monkeypatch.setattr(judging, "TOGETHER", 1)
    alone = judging._likely(sounds, some, trunk, net)
    np.testing.assert_allclose(together.sum(1), 1, atol=1e-4)
    np.testing.assert_allclose(together, alone, atol=1e-4)
