"""Mixes clips at exact sample positions into one endless output timeline."""

import threading
from collections.abc import Callable

import numpy as np

from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.core.rates import HOP_SECONDS
from voiceguide.sound.background import Background
from voiceguide.sound.clip import Samples
from voiceguide.sound.ducking import Duck
from voiceguide.sound.gain import Gain, falling, limit
from voiceguide.sound.level import LevelHistory
from voiceguide.sound.playing import Playing
from voiceguide.sound.sample_ring import SampleHistory
from voiceguide.sound.spoken import SpokenWords
from voiceguide.sound.stretches import Stretches

LEVEL_MEMORY_SECONDS = 10.0
SAMPLE_MEMORY_SECONDS = 4.0
"""How long what was rendered is remembered: longer than the ears look back."""


OnPlaced = Callable[[int, int, int, tuple[SpokenWord, ...]], None]
"""Told of a clip with a tag: the tag, its first position and the one after its last, its words."""


class Mixer:
    """One output timeline that clips are placed on.

    Position 0 is the first sample ever rendered. What sounds depends on the calls of ``play``,
    ``fade_out``, ``set_gain_db``, ``duck`` and ``unduck`` and on the positions at which they came,
    not on the size of the blocks that are rendered. The sum never exceeds full scale.

    Any thread may use it: typically one, a device callback, renders, and another does the rest.
    """

    def __init__(self, sample_rate_hz: int, placed: OnPlaced | None = None) -> None:
        if sample_rate_hz < 1:
            raise ValueError(f"sample_rate_hz must be at least 1, not {sample_rate_hz}")
        self.sample_rate_hz = sample_rate_hz
        self._placed = placed
        self._lock = threading.Lock()
        self._position = 0
        self._playing: list[Playing] = []
        self._ended: list[tuple[int, int]] = []
        self._gain = Gain(sample_rate_hz)
        self._scratch = np.empty(0, dtype=np.float32)
        self._duck = Duck(sample_rate_hz)
        self._background: Background | None = None
        bin_samples = max(1, round(HOP_SECONDS * sample_rate_hz))
        self._history = SampleHistory(round(SAMPLE_MEMORY_SECONDS * sample_rate_hz))
        self._words = SpokenWords(sample_rate_hz, SAMPLE_MEMORY_SECONDS)
        self._taught = Stretches(round(LEVEL_MEMORY_SECONDS * sample_rate_hz))
        """Where something sounded from whose echo the room can be learnt."""
        self._levels = LevelHistory(bin_samples, round(LEVEL_MEMORY_SECONDS / HOP_SECONDS))

    @property
    def position(self) -> int:
        """The next output sample to be rendered."""
        return self._position

    @property
    def silent_from(self) -> int:
        """The position since which nothing but silence was rendered."""
        return self._history.silent_from

    @property
    def busy(self) -> bool:
        """Whether anything sounds or is scheduled, or a background is fading out."""
        leaving = self._background is not None and self._background.is_leaving
        return bool(self._playing) or leaving

    @property
    def is_silent(self) -> bool:
        """Whether nothing sounds or is scheduled, and no background is heard."""
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
        """Place samples on the timeline, and give their first position and the one after the last.

        Args:
            samples: mono, finite, at the mixer's rate, shape (n,).
            at_sample: where they begin; at once where that is None or past.
            tag: marks them as narration, which ``duck`` softens; ``pop_ended`` tells when the last
                sample has been rendered.
            words: the words said in them.
            teaches: whether the room can be learnt from their echo (``taught``).

        Raises:
            ValueError: the samples are not mono and finite.
        """
        own = np.asarray(samples) * np.float32(10.0 ** (gain_db / 20.0))
        own = np.array(own, dtype=np.float32)  # a copy, for the caller may reuse its buffer
        if own.ndim != 1 or not np.isfinite(own).all():
            raise ValueError("samples must be one-dimensional and finite")
        with self._lock:
            start = self._position if at_sample is None else max(at_sample, self._position)
            self._playing.append(Playing(start, own, tag, tag is not None, teaches))
            self._words.place(start, words)
        if self._placed and tag is not None:
            self._placed(tag, start, start + len(own), words)
        return start, start + len(own)

    def fade_out(self, fade_samples: int) -> None:
        """Fade out what sounds in exactly ``fade_samples``, and drop what is scheduled.

        Clips that are placed later sound as usual. A clip that is fading out already ends no later
        than it would have. ``pop_ended`` reports no clip that was faded out or dropped.
        """
        curve = falling(fade_samples)
        with self._lock:
            now = self._position
            sounding = [clip for clip in self._playing if clip.start < now]
            for clip in sounding:
                clip.fade_out(curve, now)
            self._playing = sounding
            self._words.cut(now)

    def set_gain_db(self, db: float) -> None:
        """Change the gain of everything within 30 ms, also of what sounds already.

        Raises:
            ValueError: it is neither a number of dB nor −inf.
        """
        with self._lock:
            self._gain.turn_to(db, self._position)

    def duck(self) -> None:
        """Make narration 12 dB softer for about half a second: somebody speaks."""
        with self._lock:
            self._duck.hold(self._position)

    def unduck(self) -> None:
        """Bring narration back now; it comes back by itself once ``duck`` is no longer called."""
        with self._lock:
            self._duck.release(self._position)

    @property
    def softened_db(self) -> float:
        """The gain of narration at the present position, 0 to −12 dB."""
        with self._lock:
            return self._duck.gain_db(self._position)

    def render(self, sample_count: int) -> Samples:
        """The next ``sample_count`` samples, float32 within ±1; the timeline moves on."""
        out = np.empty(sample_count, dtype=np.float32)
        self.render_into(out)
        return out

    def render_into(self, out: Samples) -> None:
        """Fill ``out`` (float32, contiguous, mono) with the next samples, in a device callback."""
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
                    by = duck if clip.ducks else None
                    sounds = clip.add_to(out, start, by, self._scratch)
                    sounded |= sounds
                    if sounds and clip.teaches:
                        self._taught.add(max(clip.start, start), min(clip.end, stop))
                if sounded:
                    self._gain.apply(out, start)
                    limit(out, self._scratch[: len(out)])
                    self._levels.add(start, out)
            self._add_background(out, start)
            self._retire(stop)
            self._history.add(out)
            self._position = stop

    def pass_silently(self, sample_count: int) -> bool:
        """Let the timeline move on where nothing sounds or is scheduled; tells whether it did."""
        with self._lock:
            return self._pass_silently(sample_count)

    def set_background(self, background: Background | None) -> None:
        """Use this background from now on; None for none."""
        with self._lock:
            self._background = background

    def accompany(self, wanted: bool) -> None:
        """Fade the background in, or out."""
        with self._lock:
            if self._background is not None:
                self._background.go_on(wanted)

    def pop_ended(self) -> list[tuple[int, int]]:
        """Tag and end position of each tagged clip that was rendered to its end since the last
        call.
        """
        with self._lock:
            ended, self._ended = self._ended, []
        return ended

    def playing_db(self, start_sample: int, end_sample: int) -> float:
        """Level in dBFS of what was rendered between two positions; −inf where it was silent.

        It reaches back 10 s, in steps of 10 ms.
        """
        with self._lock:
            return self._levels.dbfs(start_sample, end_sample)

    def taught(self, start_sample: int, end_sample: int) -> bool:
        """Whether anything sounded between two positions from whose echo the room can be learnt: no
        background, and nothing placed without ``teaches``. It reaches back 10 s.
        """
        with self._lock:
            return self._taught.overlap(start_sample, end_sample)

    def words_until(self, position: int) -> tuple[SpokenWord, ...]:
        """The words of the last four seconds before a position, with times in seconds of the
        timeline.
        """
        with self._lock:
            return self._words.until(position)

    def played(self, start_sample: int, end_sample: int) -> Samples:
        """What was rendered between two positions. It reaches back 4 s; the rest is silence."""
        with self._lock:
            return self._history.read(start_sample, end_sample)

    def _pass_silently(self, sample_count: int) -> bool:
        if not self.is_silent:
            return False
        self._history.add_silence(sample_count)
        self._position += sample_count
        return True

    def _add_background(self, out: Samples, start: int) -> None:
        # It is no part of the levels: it sounds all the time, and the ears would take it for
        # speech.
        if self._background is None or self._background.is_over:
            return
        behind = np.zeros_like(out)
        self._background.add(behind, start, self._is_spoken)
        self._gain.apply(behind, start)
        out += behind
        limit(out, self._scratch[: len(out)])

    def _is_spoken(self, start: int, stop: int) -> bool:
        return any(clip.ducks and clip.start < stop and start < clip.end for clip in self._playing)

    def _retire(self, stop: int) -> None:
        over = [clip for clip in self._playing if clip.end <= stop]
        if not over:
            return
        self._playing = [clip for clip in self._playing if clip.end > stop]
        told = [(clip.tag, clip.end) for clip in over if clip.tag is not None]
        self._ended.extend(sorted(told, key=lambda pair: pair[1]))
