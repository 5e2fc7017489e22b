"""Terminal, page, house and status show the same picture of a session: the one of the moment."""

from datetime import UTC, datetime

from support.playing import Play

from voiceguide.core.events import Fault, Faulted, Started
from voiceguide.core.table import State
from voiceguide.home.house_events import EventTeller
from voiceguide.live.vitals import Vitals
from voiceguide.loop import Moment
from voiceguide.show.page.message import message
from voiceguide.show.view import View

NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


class Watched(Play):
    """A session with everybody who shows it; ``moments`` is what they were told."""

    def __init__(self):
        super().__init__(begin=False)
        self.moments = []
        self.events = []
        self.view = View(self.session, self.book, ("small", "other"), lambda: self.now)
        self.vitals = Vitals(self.session, "1", lambda: self.now, dict)
        self.teller = EventTeller(self.events.append, lambda: None, lambda: NOON)
        self.tell(Started())

    def tell(self, event):
        before = len(self.effects)
        super().tell(event)
        effects = tuple(effect for _, effect in self.effects[before:])
        moment = Moment(self.now, event, effects, self.session.snapshot())
        self.moments.append(moment)
        self.view.watch(moment)
        self.vitals.watch(moment)
        self.teller.show(moment.after)


def test_whoever_shows_a_session_shows_the_picture_of_its_last_moment():
    play = Watched()
    play.at(12, "start")
    play.until_state(State.PACING)
    play.until(play.now + 9)
    play.tell(Faulted(Fault.DISK))
    after = play.moments[-1].after
    assert after.strokes_done > 0
    assert play.view.shown().session == after
    assert play.vitals.report()["session"] == after.as_json()
    assert play.events[-1] == {
        "event": "fault", "at": NOON.isoformat(timespec="milliseconds"), **after.as_json(),
    }  # fmt: skip
    page = message(play.view.shown())
    assert (page["faults"], page["step"], page["left"]) == (
        ["disk"], after.as_json()["step"], round(after.seconds_left),
    )  # fmt: skip
