"""Layers in numpy, against what they say written out for one frame after the other."""

import numpy as np
import pytest
from numpy.typing import NDArray

from voiceguide.edge.ears.layers import Affine, context, log_softmax, outputs

Floats = NDArray[np.float64]


def network(seed: int = 0) -> list[Affine]:
    rng = np.random.default_rng(seed)

    def layer(
        name: str, offsets: tuple[int, ...], sizes: tuple[int, int], plus: str | None = None
    ) -> Affine:
        weight = rng.normal(0, 0.5, (sizes[1], sizes[0] * len(offsets)))
        skip = (plus, 0.5) if plus else None
        return Affine(name, offsets, weight, rng.normal(0, 0.3, sizes[1]), plus is not None, skip)

    return [
        layer("first", (-2, -1, 0, 1), (4, 6)),
        layer("narrow", (-6, 0), (6, 3)),
        layer("wide", (0, 3), (3, 6), plus="first"),
        layer("last", (-3, 0, 3), (6, 6), plus="wide"),
    ]


def at(layers: list[Affine], features: Floats, frame: int) -> Floats:
    """What the last of these layers says of one frame; features beyond the ends are repeated."""
    if not layers:
        return features[np.clip(frame, 0, len(features) - 1)]
    *before, layer = layers
    parts = [at(before, features, frame + offset) for offset in layer.offsets]
    value = layer.weight @ np.concatenate(parts) + layer.bias
    if layer.relu:
        value = np.maximum(value, 0)
    if layer.plus is not None:
        name, scale = layer.plus
        place = [one.name for one in before].index(name)
        value = value + scale * at(before[: place + 1], features, frame)
    return value


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 11, 30])
def test_every_third_frame_has_an_output_with_its_whole_context(frames: int) -> None:
    features = np.random.default_rng(frames).normal(0, 1, (frames, 4))
    found = outputs(network(), features)
    expected = [at(network(), features, frame) for frame in range(0, frames, 3)]
    np.testing.assert_allclose(found, expected, atol=1e-10)


def test_the_context_is_what_all_layers_look_back_and_ahead() -> None:
    assert context(network()) == (2 + 6 + 3, 1 + 3 + 3)


def test_scores_become_logarithms_of_probabilities_row_by_row() -> None:
    found = log_softmax(np.array([[0.0, 1000.0], [3.0, 3.0]]))
    np.testing.assert_allclose(found, [[-1000.0, 0.0], [-np.log(2), -np.log(2)]])
