"""A page served for a session on virtual time, and a browser to look at it."""

from contextlib import contextmanager
from datetime import date, timedelta

from support.viewing import Seen

from voiceguide.show.page.address import Address
from voiceguide.show.page.feed import Feed
from voiceguide.show.page.message import message
from voiceguide.show.page.server import PageServer
from voiceguide.show.page.site import Records


def some_history():
    """A history with gaps."""
    today = date.today()
    days = {(today - timedelta(days=n)).isoformat(): 60 * n for n in range(60) if n % 4 != 3}
    days[today.isoformat()] = 700
    return {"days": days, "streak": 3, "longest": 5, "today": True}


TOLD = Records(some_history, lambda: {"serum ritual": "14–17 min", "quick massage": "1 min"})


class World:
    """A page of one session; what it obeyed is in ``obeyed``."""

    def __init__(self, control=False, port=0, play=None, **more):
        self.play = play or Seen(**more)
        self.obeyed = []
        self.feed = Feed(lambda: self.play.now)
        self.server = PageServer(
            Address("127.0.0.1", port), self.feed, TOLD, self.obey if control else None
        )
        self.show()
        self.server.start()
        self.url = self.server.address.url
        self.port = self.server.address.port

    def obey(self, words):
        """Takes whatever is live, as the guide does."""
        if words in self.play.seen().words:
            self.obeyed.append(words)
            return True
        return False

    def show(self):
        """Publish what there is to see now."""
        self.feed.publish(message(self.play.seen()))

    def at_step(self, step, state=None):
        """Go to a step, by word, and show it."""
        if self.play.now < 12:
            self.play.at(20, "start")
        for _ in range(60):
            if self.play.session.snapshot().step_id == step:
                break
            self.play.say("next", after=0.3)
        assert self.play.session.snapshot().step_id == step
        if state:
            self.play.until_state(state)
        self.show()

    def close(self):
        self.server.close()


@contextmanager
def serving(**more):
    """A world that is closed at the end."""
    world = World(**more)
    try:
        yield world
    finally:
        world.close()
        assert not world.server._thread.is_alive()
