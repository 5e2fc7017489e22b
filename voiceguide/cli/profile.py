"""The options for the person and the time of day; `show`, `run` and `rehearse` share them."""

import argparse
from collections.abc import Iterable

from voiceguide.core.errors import SettingsError
from voiceguide.core.routine.routine import Profile, Routine, Skin, When
from voiceguide.core.routine.selection import select
from voiceguide.core.suggest import nearest


def add_profile_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--when``, ``--skin``, ``--avoid`` and ``--tool``; read them with `profile_from`."""
    group = parser.add_argument_group("the person and the moment")
    group.add_argument(
        "--when",
        choices=[when.value for when in When],
        help="time of day (without it, by the clock, or the parts for both)",
    )
    group.add_argument(
        "--skin",
        action="append",
        choices=[skin.value for skin in Skin],
        default=None,
        help="what the skin needs (may be given more than once)",
    )
    group.add_argument(
        "--avoid",
        action="append",
        metavar="ZONE",
        default=None,
        help="leave a zone out: forehead, eyes, cheeks, jaw, neck … (may be given more than once)",
    )
    group.add_argument("--tool", metavar="NAME", help="a tool to use: gua-sha, roller")


def profile_from(args: argparse.Namespace) -> Profile:
    """The profile these options describe."""
    avoid = (zone for text in args.avoid or () for zone in text.split(","))
    return Profile(
        when=When(args.when) if args.when else None,
        skin=tuple(dict.fromkeys(Skin(name) for name in args.skin or ())),
        avoid=tuple(dict.fromkeys(_slug(zone) for zone in avoid if zone.strip())),
        tool=_slug(args.tool) if args.tool else None,
    )


def check_profile(routine: Routine, profile: Profile) -> None:
    """Refuse a zone or a tool that does not exist, before a whole session ignores it.

    A part of the body that this routine does not touch is accepted: nothing need be left out.

    Raises:
        SettingsError: naming the nearest known word; or nothing is left of the routine.
    """
    if profile.avoid:
        _check_zones(routine, profile.avoid)
    tools = {
        conditions.tool
        for section, step in routine.steps()
        for conditions in (section.conditions, step.conditions)
        if conditions.tool
    }
    if profile.tool and profile.tool not in tools | set(routine.tool):
        raise SettingsError(
            f"The routine {routine.id!r} has no part for the tool {profile.tool!r}; "
            + (_suggest(profile.tool, tools) if tools else "leave --tool out.")
        )
    if not select(routine, profile).sections:
        raise SettingsError(
            f"Nothing is left of the routine {routine.id!r} for this person; avoid fewer zones."
        )


def _check_zones(routine: Routine, avoid: Iterable[str]) -> None:
    from voiceguide.edge.files.routine_values import REGIONS

    zones = {section.id for section in routine.sections} | set(REGIONS)
    for zone in avoid:
        if zone not in zones:
            raise SettingsError(f"There is no zone {zone!r} to avoid; {_suggest(zone, zones)}")


def _suggest(word: str, known: set[str]) -> str:
    close = nearest(word, known)
    return f"did you mean {close!r}?" if close else f"known: {', '.join(sorted(known))}."


def _slug(text: str) -> str:
    return "-".join(text.lower().replace("_", " ").replace("-", " ").split())
