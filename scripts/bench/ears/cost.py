"""Load time, memory and speed of one contestant, in a process of its own."""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench.ears.clips import LIVE_ALL, live_phrases
from bench.ears.systems import SPHINX, System, open_system

from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.sound.clip import Samples


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of hearing, on one core."""

    load_seconds: float
    """Time until the ears listen, in a process that has loaded its libraries."""
    memory_mb: float
    """Peak memory of the process, minus what it had before the model was loaded."""
    process_mb: float
    """Peak memory of the whole process."""
    real_time_factors: dict[str, float]
    """Processor seconds per second of sound, by the kind of sound."""


def measure(system: System, sounds: Path) -> Cost:
    """The cost of a system's first model, with the sounds in a folder (``NAME.npy``).

    Raises:
        RuntimeError: the process failed; with its last line on stderr.
    """
    model = str(system.members[0].model) if system.members else ""
    here = str(Path(__file__).resolve().parents[2])
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    paths = os.pathsep.join(filter(None, (here, *sys.path)))
    done = subprocess.run(
        [sys.executable, "-m", "bench.ears.cost", system.kind, model, str(sounds)],
        env=os.environ | one | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(([*done.stderr.splitlines()] or ["no reason given"])[-1])
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def measure_here(kind: str, model: Path | None, sounds: Path) -> Cost:
    """The same in this process, which must be a new one."""
    if kind == SPHINX:
        import pocketsphinx  # noqa: F401
    else:
        import vosk  # noqa: F401
    live_phrases(LIVE_ALL)  # all systems need them, so they are loaded before
    second = np.zeros(EAR_RATE_HZ, np.float32)
    if model is not None:
        # A model is probed only once, so that does not count as loading.
        from voiceguide.edge.models.model_probe import probe_model

        probe_model(model)
    before = peak_mb()
    began = time.perf_counter()
    hearing = open_system(kind, model, LIVE_ALL)
    load = time.perf_counter() - began
    hearing.hear(second)
    factors: dict[str, float] = {}
    for path in sorted(sounds.glob("*.npy")):
        sound: Samples = np.load(path)
        began = time.process_time()
        hearing.hear(sound)
        factors[path.stem] = (time.process_time() - began) / (len(sound) / EAR_RATE_HZ)
    peak = peak_mb()
    return Cost(load, peak - before, peak, factors)


def peak_mb() -> float:
    """The most memory this process ever had, in MB."""
    # On Linux getrusage's peak includes the memory of the parent process before exec.
    status = Path("/proc/self/status")
    if status.is_file():
        lines = status.read_text("utf-8").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / 1024


if __name__ == "__main__":
    kind, model, folder = sys.argv[1:]
    cost = measure_here(kind, Path(model) if model else None, Path(folder))
    print(json.dumps({name: getattr(cost, name) for name in Cost.__slots__}))
