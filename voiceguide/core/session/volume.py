"""How loud the guide is: what the person wants, less at night, more over noise; pure."""

from dataclasses import dataclass, replace

from voiceguide.core import wording
from voiceguide.core.timeline.ranges import GAIN_RANGE_DB, GAIN_STEP_DB

BOOST_DB = 6.0
"""By how many dB the guide turns itself up where it is too loud to hear a word: by two "louder"."""

SOFTLY_DB = 6.0
"""By how many dB a reminder is softer than a session that was called for."""


@dataclass(frozen=True, slots=True)
class Volume:
    """The difference between the volume that a person wants and the volume that sounds."""

    limit_db: float | None = None
    """The loudest that the guide may be now, as at night; None for no limit."""
    boost_db: float = 0.0
    """Added over noise."""
    softer_db: float = 0.0
    """Taken off where the guide speaks without having been called."""

    @property
    def greatest_db(self) -> float:
        """The loudest there is now."""
        return GAIN_RANGE_DB[1] if self.limit_db is None else min(self.limit_db, GAIN_RANGE_DB[1])

    def sounding(self, gain_db: float) -> float:
        """The volume that sounds if the person wants this one."""
        return min(gain_db + self.boost_db, self.greatest_db)

    def boosted(self, gain_db: float) -> "Volume":
        """The same, turned up over what sounds now, as far as that goes."""
        room = self.greatest_db - self.sounding(gain_db)
        return replace(self, boost_db=min(BOOST_DB, room)) if self.boost_db == 0 else self

    def wanted(self, sounding_db: float) -> float:
        """The volume that a person must want for this one to sound."""
        within = min(max(GAIN_RANGE_DB[0], sounding_db), self.greatest_db)
        return max(GAIN_RANGE_DB[0], within - self.boost_db)

    def louder(self, gain_db: float) -> tuple[float, str]:
        """The volume one step up, and the sentence to say where it can go no further."""
        gain = self.wanted(self.sounding(gain_db) + GAIN_STEP_DB)
        if self.sounding(gain) < self.greatest_db:
            return gain, ""
        return gain, wording.LOUDEST if self.limit_db is None else wording.LOUDEST_AT_NIGHT

    def quieter(self, gain_db: float) -> tuple[float, str]:
        """The volume one step down, and the sentence to say where it can go no further."""

        gain = self.wanted(self.sounding(gain_db) - GAIN_STEP_DB)
        return gain, wording.SOFTEST if gain == GAIN_RANGE_DB[0] else ""
