"""What is left of a routine for each kind of person and time of day, and what is wrong with it."""

from collections.abc import Iterator, Sequence
from itertools import product

from voiceguide.core.routine.routine import (
    Profile,
    Routine,
    Section,
    Side,
    Skin,
    Step,
    When,
)
from voiceguide.core.routine.selection import applies, kept

MORNING_HOURS = range(4, 12)
EVENING_HOURS = frozenset({*range(17, 24), *range(4)})


def told_by_clock(hour: int) -> When | None:
    """Morning or evening, by the hour of the day; None in the afternoon, when it may be either."""
    if hour in MORNING_HOURS:
        return When.MORNING
    return When.EVENING if hour in EVENING_HOURS else None


def depends_on_hour(routine: Routine) -> bool:
    """Whether it differs between morning and evening."""
    return bool(hours_of(routine))


def hours_of(routine: Routine) -> frozenset[When]:
    """The times of day that something in it is for."""
    sections = routine.sections
    conditions = (
        *(section.conditions for section in sections),
        *(step.conditions for section in sections for step in section.steps),
        *(each.conditions for each in routine.supply),
    )
    return frozenset(each.when for each in conditions if each.when)


def at_hour(routine: Routine, when: When | None) -> Routine:
    """What is left of a routine at a time of day, whoever the person is; None leaves all."""
    return kept(routine, lambda conditions: when is None or conditions.when in (None, when))


def profiles(sections: Sequence[Section]) -> tuple[Profile, ...]:
    """Every combination of time, skin and tool that makes a difference to these sections."""
    tools = {
        tool
        for section in sections
        for conditions in (section.conditions, *(step.conditions for step in section.steps))
        for tool in (conditions.tool, *conditions.not_tool)
        if tool
    }
    return tuple(
        Profile(when=when, skin=skin, tool=tool)
        for skin, tool, when in product(
            ((), *((skin,) for skin in Skin)), (None, *sorted(tools)), When
        )
    )


def troubles(sections: Sequence[Section]) -> Iterator[tuple[int | None, str]]:
    """(index of the section or None for the whole, what is wrong), one at most for each section.

    A section is wrong when it applies to a person but none of its steps does, or when only one
    side of the body is worked on.
    """
    kinds = profiles(sections)
    for profile in kinds:
        if not any(_left(section, profile) for section in sections):
            yield None, f"{_whom(profile, kinds)} nothing is left of this routine; add a section"
            break
    for index, section in enumerate(sections):
        trouble = next(filter(None, (_trouble(section, kind, kinds) for kind in kinds)), None)
        if trouble:
            yield index, trouble


def _left(section: Section, profile: Profile) -> tuple[Step, ...]:
    if not applies(section.conditions, profile):
        return ()
    return tuple(step for step in section.steps if applies(step.conditions, profile))


def _trouble(section: Section, profile: Profile, kinds: Sequence[Profile]) -> str | None:
    steps = _left(section, profile)
    if section.steps and not steps and applies(section.conditions, profile):
        whom = _whom(profile, kinds)
        return f"{whom} no step of this section is left; give the section the same `if`"
    sides = {step.sides[0] for step in steps if len(step.sides) == 1}
    for side, other in ((Side.LEFT, Side.RIGHT), (Side.RIGHT, Side.LEFT)):
        if side in sides and other not in sides:
            whom = _whom(profile, kinds)
            return (
                f"{whom} only the {side.value} side is worked on; add the {other.value} one, "
                f"or use `side: {Side.LEFT_THEN_RIGHT.value}`"
            )
    return None


def _whom(profile: Profile, kinds: Sequence[Profile]) -> str:
    """A profile in words, but only the parts of it that make a difference."""
    if profile == kinds[0]:
        return "as it stands,"
    parts = []
    if profile.when:
        parts.append(f"in the {profile.when.value}")
    if profile.skin:
        parts.append(f"with `skin: {profile.skin[0].value}`")
    if profile.tool:
        parts.append(f"with `tool: {profile.tool}`")
    return " ".join(parts)
