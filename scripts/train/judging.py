"""What a second opinion that knows much already should hear more of, and what it should not."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from train.network import Tdnn
from train.opinion_network import OpinionNetwork, hidden
from train.pools import Pool, Sounds

from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.sound.mfcc import mfcc

HARDER = 8.0
"""A word that is surely taken for a phrase is heard so many times more often than others."""
LIKELY, UNLIKELY = 0.5, 0.05
"""A rendering does not say its phrase if another one is likelier, and its own less likely, than
this. Whisper tiny agreed on half of the clips of 12 short phrases whose own was below 0.4."""
AROUND = EAR_RATE_HZ // 5
"""Samples of silence around a clip."""
TOGETHER = 64
LONGEST = 4 * EAR_RATE_HZ


def judged(sounds: Sounds, trunk: Tdnn, net: OpinionNetwork) -> tuple[Sounds, int]:
    """The sounds with other shares, and how many renderings are never drawn any more.

    Words that the networks take for a phrase are drawn more often. Renderings of phrases that they
    surely take for another phrase are left out; recordings of people are not.
    """
    pools, dropped = dict(sounds.pools), 0
    for name, pool in sounds.pools.items():
        kind, _, whose = name.partition(" ")
        if kind == "word":
            share = pool.share * (1 + HARDER * (1 - _likely(sounds, pool, trunk, net)[:, -1]))
        elif kind == "command" and whose != "people":
            says = _says(_likely(sounds, pool, trunk, net), pool.phrase)
            dropped += int((~says).sum())
            share = pool.share * says
        else:
            continue
        pools[name] = replace(pool, share=share / share.sum())
    return replace(sounds, pools=pools), dropped


def _says(likely: NDArray[np.float32], phrases: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Which clips may say their phrase."""
    row = np.arange(len(phrases))
    own = likely[row, phrases]
    others = likely[:, :-1].copy()
    others[row, phrases] = 0
    return (own >= UNLIKELY) | (others.max(1) <= LIKELY)


def _likely(sounds: Sounds, pool: Pool, trunk: Tdnn, net: OpinionNetwork) -> NDArray[np.float32]:
    """How likely each phrase is, the last column anything else, (clips, outputs)."""
    net.eval()
    order = np.argsort(pool.samples)
    found = np.zeros((len(order), net.shape.outputs), np.float32)
    for start in range(0, len(order), TOGETHER):
        some = order[start : start + TOGETHER]
        features = [torch.from_numpy(one) for one in _features(sounds, pool, some)]
        lengths = torch.tensor([len(one) for one in features])
        padded = torch.nn.utils.rnn.pad_sequence(features, batch_first=True)
        found[some] = _softmax(padded, lengths, trunk, net).numpy()
    return found


@torch.no_grad()
def _softmax(features: Tensor, lengths: Tensor, trunk: Tdnn, net: OpinionNetwork) -> Tensor:
    return net(*hidden(trunk, features, lengths, net.shape.beyond)).float().softmax(1)


def _features(
    sounds: Sounds, pool: Pool, clips: NDArray[np.int64]
) -> Iterator[NDArray[np.float32]]:
    for clip in clips:
        first, samples = int(pool.start[clip]), min(int(pool.samples[clip]), LONGEST)
        sound = np.pad(sounds.samples[first : first + samples], AROUND)
        yield mfcc(sound).astype(np.float32)
