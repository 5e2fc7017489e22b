"""What the page may take of the interpreter; on clocks of its own, and on the page itself."""

import pytest

pytest.importorskip("uvicorn")

from urllib.request import urlopen

from support.page_world import serving

from voiceguide.show.page import server as server_module
from voiceguide.show.page.pace import BURST_SECONDS, SHARE, PacedSelector, paced_loop


class Bench:
    """A selector whose thread works so long between two waits."""

    def __init__(self):
        self.now = self.worked = self.rested = 0.0
        self.selector = PacedSelector(lambda: self.worked, lambda: self.now, self.rest)

    def rest(self, seconds):
        self.now += seconds
        self.rested += seconds

    def turn(self, work, idle=0.0):
        self.worked += work
        self.now += work + idle
        self.selector.select(0)


def test_whoever_has_much_to_do_gets_the_share_and_no_more():
    bench = Bench()
    turns = 0
    while bench.now < 60.0:
        bench.turn(0.003)
        turns += 1
    assert 0.8 * SHARE * 60 < bench.worked <= SHARE * bench.now + BURST_SECONDS + 0.003
    assert turns > 500, "in small pieces, not for a while and then not for a while"


def test_whoever_has_little_to_do_never_rests_and_saves_no_more_than_a_burst():
    bench = Bench()
    for _ in range(1_000):
        bench.turn(0.003, idle=0.1)
    assert bench.rested == 0.0
    for _ in range(100):
        bench.turn(BURST_SECONDS / 50)
    assert bench.worked - 3.0 == pytest.approx(2 * BURST_SECONDS)
    assert bench.rested == pytest.approx(BURST_SECONDS / SHARE, rel=0.1)


def test_the_page_runs_on_it(monkeypatch):
    made = []
    monkeypatch.setattr(server_module, "paced_loop", lambda: made.append(paced_loop()) or made[0])
    with serving() as world:
        with urlopen(world.url, timeout=100) as answer:
            assert answer.status == 200
        assert isinstance(made[0]._selector, PacedSelector)
