"""Looks after a guide that stays between sessions: its calls, ears and memory, the new day."""

from collections.abc import Callable, Iterable

from voiceguide.core.commands import Phrasebook
from voiceguide.core.errors import SettingsError
from voiceguide.core.events import Event, Fault, Faulted, Interrupted, Recovered, as_heard
from voiceguide.core.session.session import Session
from voiceguide.core.table import RESTING, State
from voiceguide.edge.ears.listener import EarState
from voiceguide.edge.service.memory import give_back
from voiceguide.edge.system.log import Log
from voiceguide.loop import Moment

_log = Log()


def answering_to(book: Phrasebook, texts: Iterable[str]) -> Phrasebook:
    """The book with the phrases that call the guide.

    Raises:
        SettingsError: a call is another command already.
    """
    wanted = tuple(texts)
    for text in wanted:
        taken = book.find(text)
        if taken:
            what = as_heard(taken).word
            raise SettingsError(
                f"`wake.calls`: “{text}” already asks for {what}; choose other words."
            )
    return book.with_wake(wanted)


class Caretaker:
    """Watches a session that stays; a `Watcher`.

    Args:
        look_back: tells the session what the history says of a person on this day, by their id. It
            is called when each session begins, because another day may have come.
        post: hands an event to the session.
    """

    def __init__(
        self,
        session: Session,
        look_back: Callable[[str], None],
        post: Callable[[Event], None],
    ) -> None:
        self._session = session
        self._look_back = look_back
        self._post = post
        self._state: State | None = None
        self._person = session.snapshot().person
        self._deaf = False

    def watch(self, moment: Moment) -> None:
        """Take in one moment of the session."""
        before, self._state = self._state, moment.state
        was, self._person = self._person, moment.after.person
        begins = before in RESTING or was != self._person
        if begins and self._state not in RESTING:
            self._look_back(self._person)
        if self._state is State.ASLEEP:
            self._end_if_deaf()
            if before is not State.ASLEEP:
                give_back()

    def ears_failed(self, error: Exception) -> None:
        """Tell the person that the recogniser has failed for good in this process."""
        _log.error("ears", "failed", reason=error)
        self.ears_are(EarState.LOST)

    def ears_are(self, state: EarState) -> None:
        """Tell the person that the ears fail or hear again; other ways to command go on."""
        if state is EarState.LOST:
            self._deaf = True
        is_well = state is EarState.WELL
        self._post(Recovered(Fault.RECOGNISER) if is_well else Faulted(Fault.RECOGNISER))

    def _end_if_deaf(self) -> None:
        """End if nobody could ever wake the guide; the service manager then starts it again."""
        if self._deaf:
            self._post(Interrupted())
