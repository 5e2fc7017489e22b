"""What a live guide remembers from one session to the next, as it is opened."""

from voiceguide.core.session.preferences import Memory, Preferences
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.system.log import Log
from voiceguide.settings.tables import Settings
from voiceguide.show.console import Display

_log = Log()


def open_journal(
    settings: Settings, display: Display
) -> tuple[Journal | None, Memory, Preferences]:
    """What remembers (nothing, where it is not wanted or is not ours), and what it remembered."""
    path = settings.journal_path
    if path is None:
        return None, Memory(), settings.preferences
    journal = Journal(path, is_synced=False)
    memory, preferences = journal.load()
    if journal.warning:
        display.note(journal.warning)
        _log.warning("journal", "began anew", reason=journal.warning)
    if journal.is_newer:
        return None, memory, settings.preferences
    return journal, memory, preferences or settings.preferences
