"""Tells a person who speaks over the guide from the guide's own voice in the microphone.

No sound is cancelled here: the gate only learns how loud the guide comes back, and takes nothing
for speech that is not clearly louder. A canceller in front of it lowers what comes back, and the
gate learns the lower level by itself.
"""

import math
from collections import deque

MARGIN_DB = 6.0
"""A person is heard over the guide where they are this much louder than its echo."""
FIRST_SECONDS = 1.0
"""Nothing is accepted over the guide before this much of its sound has been heard."""
LINGER_SECONDS = 0.5
"""How long the room and the devices keep the guide sounding after it ended."""
UP_DB, DOWN_DB = 0.5, 0.025
"""How far the learnt level moves in a hop; the ratio holds it near the echo's 95th percentile."""

ENVELOPE_SECONDS = 1.5
ENVELOPE_DB = 6.0
"""The learnt level is at most this far above the loudest of the guide's latest sound, so that a
canceller that begins to work is noticed soon."""
NEAR_FLOOR_DB = 4.0
"""A hop that rises less than this above the noise counts as noise; it shows only that the echo is
even softer."""
SOFT_SECONDS = 0.2
"""How long the device and the room keep the guide louder after it was made softer."""
FADE_DB = 0.01
"""By how much the loudest level played falls in each hop of the guide's sound: 1 dB a second."""
LOUDER_DB = 0.02
"""By how much the learnt level rises in a hop that is loud enough for a person: 2 dB a second."""


class EchoGate:
    """Learns the level at which the guide comes back. Deterministic, without a clock."""

    def __init__(self, hop_seconds: float) -> None:
        self._hop_seconds = hop_seconds
        self._linger_hops = round(LINGER_SECONDS / hop_seconds)
        self._played: deque[float] = deque(maxlen=self._linger_hops)
        self._silent_hops = self._linger_hops
        """How many hops ago the guide was played."""
        self._softened: deque[float] = deque(maxlen=round(SOFT_SECONDS / hop_seconds))
        self._coupling_db: float | None = None
        self._latest: deque[float] = deque(maxlen=round(ENVELOPE_SECONDS / hop_seconds))
        self._learned_hops = 0
        self._loudest_db = float("-inf")
        self.above_db = 0.0
        """How much louder than the echo the last hop was; 0 while the guide is silent."""

    @property
    def coupling_db(self) -> float | None:
        """Level in the microphone minus level played; None before the guide has sounded."""
        return self._coupling_db

    @property
    def guide_sounds(self) -> bool:
        """Whether the guide can still be heard."""
        return self._silent_hops < self._linger_hops

    def louder(
        self,
        level_dbfs: float,
        playing_db: float,
        floor_dbfs: float = float("-inf"),
        softened_db: float = 0.0,
    ) -> bool:
        """Take in a hop, and tell whether it is clearly louder than the guide's echo would be; True
        whenever the guide is silent.

        Args:
            level_dbfs: the level of the hop.
            playing_db: the level of what is played meanwhile, in dBFS; −inf for silence.
            floor_dbfs: the level of the noise in the room. A hop that does not rise out of it shows
                only that the echo is no louder.
            softened_db: the gain by which narration is softened, 0 or less.
        """
        self._played.append(playing_db)
        self._softened.append(softened_db)
        self._silent_hops = 0 if playing_db > float("-inf") else self._silent_hops + 1
        self.above_db = 0.0
        if not self.guide_sounds:
            return True
        present = max(self._played)
        # The level of a sentence's first syllable says little of the echo to come: what the guide
        # sounds like at its loudest does.
        if not any(self._softened):
            self._loudest_db = max(present, self._loudest_db - FADE_DB)
        reference = self._loudest_db + max(self._softened)
        buried = level_dbfs - floor_dbfs < NEAR_FLOOR_DB
        coupling = (level_dbfs if buried else _without(level_dbfs, floor_dbfs)) - reference
        if self._coupling_db is None:
            self._coupling_db = coupling
        known = self._learned_hops * self._hop_seconds >= FIRST_SECONDS
        self._latest.append(coupling)
        if len(self._latest) == self._latest.maxlen:
            self._coupling_db = min(self._coupling_db, max(self._latest) + ENVELOPE_DB)
        above = coupling - self._coupling_db
        if not known:
            # Begin with the loudest hop: too high a level does no harm, and is corrected later.
            if not buried:
                self._coupling_db = max(self._coupling_db, coupling)
            self._learned_hops += 1
            return False
        if buried:
            if above < 0:
                self._coupling_db -= DOWN_DB
            return False
        self.above_db = above
        if above > MARGIN_DB:
            # It is a person, or the loudspeaker is louder, which shows by not ending.
            self._coupling_db += LOUDER_DB
            return True
        self._coupling_db += UP_DB if above > 0 else -DOWN_DB
        return False


def _without(level_dbfs: float, floor_dbfs: float) -> float:
    """The level without the noise in it."""
    if floor_dbfs == float("-inf"):
        return level_dbfs
    return 10 * math.log10(10 ** (level_dbfs / 10) - 10 ** (floor_dbfs / 10))
