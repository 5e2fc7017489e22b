"""The call, said by synthetic voices, as the microphone gets it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench.ears.clips import SYNTHETIC, Clip
from bench.ears.mixing import CLOSE, QUIET, Condition, mixed, noise_at
from train.voices import HELD_OUT, present
from train.voices_engines import EngineError

from voiceguide.rehearsal.acoustics import active_level_db
from voiceguide.sound.clip import Samples

KEPT, OTHERS = "voices kept for tests", "other voices"
LEVEL_DB = -26.0
MOST_OTHERS = 4
"""Voices of an engine that training uses."""
CONDITIONS = (
    QUIET,
    Condition(place="2 m"),
    Condition("tap", 12.0),
    Condition("tap", 6.0),
    Condition("tap", 6.0, "1 m"),
    Condition("tap", 6.0, "2 m"),
)


@dataclass(frozen=True, slots=True)
class Call:
    """One call."""

    group: str
    engine: str
    voice: str
    text: str
    dry: Samples
    """The sound at −26 dBFS, 16 kHz."""
    number: int


def calls(texts: tuple[str, ...], times: int, seed: int = 0) -> Iterator[Call]:
    """Every voice says every phrase `times` times, each time at another rate and pitch."""
    random = np.random.default_rng([seed, 7])
    for engine in present():
        kept = [voice for voice in engine.voices() if voice in HELD_OUT.get(engine.name, ())]
        known = [voice for voice in engine.voices() if voice not in kept]
        known = known[:: max(1, len(known) // MOST_OTHERS)][:MOST_OTHERS]
        for group, voices in ((KEPT, kept), (OTHERS, known)):
            for voice in voices:
                for number in range(times):
                    for text in texts:
                        try:
                            raw = engine.render(text, voice, random).samples
                        except EngineError:
                            continue
                        dry = raw.astype(np.float32) / np.float32(32768)
                        dry *= np.float32(10 ** ((LEVEL_DB - active_level_db(dry)) / 20))
                        yield Call(group, engine.name, voice, text, dry, number)


def at_the_microphone(call: Call, condition: Condition, noise: Samples | None) -> Samples:
    """The call in a condition; ``noise`` is as it was recorded."""
    name = Path(f"{call.engine}-{call.voice}-{call.text}-{call.number}")
    clip = Clip(name, SYNTHETIC, call.engine, call.voice, call.text, "wake")
    return mixed(
        clip, call.dry, condition, None if noise is None else noise_at(condition.place, noise)
    )


def named(condition: Condition) -> str:
    """``tap 6 dB, 1 m``."""
    noise = "quiet" if condition.snr_db is None else f"tap {condition.snr_db:g} dB"
    return noise if condition.place == CLOSE else f"{noise}, {condition.place}"
