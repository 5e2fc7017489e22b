"""What a guide that stays answers to, and what it looks after between sessions."""

import pytest
from support.playing import Play

from voiceguide.core.commands import Command
from voiceguide.core.errors import SettingsError
from voiceguide.core.events import CommandHeard, Fault, Faulted, Interrupted, Started
from voiceguide.core.live_commands import live_commands
from voiceguide.core.session.preferences import Manner
from voiceguide.edge.ears.listener import EarState
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.live import caretaker as staying
from voiceguide.live.caretaker import Caretaker, answering_to
from voiceguide.loop import Moment

BOOK = load_phrasebook().with_routines({"evening": ("evening",)})


def test_asleep_the_grammar_is_nothing_but_what_calls_it():
    book = answering_to(BOOK, ("hey guide", "good evening"))
    assert [one.text for one in book.live(live_commands("asleep"))] == ["hey guide", "good evening"]
    within = {one.text for one in book.live(live_commands("telling"))}
    assert "hey guide" not in within


@pytest.mark.parametrize(("text", "what"), [("go back", "back"), ("evening", "evening")])
def test_a_phrase_that_asks_for_something_else_is_refused(text, what):
    with pytest.raises(SettingsError, match=f"already asks for {what}"):
        answering_to(BOOK, (text,))


class Kept(Play):
    """A session that stays, with its caretaker."""

    def __init__(self, days=lambda _person: None):
        super().__init__(routine_id=None, begin=False, manner=Manner(sleep_seconds=600))
        self.posted = []
        self.caretaker = Caretaker(self.session, days, self.posted.append)
        self.tell(Started())

    def tell(self, event):
        super().tell(event)
        self.caretaker.watch(Moment(self.now, event, (), self.session.snapshot()))


def test_the_days_are_counted_anew_as_each_session_begins():
    asked = []

    def days(person):
        asked.append(person)

    play = Kept(days)
    play.tell(CommandHeard(Command.STOP))
    play.at(5, "stop")
    play.until(100)
    assert asked == []
    play.say("wake")
    assert len(asked) == 1
    play.say("help", after=5)
    assert asked == [""]
    play.introduce("anna")
    assert asked == ["", "anna"]


def test_memory_is_given_back_each_time_it_falls_asleep(monkeypatch):
    given = []
    monkeypatch.setattr(staying, "give_back", lambda: given.append(1))
    play = Kept()
    assert len(given) == 1
    play.say("wake", after=5)
    play.say("help", after=5)
    assert len(given) == 1
    play.until(3600)
    assert play.session.state == "asleep"
    assert len(given) == 2


def test_without_ears_it_ends_as_soon_as_it_sleeps_and_not_before():
    play = Kept()
    play.say("wake", after=5)
    play.caretaker.ears_failed(RuntimeError("it crashed"))
    assert play.posted == [Faulted(Fault.RECOGNISER)]
    play.tell(*play.posted)
    assert len(play.posted) == 1
    play.until(3600)
    assert Interrupted() in play.posted


def test_ears_that_fail_in_its_sleep_end_it_at_once():
    play = Kept()
    play.caretaker.ears_are(EarState.LOST)
    play.tell(*play.posted)
    assert play.posted == [Faulted(Fault.RECOGNISER), Interrupted()]
