"""Turns snapshots into the events that are sent to a person's own program."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from voiceguide.core.session.snapshot import Snapshot


def events_between(before: Snapshot | None, after: Snapshot) -> list[str]:
    """The names of the events between two snapshots, the most general first; pure.

    ``began``, ``person``, ``state``, ``place`` (another routine, section or step), ``fault``,
    ``recovered``, ``loud``, ``quiet``.
    """
    if before is None:
        return ["began"]
    found = {
        "person": after.person != before.person,
        "state": after.state != before.state,
        "place": _place(before) != _place(after),
        "fault": bool(set(after.faults) - set(before.faults)),
        "recovered": bool(set(before.faults) - set(after.faults)),
        "loud": after.is_loud and not before.is_loud,
        "quiet": before.is_loud and not after.is_loud,
    }
    return [name for name, is_so in found.items() if is_so]


def _place(shown: Snapshot) -> tuple[str | None, ...]:
    if not shown.is_underway:
        return shown.routine_id, None, None
    return shown.routine_id, shown.section_id, shown.step_id


class EventTeller:
    """Makes events of snapshots.

    Args:
        tell: takes each event; must not wait.
        end: is called at the end.
        wall: gives the local time, with its offset.
    """

    def __init__(
        self,
        tell: Callable[[Mapping[str, Any]], None],
        end: Callable[[], None],
        wall: Callable[[], datetime],
    ) -> None:
        self._tell = tell
        self._end = end
        self._wall = wall
        self._before: Snapshot | None = None

    def show(self, shown: Snapshot) -> None:
        """Tell the events since the last snapshot."""
        before, self._before = self._before, shown
        for name in events_between(before, shown):
            at = self._wall().isoformat(timespec="milliseconds")
            self._tell({"event": name, "at": at, **shown.as_json()})

    def close(self) -> None:
        """Tell no more."""
        self._end()
