"""The settings of the page for a mirror display."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from voiceguide.settings.keys import Key, Kind


class SkinTone(StrEnum):
    """The skin of the person in the pictures."""

    LIGHT = "light"
    MEDIUM = "medium"
    BROWN = "brown"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class PageSettings:
    """The page for a mirror display (`--page`, docs/mirror.md)."""

    names: Annotated[
        tuple[str, ...],
        Key(
            Kind.HOSTS,
            "Further names by which browsers may ask for it, such as that of a proxy; this "
            "machine's own names in the home network are known.",
            unset="this machine's own",
        ),
    ] = ()
    frame_ancestors: Annotated[
        tuple[str, ...],
        Key(
            Kind.ORIGINS,
            "The origins whose pages may show it in a frame, such as a MagicMirror's.",
            unset="nobody's",
        ),
    ] = ()
    skin_tone: Annotated[
        SkinTone,
        Key(
            Kind.CHOICE,
            "The skin of the person in the pictures (on the card: `--skin-tone`).",
            choices=SkinTone,
        ),
    ] = SkinTone.LIGHT
