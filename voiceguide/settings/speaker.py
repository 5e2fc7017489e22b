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
            "What calls it when it sleeps; with an empty list it never sleeps, and asks at once.",
            unset="it never sleeps",
        ),
    ] = ("hey guide",)
    sleep_minutes: Annotated[
        float,
        Key(
            Kind.NUMBER,
            "It sleeps so long after the end of a session, or a question that nobody answered.",
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
            "When it is spoken: by day, while the guide sleeps and nobody speaks.",
            unset="never",
        ),
    ] = None
    person: Annotated[
        str | None,
        Key(
            Kind.TEXT,
            "Whose programme it tells of: a person of the settings.",
            unset="whoever has no name",
        ),
    ] = None
    later_minutes: Annotated[
        float,
        Key(
            Kind.NUMBER,
            "How long after “later” it asks once again.",
            unit="minutes",
            span=(1, 240),
        ),
    ] = 30.0
