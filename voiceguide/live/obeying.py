"""What is obeyed of words: those that were heard, typed, or asked for on the page."""

from collections.abc import Callable

from voiceguide.core.commands import Phrase, Phrasebook
from voiceguide.core.decision.heard import Heard
from voiceguide.core.events import Event, ProgrammeChosen, WordMissed, as_heard
from voiceguide.core.session.session import Session
from voiceguide.show.view import NO_PROGRAMME, PROGRAMME


class Obeying:
    """Turns words into events of the session."""

    def __init__(self, session: Session, book: Phrasebook, post: Callable[[Event], None]) -> None:
        self._session = session
        self._book = book
        self._post = post
        self._live: tuple[Phrase, ...] = ()

    def obey(self, phrase: Phrase) -> None:
        """Obey a phrase that was heard or typed."""
        self._post(as_heard(phrase))

    def miss(self, heard: Heard) -> None:
        """Tell the session of a word that it has asked for, and that was not understood."""
        if heard.was_nearly(self._live):
            self._post(WordMissed())

    def obey_words(self, words: str) -> bool:
        """Obey words from the page if they can be said now; tells whether they can."""
        phrase = next((each for each in self._live if each.text == words), None)
        if phrase:
            self.obey(phrase)
            return True
        asked, _, programme = words.partition(" ")
        if asked != PROGRAMME or not self._session.may_choose_programme:
            return False
        self._post(ProgrammeChosen("" if programme == NO_PROGRAMME else programme))
        return True

    def newly_live(self) -> tuple[Phrase, ...] | None:
        """The phrases that can be said now; None where they are those of the last time."""
        live = self._session.phrases(self._book)
        if live == self._live:
            return None
        self._live = live
        return live
