"""Finds onsets in a recording, and where they were in the stream, by a soft noise behind them.

The noise is a known loop. The stretch after an onset in the recording is looked for in this loop,
which tells at which sample of the stream the onset was. So the recording alone shows what the clock
did (the times in the stream) and what the device did: silence where a block came too late, and
sound that the recorder lost.
"""

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

PILOT_SECONDS = 5.0
"""Length of the loop; a gap of half of it or more could be taken for a loss, and the reverse."""
PILOT_TOP_HZ = 6_000.0
THRESHOLD = 0.1
"""A level that the click of a stroke exceeds, and the noise does not."""
DEAD_SECONDS = 0.1
"""The shortest time between two onsets."""
WINDOW_SECONDS = (0.004, 0.104)
"""The stretch after an onset and its click in which the noise is looked for."""
SURE = 0.95
"""The least correlation with the loop at which a place counts: the stretch then has no gap."""
PLACED_SHARE = 0.8
"""The share of onsets that must have a place in the loop; a gap just after an onset hides it."""
GAP_SECONDS = 0.0005
"""A shorter gap is only rounding between two sample rates."""
STREAM_MS = 2.0
"""How large the stream's own jitter may seem if gaps closely follow many onsets."""
AIM_MS = 5.0
"""The aim for the jitter (99th percentile), and for the drift in ten minutes."""

Sound = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Steadiness:
    """What a recording tells about the clock; times in milliseconds."""

    strokes: int
    found: int
    placed: int
    """How many onsets were found with their place in the stream."""
    length_s: float
    stream_jitter_p99_ms: float
    """Jitter of the onsets in the stream, before any device."""
    stream_jitter_max_ms: float
    """The largest; some milliseconds if a gap just after an onset was too short to be noticed."""
    stream_drift_ms: float
    jitter_median_ms: float
    """Jitter as recorded, with the gaps: the distance from the best-fitting even grid."""
    jitter_p99_ms: float
    jitter_max_ms: float
    drift_ms: float
    gaps: int
    """How often silence was inserted, or sound is missing, between two onsets."""
    put_in_ms: float
    """How much silence was inserted because the device had nothing to play."""
    missing_ms: float
    """How much sound was played but is not in the recording."""
    jitter_p99_without_gaps_ms: float
    drift_without_gaps_ms: float

    @property
    def is_clock_steady(self) -> bool:
        """Whether the clock itself was steady, whatever the device did."""
        return (
            self.placed >= PLACED_SHARE * self.found
            and self.stream_jitter_p99_ms <= STREAM_MS
            and self.jitter_p99_without_gaps_ms <= AIM_MS
            and abs(self.drift_without_gaps_ms) <= AIM_MS
        )

    @property
    def is_heard_steady(self) -> bool:
        """Whether the recorded sound reaches the aim, gaps included."""
        whole = self.found == self.strokes
        return whole and self.jitter_p99_ms <= AIM_MS and abs(self.drift_ms) <= AIM_MS

    def figures(self) -> dict[str, float]:
        """Names and figures, rounded."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def pilot(rate_hz: int) -> Sound:
    """The noise as a loop: mono, RMS 1; the same sound at every rate."""
    count = round(PILOT_SECONDS * rate_hz)
    lines = round(PILOT_TOP_HZ * PILOT_SECONDS)
    random = np.random.default_rng(4)
    spectrum = np.zeros(count // 2 + 1, complex)
    turns = random.random(lines)
    spectrum[1 : lines + 1] = np.exp(2j * np.pi * turns)
    noise = np.fft.irfft(spectrum, count)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)))


def find_onsets(sound: Sound, rate_hz: int) -> NDArray[np.int64]:
    """The samples at which clicks begin."""
    over = np.flatnonzero(np.abs(sound) > THRESHOLD)
    if not len(over):
        return over
    new = np.concatenate([[True], np.diff(over) > DEAD_SECONDS * rate_hz])
    return over[new]


def places(sound: Sound, onsets: NDArray[np.int64], rate_hz: int) -> Sound:
    """Where in the loop each onset was played, in samples; NaN if that is unknown."""
    loop = pilot(rate_hz)
    known = np.conj(np.fft.rfft(loop))
    first, last = (round(seconds * rate_hz) for seconds in WINDOW_SECONDS)
    found = np.full(len(onsets), np.nan)
    for index, onset in enumerate(onsets):
        part = sound[onset + first : onset + last]
        if len(part) < last - first:
            continue
        spectrum = np.fft.rfft(part, len(loop))
        match = np.fft.irfft(np.conj(spectrum * known), len(loop))
        at = int(match.argmax())
        expected = np.take(loop, np.arange(at, at + len(part)), mode="wrap")
        energy = np.sqrt(np.sum(part**2) * np.sum(expected**2))
        if energy > 0 and match[at] / energy >= SURE:
            found[index] = (at - first) % len(loop)
    return found


def measure(sound: Sound, rate_hz: int, count: int, period_seconds: float) -> Steadiness | None:
    """How steady the strokes in a recording are; None if there are too few of them."""
    onsets = find_onsets(sound, rate_hz)
    phases = places(sound, onsets, rate_hz)
    sure = np.flatnonzero(~np.isnan(phases))
    if len(onsets) < 3 or len(sure) < 3:
        return None
    loop = PILOT_SECONDS * rate_hz
    at, phase = onsets[sure].astype(float), phases[sure]
    # Equal in stream and recording, unless silence was inserted or sound is missing in between.
    apart = np.diff(at)
    shift = (np.diff(phase) - apart + loop / 2) % loop - loop / 2
    streamed = np.concatenate([[0.0], np.cumsum(apart + shift)]) / rate_hz
    numbers = np.round(streamed / period_seconds)
    recorded = at / rate_hz
    gaps = -shift / rate_hz
    gaps[np.abs(gaps) < GAP_SECONDS] = 0.0
    clear = recorded - np.concatenate([[0.0], np.cumsum(gaps)])
    off, stream_off = _off_grid(numbers, recorded), _off_grid(numbers, streamed)
    steps = numbers[-1] - numbers[0]
    in_stream = streamed - numbers * period_seconds
    return Steadiness(
        strokes=count,
        found=len(onsets),
        placed=len(sure),
        length_s=float(recorded[-1] - recorded[0]),
        stream_jitter_p99_ms=float(1000 * np.percentile(stream_off, 99)),
        stream_jitter_max_ms=float(1000 * stream_off.max()),
        stream_drift_ms=float(1000 * in_stream[-1]),
        jitter_median_ms=float(1000 * np.median(off)),
        jitter_p99_ms=float(1000 * np.percentile(off, 99)),
        jitter_max_ms=float(1000 * off.max()),
        drift_ms=float(1000 * (recorded[-1] - recorded[0] - steps * period_seconds)),
        gaps=int(np.count_nonzero(gaps)),
        put_in_ms=float(1000 * gaps[gaps > 0].sum()),
        missing_ms=float(1000 * -gaps[gaps < 0].sum()) or 0.0,
        jitter_p99_without_gaps_ms=float(1000 * np.percentile(_off_grid(numbers, clear), 99)),
        drift_without_gaps_ms=float(1000 * (clear[-1] - clear[0] - steps * period_seconds)),
    )


def _off_grid(numbers: Sound, times: Sound) -> Sound:
    fitted = np.polyval(np.polyfit(numbers, times, 1), numbers)
    return np.abs(times - fitted)
