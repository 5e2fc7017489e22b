"""How loud the guide is: what the person wants, less at night, more over noise; pure."""

from dataclasses import dataclass, replace

from voiceguide.core import wording
from voiceguide.core.timeline.ranges import GAIN_RANGE_DB, GAIN_STEP_DB

BOOST_DB = 6.0
"""By how much the guide turns itself up where it is too loud to hear a word: as far as two
"louder" would."""

SOFTLY_DB = 6.0
"""By how much softer a reminder is than what somebody called for."""


@dataclass(frozen=True, slots=True)
class Volume:
    """What comes between the volume that a person wants and what sounds."""

    limit_db: float | None = None
    """The guide must not be louder now; None where there is no limit."""
    boost_db: float = 0.0
    """Added over noise."""
    softer_db: float = 0.0
    """Taken off where the guide speaks without having been called."""

    @property
    def greatest_db(self) -> float:
        """The loudest there is now."""
        return GAIN_RANGE_DB[1] if self.limit_db is None else min(self.limit_db, GAIN_RANGE_DB[1])

    def sounding(self, gain_db: float) -> float:
        """What sounds where a person wants this."""
        return min(gain_db + self.boost_db, self.greatest_db)

    def boosted(self, gain_db: float) -> "Volume":
        """Turned up over what sounds now, as far as that goes."""
        room = self.greatest_db - self.sounding(gain_db)
        return replace(self, boost_db=min(BOOST_DB, room)) if self.boost_db == 0 else self

    def wanted(self, sounding_db: float) -> float:
        """What a person wants who asks for what then sounds so."""
        within = min(max(GAIN_RANGE_DB[0], sounding_db), self.greatest_db)
        return max(GAIN_RANGE_DB[0], within - self.boost_db)

    def louder(self, gain_db: float) -> tuple[float, str]:
        """A step up, and the sentence to say where it goes no further."""
        gain = self.wanted(self.sounding(gain_db) + GAIN_STEP_DB)
        if self.sounding(gain) < self.greatest_db:
            return gain, ""
        return gain, wording.LOUDEST if self.limit_db is None else wording.LOUDEST_AT_NIGHT

    def quieter(self, gain_db: float) -> tuple[float, str]:
        """A step down, and the sentence to say where it goes no further."""
        gain = self.wanted(self.sounding(gain_db) - GAIN_STEP_DB)
        return gain, wording.SOFTEST if gain == GAIN_RANGE_DB[0] else ""
