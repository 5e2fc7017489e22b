"""Everything that shows a live session: the terminal (lines or a panel), and the mirror page."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.core.commands import Phrasebook
from voiceguide.core.decision.heard import Heard
from voiceguide.core.errors import SettingsError
from voiceguide.core.session.session import Session
from voiceguide.edge.libraries.adding import how_to_add
from voiceguide.edge.service.outlet import Outlet
from voiceguide.edge.system.log import Log
from voiceguide.live.options import LiveOptions
from voiceguide.loop import Moment
from voiceguide.show.console import Display
from voiceguide.show.view import View

if TYPE_CHECKING:
    from rich.console import Console

    from voiceguide.show.page.mirror import MirrorPage
    from voiceguide.show.panel import Panel

_log = Log()


class Screens:
    """Shows a session; a screen that fails or is slow does not stop the voice. It prints from
    ``open`` on, and then also what it was told before: the guide's first word waits for no screen.

    Args:
        display: prints lines, always in the background.
        noise_dbfs: gives the level of the noise; None if nothing can be heard.
        typed: gives the line that is being typed.
        obey: obeys words from the page if they can be said now, and returns whether they can.

    Raises:
        SettingsError: the page cannot be served, or its libraries are not installed.
    """

    def __init__(
        self,
        options: LiveOptions,
        session: Session,
        book: Phrasebook,
        display: Display,
        console: "Console",
        now: Callable[[], float],
        noise_dbfs: Callable[[], float | None],
        typed: Callable[[], str | None],
        obey: Callable[[str], bool],
    ) -> None:
        names = tuple(routine.name for routine in options.library.values())
        self._display = display
        self._lines = Outlet("screen", held=True)
        there = options.programmes if options.settings.journal.keep else {}
        programmes = {key: programme.name for key, programme in there.items()}
        self._view = View(session, book, names, now, options.debug, programmes)
        self._wants_panel = options.panel
        self._make_panel = partial(new_panel, console, now, noise_dbfs, typed)
        self._panel: Panel | None = None
        self._page = open_page(options, session, now, obey)
        if self._page:
            self._page.welcome(console)

    def open(self) -> "Panel | None":
        """Begin to print. Returns the panel that a terminal shows while this context is entered;
        None for none.
        """
        try:
            self._panel = self._make_panel() if self._wants_panel else None
            if self._panel:
                self._panel.show(self._view.shown())
            return self._panel
        finally:
            self._lines.release()

    def note(self, text: str) -> None:
        """Print a note."""
        self._lines.put(partial(self._display.note, text))

    def tell(self, moment: Moment) -> None:
        """Print what is new in a moment."""
        self._lines.put(partial(self._display.show, moment))

    def watch(self, moment: Moment) -> None:
        """Take in a moment, to show it at the next `show`."""
        self._view.watch(moment)

    def hear(self, heard: Heard) -> None:
        """Take in what the ears decided."""
        self._view.hear(heard)

    def show(self) -> None:
        """Show the present state."""
        if not (self._panel or self._page):
            return
        try:
            shown = self._view.shown()
            if self._panel:
                self._panel.show(shown)
            if self._page:
                self._page.show(shown)
        except Exception:
            _log.exception("picture", "failed")

    def figures(self) -> dict[str, float]:
        """For the status: how many lines were not printed, how many connections turned away."""
        return {
            "screen_lines_dropped_total": self._lines.dropped,
            "page_turned_away_total": self._page.turned_away if self._page else 0,
        }

    def flush(self) -> None:
        """Wait until every line is printed, or a screen has hung for too long."""
        self._lines.flush()

    def close_page(self) -> None:
        """End the page."""
        if self._page:
            self._page.close()

    def close(self) -> None:
        """Print nothing more."""
        self._lines.close()


def new_panel(
    console: "Console",
    now: Callable[[], float],
    noise_dbfs: Callable[[], float | None],
    typed: Callable[[], str | None],
) -> "Panel | None":
    """The panel of a terminal; None where the console is none."""
    if not console.is_terminal:
        return None
    from voiceguide.show.panel import Panel

    return Panel(console, now, noise_dbfs, typed)


def open_page(
    options: LiveOptions,
    session: Session,
    now: Callable[[], float],
    obey: Callable[[str], bool],
) -> "MirrorPage | None":
    """The mirror page, if one is asked for.

    Raises:
        SettingsError: it cannot be served there, or its libraries are not installed.
    """
    if options.page is None:
        return None
    try:
        from voiceguide.show.page.mirror import MirrorPage, lengths_in_words
    except ImportError as error:
        raise SettingsError(
            f"--page needs libraries of its own; install them with: {how_to_add('page')}"
        ) from error
    settings = options.settings

    def journal() -> Path | None:
        return settings.journal_of(session.person) if settings.journal.history else None

    profile = settings.profile
    return MirrorPage(
        options.page,
        now,
        journal,
        obey if options.page_control else None,
        options.settings.page,
        lambda: lengths_in_words(options.library, profile),
        settings.journal.day_ends,
    )
