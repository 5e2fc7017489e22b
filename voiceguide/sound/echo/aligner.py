"""How late the guide's own sound comes back, from the sound alone.

Speaker and microphone may be two devices: their clocks run apart, their buffers are anything
between 10 and 300 ms, and a busy system sets them anew now and then. Twice a second of the guide's
sound the latest stretch of the microphone is compared with what was played (generalised
cross-correlation with phase transform; C. Knapp and G. Carter, IEEE ASSP 24, 1976). A line through
the newest delays is the drift; a delay far off the line that is found again is a jump.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voiceguide.sound.clip import Samples

STRETCH_SECONDS = 1.5
"""Of the microphone, for one comparison."""
LATEST_SECONDS = 0.65
EARLIEST_SECONDS = -0.35
"""Delays that are looked for. The microphone's time is counted in its own samples, so it may be
0.3 s off the timeline before it is set anew: an echo may then seem to come before its sound."""
LOWEST_HZ, HIGHEST_HZ = 200.0, 5000.0
CLEAR = 7.0
"""The peak over the root mean square of everything else, from which it is believed. Of 16,000
values of pure noise the greatest is about 4.3."""
NEAR_SAMPLES = 4.0
"""A delay this near to the expected one confirms it."""
SAME_SAMPLES = 12.0
"""Two delays in a row this near to one another are a new one."""
MOST_DRIFT = 4e-4
"""Samples a sample; twice the drift of two poor sound cards."""
NOISE_SAMPLES = 0.2
"""About the error of one comparison."""
LEAST_DOUBT = 2e-5
"""Of a drift that is carried over a jump: it may have been another device."""
KEPT = 36
"""Comparisons that the line is drawn through: 15 s of the guide's sound or more."""


@dataclass(frozen=True, slots=True)
class Found:
    """One comparison's result."""

    jumped: bool
    """The delay is a new one; what was learnt at the old one must be moved."""


class Aligner:
    """Follows the delay of an echo; pure, all positions are samples of the microphone."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate = sample_rate_hz
        self._points: deque[tuple[int, float]] = deque(maxlen=KEPT)
        self._candidate: float | None = None
        self._origin = 0
        self._delay: float | None = None
        self._drift, self._doubt = 0.0, MOST_DRIFT / 2
        """Samples a sample, and the error it may have."""
        self._prior, self._prior_doubt = self._drift, self._doubt
        """The same, as known before the first of the points."""

    @property
    def drift_ppm(self) -> float:
        """How much slower the speaker's clock seems to run, in millionths."""
        return self._drift * 1e6

    def delay(self, position: int) -> float | None:
        """The delay at a position, in samples and their parts; None before one is known."""
        if self._delay is None:
            return None
        return self._delay + self._drift * (position - self._origin)

    def compare(self, recorded: Samples, played: Samples, position: int) -> Found | None:
        """Take in a stretch of the microphone that ends at ``position``.

        ``played`` begins ``LATEST_SECONDS`` before the stretch and ends ``-EARLIEST_SECONDS``
        after it. None when nothing can be said of it.
        """
        measured = self._measure(recorded, self._at_their_clock(played, position))
        if measured is None:
            return None
        # What is measured is the delay in the middle of the stretch.
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
        """As fast as the speaker plays it; a peak that runs away within the stretch is flat."""
        delay = self.delay(position)
        if delay is None or abs(self._drift) * STRETCH_SECONDS * self._rate < 0.1:
            return played
        places = np.arange(len(played), dtype=np.float64)
        still = (LATEST_SECONDS + STRETCH_SECONDS / 2) * self._rate - delay
        return np.interp(places - self._drift * (places - still), places, played).astype(np.float32)

    def _measure(self, recorded: Samples, played: Samples) -> float | None:
        size = 1 << (len(played) + len(recorded) - 1).bit_length()
        cross = np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(played, size))
        low, high = (round(hz / self._rate * size) for hz in (LOWEST_HZ, HIGHEST_HZ))
        cross[:low] = 0.0
        cross[high:] = 0.0
        around: NDArray[np.float64] = np.fft.irfft(cross / (np.abs(cross) + 1e-12), size)
        lags = len(played) - len(recorded) + 1
        # ``played`` begins sooner: an echo without delay lies LATEST_SECONDS into it.
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
        """A line through the points; a drift is believed as far as they show one."""
        at = np.array([point[0] for point in self._points], np.float64)
        delays = np.array([point[1] for point in self._points])
        centre = at.mean()
        spread = float(((at - centre) ** 2).sum())
        prior = (NOISE_SAMPLES / self._prior_doubt) ** 2
        slope = float(((at - centre) * delays).sum()) + prior * self._prior
        self._drift = float(np.clip(slope / (spread + prior), -MOST_DRIFT, MOST_DRIFT))
        self._doubt = NOISE_SAMPLES / float(np.sqrt(spread + prior))
        self._origin, self._delay = round(centre), float(delays.mean())
