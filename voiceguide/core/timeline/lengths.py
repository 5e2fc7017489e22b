"""How long a routine takes: the one answer that every command, page and card gives."""

from dataclasses import dataclass

from voiceguide.core.routine.breath import Breath
from voiceguide.core.routine.routine import Profile, Routine, When
from voiceguide.core.routine.selection import select
from voiceguide.core.timeline.plan import make_plan


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long a routine takes a person, from "go" to the last word, at each time of day."""

    at: tuple[tuple[When | None, float], ...]
    """Seconds by time of day, as far as that makes a difference. The key None stands for a session
    in which the parts for every time of day are told."""

    @property
    def least_seconds(self) -> float:
        """The shortest."""
        return min(seconds for _, seconds in self.at)

    @property
    def most_seconds(self) -> float:
        """The longest."""
        return max(seconds for _, seconds in self.at)

    @property
    def depends(self) -> bool:
        """Whether it depends on the time of day, by a second at least."""
        return round(self.least_seconds) != round(self.most_seconds)


def lengths(
    routine: Routine, profile: Profile | None = None, breath: Breath | None = None
) -> Lengths:
    """How long a routine takes a person.

    Args:
        routine: the whole routine, as in its file.
        profile: the person and the time of day; if left out, nobody in particular at any time.
        breath: what strokes and holds ride on; if left out, the breath of the routine.
    """
    person = profile or Profile()
    times = (person.when,) if person.when else (None, *When)
    chosen = {
        when: select(routine, Profile(when, person.skin, person.avoid, person.tool))
        for when in times
    }
    made = [
        (when, make_plan(selected, breath=breath).total_seconds)
        for when, selected in chosen.items()
        if selected.sections or when is person.when
    ]
    if all(chosen[when] == chosen[person.when] for when, _ in made):
        made = made[:1]
    return Lengths(tuple(made))
