"""Finds out from the sound alone how late the guide's own sound comes back.

Speaker and microphone may be two devices. Their clocks drift apart, their buffers hold anything
from 10 to 300 ms, and a busy system resets them now and then. Twice in each second of the guide's
sound, the latest stretch of the microphone is compared with what was played (generalised
cross-correlation with phase transform; C. Knapp and G. Carter, IEEE ASSP 24, 1976). The slope of a
line through the newest delays is the drift; a delay far off the line that is found twice is a jump.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voiceguide.sound.clip import Samples
from voiceguide.sound.transform import fast_length

STRETCH_SECONDS = 1.5
"""How much of the microphone's sound is compared at a time."""
LATEST_SECONDS = 0.65
EARLIEST_SECONDS = -0.35
"""The shortest delay that is looked for. The microphone's time is counted in its own samples, so it
may be 0.3 s off the timeline before it is set anew: an echo may then seem to come too early."""
LOWEST_HZ, HIGHEST_HZ = 200.0, 5000.0
CLEAR = 7.0
"""A delay is believed where its peak is so many times the root mean square of everything else. The
greatest of 16,000 values of pure noise is about 4.3 times that."""
NEAR_SAMPLES = 4.0
"""A delay this close to the expected one confirms it."""
SAME_SAMPLES = 12.0
"""Two delays in a row this close to each other are a new delay."""
MOST_DRIFT = 4e-4
"""In samples a sample; twice the drift of two poor sound cards."""
NOISE_SAMPLES = 0.2
"""The usual error of one comparison."""
LEAST_DOUBT = 2e-5
"""The doubt in a drift that is carried over a jump: another device may have caused the jump."""
KEPT = 36
"""How many comparisons the line goes through: at least 15 s of the guide's sound."""


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a comparison."""

    jumped: bool
    """Whether the delay is a new one, so that what was learnt at the old one must be moved."""


class Aligner:
    """Follows the delay of an echo. Pure; all positions are samples of the microphone."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate = sample_rate_hz
        self._points: deque[tuple[int, float]] = deque(maxlen=KEPT)
        self._candidate: float | None = None
        self._origin = 0
        self._delay: float | None = None
        self._drift, self._doubt = 0.0, MOST_DRIFT / 2
        """These two are the drift in samples a sample, and the error it may have."""
        self._prior, self._prior_doubt = self._drift, self._doubt
        """The same, as it was known before the first of the points."""

    @property
    def drift_ppm(self) -> float:
        """How much slower than the microphone's the speaker's clock seems to run, in millionths."""
        return self._drift * 1e6

    def delay(self, position: int) -> float | None:
        """The delay at a position in samples, with fractions; None before it is known."""
        if self._delay is None:
            return None
        return self._delay + self._drift * (position - self._origin)

    def compare(self, recorded: Samples, played: Samples, position: int) -> Found | None:
        """Compare a stretch of the microphone, which ends at ``position``, with what was played.

        Args:
            played: begins ``LATEST_SECONDS`` before the stretch, and ends ``-EARLIEST_SECONDS``
                after it.

        Returns:
            None where the comparison shows nothing.
        """
        measured = self._measure(recorded, self._at_their_clock(played, position))
        if measured is None:
            return None
        # The delay is measured in the middle of the stretch.
        middle = position - len(recorded) // 2
        expected = self.delay(middle)
        if expected is not None:
            gap = middle - (self._points[-1][0] if self._points else middle)
            if abs(measured - expected) <= NEAR_SAMPLES + self._doubt * gap:
                self._candidate = None
                self._points.append((middle, measured))
                self._draw()
                return Found(jumped=False)
        before, self._candidate = self._candidate, measured
        if before is None or abs(measured - before) > SAME_SAMPLES:
            return None
        self._candidate = None
        self._points.clear()
        self._prior, self._prior_doubt = self._drift, max(self._doubt, LEAST_DOUBT)
        self._points.append((middle, measured))
        self._draw()
        return Found(jumped=True)

    def _at_their_clock(self, played: Samples, position: int) -> Samples:
        """What was played, at the speed of the speaker's clock: a delay that changes within the
        stretch makes a flat peak.
        """
        delay = self.delay(position)
        if delay is None or abs(self._drift) * STRETCH_SECONDS * self._rate < 0.1:
            return played
        places = np.arange(len(played), dtype=np.float64)
        still = (LATEST_SECONDS + STRETCH_SECONDS / 2) * self._rate - delay
        return np.interp(places - self._drift * (places - still), places, played).astype(np.float32)

    def _measure(self, recorded: Samples, played: Samples) -> float | None:
        # Where the stretch lies wholly within what was played nothing wraps around.
        size = fast_length(len(played))
        cross = np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(played, size))
        low, high = (round(hz / self._rate * size) for hz in (LOWEST_HZ, HIGHEST_HZ))
        cross[:low] = 0.0
        cross[high:] = 0.0
        around: NDArray[np.float64] = np.fft.irfft(cross / (np.abs(cross) + 1e-12), size)
        lags = len(played) - len(recorded) + 1
        # ``played`` begins earlier: an echo without delay lies LATEST_SECONDS into it.
        values = np.abs(np.concatenate((around[-lags + 1 :], around[:1])))
        best = int(values.argmax())
        if not values[best] > CLEAR * float(np.sqrt(np.mean(values**2))):
            return None
        shift = 0.0
        if 0 < best < lags - 1:
            left, here, right = values[best - 1 : best + 2]
            shift = 0.5 * (left - right) / (left - 2 * here + right)
        return self._rate * LATEST_SECONDS - (lags - 1 - best - shift)

    def _draw(self) -> None:
        """Draw a line through the points; its drift is believed as far as they show one."""
        at = np.array([point[0] for point in self._points], np.float64)
        delays = np.array([point[1] for point in self._points])
        centre = at.mean()
        spread = float(((at - centre) ** 2).sum())
        prior = (NOISE_SAMPLES / self._prior_doubt) ** 2
        slope = float(((at - centre) * delays).sum()) + prior * self._prior
        self._drift = float(np.clip(slope / (spread + prior), -MOST_DRIFT, MOST_DRIFT))
        self._doubt = NOISE_SAMPLES / float(np.sqrt(spread + prior))
        self._origin, self._delay = round(centre), float(delays.mean())
