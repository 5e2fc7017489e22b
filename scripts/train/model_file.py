"""A network as ``am/final.mdl`` and ``conf/`` of a model folder for Vosk."""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from train.kaldi_format import Writer

from voiceguide.edge.ears.layers import Affine

PHONES = 39
PLACES = 4
"""A phone at the beginning, the end, inside a word, or alone: ids of their own, one output."""
MFCC = """--use-energy=false
--sample-frequency=16000
--num-mel-bins=40
--num-ceps=40
--low-freq=20
--high-freq=-400
--dither=0
"""
CONF = """--min-active=200
--max-active=1500
--beam=9
--lattice-beam=2
--acoustic-scale=0.4
--frame-subsampling-factor=3
--frames-per-chunk=12
--phone-determinize=false
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=0.75
--endpoint.rule4.min-trailing-silence=1.0
"""
"""Frames per chunk: Vosk computes four outputs at once. With two, the same network costs almost
twice as much, because each chunk reads all its weights from memory again; with more, a word is
written later."""


def transition_model(writer: Writer) -> None:
    """One state a phone, as likely to stay as to go on; silence is phone 1."""
    phones = 1 + PHONES * PLACES
    writer.token("<TransitionModel>")
    writer.token("<Topology>")
    writer.integers(range(1, phones + 1))
    writer.integers([-1] + [0] * phones)
    writer.integer(1)
    writer.integer(2)  # states: one that emits, one that does not
    writer.integer(0)
    writer.integer(2)
    writer.integer(0)
    writer.single(0.5)
    writer.integer(1)
    writer.single(0.5)
    writer.integer(-1)
    writer.integer(0)
    writer.token("</Topology>")
    writer.token("<Triples>")
    triples = [(1, 0)] + [(2 + PLACES * p + q, p + 1) for p in range(PHONES) for q in range(PLACES)]
    writer.integer(len(triples))
    for phone, pdf in triples:
        writer.integer(phone)
        writer.integer(0)
        writer.integer(pdf)
    writer.token("</Triples>")
    writer.token("<LogProbs>")
    writer.vector(np.array([0.0] + [math.log(0.5)] * (2 * len(triples)), np.float32))
    writer.token("</LogProbs>")
    writer.token("</TransitionModel>")


def _offset(name: str, offset: int) -> str:
    return f"Offset({name}, {offset})" if offset else name


def config_lines(layers: list[Affine], inputs: int) -> str:
    """How the components hang together, as Kaldi's configuration has it."""
    lines = [f"input-node name=input dim={inputs}"]
    before, output = "input", {}
    for layer in layers:
        spliced = ", ".join(_offset(before, at) for at in layer.offsets)
        source = f"Append({spliced})" if len(layer.offsets) > 1 else spliced
        name = f"{layer.name}.affine"
        lines.append(f"component-node name={name} component={name} input={source}")
        if layer.relu:
            lines.append(
                f"component-node name={layer.name}.relu component={layer.name}.relu input={name}"
            )
            name = f"{layer.name}.relu"
        if layer.plus is not None:
            other, scale = layer.plus
            sum_ = f"Sum(Scale({scale}, {output[other]}), {name})"
            lines.append(
                f"component-node name={layer.name}.sum component={layer.name}.sum input={sum_}"
            )
            name = f"{layer.name}.sum"
        before = output[layer.name] = name
    lines.append(f"component-node name=out component=out input={before}")
    lines.append("output-node name=output input=out objective=linear")
    return "\n".join(lines) + "\n\n"


def _nonlinear(writer: Writer, name: str, kind: str, dim: int) -> None:
    writer.token("<ComponentName>")
    writer.token(name)
    writer.token(f"<{kind}>")
    writer.token("<Dim>")
    writer.integer(dim)
    for statistic in ("<ValueAvg>", "<DerivAvg>"):
        writer.token(statistic)
        writer.vector(np.zeros(0, np.float32))
    writer.token("<Count>")
    writer.double(0.0)
    writer.token("<OderivRms>")
    writer.vector(np.zeros(0, np.float32))
    for count in ("<OderivCount>", "<NumDimsSelfRepaired>", "<NumDimsProcessed>"):
        writer.token(count)
        writer.double(0.0)
    writer.token(f"</{kind}>")


def network(
    writer: Writer,
    layers: list[Affine],
    priors: NDArray[np.float32],
    context: tuple[int, int],
    inputs: int = 40,
    compressed: bool = True,
) -> None:
    """The acoustic model: configuration, components, context, priors (probabilities)."""
    writer.token("<Nnet3>")
    writer.data += b"\n" + config_lines(layers, inputs).encode()
    components = sum(1 + layer.relu + (layer.plus is not None) for layer in layers) + 1
    writer.token("<NumComponents>")
    writer.integer(components)
    for layer in layers:
        writer.token("<ComponentName>")
        writer.token(f"{layer.name}.affine")
        writer.token("<FixedAffineComponent>")
        writer.token("<LinearParams>")
        weight = np.asarray(layer.weight, np.float32)
        (writer.compressed if compressed else writer.matrix)(weight)
        writer.token("<BiasParams>")
        writer.vector(np.asarray(layer.bias, np.float32))
        writer.token("</FixedAffineComponent>")
        dim = len(layer.bias)
        if layer.relu:
            _nonlinear(writer, f"{layer.name}.relu", "RectifiedLinearComponent", dim)
        if layer.plus is not None:
            writer.token("<ComponentName>")
            writer.token(f"{layer.name}.sum")
            writer.token("<NoOpComponent>")
            writer.token("<Dim>")
            writer.integer(dim)
            writer.token("<BackpropScale>")
            writer.single(1.0)
            writer.token("</NoOpComponent>")
    _nonlinear(writer, "out", "LogSoftmaxComponent", len(layers[-1].bias))
    writer.token("</Nnet3>")
    writer.token("<LeftContext>")
    writer.integer(context[0])
    writer.token("<RightContext>")
    writer.integer(context[1])
    writer.token("<Priors>")
    writer.vector(priors)


def write_model(
    folder: Path,
    layers: list[Affine],
    priors: NDArray[np.float32],
    context: tuple[int, int],
    compressed: bool = True,
) -> None:
    """Write ``am/final.mdl`` and ``conf/``.

    Args:
        layers: the network; the last layer's outputs are logits.
        priors: how often each output is right, as probabilities.
        context: input frames it looks back and ahead.
        compressed: weights of 16 bits instead of 32.
    """
    writer = Writer()
    transition_model(writer)
    network(writer, layers, priors, context, compressed=compressed)
    (folder / "am").mkdir(parents=True, exist_ok=True)
    (folder / "conf").mkdir(parents=True, exist_ok=True)
    (folder / "am" / "final.mdl").write_bytes(writer.data)
    (folder / "conf" / "mfcc.conf").write_text(MFCC, encoding="utf-8")
    (folder / "conf" / "model.conf").write_text(CONF, encoding="utf-8")
