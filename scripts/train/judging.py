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

HARDER = {"people": 40.0, "near": 8.0, "synthetic": 8.0}
"""A word that is surely taken for a phrase is heard so many times more often than others. People
say few words of each kind, and theirs are not garbled."""
LIKELY, UNLIKELY = 0.9, 0.05
"""A rendered word that is likelier a phrase than this may say it, and a rendered phrase that is
less likely than this may not: neither is heard. Whisper tiny heard the phrase in 31 of 118 such
words and the text in 35, and the text in 16 of 92 such phrases; in 32 of 55 of the others."""
AROUND = EAR_RATE_HZ // 5
"""Samples of silence around a clip."""
TOGETHER = 64
LONGEST = 4 * EAR_RATE_HZ


def judged(sounds: Sounds, trunk: Tdnn, net: OpinionNetwork) -> tuple[Sounds, int]:
    """The sounds with other shares, and how many renderings are never drawn any more.

    Words that the networks take for a phrase are drawn more often. Renderings of words that they
    surely take for one, and of phrases that they hardly take for their own, are left out;
    recordings of people are not.
    """
    pools, dropped = dict(sounds.pools), 0
    for name, pool in sounds.pools.items():
        kind, _, whose = name.partition(" ")
        is_rendered = whose != "people"
        if kind == "word":
            taken = 1 - _likely(sounds, pool, trunk, net)[:, -1]
            is_heard = (taken <= LIKELY) | (not is_rendered)
            share = pool.share * (1 + HARDER[whose] * taken) * is_heard
        elif kind == "command" and is_rendered:
            likely = _likely(sounds, pool, trunk, net)
            is_heard = likely[np.arange(len(likely)), pool.phrase] >= UNLIKELY
            share = pool.share * is_heard
        else:
            continue
        dropped += int((~is_heard).sum())
        pools[name] = replace(pool, share=share / share.sum())
    return replace(sounds, pools=pools), dropped


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
