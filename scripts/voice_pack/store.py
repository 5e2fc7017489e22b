"""Rendered sentences on their way into a pack: one FLAC and one JSON each, kept until no longer
wanted, so that making a pack again renders only what changed.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.sound.clip import Clip


@dataclass(frozen=True)
class Store:
    """A folder of renderings."""

    folder: Path

    def has(self, key: str) -> bool:
        """Whether it was rendered."""
        return self._path(key, ".json").is_file() and self._path(key, ".flac").is_file()

    def get(self, key: str) -> Clip:
        """The rendering, as the voice gave it."""
        samples, rate = soundfile.read(self._path(key, ".flac"), dtype="float32")
        told = json.loads(self._path(key, ".json").read_text("utf-8"))
        return Clip(samples, rate, tuple(SpokenWord(*word) for word in told["words"]))

    def put(self, key: str, text: str, clip: Clip) -> None:
        """Keep it; the JSON comes last, so what has one is whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self._path(key, ".part.flac")
        peak = float(np.abs(clip.samples).max(initial=0.0))
        samples = clip.samples / max(1.0, peak / 0.99)
        soundfile.write(part, samples, clip.sample_rate_hz, subtype="PCM_24")
        part.rename(self._path(key, ".flac"))
        words = [[word.text, word.start_seconds, word.end_seconds] for word in clip.words]
        told = {"text": text, "seconds": clip.seconds, "words": words}
        unfinished = self._path(key, ".part.json")
        unfinished.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        unfinished.rename(self._path(key, ".json"))

    def forget_others(self, keys: Iterable[str]) -> int:
        """Remove what none of these is; how many files that was."""
        wanted, gone = set(keys), 0
        for path in self.folder.iterdir():
            if path.name.split(".")[0] not in wanted:
                path.unlink()
                gone += 1
        return gone

    def _path(self, key: str, suffix: str) -> Path:
        return self.folder / (key + suffix)
