"""A second opinion on an utterance: how likely it is each phrase, heard as a whole.

The recogniser follows phones one by one. This network has the same layers, but was trained to tell
whole phrases from each other and from anything else, beside noise. numpy computes it: 7 ms for
an utterance on an x86 core. A model without the file has no second opinion.
"""

import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.decision.opinion import Opinion
from voiceguide.core.errors import ModelError
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.ears.layers import Affine, log_softmax, outputs
from voiceguide.sound.mfcc import mfcc

FILE = "opinion/network.npz"
"""In a model's folder."""
_UNREADABLE = (
    OSError, ValueError, KeyError, IndexError, TypeError, EOFError, NotImplementedError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What numpy raises for a file that is cut, changed or of another kind, or where shapes do not
fit."""
SHORTEST_FRAMES = 20
"""Less sound (0.2 s) is no phrase."""


class SecondOpinion:
    """The network of one model."""

    def __init__(self, path: Path) -> None:
        """Read the network.

        Raises:
            ModelError: the file is damaged, or of another kind.
        """
        try:
            with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                self.phrases = tuple(map(str, file["phrases"]))
                """Those that it knows; the last output is anything else."""
                self._layers = [_layer(file, number) for number in range(int(file["layers"]))]
                self._weigh = file["weigh"].astype(np.float32)
                self._out, self._out_bias = _matrix(file, "out"), file["out.bias"]
            self.on(np.zeros(EAR_RATE_HZ, np.int16))
        except _UNREADABLE as error:
            model = path.parent.parent
            raise ModelError(
                f"the model {model} is broken ({FILE} cannot be read); copy or fetch it again"
            ) from error

    def on(self, samples: NDArray[np.int16]) -> Opinion:
        """How likely each phrase is; empty where there is too little sound.

        Args:
            samples: the utterance at 16 kHz with a little of what is around it, shape (n,).
        """
        features = mfcc(samples).astype(np.float32)
        if len(features) < SHORTEST_FRAMES:
            return {}
        heard = outputs(self._layers, features)
        weight = np.exp(log_softmax((heard @ self._weigh.T).T))
        heads = heard.reshape(len(heard), len(weight), -1)
        mean = np.einsum("tho,ht->ho", heads, weight).ravel()
        scores = self._out @ np.concatenate((mean, heard.max(0))) + self._out_bias
        likely = np.exp(log_softmax(scores))
        return dict(zip(self.phrases, map(float, likely[:-1]), strict=True))


def second_opinion(model: Path) -> SecondOpinion | None:
    """That of a model's folder; None if it has none.

    Raises:
        ModelError: its file is damaged, or of another kind.
    """
    path = model / FILE
    return SecondOpinion(path) if path.exists() else None


def _layer(file: "np.lib.npyio.NpzFile", number: int) -> Affine:
    """A layer, as `write_opinion` of the training writes it."""
    name = f"{number}"
    plus, scale = int(file[f"{name}.plus"]), float(file[f"{name}.plus.scale"])
    return Affine(
        name,
        tuple(map(int, file[f"{name}.offsets"])),
        _matrix(file, name),
        file[f"{name}.bias"],
        bool(file[f"{name}.relu"]),
        (f"{plus}", scale) if plus >= 0 else None,
    )


def _matrix(file: "np.lib.npyio.NpzFile", name: str) -> NDArray[np.float32]:
    """A matrix of 8 bits whose rows have a scale each."""
    return np.asarray(file[f"{name}.weight"] * file[f"{name}.scale"][:, None], np.float32)
