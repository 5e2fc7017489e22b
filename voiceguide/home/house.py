"""Everything around one live guide: opens, tells and closes the broker, the pins, the programs."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from voiceguide.core.commands import Command
from voiceguide.core.errors import DeviceError, SettingsError
from voiceguide.core.events import (
    CommandHeard,
    DayBegan,
    Event,
    HourTold,
    Interrupted,
    ProgrammeChosen,
    TimeToRemind,
    VolumeLimited,
)
from voiceguide.core.history import day_of
from voiceguide.core.presses import Press, command_of
from voiceguide.core.routine.routine import When
from voiceguide.core.routine.variants import told_by_clock
from voiceguide.core.session.session import Session
from voiceguide.core.session.snapshot import Snapshot
from voiceguide.core.table import PUT_OFF, RESTING, State
from voiceguide.edge.system.log import Log
from voiceguide.home.event_program import EventProgram
from voiceguide.home.house_events import EventTeller
from voiceguide.home.orders import Choices, Order
from voiceguide.home.reminder import ReminderClock
from voiceguide.loop import Moment
from voiceguide.settings.home import GpioSettings
from voiceguide.settings.tables import Settings

if TYPE_CHECKING:
    from voiceguide.home.fleet_store import FleetStore
    from voiceguide.home.lamp import Lamp
    from voiceguide.home.link import HomeLink

T = TypeVar("T")
_log = Log("home")


class Watching(Protocol):
    """Something in the house that is told how the session stands."""

    def show(self, shown: Snapshot) -> None:
        """Take in how things stand now; must not wait for anything."""

    def close(self) -> None:
        """Let go of what it holds; waits a second or two at most."""


class Closable(Protocol):
    """Something that is let go of at the end."""

    def close(self) -> None:
        """Let go of it; waits a second or two at most."""


class House:
    """What surrounds one session.

    Args:
        choices: what can be chosen.
        call: runs a function on the loop's thread.
        post: hands an event to the loop.
        wall: gives the local time, with its offset.
        is_restarted: whether the guide is started again when it ends; then it may end while it
            sleeps, to begin anew with what the fleet gave it.
        is_quiet: tells whether nobody speaks; asked while the guide sleeps.

    Raises:
        SettingsError: a library is missing, or a setting makes no sense.
    """

    def __init__(
        self,
        settings: Settings,
        version: str,
        session: Session,
        choices: Choices,
        call: Callable[[Callable[[], None]], None],
        post: Callable[[Event], None],
        wall: Callable[[], datetime],
        is_restarted: bool = False,
        is_quiet: Callable[[], bool] = lambda: True,
    ) -> None:
        remind = settings.remind
        self._is_quiet = is_quiet
        self._reminder: ReminderClock | None = None
        self._reminds = settings.first_person(remind.person)
        if remind.at:
            later = timedelta(minutes=remind.later_minutes)
            self._reminder = ReminderClock(remind.at, later, settings.is_night)
        self._settings = settings
        self._session = session
        self._wall = wall
        self._limit_db: float | None = None
        self._when: When | None = None
        self._today = ""
        self._call = call
        self._post = post
        self._is_given = threading.Event()
        """Set when the fleet has given something new."""
        self._link: HomeLink | None = None
        self._watching: list[Watching] = []
        self._lamp: Lamp | None = None
        self._closing: list[Closable] = []
        self._first = ""
        """The routine that a press chooses."""
        self._open_pins(settings.gpio, settings.person_pins, choices.routines)
        if settings.mqtt.broker:
            # It reads routines, with all that checks them.
            from voiceguide.home.fleet_store import FleetStore

            store = FleetStore(settings.fleet_folder) if is_restarted else None
            self._link = _open_link(
                settings, version, choices, self._ordered, wall, store, self._is_given.set
            )
            self._watching.append(self._link)
        if settings.home.on_event:
            program = EventProgram(settings.home.on_event, settings.home.on_event_seconds)
            self._watching.append(EventTeller(program.tell, program.close, wall))

    def watch(self, moment: Moment) -> None:
        """Take in one moment; only on the loop's thread."""
        match moment.event:
            case CommandHeard(command) if command in PUT_OFF and moment.was_obeyed:
                # "Not yet" in a step leads to a pause instead.
                if self._reminder and moment.state is State.STOPPING:
                    self._reminder.put_off(self._wall())
        if not (self._watching or self._lamp):
            return
        try:
            if self._lamp:
                self._lamp.watch(moment)
            for each in self._watching:
                each.show(moment.after)
        except Exception:
            # A failure in the house must not end the guide.
            _log.exception("house", "failed")

    def tend(self) -> None:
        """Look at the clock: the guide is quieter at night, routines differ by the hour, and a
        programme has a routine for each day. Called a few times a second.
        """
        if self._is_given.is_set() and self._session.state in (State.ASLEEP, State.ENDED):
            self._is_given.clear()
            _log.info("guide", "begins anew", reason="the fleet gave something new")
            self._post(Interrupted())
        wall = self._wall()
        now, today = wall.time(), day_of(wall, self._settings.journal.day_ends).isoformat()
        if today != self._today:
            self._today = today
            self._post(DayBegan(today))
        when = told_by_clock(now.hour)
        if when != self._when:
            self._when = when
            self._post(HourTold(when))
        self._remind(wall)
        limit = self._settings.volume_limit_db(now)
        if limit != self._limit_db:
            self._limit_db = limit
            self._post(VolumeLimited(limit))

    def _remind(self, wall: datetime) -> None:
        """Remind the person, if it is time to."""
        reminder, state = self._reminder, self._session.state
        if reminder is None:
            return
        # A person who has just done a routine needs no reminder, unless they put one off.
        is_here = state not in RESTING or (state is State.IDLE and not reminder.is_put_off)
        is_quiet = state is State.ASLEEP and self._is_quiet()
        if reminder.is_due(wall, is_here=is_here, is_quiet=is_quiet):
            self._post(TimeToRemind(self._reminds))

    def close(self) -> None:
        """Close everything."""
        for each in (*self._closing, *self._watching):
            each.close()

    def _open_pins(
        self, gpio: GpioSettings, person_pins: Mapping[str, int], routines: Mapping[str, str]
    ) -> None:
        """Open buttons and lights at the pins; what cannot be opened is logged and left out.

        Raises:
            SettingsError: the library is missing, or there is no such routine.
        """
        if gpio == GpioSettings() and not person_pins:
            return
        if gpio.routine is not None and gpio.routine not in routines:
            raise SettingsError(
                f"[gpio] routine: there is no {gpio.routine!r} (there are: {', '.join(routines)})."
            )
        self._first = gpio.routine or next(iter(routines))
        # Its library is an extra.
        from voiceguide.home.button import ButtonReader
        from voiceguide.home.lamp import Lamp, Light
        from voiceguide.home.pins import PinButton, PinLight, RingLight

        def tried(make: Callable[[], T]) -> list[T]:
            try:
                return [make()]
            except DeviceError as error:
                _log.warning("pins", "left out", reason=error)
                return []

        lights: list[Light] = []
        if gpio.light is not None:
            pin = gpio.light
            lights += tried(lambda: PinLight(pin))
        if gpio.ring is not None:
            count = gpio.ring
            lights += tried(lambda: RingLight(count, gpio.ring_brightness))
        if lights:
            self._lamp = Lamp(lights)
            self._closing.append(self._lamp)

        def open_button(at: int, pressed: Callable[[Press], None]) -> None:
            reader = ButtonReader(lambda press: self._call(lambda: pressed(press)))
            self._closing.extend([*tried(lambda: PinButton(at, reader.changed)), reader])

        if gpio.button is not None:
            open_button(gpio.button, self._press)
        for person, at in person_pins.items():
            open_button(at, partial(self._meet, person))

    def _press(self, press: Press) -> None:
        """Obey the button; on the loop's thread."""
        command = command_of(press, self._session.state)
        if command is None:
            _log.info("button", "ignored", state=self._session.state)
            return
        chosen = self._first if command is Command.CHOOSE else None
        self._post(CommandHeard(command, chosen))

    def _meet(self, person: str, press: Press) -> None:  # noqa: ARG002 # each press says the same
        """Obey the button of a person, if a word of who is there means something now."""
        order = self._introduction(person)
        if order.command not in self._session.commands():
            _log.info("button", "ignored", state=self._session.state)
            return
        self._post(order)

    def _introduction(self, person: str | None) -> CommandHeard:
        """What tells the session that this person is there; it wakes a guide that sleeps."""
        is_asleep = self._session.state == State.ASLEEP
        return CommandHeard(Command.WAKE if is_asleep else Command.PERSON, person=person)

    def _ordered(self, order: Order) -> None:
        """Take an order from the broker, on whatever thread."""
        self._call(lambda: self._decide(order))

    def _decide(self, order: Order) -> None:
        """Obey an order that means something now; on the loop's thread."""
        session = self._session
        if isinstance(order, ProgrammeChosen):
            self._follow(order)
            return
        command = order.command if isinstance(order, CommandHeard) else None
        if command is Command.CHOOSE and session.state == State.ASLEEP:
            self._post(CommandHeard(Command.WAKE))
        elif command is Command.PERSON and session.state == State.ASLEEP:
            assert isinstance(order, CommandHeard)
            order = self._introduction(order.person)
        elif isinstance(order, CommandHeard) and order.command not in session.commands():
            assert self._link
            self._link.refuse(f"“{order.command}” means nothing while {session.state}")
            return
        self._post(order)

    def _follow(self, order: ProgrammeChosen) -> None:
        """Have the person follow a programme, if they may choose it."""
        assert self._link
        if self._session.may_choose_programme and self._settings.journal.keep:
            self._post(order)
            return
        person = self._session.person
        named = self._settings.programme_of(person)
        why = f"the settings name {named}" if named else "nothing is remembered"
        self._link.refuse(f"no programme can be chosen for {person or 'nobody by name'}: {why}")


def _open_link(
    settings: Settings,
    version: str,
    choices: Choices,
    take: Callable[[Order], None],
    wall: Callable[[], datetime],
    store: "FleetStore | None",
    given: Callable[[], None],
) -> "HomeLink":
    # Its library is an extra.
    from voiceguide.home.announced import Announced
    from voiceguide.home.broker_settings import access_of, topics_of
    from voiceguide.home.link import HomeLink

    mqtt = settings.mqtt
    access, prefix = access_of(mqtt), mqtt.discovery_topic if mqtt.discovery else None
    announced = Announced(settings.announced_path, access.place)
    topics, store = topics_of(mqtt), store if mqtt.fleet else None
    return HomeLink(access, topics, prefix, version, choices, take, wall, announced, store, given)
