"""The thread between microphone and ears. It takes the guide's own voice out on the way."""

import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.commands import Phrase
from voiceguide.core.decision.guide_sound import SILENT, Sounding
from voiceguide.core.decision.heard import Heard
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ
from voiceguide.sound.echo.cleaner import Front
from voiceguide.sound.echo.overheard import sounding
from voiceguide.sound.echo.port import Canceller
from voiceguide.sound.mixer import Mixer
from voiceguide.sound.soundness import Liveness

READ_SECONDS = 0.2
"""How long a read waits before the thread checks whether it should end."""
DOZE_SECONDS = 0.15
"""While the guide sleeps and nobody speaks, blocks gather for this long: to wake up once for three
of them costs little more than for one."""
MOST_BLOCKS = 8
"""How many gathered blocks are taken at once, at most."""
STUCK_SECONDS = 10.0
"""The ears never take this long for a block: then their thread hangs."""
REBASE_SECONDS = 0.3
"""The ears count their time in samples. It is set anew when it is this far off the timeline, since
blocks were dropped or the microphone was away."""
SETTLING_SECONDS = 2.0
"""For this long after the time was set anew, it is set back whenever it runs ahead of the timeline.
Blocks that had gathered when the first one was read come at once, and nothing can be recorded
before it sounds."""

Block = NDArray[np.int16]


class Source(Protocol):
    """A microphone: 16 kHz mono blocks of about 50 ms."""

    def read(self, timeout: float) -> Block | None:
        """The next block; None where none came in time."""


class EarState(StrEnum):
    """Whether the ears can hear."""

    COMING = "coming"
    """They will hear soon what they are given now: their first recogniser loads."""
    WELL = "well"
    AWAY = "away"
    """They hear nothing now: another recogniser is being started."""
    LOST = "lost"
    """They will hear nothing more as long as this process runs."""


class Hearing(Protocol):
    """Ears, as far as a `Listener` needs them."""

    @property
    def state(self) -> EarState:
        """Whether they can hear."""

    @property
    def is_roused(self) -> bool:
        """Whether every block counts; False only while the guide sleeps and nobody speaks."""

    @property
    def spoken_over(self) -> bool:
        """Whether somebody speaks over the guide."""

    def listen_for(self, phrases: tuple[Phrase, ...]) -> None:
        """Obey only these phrases from now on."""

    def hear(self, block: Block, end_seconds: float, guide: Sounding = SILENT) -> tuple[Heard, ...]:
        """Take in a block that ends then; what was decided in it."""


class LiveHearing(Hearing, Protocol):
    """Ears at a microphone."""

    @property
    def loud(self) -> bool:
        """Whether it is too loud to hear the person."""

    @property
    def noise_dbfs(self) -> float:
        """Level of the noise alone."""

    @property
    def snr_db(self) -> float:
        """How far the person's voice is expected to stand out of the noise."""

    @property
    def taps_closed(self) -> int:
        """How often a tap was heard to be opened and then closed for some seconds."""

    @property
    def is_roused(self) -> bool:
        """Whether the recogniser works. While the guide sleeps it does so only when somebody may be
        speaking.
        """

    @property
    def may_be_called(self) -> bool:
        """Whether, while the guide sleeps, the recogniser has just written the call. It may still
        be refused.
        """

    @property
    def times_lost(self) -> int:
        """How many recognisers have died."""

    def begin(self) -> None:
        """Start to load the first recogniser, unless that was done before."""

    def have_come(self) -> bool:
        """Whether the first recogniser runs; any thread may ask.

        Raises:
            ModelError: it cannot be used.
        """

    def close(self) -> None:
        """End whatever they started."""


class Listener:
    """Feeds the ears, and hands on what they decide, accepted or not.

    Every function given here is called on the listener's own thread, except ``now``.

    Args:
        now: seconds of the output timeline.
        mixer: knows what was played when.
        heard: takes each decision.
        failed: takes the error that ends this thread.
        taken: takes every block with its end time (a recorder, a level meter).
        spoken_over: is called for every block in which somebody speaks over the guide.
        canceller: takes the guide's own voice out; None for voiceguide's own.
        muted: takes True when the microphone falls silent, False when it gives sound again.
        ears_are: takes the ears' state whenever it changes; at first they are well or coming.
    """

    def __init__(
        self,
        source: Source,
        ears: Hearing,
        now: Callable[[], float],
        mixer: Mixer,
        heard: Callable[[Heard], None],
        failed: Callable[[Exception], None],
        taken: Callable[[Block, float], None] | None = None,
        spoken_over: Callable[[], None] = lambda: None,
        canceller: Canceller | None = None,
        muted: Callable[[bool], None] = lambda _: None,
        ears_are: Callable[[EarState], None] = lambda _: None,
    ) -> None:
        self._source = source
        self._ears = ears
        self._now = now
        self._mixer = mixer
        self._front = Front(mixer, BLOCK_SAMPLES, EAR_RATE_HZ, canceller)
        self._pending: Block = np.zeros(0, np.int16)
        self._heard = heard
        self._failed = failed
        self._taken = taken
        self._spoken_over = spoken_over
        self._muted = muted
        self._liveness = Liveness()
        self._ears_are = ears_are
        self._ear_state = EarState.WELL
        self._end = float("-inf")
        """When on the timeline the last block ended; not set yet."""
        self._settled_at = float("-inf")
        """When on the timeline the time of the blocks is no longer set back."""
        self._wanted: tuple[Phrase, ...] | None = None
        self._closing = threading.Event()
        self._turned = time.monotonic()
        self._thread = threading.Thread(target=self._listen, name="listener", daemon=True)

    @property
    def is_responsive(self) -> bool:
        """Whether the thread does not hang. One that has ended counts too: it has said why."""
        stuck = time.monotonic() - self._turned > STUCK_SECONDS
        return not (self._thread.is_alive() and stuck)

    def start(self) -> None:
        """Start to listen."""
        self._turned = time.monotonic()
        self._thread.start()

    def listen_for(self, phrases: tuple[Phrase, ...]) -> None:
        """Obey only these phrases from the next block on; any thread may call."""
        self._wanted = phrases

    def close(self) -> None:
        """End the thread, after the present block."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2 * READ_SECONDS)

    def _listen(self) -> None:
        try:
            while not self._closing.is_set():
                self._turned = time.monotonic()
                block = self._next()
                if block is not None:
                    self._take(block)
        except Exception as error:  # the person must hear of whatever ends the ears
            self._failed(error)

    def _next(self) -> Block | None:
        """The sound to hear next; while the guide sleeps, all that has gathered meanwhile."""
        if self._ears.is_roused:
            return self._source.read(READ_SECONDS)
        self._closing.wait(DOZE_SECONDS)
        blocks = [
            block for _ in range(MOST_BLOCKS) if (block := self._source.read(0.0)) is not None
        ]
        return np.concatenate(blocks) if blocks else None

    def _take(self, block: Block) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._ears.listen_for(wanted)
        if self._liveness.take(block, len(block) / EAR_RATE_HZ):
            self._muted(self._liveness.is_dead)
        self._pending = np.concatenate((self._pending, block))
        self._follow(self._now())
        while len(self._pending) >= BLOCK_SAMPLES:
            whole, self._pending = self._pending[:BLOCK_SAMPLES], self._pending[BLOCK_SAMPLES:]
            self._end += BLOCK_SAMPLES / EAR_RATE_HZ
            self._hear(whole)

    def _follow(self, now: float) -> None:
        """Set the time of the blocks anew where it is too far off the timeline."""
        end = now - len(self._pending) / EAR_RATE_HZ
        if abs(end - self._end) > REBASE_SECONDS:
            self._settled_at = now + SETTLING_SECONDS
        elif end >= self._end or now >= self._settled_at:
            return
        self._end = end
        self._front.forget()

    def _hear(self, block: Block) -> None:
        if self._taken:
            self._taken(block, self._end)
        cleaned = self._front.clean(block, self._end)
        guide = sounding(self._mixer, self._end, self._front)
        for heard in self._ears.hear(cleaned, self._end, guide):
            self._heard(heard)
        if self._ears.spoken_over:
            self._spoken_over()
        state = self._ears.state
        if state not in (self._ear_state, EarState.COMING):
            self._ear_state = state
            self._ears_are(state)
