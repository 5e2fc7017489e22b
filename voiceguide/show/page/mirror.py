"""The page of one live session: what the composition root opens, tells and closes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from voiceguide.core.errors import JournalError
from voiceguide.core.history import seconds_by_day
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.journal.visits import read_visits
from voiceguide.show.page.address import is_loopback_url, parse_address
from voiceguide.show.page.feed import Feed
from voiceguide.show.page.message import message
from voiceguide.show.page.qr import for_terminal
from voiceguide.show.page.server import PageServer
from voiceguide.show.view import Shown


class MirrorPage:
    """Shows a session to whoever opens the page.

    Args:
        where: ``HOST:PORT``.
        now: seconds of the session; asked from the page's thread too.
        journal: the file whose history is shown as a calendar; None for none.
        obey: takes words from the page; None for a page that can only be looked at.
        names: further ones by which it may be asked for.

    Raises:
        SettingsError: ``where`` makes no sense, or is taken.
    """

    def __init__(
        self,
        where: str,
        now: Callable[[], float],
        journal: Path | None,
        obey: Callable[[str], bool] | None = None,
        names: tuple[str, ...] = (),
    ) -> None:
        self._feed = Feed(now)
        address = replace(parse_address(where), names=names)
        self._server = PageServer(address, self._feed, lambda: days(journal), obey)
        self._server.start()

    def show(self, shown: Shown) -> None:
        """This is how things stand now; any thread may call."""
        self._feed.publish(message(shown))

    def show_noise(self, dbfs: float | None) -> None:
        """How noisy it is; any thread may call."""
        self._feed.publish_noise(dbfs)

    @property
    def turned_away(self) -> int:
        """Connections that found no room, or were let go of for their silence."""
        return self._server.turned_away

    def welcome(self, console: Console) -> None:
        """Tell where the page is, who can see it, and (once) how to command from it."""
        server = self._server
        console.print(Text(f"The page is at {server.address.url}", "cyan"), soft_wrap=True)
        if not server.address.is_loopback:
            text = (
                "Everybody in the same network can open it and see what you do, and your calendar; "
                "it is not encrypted."
            )
            console.print(Text(text, "yellow"), soft_wrap=True)
        if server.token:
            console.print(
                Text(f"Whoever opens this one can also command: {server.link}", "yellow"),
                soft_wrap=True,
            )
            # No phone can open an address of this machine alone.
            far = not is_loopback_url(server.link)
            code = for_terminal(server.link) if console.is_terminal and far else ""
            if code and code.index("\n") <= console.width:
                console.print(Text(code))

    def close(self) -> None:
        """End every open page's feed."""
        self._server.close()


def days(journal: Path | None) -> dict[str, float]:
    """Seconds of each day of the history, by ISO date; nothing where it cannot be read."""
    if journal is None or not journal.exists():
        return {}
    try:
        with Journal(journal) as opened:
            summed = seconds_by_day(read_visits(opened))
    except (OSError, JournalError):
        return {}
    return {day.isoformat(): round(seconds, 1) for day, seconds in summed.items()}
