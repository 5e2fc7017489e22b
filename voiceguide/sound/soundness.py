"""Tells whether a microphone gives sound at all, and what is missing of it."""

import math

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.rates import BLOCK_SAMPLES
from voiceguide.sound.level import INT16_FULL_SCALE

DEAD_SECONDS = 8.0
"""A microphone that gives nothing for this long is muted or unplugged."""
OPEN_SECONDS = 10.0
"""A microphone that gave sound for this long without a break has no noise gate: a gate closes
whenever nobody speaks."""
GATE_SECONDS = 60.0
"""A microphone that gave sound, but never for that long, may be silent for this long."""
STEADY = 2
"""In a block that holds nothing, the greatest sample is at most so many 16-bit steps above the
least."""
STEADY_SHARE = 0.9
"""Where this share of a recording holds nothing, the rest is a click and no sound."""
CLICKS_SHARE = 0.001
GATED_SHARE = 0.1
"""Where more than this share of the blocks hold nothing, with sound before and after, the
microphone has a gate, and a long silence means nothing."""
FULL = 0.98 * INT16_FULL_SCALE
CLIPPED_SHARE = 0.01
FAINT = 0.0015 * INT16_FULL_SCALE
"""A microphone that works hears more than this somewhere in a sentence from the loudspeaker."""
EDGE_DB = 15.0
"""Sound ends at 4 kHz where it falls there by so much more than what was played does."""
_FRAME = 1024


class Liveness:
    """Notices when a microphone gives nothing."""

    def __init__(self) -> None:
        self._dead_seconds = 0.0
        self._unbroken_seconds = 0.0
        self._longest_seconds = 0.0
        self._blocks = 0
        self._empty = 0
        self.is_dead = False
        """Whether the microphone gives nothing."""

    def take(self, block: NDArray[np.int16], seconds: float) -> bool:
        """Take in a block of so many seconds, and tell whether ``is_dead`` changed."""
        before = self.is_dead
        if not len(block) or int(block.max()) - int(block.min()) > STEADY:
            self._blocks += 1
            # Only silence between two sounds tells of a gate.
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
        """How long the microphone may give nothing, judged by what it has given."""
        if self._empty > GATED_SHARE * self._blocks:
            return math.inf
        may_have_a_gate = 0 < self._longest_seconds < OPEN_SECONDS
        return GATE_SECONDS if may_have_a_gate else DEAD_SECONDS


def what_is_wrong(recorded: NDArray[np.int16]) -> tuple[str, str] | None:
    """Why a recording of the loudspeaker is no sound, and what to do; None where it is sound."""
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
    """The share of blocks that hold nothing; 1 where there are none."""
    if len(samples) < BLOCK_SAMPLES:
        return float(not len(samples) or int(samples.max()) - int(samples.min()) <= STEADY)
    blocks = samples[: len(samples) // BLOCK_SAMPLES * BLOCK_SAMPLES].reshape(-1, BLOCK_SAMPLES)
    return float(np.mean(blocks.max(axis=1) - blocks.min(axis=1) <= STEADY))


def ends_at_4_khz(recorded: NDArray[np.int16], played: NDArray[np.float32], rate_hz: int) -> bool:
    """Whether the sound ends at 4 kHz, as it does on a telephone or with Bluetooth hands-free.

    Args:
        recorded: a recording of what was played, shape (n,).
        played: shape (m,).
        rate_hz: the rate of both, at least 11,000.
    """
    if min(len(recorded), len(played)) < _FRAME:
        return False
    return _edge_db(recorded, rate_hz) - _edge_db(played, rate_hz) > EDGE_DB


def _edge_db(samples: NDArray[np.int16] | NDArray[np.float32], rate_hz: int) -> float:
    """How many dB stronger the loud parts are just below 4 kHz than just above."""
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
