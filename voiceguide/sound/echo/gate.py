"""Tells a person who speaks over the guide from the guide's own voice in the microphone.

No sound is cancelled here: the gate only learns how loud the guide comes back, and what is not
clearly louder than that is not speech. A canceller belongs in front of it: it would lower the
level that comes back, and the gate would learn the lower one by itself.
"""

import math
from collections import deque

MARGIN_DB = 6.0
"""A person is heard over the guide when this much louder than its echo."""
FIRST_SECONDS = 1.0
"""Until this much of the guide's sound has been heard, nothing is accepted over it."""
LINGER_SECONDS = 0.5
"""How long the room and the way through the devices keep the guide sounding."""
UP_DB, DOWN_DB = 0.5, 0.025
"""Steps of the learned level a hop's worth of sound; their ratio holds it near the echo's 95th
percentile."""

ENVELOPE_SECONDS = 1.5
ENVELOPE_DB = 6.0
"""The learned level is at most this much over the loudest of the latest sound of the guide: so a
canceller that has begun to work is noticed soon."""
NEAR_FLOOR_DB = 4.0
"""A hop that rises less than this above the noise counts as noise. It shows only that the echo is
softer still."""
SOFT_SECONDS = 0.2
"""How long what was played before it became softer is still louder: the device and the room."""
FADE_DB = 0.01
"""The loudest level played is forgotten by this much a hop of the guide's sound: 1 dB a second."""
LOUDER_DB = 0.02
"""The step while it is louder than a person would need to be: 2 dB a second."""


class EchoGate:
    """Learns the level at which the guide comes back; deterministic, no clock."""

    def __init__(self, hop_seconds: float) -> None:
        self._hop_seconds = hop_seconds
        self._linger_hops = round(LINGER_SECONDS / hop_seconds)
        self._played: deque[float] = deque(maxlen=self._linger_hops)
        self._silent_hops = self._linger_hops
        """Since the guide was played."""
        self._softened: deque[float] = deque(maxlen=round(SOFT_SECONDS / hop_seconds))
        self._coupling_db: float | None = None
        self._latest: deque[float] = deque(maxlen=round(ENVELOPE_SECONDS / hop_seconds))
        self._learned_hops = 0
        self._loudest_db = float("-inf")
        self.above_db = 0.0
        """By how much the last hop was louder than the echo; 0 while the guide is silent."""

    @property
    def coupling_db(self) -> float | None:
        """Level in the microphone minus level played; None before the guide has sounded."""
        return self._coupling_db

    @property
    def guide_sounds(self) -> bool:
        """The guide can still be heard."""
        return self._silent_hops < self._linger_hops

    def louder(
        self,
        level_dbfs: float,
        playing_db: float,
        floor_dbfs: float = float("-inf"),
        softened_db: float = 0.0,
    ) -> bool:
        """Take in one hop: whether it is clearly louder than the guide's echo would be.

        True whenever the guide is silent (``playing_db`` is −inf). ``floor_dbfs`` is the level of
        the noise in the room: what does not rise out of it tells only that the echo is no louder.
        ``softened_db`` is how much softer than usual the guide is played, 0 or less.
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
            # The loudest hop of the first second: too high is corrected slowly, never risky.
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
            # A person, or a louder loudspeaker: the second shows by not ending.
            self._coupling_db += LOUDER_DB
            return True
        self._coupling_db += UP_DB if above > 0 else -DOWN_DB
        return False


def _without(level_dbfs: float, floor_dbfs: float) -> float:
    """The level that is left when the noise is taken out of it."""
    if floor_dbfs == float("-inf"):
        return level_dbfs
    return 10 * math.log10(10 ** (level_dbfs / 10) - 10 ** (floor_dbfs / 10))
