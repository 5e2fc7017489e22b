"""A session on virtual time with a `View` of it."""

from support.playing import Play

from voiceguide.core.events import Started
from voiceguide.loop import Moment
from voiceguide.show.view import View


class Seen(Play):
    """``view`` has been told everything; ``seen()`` is what is shown now."""

    def __init__(self, with_rejected=False, **more):
        super().__init__(begin=False, **more)
        names = tuple(routine.name for routine in self.library.values())
        programmes = {one.id: one.name for one in self.programmes}
        self.view = View(
            self.session, self.book, names, lambda: self.now, with_rejected, programmes
        )
        self.tell(Started())

    def tell(self, event):
        before = len(self.effects)
        super().tell(event)
        effects = tuple(effect for _, effect in self.effects[before:])
        self.view.watch(Moment(self.now, event, effects, self.session.snapshot()))

    def seen(self):
        return self.view.shown()
