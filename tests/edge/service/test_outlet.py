"""Lines that leave in the background: nobody waits, and what repeats is counted."""

import logging
import threading

from voiceguide.edge.service import outlet as outlet_module
from voiceguide.edge.service.outlet import (
    BURST,
    LONGEST_LINE,
    MOST_WAITING,
    BackgroundHandler,
    Outlet,
)


class Shown(logging.Handler):
    """A handler that remembers."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


class Log:
    """A logger behind a background handler, on a clock of its own."""

    def __init__(self, level=logging.INFO):
        self.now = 0.0
        self.shown = Shown()
        self.handler = BackgroundHandler(self.shown, lambda: self.now)
        self.logger = logging.Logger("test", level)
        self.logger.addHandler(self.handler)

    def lines(self):
        self.handler.flush()
        return self.shown.lines


def test_a_terminal_that_was_stopped_keeps_nobody_waiting_and_the_newest_lines_remain():
    stuck, release, ran = threading.Event(), threading.Event(), []

    def stop():
        stuck.set()
        release.wait(20)

    outlet = Outlet("test")
    outlet.put(stop)
    assert stuck.wait(20)
    for number in range(MOST_WAITING + 10):
        outlet.put(lambda number=number: ran.append(number))
    assert not outlet.flush(0.0)
    assert outlet.dropped == 10
    release.set()
    assert outlet.flush(20)
    assert ran == list(range(10, MOST_WAITING + 10))
    outlet.close()


def test_what_fails_does_not_end_it():
    outlet, ran = Outlet("test"), []
    outlet.put(lambda: 1 / 0)
    outlet.put(lambda: ran.append(1))
    assert outlet.flush(20)
    assert ran == [1]


def test_twenty_thousand_orders_are_few_lines_and_are_counted():
    log = Log()
    for number in range(20_000):
        log.now += 0.003
        log.logger.info("set: %s", {"tempo": number})
    log.now += 100
    log.logger.info("set: %s", {"tempo": 1})
    lines = log.lines()
    assert BURST <= len(lines) < 100
    assert lines[-1].endswith("more like it)")
    counted = sum(
        int(line.split("(and ")[1].split()[0].replace(",", "")) for line in lines if "(and" in line
    )
    assert counted + len(lines) == 20_001


def test_other_lines_are_not_held_back_by_one_that_repeats():
    log = Log()
    for _ in range(1000):
        log.logger.error("the same fault")
    log.logger.info("something else")
    assert log.lines()[-1] == "something else"


def test_whoever_asks_for_everything_gets_everything():
    log = Log(logging.DEBUG)
    for _ in range(500):
        log.logger.debug("detail")
    assert len(log.lines()) == 500


def test_a_message_of_six_megabytes_is_cut():
    log = Log()
    log.logger.warning("%s", "x" * 6_000_000)
    assert len(log.lines()[0]) < LONGEST_LINE + 10


def test_few_kinds_are_remembered(monkeypatch):
    monkeypatch.setattr(outlet_module, "MOST_KINDS", 10)
    log = Log()
    for number in range(100):
        log.logger.info(chr(0x4E00 + number))
    assert len(log.handler._kinds) == 10


def test_held_lines_come_in_their_order_once_they_may():
    ran = []
    outlet = Outlet("test", held=True)
    outlet.put(lambda: ran.append(1))
    outlet.put(lambda: ran.append(2))
    assert not ran
    outlet.release()
    assert outlet.flush() and ran == [1, 2]


def test_held_lines_are_not_lost_at_the_end():
    ran = []
    outlet = Outlet("test", held=True)
    outlet.put(lambda: ran.append(1))
    outlet.close()
    assert ran == [1]
