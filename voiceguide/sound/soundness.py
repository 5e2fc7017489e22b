"""Whether what a microphone gives can be sound at all, and how much of it is missing."""

import math

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.rates import BLOCK_SAMPLES
from voiceguide.sound.level import INT16_FULL_SCALE

DEAD_SECONDS = 8.0
"""A microphone that gives nothing for this long is muted, or not plugged in."""
OPEN_SECONDS = 10.0
"""One that has given sound for this long without a break has no gate: a gate closes whenever nobody
speaks, so what it lets through is broken."""
GATE_SECONDS = 60.0
"""One that has given sound, but never for that long, may be silent for as long as this."""
STEADY = 2
"""Steps of 16 bits between the least and the greatest sample of a block that holds nothing."""
STEADY_SHARE = 0.9
"""Where this much of a recording holds nothing, a jump at its beginning or a click is no sound."""
CLICKS_SHARE = 0.001
GATED_SHARE = 0.1
"""Where more of the blocks hold nothing between others, something gates the microphone, and a
long silence means nothing."""
FULL = 0.98 * INT16_FULL_SCALE
CLIPPED_SHARE = 0.01
FAINT = 0.0015 * INT16_FULL_SCALE
"""A microphone that is on hears more than this somewhere in a sentence from the loudspeaker."""
EDGE_DB = 15.0
"""From just below 4 kHz to just above it sound falls by so much more than what was played, where it
ends there."""
_FRAME = 1024


class Liveness:
    """Notices a microphone that gives nothing, block by block."""

    def __init__(self) -> None:
        self._dead_seconds = 0.0
        self._unbroken_seconds = 0.0
        self._longest_seconds = 0.0
        self._blocks = 0
        self._empty = 0
        self.is_dead = False
        """Whether it gives nothing."""

    def take(self, block: NDArray[np.int16], seconds: float) -> bool:
        """Take in a block that lasts so long; whether ``is_dead`` has changed."""
        before = self.is_dead
        if not len(block) or int(block.max()) - int(block.min()) > STEADY:
            self._blocks += 1
            # Only what lay between two sounds tells of a gate.
            self._empty += round(self._dead_seconds / seconds) if self._blocks > 1 else 0
            self._dead_seconds = 0.0
            self._unbroken_seconds += seconds
            self._longest_seconds = max(self._longest_seconds, self._unbroken_seconds)
            self.is_dead = False
        else:
            self._dead_seconds += seconds
            self._unbroken_seconds = 0.0
            self.is_dead = self._dead_seconds >= self._patience_seconds
        return self.is_dead != before

    @property
    def _patience_seconds(self) -> float:
        """How long it may give nothing, from what it has given so far."""
        if self._empty > GATED_SHARE * self._blocks:
            return math.inf
        may_have_a_gate = 0 < self._longest_seconds < OPEN_SECONDS
        return GATE_SECONDS if may_have_a_gate else DEAD_SECONDS


def what_is_wrong(recorded: NDArray[np.int16]) -> tuple[str, str] | None:
    """Why a recording of the loudspeaker cannot be sound, and what to do; None where it can."""
    whole = recorded.astype(np.int32)
    middle = float(np.median(whole)) if len(whole) else 0.0
    is_steady = _share_of_steady_blocks(whole) > STEADY_SHARE
    if is_steady and abs(middle) <= STEADY:
        return (
            "the microphone gives digital silence",
            "unmute it, or allow this terminal to use it",
        )
    if is_steady:
        return (
            "the microphone is stuck at one value",
            "unplug it and plug it in again; if it stays so, it is broken: use another",
        )
    if np.mean(np.abs(whole) >= FULL) > CLIPPED_SHARE:
        return (
            "the microphone is overdriven: much of the sound is at the end of its range",
            "turn its level down in the system's sound settings, or plug it into a microphone "
            "input instead of a line input",
        )
    if np.quantile(np.abs(whole - middle), 1 - CLICKS_SHARE) < FAINT:
        return (
            "the microphone gives almost nothing, as if it were muted at its plug",
            "push its switch or plug, and turn its level up in the system's sound settings",
        )
    return None


def _share_of_steady_blocks(samples: NDArray[np.int32]) -> float:
    """How much of it holds nothing; 1 for nothing at all."""
    if len(samples) < BLOCK_SAMPLES:
        return float(not len(samples) or int(samples.max()) - int(samples.min()) <= STEADY)
    blocks = samples[: len(samples) // BLOCK_SAMPLES * BLOCK_SAMPLES].reshape(-1, BLOCK_SAMPLES)
    return float(np.mean(blocks.max(axis=1) - blocks.min(axis=1) <= STEADY))


def ends_at_4_khz(recorded: NDArray[np.int16], played: NDArray[np.float32], rate_hz: int) -> bool:
    """Whether the sound ends at 4 kHz, as that of a telephone or of Bluetooth hands-free does.

    Args:
        recorded: shape (n,).
        played: what it is a recording of, shape (m,).
        rate_hz: of both; at least 11,000.
    """
    if min(len(recorded), len(played)) < _FRAME:
        return False
    return _edge_db(recorded, rate_hz) - _edge_db(played, rate_hz) > EDGE_DB


def _edge_db(samples: NDArray[np.int16] | NDArray[np.float32], rate_hz: int) -> float:
    """By how much it is stronger just below 4 kHz than just above, where it is loud."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME).astype(np.float64)
    frames = frames - frames.mean(axis=1, keepdims=True)
    energy = np.square(frames).mean(axis=1)
    loud = frames[energy >= np.quantile(energy, 0.7)]
    power = np.square(np.abs(np.fft.rfft(loud * np.hanning(_FRAME)))).mean(axis=0)
    power += 1e-9 * power.max() + 1e-30
    hertz = np.fft.rfftfreq(_FRAME, 1 / rate_hz)

    def level(low: float, high: float) -> float:
        return float(10 * np.log10(power[(hertz >= low) & (hertz < high)].mean()))

    return level(2800, 3600) - level(4400, 5200)
