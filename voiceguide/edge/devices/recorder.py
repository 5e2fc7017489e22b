"""Keeps the sound of utterances, only where the person asked for it (``--record DIR``)."""

import json
from collections import deque
from pathlib import Path

import numpy as np
import soundfile

from voiceguide.core.decision.heard import Heard
from voiceguide.core.errors import SettingsError
from voiceguide.edge.ears.listener import EAR_RATE_HZ, Block

MEMORY_SECONDS = 12.0
MARGIN_SECONDS = 0.4


class Recorder:
    """Writes one FLAC and one JSON file an utterance into a folder.

    Raises:
        SettingsError: the folder cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"cannot record into {folder}: {error.strerror}; give another folder to --record"
            ) from error
        self._folder = folder
        self._blocks: deque[tuple[float, Block]] = deque()
        self._count = sum(1 for _ in folder.glob("utterance-*.flac"))

    def take(self, block: Block, end_seconds: float) -> None:
        """Remember a block for a few seconds."""
        self._blocks.append((end_seconds, block))
        while self._blocks and self._blocks[0][0] < end_seconds - MEMORY_SECONDS:
            self._blocks.popleft()

    def keep(self, heard: Heard) -> None:
        """Write what an utterance sounded like, with a margin around it, and what it meant."""
        begin = heard.start_seconds - MARGIN_SECONDS
        end = heard.end_seconds + MARGIN_SECONDS
        blocks = [block for at, block in self._blocks if begin <= at <= end + 0.05]
        if not blocks:
            return
        self._count += 1
        stem = self._folder / f"utterance-{self._count:04d}"
        soundfile.write(stem.with_suffix(".flac"), np.concatenate(blocks), EAR_RATE_HZ)
        record = {
            "text": heard.text,
            "command": heard.phrase.command.value if heard.phrase else None,
            "why": heard.why,
            "confidence": round(heard.confidence, 3),
            "snr_db": round(heard.snr_db, 1),
            "latency_s": round(heard.decided_seconds - heard.end_seconds, 3),
        }
        stem.with_suffix(".json").write_text(json.dumps(record, indent=1) + "\n", "utf-8")
