"""Keeps the history: watches a live session and notes in the journal what was done.

The session knows nothing of it, and nothing waits for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from voiceguide.core.errors import JournalError
from voiceguide.core.history import Tally, Visit, acquaintances, day_of, days_done, streak
from voiceguide.core.session.preferences import Memory
from voiceguide.core.table import RESTING
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.journal.visits import read_visits
from voiceguide.loop import Moment


class Diary:
    """Notes visits; a `Watcher` of one session.

    A visit is written whenever a step begins, the strokes stand still, or the visit ends, so a kill
    loses at most the time of the present step.

    Args:
        note: keeps a visit; it neither waits nor raises.
        wall: gives the local date and time, with its offset.
        profiles: by the id of each person, their profile (`Profile.key`).
    """

    def __init__(
        self,
        note: Callable[[Visit], None],
        wall: Callable[[], datetime],
        profiles: Mapping[str, str] | None = None,
    ) -> None:
        self._note_visit = note
        self._wall = wall
        self._profiles = dict(profiles or {})
        self._person = ""
        self._routine_id: str | None = None
        self._tally: Tally | None = None
        self._began_at = wall()

    def watch(self, moment: Moment) -> None:
        """Take in one moment of the session."""
        routine = moment.after.routine
        if moment.state in RESTING:
            self._end(moment)
            return
        if routine is None:
            return
        who = (moment.after.person, routine.id)
        if who != (self._person, self._routine_id) or self._tally is None:
            (self._person, self._routine_id), self._tally = who, Tally(routine)
            self._began_at = self._wall()
        tally = self._tally
        tally.follow(routine)
        worth = tally.take(moment.at_seconds, moment.event, moment.effects, moment.state)
        if worth and tally.seconds > 0:
            self._note(tally, moment)

    def _end(self, moment: Moment) -> None:
        """End the visit with the session of a guide that stays; the same routine is then another
        visit.
        """
        tally, self._tally = self._tally, None
        if tally is None:
            return
        tally.take(moment.at_seconds, moment.event, moment.effects, moment.state)
        if tally.seconds > 0:
            self._note(tally, moment)

    def _note(self, tally: Tally, moment: Moment) -> None:
        visit = Visit(
            self._began_at,
            self._routine_id or "",
            round(tally.seconds, 1),
            tally.zones,
            moment.after.tempo,
            tally.finished,
            self._profiles.get(self._person, ""),
            person=self._person,
        )
        self._note_visit(visit)


def with_history(
    memory: Memory,
    journal: Journal,
    now: datetime,
    profile: str,
    *,
    counts_days: bool,
    day_ends: int = 0,
) -> Memory:
    """The memory with what the history adds: how well the person knows routines and, if wanted, how
    many days in a row it will be once something is done today.

    Args:
        now: the local date and time.
        day_ends: how many hours after midnight the person's day ends.
    """
    today = day_of(now, day_ends)
    try:
        visits = read_visits(journal, day_ends)
    except (OSError, JournalError):
        return memory
    days = days_done(visits) | {today}
    return replace(
        memory,
        streak=streak(days, today) if counts_days else 0,
        known=acquaintances(visits, today, profile),
    )
