"""Responses of random rooms, as the ears would meet them: small tiled bathrooms, other rooms.

The physics is that of the guide's simulated room (`voiceguide/rehearsal/acoustics.py`).
"""

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from train.corpus import SAMPLE_RATE_HZ

from voiceguide.rehearsal.acoustics import Shoebox, response

MAX_SAMPLES = round(0.7 * SAMPLE_RATE_HZ)
DIRECT_SAMPLES = round(0.005 * SAMPLE_RATE_HZ)
"""The direct sound and what arrives within 5 ms of it."""
TRAINING, HELD_OUT = 400, 60
_BATHROOMS = 0.6
_SPEED_OF_SOUND = 343.0
_FADE = 160


def random_room(rng: np.random.Generator, bathroom: bool) -> tuple[Shoebox, float, float]:
    """A room, the distance from mouth to microphone (m) and its reverberation time (s, 500 Hz).

    Bathrooms have 2–8 m² of floor, 2.2–2.8 m of height and 0.25–0.9 s; tiles keep the treble,
    and small rooms ring less than large ones. Other rooms have 6–35 m² and 0.2–0.7 s.
    """
    floor = float(np.exp(rng.uniform(*np.log((2.0, 8.0) if bathroom else (6.0, 35.0)))))
    ratio = rng.uniform(1.0, 2.0)
    width = max(0.9, np.sqrt(floor / ratio))
    size = (float(width), float(floor / width), float(rng.uniform(2.2, 2.8)))
    seconds = float(rng.uniform(0.25, 0.9) if bathroom else rng.uniform(0.2, 0.7))
    # Octaves from 125 Hz to 4 kHz, relative to 500 Hz.
    tilt = np.array([0.85, 0.95, 1, 0.97, 0.88, 0.72]) if bathroom else np.linspace(1.25, 0.75, 6)
    bands = np.clip(seconds * tilt * np.exp(rng.normal(0, 0.08, 6)), 0.12, 1.1)
    longest = float(np.linalg.norm(np.array(size) - 0.4))
    wanted = float(np.exp(rng.uniform(np.log(0.3), np.log(min(3.0, longest)))))
    edge = np.array([0.2, 0.2, 0.4])
    while True:
        microphone = rng.uniform(edge, np.array(size) - edge)
        way = rng.standard_normal(3) * (1, 1, 0.35)
        mouth = microphone + wanted * way / np.linalg.norm(way)
        if np.all(mouth > edge / 2) and np.all(mouth < np.array(size) - edge / 2):
            break
        wanted *= 0.995
    at: list[tuple[float, float, float]] = [tuple(map(float, p)) for p in (microphone, mouth)]
    room = Shoebox(size, tuple(map(float, bands)), at[0], at[0], at[1])
    return room, float(np.linalg.norm(mouth - microphone)), seconds


def aligned(samples: NDArray[np.float32], distance: float) -> NDArray[np.float32]:
    """The response from the direct sound on, its first 5 ms of unit energy, zero padded.

    Returns: shape (`MAX_SAMPLES`,).
    """
    direct = round(distance / _SPEED_OF_SOUND * SAMPLE_RATE_HZ)
    kept = samples[direct : direct + MAX_SAMPLES].astype(np.float64)
    kept /= np.sqrt(np.sum(kept[:DIRECT_SAMPLES] ** 2))
    if len(kept) == MAX_SAMPLES:
        kept[-_FADE:] *= np.linspace(1, 0, _FADE)
    out = np.zeros(MAX_SAMPLES, np.float32)
    out[: len(kept)] = kept
    return out


def _one(task: tuple[int, int]) -> tuple[NDArray[np.float32], float, float, bool]:
    rng = np.random.default_rng(task)
    bathroom = bool(rng.random() < _BATHROOMS)
    room, distance, seconds = random_room(rng, bathroom)
    samples = response(room, room.mouth, int(rng.integers(1 << 31)))
    return aligned(samples, distance), distance, seconds, bathroom


def make_rooms(work: Path, seed: int, jobs: int) -> None:
    """Write ``corpora/rooms.npz`` and ``corpora/rooms-heldout.npz``; those that exist are kept.

    Each holds ``responses`` (n, 11200) float32 at 16 kHz, ``distance`` (n,) in metres, ``rt60``
    (n,) in seconds at 500 Hz and ``bathroom`` (n,) bool.
    """
    folder = work / "corpora"
    folder.mkdir(parents=True, exist_ok=True)
    for name, count, offset in (("rooms", TRAINING, 0), ("rooms-heldout", HELD_OUT, 1 << 20)):
        final = folder / f"{name}.npz"
        if final.exists():
            continue
        tasks = [(seed, offset + number) for number in range(count)]
        with ProcessPoolExecutor(jobs) as pool:
            rooms = list(pool.map(_one, tasks, chunksize=10))
        part = folder / f"{name}.part.npz"
        np.savez(
            part,
            responses=np.stack([room[0] for room in rooms]),
            distance=np.array([room[1] for room in rooms], np.float32),
            rt60=np.array([room[2] for room in rooms], np.float32),
            bathroom=np.array([room[3] for room in rooms]),
        )
        part.replace(final)
