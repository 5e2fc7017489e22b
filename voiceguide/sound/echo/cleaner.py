"""Takes the guide's own voice out of the microphone's blocks, however late it comes back.

The aligner finds the delay, and the canceller is given what was played at exactly that delay. The
live guide and the simulated room both use it.
"""

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from voiceguide.sound.echo.aligner import EARLIEST_SECONDS, LATEST_SECONDS, STRETCH_SECONDS, Aligner
from voiceguide.sound.echo.canceller import EchoCanceller
from voiceguide.sound.echo.port import INT16_FULL_SCALE, Canceller
from voiceguide.sound.echo.reference import played
from voiceguide.sound.echo.trust import Trust
from voiceguide.sound.level import dbfs
from voiceguide.sound.mixer import Mixer
from voiceguide.sound.sample_ring import SampleHistory

LEAD_SAMPLES = 64
"""The canceller is given what was played this much (4 ms) before it comes back: the delay is that
of the strongest sound, and some of the sound comes before it."""
START_SECONDS = 0.03
"""The delay that is assumed before one is known, unless that is more than has been rendered: the
microphone's time may run ahead, and no echo comes before the sound."""
EVERY_BLOCKS = 8
"""How often the delay is looked for: every 0.4 s."""
QUIET_DBFS = -60.0
"""Sound that is softer than this, as a mean, shows no delay."""
GOOD_BACK = 5
"""After a jump the canceller goes back to what it knew so many comparisons ago: what it has learnt
since is wrong."""

LOWEST_DBFS = -95.0

Block = NDArray[np.int16]


class Front:
    """Cleans the microphone's blocks. Deterministic.

    Args:
        mixer: knows what was played when.
        block_samples: the length of every block.
        sample_rate_hz: the rate of the microphone.
        canceller: takes the echo out; None for voiceguide's own.
    """

    def __init__(
        self,
        mixer: Mixer,
        block_samples: int,
        sample_rate_hz: int,
        canceller: Canceller | None = None,
    ) -> None:
        self._mixer = mixer
        self._block = block_samples
        self._rate = sample_rate_hz
        self._stretch = round(STRETCH_SECONDS * sample_rate_hz)
        self._recorded = SampleHistory(self._stretch)
        self._canceller = canceller or EchoCanceller(block_samples)
        self._aligner = Aligner(sample_rate_hz)
        self._trust = Trust()
        self._good = deque([self._canceller.learnt()], maxlen=GOOD_BACK)
        self.cleared_db = 0.0
        """By how many dB the last block was lowered."""
        self._position = 0
        self._waited = -(self._stretch // block_samples)
        """How many blocks ago the delay was last looked for; below 0 until there is a whole
        stretch."""

    @property
    def delay_seconds(self) -> float | None:
        """How late what is played comes back; None before it is known."""
        delay = self._aligner.delay(self._position)
        return None if delay is None else delay / self._rate

    @property
    def drift_ppm(self) -> float:
        """How much slower the speaker's clock seems to run than the microphone's."""
        return self._aligner.drift_ppm

    @property
    def trusted(self) -> bool:
        """Whether the echo is known well enough to tell a person from it."""
        return self._trust.good(self.delay_seconds is not None)

    @property
    def lower_db(self) -> float:
        """By how many dB the echo is lowered, as far as that shows."""
        return self._trust.lower_db

    def clean(self, recorded: Block, end_seconds: float) -> Block:
        """The block without the guide's own voice.

        Args:
            end_seconds: when it ends on the output timeline. It may be wrong, as long as it is
                wrong by the same amount in the next block.
        """
        self._position += self._block
        self._recorded.add((recorded / INT16_FULL_SCALE).astype(np.float32))
        self._waited += 1
        if self._waited >= EVERY_BLOCKS:
            self._look(end_seconds)
        sound = self._played(end_seconds, self._block)
        learns = self._mixer.taught(*self._back(end_seconds))
        cleaned = self._canceller.cancel(recorded, sound, learns=learns)
        self._trust.take(self._canceller.measure)
        untouched = cleaned is recorded
        self.cleared_db = 0.0 if untouched else max(0.0, _db(recorded) - _db(cleaned))
        return cleaned

    def forget(self) -> None:
        """Compare nothing over a gap: sound is missing before the next block."""
        self._recorded = SampleHistory(self._stretch)
        self._position += self._stretch
        self._waited = -(self._stretch // self._block)

    def _back(self, end_seconds: float) -> tuple[int, int]:
        """The first and the last played sample that can come back in this block."""
        end = end_seconds - self._lag(end_seconds) / self._rate
        first = end - (self._block + self._canceller.span) / self._rate
        rate = self._mixer.sample_rate_hz
        return max(0, round(first * rate)), max(0, round(end * rate))

    def _look(self, end_seconds: float) -> None:
        """Look for the delay, and move the canceller where it has changed."""
        self._waited = 0
        if self._mixer.playing_db(*self._back(end_seconds)) == -math.inf:
            return  # Only a background sounds: a chord looks the same a little later.
        until = end_seconds - EARLIEST_SECONDS
        span = STRETCH_SECONDS + LATEST_SECONDS - EARLIEST_SECONDS
        sound = played(self._mixer, until, round(span * self._rate), self._rate)
        if not np.mean(sound**2) > 10 ** (QUIET_DBFS / 10):
            return
        stretch = self._recorded.read(self._position - self._stretch, self._position)
        before, known = self._lag(end_seconds), self.delay_seconds is not None
        found = self._aligner.compare(stretch, sound, self._position)
        if found is None:
            return
        if not found.jumped:
            self._good.append(self._canceller.learnt())
            return
        if known:
            self._canceller.relearn(self._good[0])
        moved = 0 if known else round(self._lag(end_seconds) - before)
        before_this = end_seconds - self._block / self._rate
        self._canceller.realign(self._played(before_this, self._canceller.span), moved)

    def _lag(self, end_seconds: float) -> float:
        """By how many samples what was played is delayed for the canceller, in sound that ends
        then."""
        delay = self._aligner.delay(self._position)
        if delay is not None:
            return delay - LEAD_SAMPLES
        ahead = end_seconds - self._mixer.position / self._mixer.sample_rate_hz
        return max(START_SECONDS, ahead) * self._rate

    def _played(self, end_seconds: float, count: int) -> NDArray[np.float32]:
        end = end_seconds - self._lag(end_seconds) / self._rate
        return played(self._mixer, end, count, self._rate)


def _db(block: Block) -> float:
    """The level of a block in dBFS, at least that of half a step."""
    return max(LOWEST_DBFS, dbfs(block))
