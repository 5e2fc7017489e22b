"""What a person hears of a routine: what does not apply to them, or is avoided, is left out."""

from collections.abc import Callable
from dataclasses import replace

from voiceguide.core.routine.routine import Conditions, Profile, Routine, Section, Step


def applies(conditions: Conditions, profile: Profile) -> bool:
    """Whether something with these conditions is for this person now.

    A condition on the time of day fails only against a known other time, so that a routine
    run without ``--when`` tells everything.
    """
    if conditions.when and profile.when and conditions.when is not profile.when:
        return False
    if conditions.skin and not set(conditions.skin) & set(profile.skin):
        return False
    if set(conditions.not_skin) & set(profile.skin):
        return False
    if profile.tool in conditions.not_tool:
        return False
    return conditions.tool is None or conditions.tool == profile.tool


def kept(routine: Routine, fits: Callable[[Conditions], bool]) -> Routine:
    """The zones, steps and supplies of a routine whose conditions fit; a zone that is left without
    a step is left out too.
    """
    sections = (
        replace(section, steps=tuple(step for step in section.steps if fits(step.conditions)))
        for section in routine.sections
        if fits(section.conditions)
    )
    return replace(
        routine,
        sections=tuple(section for section in sections if section.steps),
        supply=tuple(each for each in routine.supply if fits(each.conditions)),
    )


def select(routine: Routine, profile: Profile) -> Routine:
    """The routine as this person hears it: what does not apply or is avoided is left out,
    and sentences and the pressure for their skin replace the general ones.
    """
    pressure = next((how for skin, how in routine.pressure_for if skin in profile.skin), None)
    routine = kept(routine, lambda conditions: applies(conditions, profile))
    sections = tuple(
        replace(section, steps=tuple(_worded(step, profile, pressure) for step in section.steps))
        for section in routine.sections
        if not _is_avoided(section, profile)
    )
    return replace(routine, sections=sections)


def _is_avoided(section: Section, profile: Profile) -> bool:
    return section.id in profile.avoid or bool(section.region and section.region in profile.avoid)


def _worded(step: Step, profile: Profile, pressure: str | None) -> Step:
    if pressure and step.stroke and step.stroke.pressure:
        step = replace(step, stroke=replace(step.stroke, pressure=pressure))
    for skin, sentences in step.say_for:
        if skin in profile.skin:
            return replace(step, say=sentences, short=())
    return step
