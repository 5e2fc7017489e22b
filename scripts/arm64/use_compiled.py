"""Use every compiled package that is installed here once, and tell what came out.

usage: .venv/bin/python scripts/arm64/use_compiled.py [--all | --all-but PACKAGE]

With --all a package that is not installed is a failure, with --all-but any other than this. Exit
code 1 where one of them fails.
"""

import importlib.metadata
import importlib.util
import io
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

RATE_HZ = 16_000


def tone(frequency_hz: float, rate_hz: int = RATE_HZ) -> Any:
    """One second of a sine."""
    return np.sin(2 * np.pi * frequency_hz * np.arange(rate_hz) / rate_hz).astype(np.float32)


def loudest_hz(samples: Any, rate_hz: int = RATE_HZ) -> float:
    """The frequency with most energy."""
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * rate_hz / len(samples))


def use_numpy() -> str:
    """Its own loops, its FFT and its BLAS."""
    assert loudest_hz(tone(440)) == 440
    square = np.random.default_rng(0).normal(size=(64, 64))
    assert np.allclose(square @ np.linalg.inv(square), np.eye(64), atol=1e-8)
    return "a tone found at 440 Hz, a matrix inverted"


def use_soxr() -> str:
    """Resampling."""
    import soxr

    assert abs(loudest_hz(soxr.resample(tone(1000, 48_000), 48_000, RATE_HZ)) - 1000) < 2
    return "1 kHz is 1 kHz after 48 → 16 kHz"


def use_soundfile() -> str:
    """FLAC there and back, so cffi and libsndfile too."""
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, tone(440), RATE_HZ, format="FLAC")
    file.seek(0)
    samples, rate_hz = soundfile.read(file, dtype="float32")
    assert rate_hz == RATE_HZ
    assert np.allclose(samples, tone(440), atol=1e-4)
    return f"FLAC written and read, {soundfile.__libsndfile_version__}"


def use_sounddevice() -> str:
    """PortAudio."""
    import sounddevice

    hosts = [host["name"] for host in sounddevice.query_hostapis()]
    return f"{sounddevice.get_portaudio_version()[1].split(',')[0]}, {', '.join(hosts)}"


def use_pydantic() -> str:
    """pydantic-core: what is right passes, what is wrong is named."""
    from pydantic import TypeAdapter, ValidationError

    numbers = TypeAdapter(dict[str, list[int]])
    assert numbers.validate_python({"a": ["1", 2]}) == {"a": [1, 2]}
    try:
        numbers.validate_python({"a": ["x"]})
    except ValidationError as error:
        return f"“x” refused as {error.errors()[0]['type']}"
    raise AssertionError("a letter was taken for a number")


def use_pyyaml() -> str:
    """Its compiled loader."""
    import yaml

    assert yaml.load("a: [1, 2]", yaml.CSafeLoader) == {"a": [1, 2]}
    return "read by libyaml"


def use_espeak() -> str:
    """The voice, through pyttsx3."""
    from voiceguide.edge.libraries.espeak_library import load_espeak
    from voiceguide.edge.voice.voice import Voice

    espeak = load_espeak()
    with tempfile.TemporaryDirectory() as folder, Voice(cache_dir=Path(folder)) as voice:
        clip = voice.render("Glide both hands up.", 150)
    assert [word.text for word in clip.words] == ["glide", "both", "hands", "up"]
    return f"spoke {clip.seconds:.1f} s with {espeak.version} of the {espeak.origin}"


def use_vosk() -> str:
    """The ears: understand a word that the voice says."""
    import soxr

    from voiceguide.edge.ears.recogniser import Recogniser
    from voiceguide.edge.models.model_store import resolve_model
    from voiceguide.edge.voice.voice import Voice

    with tempfile.TemporaryDirectory() as folder, Voice(cache_dir=Path(folder)) as voice:
        clip = voice.render("next", 150)
    samples = soxr.resample(clip.samples, clip.sample_rate_hz, RATE_HZ)
    stream = Recogniser(resolve_model(None)).stream(["next", "stop", "repeat", "[unk]"])
    heard = stream.whole((samples * 32767).astype(np.int16).tobytes())
    assert heard.text == "next", heard
    return "understood “next”"


def use_websockets() -> str:
    """Its compiled mask."""
    from websockets.speedups import apply_mask

    assert apply_mask(b"\0\1", b"\1\1\1\1") == b"\1\0"
    return "a mask applied"


def use_onnxruntime() -> str:
    """Run a model of five nodes (see `humming_model`)."""
    import onnxruntime

    session = onnxruntime.InferenceSession(humming_model())
    inputs = {
        "input": np.array([[1, 2]]),
        "input_lengths": np.array([2]),
        "scales": np.zeros(3, np.float32),
    }
    (hum,) = session.run(None, inputs)
    assert hum.shape == (1, 1, 2 * SAMPLES_A_PHONEME)
    assert np.allclose(hum[0, 0, -SAMPLES_A_PHONEME:], np.sin(2 * RAMP), atol=1e-4)
    return f"a model run by {onnxruntime.get_available_providers()[-1]}"


def use_piper() -> str:
    """Piper's own phonemes, through the guide's worker, with the humming model for a voice."""
    from voiceguide.edge.voice.voice import Voice

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "hum.onnx").write_bytes(humming_model())
        letters = "_^$ aeiouæəɛɪɔʊʌɑɚɐɡbdfhjklmnprstvwzðŋʃʒθɹɾˈˌː"
        config = {
            "audio": {"sample_rate": 22_050},
            "espeak": {"voice": "en-us"},
            "inference": {"noise_scale": 0.0, "length_scale": 1.0, "noise_w": 0.0},
            "num_symbols": len(letters),
            "num_speakers": 1,
            "phoneme_type": "espeak",
            "phoneme_id_map": {letter: [number] for number, letter in enumerate(letters)},
        }
        (folder / "hum.onnx.json").write_text(json.dumps(config))
        with Voice(str(folder / "hum.onnx"), cache_dir=folder / "cache") as voice:
            clip = voice.render("Glide both hands up, from the chin to the ear.", 150)
    assert np.max(np.abs(clip.samples)) > 0.05
    return f"hummed {clip.seconds:.1f} s"


def use_kokoro() -> str:
    """Its phonemes, which the embedded espeak-ng makes; the model is run by ONNX Runtime."""
    from kokoro_onnx.tokenizer import Tokenizer

    tokenizer = Tokenizer()
    phonemes = tokenizer.phonemize("Glide both hands up.", "en-us")
    assert len(tokenizer.tokenize(phonemes)) > 12, phonemes
    return f"reads {phonemes}"


def use_lgpio() -> str:
    """The pins: open the first chip, or be told by the library that there is none."""
    from voiceguide.home.pins import load_lgpio

    load_lgpio()
    import lgpio

    try:
        chip = lgpio.gpiochip_open(0)
    except lgpio.error as error:
        return f"no pins here: {error}"
    _, lines, name, _ = lgpio.gpio_get_chip_info(chip)
    lgpio.gpiochip_close(chip)
    return f"{lines} lines of {name}"


def use_matplotlib() -> str:
    """A picture, with contours (contourpy) and a layout (kiwisolver), written by Pillow."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(layout="constrained")
    axes.contour(np.outer(np.hanning(9), np.hanning(9)))
    file = io.BytesIO()
    figure.savefig(file, format="png")
    pyplot.close(figure)
    assert file.getvalue().startswith(b"\x89PNG")
    return f"{len(file.getvalue())} bytes of PNG drawn"


def use_protobuf() -> str:
    """Its compiled messages."""
    from google._upb import _message
    from google.protobuf.struct_pb2 import Struct

    message = Struct()
    message.update({"a": 1.0})
    assert Struct.FromString(message.SerializeToString()) == message
    return f"there and back by {_message.__name__}"


SAMPLES_A_PHONEME = 900
RAMP = np.arange(SAMPLES_A_PHONEME, dtype=np.float32) / 40


def humming_model() -> bytes:
    """An ONNX model with the ports of a Piper voice that hums each phoneme's number.

    Written field by field after onnx.proto: node and graph are messages of length-delimited
    fields, so no other package is needed.
    """

    def varint(number: int) -> bytes:
        parts = []
        while number > 127:
            parts.append(number & 127 | 128)
            number >>= 7
        return bytes([*parts, number])

    def number_field(field: int, value: int) -> bytes:
        return varint(field << 3) + varint(value)

    def field(number: int, content: bytes | str) -> bytes:
        body = content.encode() if isinstance(content, str) else content
        return varint(number << 3 | 2) + varint(len(body)) + body

    def node(kind: str, inputs: list[str], output: str, *more: bytes) -> bytes:
        ports = b"".join(field(1, name) for name in inputs) + field(2, output)
        return field(1, ports + field(4, kind) + b"".join(field(5, one) for one in more))

    def constant(name: str, kind: int, values: Any, shape: tuple[int, ...]) -> bytes:
        sizes = b"".join(number_field(1, size) for size in shape)
        return field(5, sizes + number_field(2, kind) + field(8, name) + field(9, values.tobytes()))

    def port(number: int, name: str, kind: int, dimensions: int) -> bytes:
        shape = b"".join(field(1, field(2, f"{name}{i}")) for i in range(dimensions))
        tensor = field(1, number_field(1, kind) + field(2, shape))
        return field(number, field(1, name) + field(2, tensor))

    real, whole = 1, 7  # TensorProto.FLOAT, INT64
    to_real = field(1, "to") + number_field(3, real) + number_field(20, 2)
    graph = b"".join(
        (
            node("Cast", ["input"], "numbers", to_real),
            node("Reshape", ["numbers", "column"], "each"),
            node("Mul", ["each", "ramp"], "angles"),
            node("Sin", ["angles"], "hum"),
            node("Reshape", ["hum", "row"], "output"),
            field(2, "hum"),
            constant("column", whole, np.array([1, -1, 1]), (3,)),
            constant("row", whole, np.array([1, 1, -1]), (3,)),
            constant("ramp", real, RAMP, (1, 1, SAMPLES_A_PHONEME)),
            port(11, "input", whole, 2),
            port(11, "input_lengths", whole, 1),
            port(11, "scales", real, 1),
            port(12, "output", real, 3),
        )
    )
    opset = field(1, "") + number_field(2, 15)
    return number_field(1, 8) + field(7, graph) + field(8, opset)


USES: dict[str, Callable[[], str]] = {
    "numpy": use_numpy,
    "soxr": use_soxr,
    "soundfile": use_soundfile,
    "sounddevice": use_sounddevice,
    "pydantic-core": use_pydantic,
    "pyyaml": use_pyyaml,
    "pyttsx3": use_espeak,
    "vosk": use_vosk,
    "websockets": use_websockets,
    "onnxruntime": use_onnxruntime,
    "piper-tts": use_piper,
    "kokoro-onnx": use_kokoro,
    "protobuf": use_protobuf,
    "lgpio": use_lgpio,
    "matplotlib": use_matplotlib,
}


def version_of(package: str) -> str | None:
    """Its version; None where it is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        # scripts/extras links lgpio's files without what pip notes of a package.
        return "of the system" if importlib.util.find_spec(package) else None


def main() -> int:
    """Use all of them."""
    match sys.argv[1:]:
        case []:
            wanted: set[str] = set()
        case ["--all"]:
            wanted = set(USES)
        case ["--all-but", package] if package in USES:
            wanted = set(USES) - {package}
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    code = 0
    for package, use in USES.items():
        version = version_of(package)
        if version is None:
            if package in wanted:
                code = 1
                print(f"✗ {package}: not installed")
            continue
        try:
            print(f"✓ {package} {version}: {use()}", flush=True)
        except Exception as error:
            code = 1
            print(f"✗ {package} {version}: {error!r}", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
