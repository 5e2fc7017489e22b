"""Buttons and lights at the mock pins of gpiozero."""

import queue
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from support.home_world import PATIENCE_SECONDS, Home

gpiozero = pytest.importorskip("gpiozero", reason="gpiozero not installed")

from gpiozero.pins.mock import MockFactory, MockPWMPin, MockSPIDevice  # noqa: E402

from voiceguide.core import presses as pressing  # noqa: E402
from voiceguide.core.errors import SettingsError  # noqa: E402
from voiceguide.core.events import Fault, Faulted  # noqa: E402
from voiceguide.core.session.preferences import Manner  # noqa: E402
from voiceguide.core.session.snapshot import Snapshot  # noqa: E402
from voiceguide.core.table import State  # noqa: E402
from voiceguide.home.lamp import Lamp  # noqa: E402
from voiceguide.home.looks import HEARD_SECONDS, LOOKS, STATES, look_of  # noqa: E402
from voiceguide.home.pins import PinButton, PinLight, RingLight, load_lgpio  # noqa: E402
from voiceguide.settings.home import GpioSettings  # noqa: E402
from voiceguide.settings.persons import NamedPerson  # noqa: E402
from voiceguide.settings.tables import Settings  # noqa: E402


@pytest.fixture
def pins(monkeypatch):
    factory = MockFactory(pin_class=MockPWMPin)
    monkeypatch.setattr(gpiozero.Device, "pin_factory", factory)
    yield factory
    factory.reset()


@pytest.fixture
def home(pins):
    made = []

    def make(persons=(), manner=None, **gpio):
        settings = replace(Settings(), gpio=GpioSettings(**gpio), persons=persons)
        made.append(Home(settings, routine_id=None, manner=manner))
        return made[-1]

    yield make
    for each in made:
        each.close()


def press(home, pin, *, twice=False, hold=False):
    """Press the button; the reader's clock is the machine's, so a long press takes its time."""
    for _ in range(2 if twice else 1):
        pin.drive_low()
        if hold:
            home.turn()
        pin.drive_high()
    if not hold:
        home.turn()


def test_a_routine_from_choosing_to_the_end_with_one_finger(home, pins, monkeypatch):
    # The mock's contact does not bounce, and is pressed twice within a millisecond.
    monkeypatch.setattr(pressing, "BOUNCE_SECONDS", 0.0)
    home = home(button=17, routine="other")
    pin = pins.pin(17)
    home.until(2)
    seen = []
    for deed in ({}, {}, {"hold": True}, {}, {"twice": True}, {}, {"hold": True}, {"hold": True}):
        press(home, pin, **deed)
        seen.append((home.session.state, home.session.snapshot().step_id))
        home.until(home.now + 1)
    assert home.session.routine.id == "other"
    assert seen == [
        (State.READY, "hello"),
        (State.TELLING, "hello"),
        (State.PAUSED, "hello"),
        (State.TELLING, "hello"),
        (State.TELLING, "hello"),
        (State.TELLING, "up"),
        (State.PAUSED, "up"),
        (State.STOPPING, "up"),
    ]


def test_the_button_works_while_nothing_can_be_heard(home, pins):
    home = home(button=17)
    home.until(2)
    home.tell(Faulted(Fault.MICROPHONE))
    press(home, pins.pin(17))
    assert home.session.state is State.READY


ANNA = NamedPerson("anna", button=22)


@pytest.mark.parametrize("deed", [{}, {"hold": True}])
def test_a_button_of_their_own_tells_who_is_there(home, pins, deed):
    home = home(persons=(ANNA,), guest_button=23)
    home.until(2)
    press(home, pins.pin(22), **deed)
    assert (home.session.person, home.session.state) == ("anna", State.CHOOSING)
    press(home, pins.pin(23), **deed)
    assert home.session.person == "guest"
    home.say("undo", after=1)
    assert home.session.person == "anna"


@pytest.mark.parametrize(("pin", "person"), [(22, "anna"), (23, "guest")])
def test_a_guide_that_sleeps_wakes_by_the_button_of_a_person(home, pins, pin, person):
    home = home(persons=(ANNA,), guest_button=23, manner=Manner(sleep_seconds=600))
    assert home.session.state is State.ASLEEP
    press(home, pins.pin(pin))
    assert (home.session.person, home.session.state) == (person, State.CHOOSING)


def test_whoever_presses_keeps_the_routine_that_was_asked_for(home, pins):
    home = home(persons=(ANNA,), button=17, routine="other")
    home.until(2)
    press(home, pins.pin(17))
    press(home, pins.pin(22))
    assert (home.session.person, home.session.state) == ("anna", State.READY)
    assert home.session.routine.id == "other"


def test_within_a_routine_nobody_else_can_be_there(home, pins, caplog):
    caplog.set_level("INFO", "voiceguide")
    home = home(persons=(ANNA,))
    home.until(2)
    home.at(12, "choose", "small")
    home.say("start", after=30)
    press(home, pins.pin(22))
    assert (home.session.person, home.session.state) == ("", State.TELLING)
    assert "button ignored" in caplog.text


def test_no_such_routine(home):
    with pytest.raises(SettingsError, match=r"\[gpio\] routine: there is no 'none'"):
        home(button=17, routine="none")


def test_a_pin_that_cannot_be_had_is_done_without(home, pins, caplog):
    taken = PinLight(18)
    home = home(button=17, light=18)
    assert "the pin 18 cannot be used" in caplog.text
    home.until(2)
    press(home, pins.pin(17))
    assert home.session.state is State.READY
    taken.close()


@pytest.fixture
def lgpio(monkeypatch, tmp_path):
    """A stand-in for the library, of one line, in an empty working folder."""
    (tmp_path / "work").mkdir()
    (tmp_path / "packages").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.syspath_prepend(tmp_path / "packages")
    monkeypatch.delitem(sys.modules, "lgpio", raising=False)
    monkeypatch.setattr(gpiozero.Device, "pin_factory", None)
    yield lambda line: (tmp_path / "packages/lgpio.py").write_text(line)
    sys.modules.pop("lgpio", None)


def test_the_pipe_of_lgpio_is_not_left_where_one_stands(lgpio, tmp_path):
    lgpio("open('.lgd-nfy0', 'x').close()")
    load_lgpio()
    load_lgpio()
    assert Path.cwd() == tmp_path / "work"
    assert list(Path.cwd().iterdir()) == []


def test_without_lgpio_a_pin_is_not_tried(lgpio):
    lgpio("raise ImportError('no lgpio here')")
    with pytest.raises(SettingsError, match=r"lgpio.*no lgpio here.*scripts/extras gpio"):
        PinButton(17, print)


def test_a_pin_of_a_light_is_as_bright_as_told(pins):
    light = PinLight(18)
    for level in (0.0, 0.3, 1.0):
        light.show((1, 1, 1), level)
        assert pins.pin(18).state == pytest.approx(level)
    light.close()


def test_a_button_tells_both_edges(pins):
    edges = []
    button = PinButton(17, edges.append)
    pins.pin(17).drive_low()
    pins.pin(17).drive_high()
    assert edges == [True, False]
    button.close()


class Strip(MockSPIDevice):
    """Takes in what APA102 lights would."""

    def bytes(self):
        bits = "".join("1" if bit else "0" for bit in self.rx_buf)
        return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))


def test_a_ring_is_told_in_the_form_of_apa102(monkeypatch):
    monkeypatch.setattr(gpiozero.Device, "pin_factory", MockFactory())
    strip = Strip(11, mosi_pin=10, miso_pin=9, select_pin=8)
    ring = RingLight(17, 0.5)
    ring.show((1.0, 0.0, 0.2), 0.4)
    light = bytes((0xFF, 10, 0, 51))
    assert strip.bytes() == bytes(4) + light * 17 + bytes(2)
    ring.close()
    assert strip.bytes() == bytes(4) + bytes((0xFF, 0, 0, 0)) * 17 + bytes(2)


@pytest.mark.parametrize("name", LOOKS)
def test_a_look_is_as_bright_as_it_says_it_will_be(name):
    look, at = LOOKS[name], 0.0
    assert all(0 <= part <= 1 for part in look.colour)
    levels = set()
    for _ in range(100):
        level, wait = look.level_at(at), look.next_seconds(at)
        assert 0 <= level <= 1
        assert wait > 0
        levels.add(level)
        if wait == float("inf"):
            break
        if not look.swells:
            assert look.level_at(at + wait - 1e-6) == level != look.level_at(at + wait + 1e-6)
        at += wait + 1e-6
    assert (len(levels) == 1) == (look.off_seconds == 0)


def test_each_thing_that_shall_be_seen_looks_different():
    assert {"asleep", "listening", "heard", "speaking", "paused", "fault"} <= LOOKS.keys()
    assert len(set(LOOKS.values())) == len(LOOKS)
    assert set(STATES.values()) <= LOOKS.keys()
    told = [
        look_of(Snapshot(State.PACING), False, 9.0),
        look_of(Snapshot(State.PACING), True, 9.0),
        look_of(Snapshot(State.PAUSED), True, 9.0),
        look_of(Snapshot(State.ENDED), False, 9.0),
        look_of(Snapshot(State.PAUSED, faults=(Fault.DISK,)), True, 9.0),
        look_of(Snapshot(State.PAUSED, faults=(Fault.DISK,)), True, HEARD_SECONDS / 2),
    ]
    assert told == ["listening", "speaking", "paused", "asleep", "fault", "heard"]


class Seen:
    """A light that notes what it shows."""

    def __init__(self):
        self.shown = queue.Queue()

    def show(self, colour, level):
        self.shown.put(colour)

    def shows(self, name):
        """Whether it does so before long."""
        with suppress(queue.Empty):
            while self.shown.get(timeout=PATIENCE_SECONDS) != LOOKS[name].colour:
                pass
            return True
        return False

    def close(self):
        self.shown.put(None)


def test_the_light_follows_a_session(home):
    home, light = home(), Seen()
    home.house._lamp = lamp = Lamp([light])
    home.until(1)
    assert light.shows("listening")
    home.at(12, "choose", "small")
    assert light.shows("heard")
    assert light.shows("speaking")
    home.say("start", after=30)
    home.say("pause", after=3)
    assert light.shows("paused")
    home.tell(Faulted(Fault.MICROPHONE))
    assert light.shows("fault")
    home.house._lamp = None
    lamp.close()
    while light.shown.get(timeout=PATIENCE_SECONDS) is not None:
        pass


def test_the_light_shows_no_word_that_means_nothing_now(home):
    home, light = home(), Seen()
    # A clock that stands still: what was heard would be shown for ever.
    home.house._lamp = lamp = Lamp([light], lambda: 100.0)
    home.until(1)
    home.say("resume")
    home.tell(Faulted(Fault.DISK))
    assert light.shows("fault")
    home.house._lamp = None
    lamp.close()


def test_a_light_that_breaks_takes_nobody_with_it(home, caplog):
    class Broken(Seen):
        def show(self, colour, level):
            raise OSError("the bus is gone")

    home, light = home(), Broken()
    home.house._lamp = lamp = Lamp([light])
    assert light.shown.get(timeout=PATIENCE_SECONDS) is None
    home.at(12, "choose", "small")
    home.house._lamp = None
    lamp.close()
    assert "lights failed" in caplog.text
