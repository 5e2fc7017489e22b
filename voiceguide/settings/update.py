"""The settings of updates: where a list of what is newer lies, and whose signature counts."""

from dataclasses import dataclass
from typing import Annotated

from voiceguide.settings.keys import Key, Kind


@dataclass(frozen=True, slots=True)
class UpdateSettings:
    """Where `voiceguide update` looks; never asked by itself (docs/updates.md)."""

    address: Annotated[
        str | None,
        Key(Kind.TEXT, "The address of the list, `https://…`.", unset="nothing is asked"),
    ] = None
    key: Annotated[
        str | None,
        Key(
            Kind.TEXT,
            "The key whose signature counts, `ssh-ed25519 AAAA…`.",
            unset="nothing is believed",
        ),
    ] = None
