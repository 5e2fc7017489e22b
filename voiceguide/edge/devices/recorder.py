"""Keeps the sound of utterances, only where the person asked for it (``--record DIR``)."""

import io
import json
from collections import deque
from pathlib import Path

import numpy as np
import soundfile

from voiceguide.core.decision.heard import Heard
from voiceguide.core.errors import SettingsError, VoiceguideError
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.ears.listener import Block
from voiceguide.edge.system.log import Log
from voiceguide.edge.system.whole_file import write_whole

MEMORY_SECONDS = 12.0
MARGIN_SECONDS = 0.4

_log = Log("ears")


class Recorder:
    """Writes one FLAC and one JSON file for each utterance into a folder.

    Raises:
        SettingsError: the folder cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"cannot record into {folder}: {error.strerror}; give another folder to --record"
            ) from error
        self._folder = folder
        self._blocks: deque[tuple[float, Block]] = deque()
        self._told = False
        self._count = sum(1 for _ in folder.glob("utterance-*.flac"))

    def take(self, block: Block, end_seconds: float) -> None:
        """Remember a block for a few seconds."""
        self._blocks.append((end_seconds, block))
        while self._blocks and self._blocks[0][0] < end_seconds - MEMORY_SECONDS:
            self._blocks.popleft()

    def keep(self, heard: Heard) -> None:
        """Write what an utterance sounded like, with a margin around it, and what it meant.

        What cannot be written is left out, and the first of it logged; the ears go on, and so does
        the next one.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._keep(heard)
        # A RuntimeError is the library's own.
        except (OSError, RuntimeError, VoiceguideError) as error:
            if not self._told:
                reason = getattr(error, "strerror", None) or error
                _log.warning("recorder", "keeps nothing", folder=self._folder, reason=reason)
            self._told = True
            return
        if self._told:
            _log.warning("recorder", "keeps again", folder=self._folder)
        self._told = False

    def _keep(self, heard: Heard) -> None:
        begin = heard.start_seconds - MARGIN_SECONDS
        end = heard.end_seconds + MARGIN_SECONDS
        blocks = [block for at, block in self._blocks if begin <= at <= end + 0.05]
        if not blocks:
            return
        self._count += 1
        stem = self._folder / f"utterance-{self._count:04d}"
        sound = io.BytesIO()
        soundfile.write(sound, np.concatenate(blocks), EAR_RATE_HZ, format="FLAC")
        write_whole(stem.with_suffix(".flac"), sound.getvalue(), is_private=True)
        record = {
            "text": heard.text,
            "command": heard.phrase.command.value if heard.phrase else None,
            "why": heard.why,
            "confidence": round(heard.confidence, 3),
            "snr_db": round(heard.snr_db, 1),
            "latency_s": round(heard.decided_seconds - heard.end_seconds, 3),
        }
        told = json.dumps(record, indent=1) + "\n"
        write_whole(stem.with_suffix(".json"), told, is_private=True)
