"""A clip on the mixer's timeline: where it lies, how it fades, and how it is added to a block."""

from dataclasses import dataclass

import numpy as np

from voiceguide.sound.clip import Samples


@dataclass(slots=True, eq=False)
class Playing:
    """A clip on the timeline; only the mixer changes it, under its lock."""

    start: int
    samples: Samples
    tag: int | None
    ducks: bool
    """Whether it is narration, and so softer while somebody speaks."""
    teaches: bool = True
    """Whether the room can be learnt from its echo."""
    fade: Samples | None = None
    """Factors for the samples from ``fade_start`` on; after the last one the clip is silent."""
    fade_start: int = 0

    @property
    def end(self) -> int:
        """The position after its last sample."""
        end = self.start + len(self.samples)
        return end if self.fade is None else min(end, self.fade_start + len(self.fade))

    def fade_out(self, curve: Samples, now: int) -> None:
        """Let it fall along these factors from a position on. One that is fading out already ends
        no later than it would have.
        """
        self.tag = None
        fade = curve
        if self.fade is not None:
            left = self.fade[now - self.fade_start :]
            fade = left if len(left) <= len(curve) else left[: len(curve)] * curve
        self.fade, self.fade_start = fade, now

    def add_to(self, out: Samples, at: int, duck: Samples | None, scratch: Samples) -> bool:
        """Add what sounds of it to a block that begins at a position; tells whether anything did.

        Args:
            duck: factors for the samples of the block; None where nothing makes it softer.
            scratch: room for as many samples as the block has.
        """
        first, last = max(self.start, at), min(self.end, at + len(out))
        if first >= last:
            return False
        part = self.samples[first - self.start : last - self.start]
        target = out[first - at : last - at]
        if self.fade is not None:
            fade = self.fade[first - self.fade_start : last - self.fade_start]
            part = np.multiply(part, fade, out=scratch[: last - first])
        if duck is not None:
            part = np.multiply(part, duck[first - at : last - at])
        target += part
        return True
