"""Finds programmes in the settings that a person cannot follow, and says why."""

from collections.abc import Mapping

from voiceguide.core.routine.programme import Programme
from voiceguide.core.suggest import nearest
from voiceguide.settings.persons import table_of
from voiceguide.settings.tables import Settings


def programme_problems(settings: Settings, programmes: Mapping[str, Programme]) -> tuple[str, ...]:
    """A sentence for each person who cannot follow the programme that the settings name for them,
    with the reason; the guide leads them all the same.
    """
    found = []
    for person in ("", *(each.id for each in settings.persons)):
        named = settings.programme_of(person)
        key = f"`{table_of(person)}.programme`"
        if named and named not in programmes:
            guess = nearest(named, programmes)
            hint = f"did you mean {guess}?" if guess else f"there are: {', '.join(programmes)}."
            found.append(f"{key}: there is no programme {named!r}; {hint}")
        elif named and not person and settings.person.guest:
            found.append(
                f"{key} does nothing while `person.guest` is true: a guest follows no programme."
            )
        elif named and settings.journal_of(person) is None:
            found.append(
                f"{key}: nothing is remembered (`journal.keep` is off), so each start is day one "
                f"of {programmes[named].name} again."
            )
    return tuple(found)
