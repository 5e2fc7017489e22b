"""Noise and non-speech events: recorded, synthesised and played; the corpora of what is no word.

``noise`` and ``noise-heldout`` hold continuous sounds to mix under speech, ``events`` and
``events-heldout`` short sounds that must not be taken for words (text ""). Of every recorded
noise the first half is for training, the second for tests and benches.
"""

import json
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from train.corpus import SAMPLE_RATE_HZ, CorpusWriter, is_complete
from train.sounds_dsp import (
    Rng,
    Wave,
    faded,
    filtered,
    random_spectrum,
    samples_of,
    shaped_noise,
    to_int16,
    unit,
)
from train.sounds_events import EVENTS, HELD_OUT_EVENTS
from train.sounds_music import effects, music, soundfont
from train.sounds_noise import NOISES
from train.sounds_voice import HELD_OUT_VOICES, VOICES, reversed_speech, scrambled_speech

CUES = Path(__file__).parents[2] / "audio"
RECORDED = {"running-tap": "CC BY 4.0", "dishes": "CC BY 4.0", "kitchen": "Apache 2.0"}
MANIFEST = "sounds-licences.json"
_MUSIC_WEIGHT = 34
_GM_BATCH = 40
HELD_OUT_SECONDS = 30.0
PIECE_SECONDS = (10.0, 30.0)
HELD_OUT_EVENT_COUNT = 200
_SHARES = {"gm": 0.14, "reversed-speech": 0.05, "scrambled-speech": 0.04, "cue": 0.03}
"""Parts of the events that are not synthesised by a formula; the others share the rest."""

Piece = tuple[str, str, NDArray[np.int16]]
"""Source, instance and samples."""


def _rng(seed: int, *what: str | int) -> Rng:
    numbers = [zlib.crc32(w.encode()) if isinstance(w, str) else w for w in what]
    return np.random.default_rng([seed, *numbers])


def _read(path: Path) -> Wave:
    samples, rate = soundfile.read(path, dtype="float64", always_2d=True)
    wave: Wave = soxr.resample(samples.mean(axis=1), rate, SAMPLE_RATE_HZ)
    return wave


# ------------------------------------------------------------------ continuous noise


def _noise(task: tuple[int, str, str, int, float]) -> Piece:
    seed, part, kind, number, seconds = task
    rng = _rng(seed, part, kind, number)
    make = music if kind == "music" else NOISES[kind][0]
    wave = make(rng, samples_of(seconds))
    wave = filtered(wave, np.array([20.0, 45, 8000]), np.array([-40.0, 0, 0]))
    return kind, f"{kind}-{part}-{number}", to_int16(faded(wave), rng.uniform(-32, -20))


def _coloured_copy(rng: Rng, wave: Wave) -> Wave:
    """The wave a little faster or slower, through a microphone of another colour."""
    wave = soxr.resample(wave, SAMPLE_RATE_HZ, SAMPLE_RATE_HZ * rng.uniform(0.75, 1.35))
    frequencies = np.geomspace(60, 8000, 9)
    return filtered(wave, frequencies, np.cumsum(rng.normal(0, 2.5, 9)))


def _recorded(recordings: Path, seed: int, held_out: bool) -> Iterator[Piece]:
    for name in RECORDED:
        path = recordings / "noise" / f"{name}.flac"
        if not path.exists():
            continue
        whole = _read(path)
        half = len(whole) // 2
        part = whole[half:] if held_out else whole[:half]
        rng = _rng(seed, "recorded", name)
        copies = [part] if held_out else [part, *(_coloured_copy(rng, part) for _ in range(3))]
        for number, copy in enumerate(copies):
            pieces = max(1, round(len(copy) / samples_of(20)))
            for order, cut in enumerate(np.array_split(copy, pieces)):
                instance = f"{name}-{'heldout' if held_out else 'train'}-{number}-{order}"
                yield f"recorded-{name}", instance, to_int16(faded(cut), -26)


def _noise_tasks(seed: int, minutes: float) -> list[tuple[int, str, str, int, float]]:
    weights = {kind: weight for kind, (_, weight) in NOISES.items()} | {"music": _MUSIC_WEIGHT}
    tasks = []
    for kind, weight in weights.items():
        count = max(1, round(minutes * 3 * weight / sum(weights.values())))
        lengths = _rng(seed, "lengths", kind).uniform(*PIECE_SECONDS, count)
        tasks += [(seed, "train", kind, n, float(s)) for n, s in enumerate(lengths)]
    return tasks


# ------------------------------------------------------------------ events


def _clip(rng: Rng, wave: Wave) -> NDArray[np.int16]:
    """Cut to 0.2–3 s where it sounds, with a little silence around, at any usual level."""
    loud = np.flatnonzero(np.abs(wave) > 0.003 * np.abs(wave).max(initial=0))
    if len(loud):
        wave = wave[loud[0] : loud[-1] + 1]
    wave = faded(wave[: samples_of(2.8)])
    before, after = samples_of(rng.uniform(0.03, 0.1)), samples_of(rng.uniform(0.03, 0.1))
    after = max(after, samples_of(0.2) - len(wave) - before)
    wave = unit(np.pad(wave, (before, after)))
    # No recording is ever wholly silent beside its sound.
    floor = shaped_noise(rng, len(wave), *random_spectrum(rng, rng.uniform(0, 6), 200, 1))
    wave += floor * 10 ** (rng.uniform(-70, -35) / 20)
    return to_int16(wave, rng.uniform(-38, -16), rng.uniform(-14, -1))


def _event(makers: dict[str, Callable[[Rng], Wave]], task: tuple[int, str, str, int]) -> Piece:
    seed, part, kind, number = task
    rng = _rng(seed, part, kind, number)
    return kind, f"{kind}-{part}-{number}", _clip(rng, makers[kind](rng))


def _gm(task: tuple[int, str, int, int]) -> list[Piece]:
    seed, part, number, count = task
    rng = _rng(seed, part, "gm", number)
    sounds = effects(rng, count, part == "heldout")
    return [("gm", f"gm-{name}", _clip(rng, wave)) for name, wave in sounds if wave.any()]


def _cue(seed: int, part: str, count: int) -> Iterator[Piece]:
    cues = sorted(CUES.glob("*.wav"))
    rng = _rng(seed, part, "cue")
    for number in range(count if cues else 0):
        path = cues[number % len(cues)]
        yield "cue", path.stem, _clip(rng, _coloured_copy(rng, _read(path)))


def _speech_files(recordings: Path | None, held_out: bool) -> list[Path]:
    """Read speech; every second file for training, the others held out."""
    if recordings is None:
        return []
    files = [
        path
        for folder in ("librispeech", "vctk")
        for path in sorted((recordings / "speech" / folder).glob("*.*"))
    ]
    return files[1::2] if held_out else files[::2]


def _senseless(seed: int, part: str, kind: str, files: list[Path], count: int) -> Iterator[Piece]:
    make = reversed_speech if kind == "reversed-speech" else scrambled_speech
    rng = _rng(seed, part, kind)
    for number in range(count if files else 0):
        path = files[int(rng.integers(len(files)))]
        yield kind, f"{kind}-{part}-{number}", _clip(rng, make(rng, _read(path)))


def _events(
    pool: ProcessPoolExecutor, seed: int, recordings: Path | None, count: int, part: str
) -> Iterator[Piece]:
    """All events of a corpus; held-out kinds only in the held-out part."""
    held_out = part == "heldout"
    made = {kind: maker for kind, (maker, _) in (EVENTS | VOICES).items()}
    weights: dict[str, float] = {kind: weight for kind, (_, weight) in (EVENTS | VOICES).items()}
    if held_out:
        new = HELD_OUT_EVENTS | HELD_OUT_VOICES
        made |= new
        weights |= dict.fromkeys(new, 12.0)
    files = _speech_files(recordings, held_out)
    shares = {name: round(count * share) for name, share in _SHARES.items()}
    if soundfont() is None:
        shares["gm"] = 0
    if not files:
        shares["reversed-speech"] = shares["scrambled-speech"] = 0
    rest = count - sum(shares.values())
    total = sum(weights.values())
    ends = np.rint(np.cumsum(list(weights.values())) / total * rest).astype(int)
    tasks = []
    for kind, many in zip(weights, np.diff(ends, prepend=0).tolist(), strict=True):
        tasks += [(seed, part, kind, number) for number in range(many)]
    yield from pool.map(partial(_event, made), tasks, chunksize=20)
    batches = [min(_GM_BATCH, shares["gm"] - at) for at in range(0, shares["gm"], _GM_BATCH)]
    gm_tasks = [(seed, part, number, many) for number, many in enumerate(batches)]
    for sounds in pool.map(_gm, gm_tasks):
        yield from sounds
    yield from _cue(seed, part, shares["cue"])
    for kind in ("reversed-speech", "scrambled-speech"):
        yield from _senseless(seed, part, kind, files, shares[kind])


# ------------------------------------------------------------------ all


def _write(folder: Path, name: str, pieces: Iterator[Piece]) -> None:
    with CorpusWriter(folder, name) as writer:
        for source, speaker, samples in pieces:
            writer.add(samples, source=source, speaker=speaker, text="")


def licences(recordings: Path | None) -> list[dict[str, str]]:
    """Every source of these corpora: its name, licence and attribution."""
    own = "synthesised or made by this project"
    rows = [
        {"source": kind, "licence": "project", "attribution": own}
        for kind in (*NOISES, *EVENTS, *VOICES, *HELD_OUT_EVENTS, *HELD_OUT_VOICES, "cue")
    ]
    font = soundfont()
    by = "FluidR3 GM soundfont, © 2000–2002, 2008 Frank Wen, © 2008 Toby Smithe"
    if font is not None:
        rows.append({"source": "gm", "licence": "MIT", "attribution": by})
    rows.append(
        {"source": "music", "licence": "MIT", "attribution": f"own notes; {by}"}
        if font is not None
        else {"source": "music", "licence": "project", "attribution": own}
    )
    if recordings is not None:
        origin = {
            "CC BY 4.0": "Google Speech Commands, background noise",
            "Apache 2.0": "Picovoice wake-word-benchmark",
        }
        for name, licence in RECORDED.items():
            row = {"source": f"recorded-{name}", "licence": licence}
            rows.append({**row, "attribution": origin[licence]})
        for kind in ("reversed-speech", "scrambled-speech"):
            by = "made from LibriSpeech (V. Panayotov et al.) and CSTR VCTK (J. Yamagishi et al.)"
            rows.append({"source": kind, "licence": "CC BY 4.0", "attribution": by})
    return rows


def make_sounds(
    work: Path,
    recordings: Path | None,
    seed: int,
    jobs: int,
    minutes: float = 60.0,
) -> None:
    """Write the corpora ``noise``, ``events`` and their held-out parts, and their licences.

    Corpora that are complete are kept. The same arguments and the same soundfont give the
    same samples.

    Args:
        recordings: the folder with ``noise/`` and ``speech/``; None for synthetic sounds only.
        jobs: processes.
        minutes: about how much of noise and of events each.
    """
    folder = work / "corpora"
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(jobs) as pool:
        if not is_complete(folder, "noise"):
            _write(folder, "noise", _all_noise(pool, recordings, seed, minutes))
        if not is_complete(folder, "events"):
            count = round(minutes * 55)
            _write(folder, "events", _events(pool, seed, recordings, count, "train"))
        if not is_complete(folder, "noise-heldout"):
            _write(folder, "noise-heldout", _held_out_noise(pool, recordings, seed))
        if not is_complete(folder, "events-heldout"):
            _write(
                folder,
                "events-heldout",
                _events(pool, seed, recordings, HELD_OUT_EVENT_COUNT, "heldout"),
            )
    text = json.dumps(licences(recordings), indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _all_noise(
    pool: ProcessPoolExecutor, recordings: Path | None, seed: int, minutes: float
) -> Iterator[Piece]:
    if recordings is not None:
        yield from _recorded(recordings, seed, held_out=False)
    yield from pool.map(_noise, _noise_tasks(seed, minutes))


def _held_out_noise(
    pool: ProcessPoolExecutor, recordings: Path | None, seed: int
) -> Iterator[Piece]:
    if recordings is not None:
        yield from _recorded(recordings, seed, held_out=True)
    kinds = ("tap", "shower", "fan", "dryer", "vacuum", "toothbrush", "music")
    yield from pool.map(_noise, [(seed, "heldout", kind, 0, HELD_OUT_SECONDS) for kind in kinds])
