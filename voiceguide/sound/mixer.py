"""Clips at exact sample positions, mixed into one endless output timeline."""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.core.rates import HOP_SECONDS
from voiceguide.sound.background import Background
from voiceguide.sound.clip import Samples
from voiceguide.sound.ducking import Duck
from voiceguide.sound.level import LevelHistory
from voiceguide.sound.sample_ring import SampleHistory
from voiceguide.sound.spoken import SpokenWords
from voiceguide.sound.stretches import Stretches

LIMIT_KNEE = 0.8
"""Below this magnitude samples pass untouched; above it they bend towards full scale.

0.8 is −1.9 dBFS: one clip alone (cues and speech peak below −3 dBFS) is never touched.
"""

GAIN_RAMP_SECONDS = 0.03
"""A change of the gain takes this long: quick to the ear, too slow to click."""

LEVEL_MEMORY_SECONDS = 10.0
SAMPLE_MEMORY_SECONDS = 4.0
"""Longer than what the ears compare with the microphone may be ago."""


@dataclass(slots=True, eq=False)
class _Playing:
    """A clip on the timeline; owned by the mixer and changed only under its lock."""

    start: int
    samples: Samples
    tag: int | None
    ducks: bool
    """It is narration: softer while somebody speaks."""
    teaches: bool = True
    """Its echo tells how the room is."""
    fade: Samples | None = None
    """Factors from ``fade_start`` on; the clip is silent after the last of them."""
    fade_start: int = 0

    @property
    def end(self) -> int:
        end = self.start + len(self.samples)
        return end if self.fade is None else min(end, self.fade_start + len(self.fade))


OnPlaced = Callable[[int, int, int, tuple[SpokenWord, ...]], None]
"""Told of a clip with a tag: the tag, its first position and the one after its last, its words."""


class Mixer:
    """One output timeline that clips are placed on.

    Position 0 is the first sample ever rendered. What sounds depends on the calls of ``play``,
    ``fade_out``, ``set_gain_db``, ``duck`` and ``unduck`` and the positions at which they came,
    and not on the sizes in which ``render`` takes it: the same timeline in blocks of any size is
    the same samples.
    The sum never exceeds full scale.

    Safe to use from several threads: typically one calls ``render`` (a device callback) and one
    calls everything else.
    """

    def __init__(self, sample_rate_hz: int, placed: OnPlaced | None = None) -> None:
        if sample_rate_hz < 1:
            raise ValueError(f"sample_rate_hz must be at least 1, not {sample_rate_hz}")
        self.sample_rate_hz = sample_rate_hz
        self._placed = placed
        self._lock = threading.Lock()
        self._position = 0
        self._playing: list[_Playing] = []
        self._ended: list[tuple[int, int]] = []
        self._gain = np.float32(1.0)
        self._ramp: Samples | None = None
        self._ramp_from = self._gain
        self._ramp_start = 0
        self._scratch = np.empty(0, dtype=np.float32)
        self._duck = Duck(sample_rate_hz)
        self._background: Background | None = None
        bin_samples = max(1, round(HOP_SECONDS * sample_rate_hz))
        self._history = SampleHistory(round(SAMPLE_MEMORY_SECONDS * sample_rate_hz))
        self._words = SpokenWords(sample_rate_hz, SAMPLE_MEMORY_SECONDS)
        self._taught = Stretches(round(LEVEL_MEMORY_SECONDS * sample_rate_hz))
        """Where something sounded that teaches."""
        self._levels = LevelHistory(bin_samples, round(LEVEL_MEMORY_SECONDS / HOP_SECONDS))

    @property
    def position(self) -> int:
        """The next output sample to be rendered."""
        return self._position

    @property
    def silent_from(self) -> int:
        """Nothing but silence was rendered from this position on."""
        return self._history.silent_from

    @property
    def busy(self) -> bool:
        """Whether anything sounds or is scheduled, a background that is leaving included."""
        leaving = self._background is not None and self._background.is_leaving
        return bool(self._playing) or leaving

    @property
    def is_silent(self) -> bool:
        """Whether nothing sounds or is scheduled, and no background is heard either."""
        return not self._playing and (self._background is None or self._background.is_over)

    def play(
        self,
        samples: Samples,
        at_sample: int | None,
        *,
        tag: int | None,
        gain_db: float = 0.0,
        words: tuple[SpokenWord, ...] = (),
        teaches: bool = True,
    ) -> tuple[int, int]:
        """Place mono ``samples`` (at the mixer's rate) on the timeline.

        They begin exactly at ``at_sample``, or at once when that is None or already past.
        Gives the first position and the one after the last. With a ``tag`` they are narration,
        which ``duck`` softens, and ``pop_ended`` tells when the last sample has been rendered.
        ``words`` are those said in them; without ``teaches`` nothing is to be learnt from their
        echo (``taught``). Raises ValueError for samples that are not mono and
        finite.
        """
        own = np.asarray(samples) * np.float32(10.0 ** (gain_db / 20.0))
        own = np.array(own, dtype=np.float32)  # A copy: the caller may reuse its buffer.
        if own.ndim != 1 or not np.isfinite(own).all():
            raise ValueError("samples must be one-dimensional and finite")
        with self._lock:
            start = self._position if at_sample is None else max(at_sample, self._position)
            self._playing.append(_Playing(start, own, tag, tag is not None, teaches))
            self._words.place(start, words)
        if self._placed and tag is not None:
            self._placed(tag, start, start + len(own), words)
        return start, start + len(own)

    def fade_out(self, fade_samples: int) -> None:
        """Fade what sounds, to silence in exactly ``fade_samples``, and drop what is scheduled.

        Clips placed afterwards sound as ever. A clip that is fading already ends no later than
        it would have. No faded or dropped clip is reported by ``pop_ended``.
        """
        curve = _fall(fade_samples)
        with self._lock:
            now = self._position
            sounding = [clip for clip in self._playing if clip.start < now]
            for clip in sounding:
                clip.tag = None
                fade = curve
                if clip.fade is not None:
                    left = clip.fade[now - clip.fade_start :]
                    fade = left if len(left) <= fade_samples else left[:fade_samples] * curve
                clip.fade, clip.fade_start = fade, now
            self._playing = sounding
            self._words.cut(now)

    def set_gain_db(self, db: float) -> None:
        """Bring everything, what sounds already included, to this gain within 30 ms."""
        if math.isnan(db) or db == math.inf:
            raise ValueError(f"the gain must be a number of dB or -inf, not {db}")
        target = np.float32(10.0 ** (db / 20.0))
        rise = np.float32(1.0) - _fall(max(1, round(GAIN_RAMP_SECONDS * self.sample_rate_hz)))
        with self._lock:
            now = self._gain
            if self._ramp is not None and self._position < self._ramp_start + len(self._ramp):
                # The factor of the sample before: the new ramp goes on from there.
                done = self._position - self._ramp_start
                now = self._ramp[done - 1] if done else self._ramp_from
            self._ramp = now + (target - now) * rise
            self._ramp_start, self._ramp_from = self._position, now
            self._gain = target

    def duck(self) -> None:
        """Somebody speaks: have narration 12 dB softer for the next half second or so."""
        with self._lock:
            self._duck.hold(self._position)

    def unduck(self) -> None:
        """Have narration come back now; it does so by itself when ``duck`` is called no more."""
        with self._lock:
            self._duck.release(self._position)

    @property
    def softened_db(self) -> float:
        """By how much narration is softened at the present position, 0 to −12 dB."""
        with self._lock:
            return self._duck.gain_db(self._position)

    def render(self, sample_count: int) -> Samples:
        """The next ``sample_count`` samples, float32 within ±1; the timeline moves on."""
        out = np.empty(sample_count, dtype=np.float32)
        self.render_into(out)
        return out

    def render_into(self, out: Samples) -> None:
        """Fill ``out`` (float32, contiguous, mono) with the next samples; for device callbacks."""
        with self._lock:
            start, stop = self._position, self._position + len(out)
            out.fill(0.0)
            if self._pass_silently(len(out)):
                return
            if len(self._scratch) < len(out):
                self._scratch = np.empty(len(out), dtype=np.float32)
            if self._playing:
                sounded = False
                duck = self._duck.gains(start, stop)
                for clip in self._playing:
                    sounds = self._add(clip, out, start, stop, duck if clip.ducks else None)
                    sounded |= sounds
                    if sounds and clip.teaches:
                        self._taught.add(max(clip.start, start), min(clip.end, stop))
                if sounded:
                    self._apply_gain(out, start)
                    _limit(out, self._scratch[: len(out)])
                    self._levels.add(start, out)
            self._add_background(out, start)
            self._retire(stop)
            self._history.add(out)
            self._position = stop

    def pass_silently(self, sample_count: int) -> bool:
        """Let the timeline move on, if nothing sounds or is scheduled; gives whether it did."""
        with self._lock:
            return self._pass_silently(sample_count)

    def set_background(self, background: Background | None) -> None:
        """What goes on behind everything from now on."""
        with self._lock:
            self._background = background

    def accompany(self, wanted: bool) -> None:
        """Whether the background is to be heard; it comes and leaves softly."""
        with self._lock:
            if self._background is not None:
                self._background.go_on(wanted)

    def pop_ended(self) -> list[tuple[int, int]]:
        """Tag and end position of each tagged clip heard to its end since the last call."""
        with self._lock:
            ended, self._ended = self._ended, []
        return ended

    def playing_db(self, start_sample: int, end_sample: int) -> float:
        """Level in dBFS of what was rendered between two positions; −inf when silent.

        Reaches back 10 s, in steps of 10 ms.
        """
        with self._lock:
            return self._levels.dbfs(start_sample, end_sample)

    def taught(self, start_sample: int, end_sample: int) -> bool:
        """Whether anything sounded between two positions whose echo tells how the room is: neither
        a background nor what was placed without ``teaches``. Reaches back 10 s.
        """
        with self._lock:
            return self._taught.overlap(start_sample, end_sample)

    def words_until(self, position: int) -> tuple[SpokenWord, ...]:
        """What was said in the last four seconds before a position, in seconds of the timeline."""
        with self._lock:
            return self._words.until(position)

    def played(self, start_sample: int, end_sample: int) -> Samples:
        """What was rendered between two positions; reaches back 4 s, silence elsewhere."""
        with self._lock:
            return self._history.read(start_sample, end_sample)

    def _pass_silently(self, sample_count: int) -> bool:
        if not self.is_silent:
            return False
        self._history.add_silence(sample_count)
        self._position += sample_count
        return True

    def _add(
        self, clip: _Playing, out: Samples, start: int, stop: int, duck: Samples | None
    ) -> bool:
        first, last = max(clip.start, start), min(clip.end, stop)
        if first >= last:
            return False
        part = clip.samples[first - clip.start : last - clip.start]
        target = out[first - start : last - start]
        if clip.fade is not None:
            fade = clip.fade[first - clip.fade_start : last - clip.fade_start]
            part = np.multiply(part, fade, out=self._scratch[: last - first])
        if duck is not None:
            part = np.multiply(part, duck[first - start : last - start])
        target += part
        return True

    def _add_background(self, out: Samples, start: int) -> None:
        # Not part of the levels: it goes on all the time, and the ears would take it for speech.
        if self._background is None or self._background.is_over:
            return
        behind = np.zeros_like(out)
        self._background.add(behind, start, self._is_spoken)
        self._apply_gain(behind, start)
        out += behind
        _limit(out, self._scratch[: len(out)])

    def _is_spoken(self, start: int, stop: int) -> bool:
        return any(clip.ducks and clip.start < stop and start < clip.end for clip in self._playing)

    def _apply_gain(self, out: Samples, start: int) -> None:
        if self._ramp is None:
            if self._gain != 1.0:
                out *= self._gain
            return
        ramp = self._ramp[max(0, start - self._ramp_start) :][: len(out)]
        out[: len(ramp)] *= ramp
        out[len(ramp) :] *= self._gain

    def _retire(self, stop: int) -> None:
        over = [clip for clip in self._playing if clip.end <= stop]
        if not over:
            return
        self._playing = [clip for clip in self._playing if clip.end > stop]
        told = [(clip.tag, clip.end) for clip in over if clip.tag is not None]
        self._ended.extend(sorted(told, key=lambda pair: pair[1]))


def _fall(sample_count: int) -> Samples:
    """A raised cosine from just below 1 to just above 0 in ``sample_count`` samples."""
    if sample_count < 0:
        raise ValueError(f"a fade cannot take {sample_count} samples")
    phase = np.arange(1, sample_count + 1, dtype=np.float64) / (sample_count + 1)
    return (0.5 * (1.0 + np.cos(np.pi * phase))).astype(np.float32)


def _limit(out: Samples, scratch: NDArray[np.float32]) -> None:
    """Bend magnitudes over the knee smoothly (slope 1 at the knee) below full scale, in place."""
    np.abs(out, out=scratch)
    if float(scratch.max(initial=0.0)) <= LIMIT_KNEE:
        return
    over = scratch > LIMIT_KNEE
    room = np.float32(1.0 - LIMIT_KNEE)
    excess = (scratch[over] - np.float32(LIMIT_KNEE)) / room
    bent = np.float32(1.0) - room / (np.float32(1.0) + excess)
    out[over] = np.copysign(bent, out[over])
