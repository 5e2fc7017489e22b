"""Other echo cancellers to compare with ours: WebRTC's AEC3 alone, after ours, and beside it."""

from collections import deque
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.decision.guide_sound import SILENT, Sounding
from voiceguide.core.decision.heard import Heard
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.decision.votes import Ask, Vote
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.ears.ears import Ears
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.edge.ears.rehearing import KEPT_SECONDS, IsUndecided, Rehearing
from voiceguide.sound.clip import Samples
from voiceguide.sound.echo.canceller import EchoCanceller
from voiceguide.sound.echo.port import INT16_FULL_SCALE, Canceller, Measure

Block = NDArray[np.int16]

NAMES = OURS, AEC3, CASCADE, BOTH, BOTH_CASCADE = (
    "ours", "aec3", "cascade", "both", "both-cascade",
)  # fmt: skip
FRAME_SAMPLES = EAR_RATE_HZ // 100
"""How many samples AEC3 takes at a time."""
LEAD_MS = 4
"""How long before its echo comes back `Cleaner` hands over what was played."""


class Suppresses(Protocol):
    """Takes echo out of a recorded block, given what was played meanwhile."""

    def __call__(self, recorded: Block, played: Samples) -> Block:
        """The block with less echo; ``played`` is within ±1."""


class WebRtc:
    """AEC3 from livekit's audio processing module, without the other parts of it."""

    def __init__(self) -> None:
        self._rtc: Any = import_module("livekit.rtc")
        self._module = self._rtc.AudioProcessingModule(echo_cancellation=True)

    def __call__(self, recorded: Block, played: Samples) -> Block:
        """The block without most of its echo, delayed by 4 ms."""
        sent = np.rint(np.clip(played, -1.0, 1.0) * (INT16_FULL_SCALE - 1)).astype(np.int16)
        left = []
        for start in range(0, len(recorded), FRAME_SAMPLES):
            part = slice(start, start + FRAME_SAMPLES)
            self._module.process_reverse_stream(self._frame(sent[part]))
            self._module.set_stream_delay_ms(LEAD_MS)
            frame = self._frame(recorded[part])
            self._module.process_stream(frame)
            left.append(np.frombuffer(bytes(frame.data), np.int16))
        return np.concatenate(left)

    def _frame(self, samples: Block) -> Any:
        return self._rtc.AudioFrame(samples.tobytes(), EAR_RATE_HZ, 1, len(samples))


class Alone:
    """A suppressor instead of ours; by how much it lowers the echo is all that is known of it."""

    span = 0

    def __init__(self, suppress: Suppresses) -> None:
        self._suppress = suppress
        self.measure: Measure | None = None

    def cancel(self, recorded: Block, played: Samples, *, learns: bool = True) -> Block:
        """See `Canceller`."""
        left = self._suppress(recorded, played)
        self.measure = None
        if learns and played.any():
            self.measure = Measure(recorded=_energy(recorded), left=_energy(left))
        return left

    def realign(self, played_before: Samples, later_samples: int) -> None:
        """Do nothing, because it finds the delay by itself."""

    def learnt(self) -> None:
        """Return nothing, because it does not tell what it has learnt."""

    def relearn(self, learnt: None) -> None:
        """Do nothing, because it cannot go back to an earlier state."""


class InLine(EchoCanceller):
    """Our canceller, with a suppressor after it."""

    def __init__(self, suppress: Suppresses) -> None:
        super().__init__()
        self._suppress = suppress

    def cancel(self, recorded: Block, played: Samples, *, learns: bool = True) -> Block:
        """See `Canceller`."""
        return self._suppress(super().cancel(recorded, played, learns=learns), played)


class Beside(EchoCanceller):
    """Our canceller, and beside it a suppressor on the same sound, or on what ours leaves; for
    `EarsOfBoth`.
    """

    def __init__(self, suppress: Suppresses, *, after: bool) -> None:
        super().__init__()
        self._suppress = suppress
        self._after = after
        self.second: Block = np.zeros(0, np.int16)
        """The last block without its echo, by the suppressor."""

    def cancel(self, recorded: Block, played: Samples, *, learns: bool = True) -> Block:
        """See `Canceller`."""
        left = super().cancel(recorded, played, learns=learns)
        self.second = self._suppress(left if self._after else recorded, played)
        return left


class EarsOfBoth(Ears):
    """Ears that hear each utterance as both cancellers leave it; the mean of all confidences
    decides.

    Only our canceller tells when somebody speaks.
    """

    def __init__(
        self,
        both: Beside,
        recogniser: Recogniser,
        decoys: Sequence[str],
        thresholds: Thresholds | None,
    ) -> None:
        super().__init__(recogniser, decoys, thresholds)
        self._both = both
        self._rehearing: _RehearingOfBoth = _RehearingOfBoth(recogniser, decoys)

    def hear(self, block: Block, end_seconds: float, guide: Sounding = SILENT) -> tuple[Heard, ...]:
        """See `Ears.hear`; one block of the second sound belongs to each call."""
        self._rehearing.keep_second(self._both.second)
        return super().hear(block, end_seconds, guide)


class _RehearingOfBoth(Rehearing):
    """Hears an utterance again in two sounds, one after the other."""

    def __init__(self, recogniser: Recogniser, decoys: Sequence[str]) -> None:
        super().__init__(recogniser, decoys)
        self._second: Block = np.zeros(0, np.int16)

    def keep_second(self, block: Block) -> None:
        """Keep a block of the second sound."""
        self._second = np.concatenate((self._second, block))[-round(KEPT_SECONDS * EAR_RATE_HZ) :]

    def votes(self, ask: Ask, now_seconds: float, is_undecided: IsUndecided) -> tuple[Vote, ...]:
        """See `Rehearing.votes`."""
        hearings = self.hearings(ask)
        heard = chain(
            self._heard(hearings, *self._stretch(ask, now_seconds)),
            self._heard(hearings, *self._second_stretch(ask, now_seconds)),
        )
        votes: list[Vote] = []
        while is_undecided(ask, votes, 2 * len(hearings)) and (vote := next(heard, None)):
            votes.append(vote)
        return tuple(votes)

    def _second_stretch(self, ask: Ask, now_seconds: float) -> tuple[Block, float]:
        ours, self._kept = self._kept, deque((self._second,))
        try:
            return self._stretch(ask, now_seconds)
        finally:
            self._kept = ours


def canceller(name: str) -> Canceller:
    """A new canceller of this name.

    Raises:
        SystemExit: what it needs is not installed.
    """
    made: dict[str, Callable[[], Canceller]] = {
        OURS: EchoCanceller,
        AEC3: lambda: Alone(WebRtc()),
        CASCADE: lambda: InLine(WebRtc()),
        BOTH: lambda: Beside(WebRtc(), after=False),
        BOTH_CASCADE: lambda: Beside(WebRtc(), after=True),
    }
    if name != OURS and find_spec("livekit") is None:
        raise SystemExit("livekit is not installed, so AEC3 cannot be compared with ours.")
    return made[name]()


def _energy(block: Block) -> float:
    return float(np.sum((block / INT16_FULL_SCALE) ** 2))
