"""Checks whether every compiled library can be loaded, and names the package of a missing one.

It tries in another process, because a library that is made for a newer processor kills the process
that loads it. This module itself imports nothing compiled.
"""

import importlib.util
import json
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from voiceguide.core.errors import DeviceError, ModelError, SpeechError
from voiceguide.doctor.finding import Finding
from voiceguide.edge.libraries.espeak_library import load_espeak
from voiceguide.edge.libraries.packages import how_to_install, missing_library

NAME = "libraries"
LONGEST_SECONDS = 300.0
"""How long loading all of them may take, from the slow card of a small computer."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A part with compiled code."""

    module: str
    what: str
    exit_code: int = 1
    optional: bool = False
    """Whether it is tried only if it is installed."""


ESPEAK = "voiceguide.edge.libraries.espeak_library"
PINS = "voiceguide.home.pins"
COMPILED = (
    Compiled("numpy", "NumPy"),
    Compiled("pydantic_core", "Pydantic"),
    Compiled("yaml", "PyYAML"),
    Compiled("soxr", "SoXR"),
    Compiled("soundfile", "SoundFile"),
    Compiled("sounddevice", "PortAudio", DeviceError.exit_code),
    Compiled(ESPEAK, "espeak-ng", SpeechError.exit_code),
    Compiled("vosk", "Vosk", ModelError.exit_code),
    Compiled("piper", "Piper", SpeechError.exit_code, optional=True),
    Compiled("onnxruntime", "ONNX Runtime", SpeechError.exit_code, optional=True),
    Compiled("lgpio", "lgpio", optional=True),
    Compiled("matplotlib.pyplot", "Matplotlib", optional=True),
)

_LOAD = f"""
import importlib, json, sys
for name in sys.argv[1:]:
    print(json.dumps([name, "tried"]), flush=True)
    try:
        if name == "lgpio":
            importlib.import_module({PINS!r}).load_lgpio()
        module = importlib.import_module(name)
        if name == {ESPEAK!r}:
            module.load_espeak()
        print(json.dumps([name, ""]), flush=True)
    except BaseException as error:
        texts = []
        while error is not None:
            texts.append(str(error) or repr(error))
            error = error.__cause__ or error.__context__
        print(json.dumps([name, "; ".join(texts)]), flush=True)
"""


def check_libraries(
    parts: Iterable[Compiled] = COMPILED, *, devices_needed: bool = True
) -> Finding:
    """One finding for all libraries; its exit code is that of the first that cannot be loaded.

    Args:
        devices_needed: whether a missing PortAudio is a failure; it is told in any case.
    """
    here = [part for part in parts if not part.optional or _is_installed(part.module)]
    troubles = _troubles([part.module for part in here])
    bad = [part for part in here if troubles[part.module]]
    if not bad:
        return Finding(NAME, True, f"all {len(here)} can be loaded{_which_espeak(here)}")
    missing = dict.fromkeys(filter(None, (missing_library(troubles[one.module]) for one in bad)))
    told = [f"{part.what} cannot be loaded: {_reason(troubles[part.module])}" for part in bad]
    advice = [how_to_install(*missing)] if missing else []
    if any(not missing_library(troubles[one.module]) for one in bad):
        advice.append("set up voiceguide again: remove the folder .venv and run scripts/run")
    failing = [one for one in bad if devices_needed or one.module != "sounddevice"]
    code = failing[0].exit_code if failing else 0
    return Finding(NAME, not failing, "\n".join(told), "; ".join(advice), code)


def _which_espeak(parts: Iterable[Compiled]) -> str:
    if not any(part.module == ESPEAK for part in parts):
        return ""
    espeak = load_espeak()
    return f", espeak-ng {espeak.version} of the {espeak.origin} among them"


def _is_installed(module: str) -> bool:
    return importlib.util.find_spec(module.partition(".")[0]) is not None


def _reason(trouble: str) -> str:
    library = missing_library(trouble)
    return f"{library} is missing" if library else trouble


def _troubles(modules: list[str]) -> dict[str, str]:
    """What is wrong with each of these modules; an empty text if nothing is."""
    troubles = dict.fromkeys(modules, "")
    left = modules
    while left:
        done = subprocess.run(
            [sys.executable, "-c", _LOAD, *left],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
        lines = [line for line in done.stdout.splitlines() if line.startswith("[")]
        told: list[list[str]] = [json.loads(line) for line in lines]
        troubles |= {name: said for name, said in told if said != "tried"}
        if not told or told[-1][1] != "tried":
            break
        # The process died while it loaded this one; the rest is tried without it.
        ended = told[-1][0]
        troubles[ended] = _death(done.returncode)
        left = left[left.index(ended) + 1 :]
    return troubles


def _death(code: int) -> str:
    """Why the process died that loaded a module, by its exit code."""
    if code == -signal.SIGILL:
        return "it has instructions that this processor does not know"
    name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return f"loading it ends the program ({name})"
