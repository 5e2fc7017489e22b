"""Tells from the noise whether a voice would stand out of it, before anybody speaks."""

from collections import deque
from dataclasses import dataclass
from typing import Protocol

LOUD_SNR_DB, QUIET_SNR_DB = 0.0, 3.0
"""It is loud where the voice would stand out by less than the first, and no longer loud where by
more than the second. At 0 dB two of three words are still understood, and soon none below it
(docs/measurements.md)."""
HOLD_SECONDS = 3.0
"""For how long it must be so: a pan that falls makes no loud room."""
USUAL_VOICE_DBFS = -32.0
"""The level that a voice is taken to have before any was understood: that of somebody a step away
from a common microphone."""
LEARNT_SHARE = 0.3
"""How far the known level moves towards that of each new utterance."""


class NoiseWatch(Protocol):
    """Tells of the noise around a person, as ears do."""

    @property
    def loud(self) -> bool:
        """Whether it is too loud to hear the person."""

    @property
    def snr_db(self) -> float:
        """By how much the person's voice is expected to stand out of the noise."""

    @property
    def taps_closed(self) -> int:
        """How often running water was heard to begin and then to be gone for some seconds."""


@dataclass(frozen=True, slots=True)
class NoiseNow:
    """The noise at one moment; no noise by default."""

    loud: bool = False
    snr_db: float = float("inf")
    taps_closed: int = 0


QUIET = NoiseNow()
"""The noise where nothing listens."""


class Audibility:
    """Follows the noise and the person's voice. Pure: time is an argument, in seconds."""

    def __init__(self) -> None:
        self.loud = False
        """Whether it is too loud to hear the person."""
        self.noise_dbfs = float("-inf")
        """The noise's level, as last read."""
        self._voice_dbfs = USUAL_VOICE_DBFS
        self._heard_any = False
        self._since: float | None = None

    @property
    def snr_db(self) -> float:
        """By how much the person's voice is expected to stand out of the noise."""
        return self._voice_dbfs - self.noise_dbfs

    def understood(self, snr_db: float) -> None:
        """Learn from an utterance that was obeyed, and stood out of the noise by ``snr_db``."""
        level = self.noise_dbfs + snr_db
        share = LEARNT_SHARE if self._heard_any else 1.0
        self._heard_any = True
        self._voice_dbfs += share * (level - self._voice_dbfs)

    def observe(self, noise_dbfs: float, now_seconds: float) -> None:
        """Take in the noise's level."""
        self.noise_dbfs = noise_dbfs
        changed = self.snr_db > QUIET_SNR_DB if self.loud else self.snr_db < LOUD_SNR_DB
        if not changed:
            self._since = None
            return
        if self._since is None:
            self._since = now_seconds
        if now_seconds - self._since >= HOLD_SECONDS - 1e-6:
            self.loud = not self.loud
            self._since = None


UNDER_SECONDS = 1.5
"""Within this time everything but noise falls silent for a moment."""
ECHO_MARGIN_DB = 12.0
"""How much louder than the guide's echo noise must be to be told from it …"""
MOST_COUPLING_DB = 6.0
"""… and how much louder than what is played, while the echo is not known: no room makes the guide
come back so much louder."""


class NoiseUnderSound:
    """Finds the noise while the guide sounds, since it is known what was played.

    Args:
        hop_seconds: the time between two levels.
    """

    def __init__(self, hop_seconds: float) -> None:
        hops = round(UNDER_SECONDS / hop_seconds)
        self._levels: deque[float] = deque(maxlen=hops)
        self._played: deque[float] = deque(maxlen=hops)
        self._coupling_db: float | None = None

    def take(
        self, level_dbfs: float, playing_dbfs: float, coupling_db: float | None
    ) -> float | None:
        """Take in one hop.

        Args:
            coupling_db: level in the microphone minus level played; None while it is not known.

        Returns:
            The noise's level in dBFS; None where it cannot be told from the guide's echo.
        """
        self._levels.append(level_dbfs)
        self._played.append(playing_dbfs)
        if coupling_db is not None:
            # In the end the gate takes steady noise for echo, so the smallest coupling counts.
            known = self._coupling_db
            self._coupling_db = coupling_db if known is None else min(coupling_db, known)
        if len(self._levels) < (self._levels.maxlen or 0):
            return None
        above = min(self._levels) - max(self._played)
        known = self._coupling_db
        least = MOST_COUPLING_DB if known is None else known + ECHO_MARGIN_DB
        return min(self._levels) if above > min(least, MOST_COUPLING_DB) else None
