"""A session on virtual time in a house: orders are obeyed as the loop obeys them."""

import queue
from dataclasses import replace
from datetime import UTC, datetime

from support.playing import Play
from support.staging import PROGRAMME

from voiceguide.core.events import Started
from voiceguide.home.house import House
from voiceguide.home.orders import Choices
from voiceguide.loop import Moment
from voiceguide.settings.home import MqttSettings
from voiceguide.settings.tables import JournalSettings, Settings

PATIENCE_SECONDS = 20.0
NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


class Home(Play):
    """``turn()`` does what the loop's thread would do next."""

    def __init__(self, settings, is_restarted=False, **more):
        super().__init__(begin=False, programmes={PROGRAMME.id: PROGRAMME}, **more)
        self.calls = queue.Queue()
        names = {key: routine.name for key, routine in self.library.items()}
        self.house = House(
            settings,
            "1.2",
            self.session,
            Choices(names, {"anna": "Anna", "guest": "Guest"}, {PROGRAMME.id: PROGRAMME.name}),
            self.calls.put,
            self.tell,
            lambda: NOON,
            is_restarted=is_restarted,
        )
        self.tell(Started())

    def tell(self, event):
        before = len(self.effects)
        super().tell(event)
        effects = tuple(effect for _, effect in self.effects[before:])
        self.house.watch(Moment(self.now, event, effects, self.session.snapshot()))

    def turn(self):
        """Wait for one order from outside, and decide on it."""
        self.calls.get(timeout=PATIENCE_SECONDS)()

    def close(self):
        self.house.close()


def settings(port, speaker="bath", folder=None, **more):
    """Settings with a broker on this machine; without a folder nothing is remembered."""
    mqtt = MqttSettings(broker="127.0.0.1", port=port, id=speaker, **more)
    journal = JournalSettings(keep=folder is not None, folder=folder)
    return replace(Settings(), mqtt=mqtt, journal=journal)
