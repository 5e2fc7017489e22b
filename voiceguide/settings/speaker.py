"""The settings of a speaker that stays: what calls it, when it sleeps, and when it reminds."""

from dataclasses import dataclass
from datetime import time
from typing import Annotated

from voiceguide.settings.keys import Key, Kind


@dataclass(frozen=True, slots=True)
class WakeSettings:
    """When `voiceguide speaker` listens, and when it sleeps."""

    calls: Annotated[
        tuple[str, ...],
        Key(
            Kind.PHRASES,
            "The calls that wake it; with an empty list it never sleeps, and asks at once.",
            unset="it never sleeps",
        ),
    ] = ("hey guide",)
    sleep_minutes: Annotated[
        float,
        Key(
            Kind.NUMBER,
            "How long after a session, or a question without an answer, it falls asleep.",
            unit="minutes",
            span=(1, 240),
        ),
    ] = 10.0


@dataclass(frozen=True, slots=True)
class RemindSettings:
    """A reminder by `voiceguide speaker`, once a day (docs/programmes.md)."""

    at: Annotated[
        time | None,
        Key(
            Kind.CLOCK,
            "When the reminder is spoken: by day, while the guide sleeps and nobody speaks.",
            unset="never",
        ),
    ] = None
    person: Annotated[
        str | None,
        Key(
            Kind.TEXT,
            "The person of the settings whose programme it tells of.",
            unset="the person without a name",
        ),
    ] = None
    later_minutes: Annotated[
        float,
        Key(
            Kind.NUMBER,
            "How long after “later” it reminds again.",
            unit="minutes",
            span=(1, 240),
        ),
    ] = 30.0
