"""What the guide itself plays while a block of sound is recorded, as far as the ears must know."""

from dataclasses import dataclass

SILENCE = float("-inf")


@dataclass(frozen=True, slots=True)
class Sounding:
    """What of the guide can be heard in a block."""

    level_dbfs: float = SILENCE
    """Level at which it is played; minus infinity when silent."""
    softened_db: float = 0.0
    """By how much it is played more softly than usual, because somebody speaks; 0 or less."""


SILENT = Sounding()
"""The guide plays nothing."""
