"""Corpora of synthetic speech: many engines and voices, each clip with a manner of its own."""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from train.corpus import FRAME_SAMPLES, PHONES, SAMPLE_RATE_HZ, CorpusWriter, is_complete
from train.texts import Line, line, lines
from train.vocabulary import command_phrases
from train.voices_engines import ENGINES, Engine, EngineError, Rendered, Rng, Timing

HELD_OUT = {
    "espeak-ng": ("en-gb-scotland+m1", "en-gb-scotland+f2", "en-us+f3"),
    "flite": ("awb",),
    "RHVoice": ("alan",),
}
"""Voices of the held-out corpus, which no training hears (nor anything of en-gb-scotland)."""
MANIFEST = "synthetic-licences.json"
MOST_ESPEAK = 1 / 3
"""Formant synthesis is far from people: never more than this part of the clips."""
ACTIVE_DB = 38.0
"""A frame within this of the loudest one is taken for speech."""
_EDGE_SECONDS = (0.1, 0.3)
_LOUDEST = 16_000
_SHORTEST_SECONDS = 0.12
_BATCH = 200

_OTHER_PHONES = {
    "pau": ("SIL",), "sil": ("SIL",), "h#": ("SIL",), "brth": ("SIL",), "ax": ("AH",),
    "axr": ("ER",), "ix": ("IH",), "dx": ("D",), "hv": ("HH",), "nx": ("N",), "el": ("AH", "L"),
    "em": ("AH", "M"), "en": ("AH", "N"), "h": ("HH",),
}  # fmt: skip
_INDEX = {phone: number for number, phone in enumerate(PHONES)}
_log = logging.getLogger(__name__)

Spoken = tuple[NDArray[np.int16], NDArray[np.uint8] | None]


def is_held_out(engine: str, voice: str) -> bool:
    """Whether a voice is kept for tests."""
    return voice in HELD_OUT.get(engine, ()) or voice.startswith("en-gb-scotland")


def present(engines: Iterable[Engine] = ENGINES) -> list[Engine]:
    """The engines that are installed; one sentence is said about each of the others."""
    found = []
    for engine in engines:
        reason = engine.missing()
        if reason is None:
            found.append(engine)
        else:
            _log.warning("%s is left out: %s.", engine.name, reason)
    return found


def shares(engines: Sequence[Engine]) -> NDArray[np.float64]:
    """Part of the clips for each engine; espeak-ng has `MOST_ESPEAK` at most beside others."""
    parts = np.array([engine.share for engine in engines])
    parts /= parts.sum()
    formant = np.array([engine.name == "espeak-ng" for engine in engines])
    if 0 < formant.sum() < len(engines) and parts[formant].sum() > MOST_ESPEAK:
        parts[formant] = MOST_ESPEAK
        parts[~formant] *= (1 - MOST_ESPEAK) / parts[~formant].sum()
    return parts


def labels_of(timing: Timing, frames: int) -> NDArray[np.uint8] | None:
    """Labels, one for every 10 ms, of phones with their ends; None for an unknown phone."""
    labels = np.zeros(frames, np.uint8)
    begin = 0.0
    for name, end in timing:
        parts = _OTHER_PHONES.get(name, (name.upper(),))
        if any(part not in _INDEX for part in parts):
            return None
        edges = np.linspace(begin, end, len(parts) + 1)
        at = np.round(edges * SAMPLE_RATE_HZ / FRAME_SAMPLES).astype(int)
        for part, first, last in zip(parts, at, at[1:], strict=False):
            labels[first:last] = _INDEX[part]
        begin = end
    return labels


def trimmed(rendered: Rendered, rng: Rng) -> Spoken | None:
    """The speech with 0.1–0.3 s of silence on each side, its peak at `_LOUDEST`.

    None when there is nothing to be heard.
    """
    frames = len(rendered.samples) // FRAME_SAMPLES
    wave = rendered.samples[: frames * FRAME_SAMPLES].astype(np.float32)
    power = np.mean(wave.reshape(-1, FRAME_SAMPLES) ** 2, axis=1) if frames else np.zeros(1)
    if power.max() < 100:
        return None
    active = np.flatnonzero(power > power.max() * 10 ** (-ACTIVE_DB / 10))
    first, last = int(active[0]), int(active[-1]) + 1
    if (last - first) * FRAME_SAMPLES < _SHORTEST_SECONDS * SAMPLE_RATE_HZ:
        return None
    before, after = (round(at * 100) for at in rng.uniform(*_EDGE_SECONDS, 2))
    wave = np.pad(wave, (before * FRAME_SAMPLES, after * FRAME_SAMPLES))
    kept = slice(first * FRAME_SAMPLES, (last + before + after) * FRAME_SAMPLES)
    samples = np.asarray(wave[kept] * (_LOUDEST / np.abs(wave).max()), np.int16)
    labels = labels_of(rendered.timing, frames) if rendered.timing else None
    if labels is not None:
        labels = np.pad(labels, (before, after))[first : last + before + after]
    return samples, labels


def _speak_one(
    engines: Sequence[Engine], seed: int, job: tuple[int, Line]
) -> tuple[str, str, Line, Spoken | None]:
    number, text = job
    rng = np.random.default_rng([seed, 2, number])
    engine = engines[rng.choice(len(engines), p=shares(engines))]
    voices = [voice for voice in engine.voices() if not is_held_out(engine.name, voice)]
    voice = str(rng.choice(voices))
    return engine.name, voice, text, _attempt(engine, voice, text, rng)


def _held_out_one(
    engines: Sequence[Engine], seed: int, job: tuple[int, tuple[str, str, Line]]
) -> tuple[str, str, Line, Spoken | None]:
    number, (name, voice, text) = job
    engine = next(engine for engine in engines if engine.name == name)
    return (
        name,
        voice,
        text,
        _attempt(engine, voice, text, np.random.default_rng([seed, 3, number])),
    )


def _attempt(engine: Engine, voice: str, text: Line, rng: Rng) -> Spoken | None:
    try:
        return trimmed(engine.render(text.spoken, voice, rng), rng)
    except EngineError as error:
        _log.warning("%s, %s: “%s” is left out: %s", engine.name, voice, text.text, error)
        return None


def _batches(jobs: Iterable) -> Iterator[list]:
    jobs = iter(jobs)
    while batch := list(islice(jobs, _BATCH)):
        yield batch


def _write(folder: Path, name: str, seconds: float, speak_job, jobs: Iterable, pool) -> None:
    """Write clips until there are `seconds` of them or the jobs are at their end."""
    done = 0.0
    with CorpusWriter(folder, name) as corpus:
        for batch in _batches(enumerate(jobs)):
            for source, speaker, text, spoken in pool.map(speak_job, batch, chunksize=10):
                if spoken is None or done >= seconds:
                    continue
                samples, labels = spoken
                corpus.add(samples, source=source, speaker=speaker, text=text.text, labels=labels)
                done += len(samples) / SAMPLE_RATE_HZ
            _log.info("%s: %.2f h", name, done / 3600)
            if done >= seconds:
                break


def speak(work: Path, hours: float, seed: int, jobs: int, name: str = "synthetic") -> None:
    """Make the corpora `name` and `name`-heldout in ``work/corpora``, where they are not whole.

    Args:
        hours: length of the training corpus.
        jobs: processes at once.

    Raises:
        EngineError: no engine is installed.
    """
    folder = work / "corpora"
    folder.mkdir(parents=True, exist_ok=True)
    engines = present()
    if not engines:
        raise EngineError("no speech engine is installed; install espeak-ng and flite at least.")
    licences = {engine.name: engine.licence for engine in engines}
    (folder / MANIFEST).write_text(json.dumps(licences, indent=1) + "\n", encoding="utf-8")
    phrase_lines = [line("command", phrase) for phrase in command_phrases()]
    kept = [
        (engine.name, voice, text)
        for engine in engines
        for voice in HELD_OUT.get(engine.name, ())
        for text in phrase_lines
    ]
    # Each worker has a scratch folder of its own, made after it has begun.
    with ProcessPoolExecutor(jobs, mp_context=get_context("forkserver")) as pool:
        if not is_complete(folder, name):
            one = partial(_speak_one, engines, seed)
            _write(folder, name, hours * 3600, one, lines(seed), pool)
        if not is_complete(folder, f"{name}-heldout"):
            held = partial(_held_out_one, engines, seed)
            _write(folder, f"{name}-heldout", float("inf"), held, kept, pool)
