"""The page of one live session: the composition root opens it, shows things on it, closes it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from voiceguide.core.errors import JournalError
from voiceguide.core.history import day_of, days_done, longest_streak, seconds_by_day, streak
from voiceguide.core.routine.routine import Profile, Routine
from voiceguide.core.timeline.lengths import Lengths, lengths
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.journal.visits import read_visits
from voiceguide.settings.page import PageSettings
from voiceguide.show.lines import print_line
from voiceguide.show.page.address import is_loopback_url, parse_address
from voiceguide.show.page.feed import Feed
from voiceguide.show.page.message import message
from voiceguide.show.page.qr import for_terminal
from voiceguide.show.page.server import PageServer
from voiceguide.show.page.site import Records
from voiceguide.show.view import Shown


class MirrorPage:
    """Shows a session to everybody who opens the page.

    Args:
        where: ``HOST:PORT``.
        now: gives the seconds of the session; also called on the page's thread.
        journal: gives the file whose history is shown as a calendar; None for none.
        obey: takes words from the page; None for a page without commands.
        settings: by which names it may be asked for, who may frame it, how it looks.
        routines: gives how long each routine takes, in words; called when a page offers them.
        day_ends: how many hours after midnight the person's day ends.

    Raises:
        SettingsError: ``where`` makes no sense, or is taken.
    """

    def __init__(
        self,
        where: str,
        now: Callable[[], float],
        journal: Callable[[], Path | None],
        obey: Callable[[str], bool] | None = None,
        settings: PageSettings | None = None,
        routines: Callable[[], dict[str, str]] = dict,
        day_ends: int = 0,
    ) -> None:
        self._feed = Feed(now)
        kept = settings or PageSettings()
        address = replace(
            parse_address(where), names=kept.names, ancestors=tuple(kept.frame_ancestors)
        )
        told = Records(lambda: history(journal(), day_ends), routines)
        self._server = PageServer(address, self._feed, told, obey, kept.skin_tone)
        self._server.start()

    def show(self, shown: Shown) -> None:
        """Show this from now on; any thread may call."""
        self._feed.publish(message(shown))

    @property
    def turned_away(self) -> int:
        """How many connections were refused for lack of room, or closed for their silence."""
        return self._server.turned_away

    def welcome(self, console: Console) -> None:
        """Print where the page is, who can see it, and the one link that allows commands."""
        server = self._server
        print_line(console, f"The page is at {server.address.url}", "cyan")
        if not server.address.is_loopback:
            text = (
                "Everybody in the same network can open it and see what you do, and your calendar; "
                "it is not encrypted."
            )
            print_line(console, text, "yellow")
        if server.token:
            print_line(console, f"Whoever opens this one can also command: {server.link}", "yellow")
            # A phone cannot open an address that only this machine has.
            far = not is_loopback_url(server.link)
            code = for_terminal(server.link) if console.is_terminal and far else ""
            if code and code.index("\n") <= console.width:
                console.print(Text(code))

    def close(self) -> None:
        """End every open page's feed."""
        self._server.close()


def history(journal: Path | None, day_ends: int = 0) -> dict[str, Any]:
    """The history for the page's calendar: seconds of each day by ISO date, the days in a row, the
    most there ever were, today's date, and whether today counts already.

    It is empty where the journal cannot be read.

    Args:
        day_ends: how many hours after midnight the person's day ends.
    """
    if journal is None or not journal.exists():
        return {}
    try:
        with Journal(journal) as opened:
            visits = read_visits(opened, day_ends)
    except (OSError, JournalError):
        return {}
    days, today = days_done(visits), day_of(datetime.now(), day_ends)
    return {
        "days": {day.isoformat(): round(sum_) for day, sum_ in seconds_by_day(visits).items()},
        "streak": streak(days, today),
        "longest": longest_streak(days),
        "today": today in days,
        "date": today.isoformat(),
    }


def lengths_in_words(library: Mapping[str, Routine], profile: Profile) -> dict[str, str]:
    """How long each routine takes this person, by the routine's name."""
    return {routine.name: _minutes(lengths(routine, profile)) for routine in library.values()}


def _minutes(span: Lengths) -> str:
    least, most = (max(1, round(each / 60)) for each in (span.least_seconds, span.most_seconds))
    return f"{least} min" if least == most else f"{least}–{most} min"
