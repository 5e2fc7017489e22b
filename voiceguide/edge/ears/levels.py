"""How loud each hop of sound is beside the noise of the room and the guide's own echo."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.decision.audibility import Audibility, NoiseUnderSound
from voiceguide.core.decision.guide_sound import Sounding
from voiceguide.core.decision.heard import Reading
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ, HOP_SECONDS
from voiceguide.sound.echo.gate import EchoGate
from voiceguide.sound.noise import NoiseMeter
from voiceguide.sound.tap import TapWatch

CLEARLY_DB = 12.0
"""Somebody speaks over the guide where they are louder by this than what is left of its echo, …"""
MOST_CLEARED_DB = 20.0
"""… and where no more than this was taken out of the block as echo: what a loudspeaker distorts
stays in it, and is softer still."""
CLEAR_HOPS, AMONG_HOPS = 3, 5
"""So many hops of the last ones must be clearly louder: fewer may be a drop of water."""


class Levels:
    """Measures the microphone's blocks; all time is counted in their samples."""

    def __init__(self) -> None:
        self._meter = NoiseMeter(EAR_RATE_HZ)
        self._gate = EchoGate(HOP_SECONDS)
        self._clear: deque[bool] = deque(maxlen=AMONG_HOPS)
        """Which of the last hops were clearly louder than the guide."""
        self._under = NoiseUnderSound(HOP_SECONDS)
        self._tap = TapWatch(BLOCK_SAMPLES / EAR_RATE_HZ)
        self.audibility = Audibility()
        """Whether the person can be heard in this noise."""

    @property
    def guide_sounds(self) -> bool:
        """Whether the guide itself can be heard in the last block."""
        return self._gate.guide_sounds

    @property
    def spoken_over(self) -> bool:
        """Whether somebody speaks over the guide at the end of the last block."""
        return sum(self._clear) >= CLEAR_HOPS

    @property
    def taps_closed(self) -> int:
        """How often running water was heard to begin and then to be gone for some seconds."""
        return self._tap.times_closed

    def take(
        self, block: NDArray[np.int16], now_seconds: float, guide: Sounding, *, asleep: bool
    ) -> tuple[tuple[Reading, ...], tuple[float, ...]]:
        """Measure a block.

        Args:
            block: 16 kHz, shape (`BLOCK_SAMPLES`,), without the guide's echo as far as it is known.
            now_seconds: its end.
            guide: what the guide played meanwhile.
            asleep: whether the guide sleeps; no tap is waited for then.

        Returns:
            The readings of the hops that end in it; and by how many dB each of those stands over
            the guide's echo that belongs to somebody speaking over it.
        """
        readings, above_db = self._measure(block, guide)
        if readings and not (asleep or self.guide_sounds):
            self._tap.take(self._meter.bands_db)
        noise_dbfs = self._noise_dbfs(readings, guide)
        if noise_dbfs is not None:
            self.audibility.observe(noise_dbfs, now_seconds)
        return readings, above_db

    def _measure(
        self, block: NDArray[np.int16], guide: Sounding
    ) -> tuple[tuple[Reading, ...], tuple[float, ...]]:
        readings = self._meter.read(block.astype(np.float32) / np.float32(32768))
        told: list[Reading] = []
        above_db: list[float] = []
        for one in readings:
            level, floor = one.level_dbfs, one.floor_dbfs
            louder = self._gate.louder(level, guide.level_dbfs, floor, guide.softened_db)
            clear = one.active and self._gate.above_db >= CLEARLY_DB
            self._clear.append(clear and guide.cleared_db <= MOST_CLEARED_DB)
            told.append(one if louder else Reading(level, floor, False))
            if louder and one.active and self._gate.guide_sounds:
                above_db.append(self._gate.above_db)
        return tuple(told), tuple(above_db)

    def _noise_dbfs(self, readings: tuple[Reading, ...], guide: Sounding) -> float | None:
        """The noise's level; None where what is left of the guide's own voice hides it."""
        if not readings:
            return None
        if not self._gate.guide_sounds:
            return readings[-1].floor_dbfs
        found: float | None = None
        for one in readings:
            # Where the gate knew nothing before, it has learned the noise for an echo.
            coupling = self._gate.coupling_db
            known = coupling if coupling is not None and coupling < 0 else None
            found = self._under.take(one.level_dbfs, guide.level_dbfs, known)
        return found
