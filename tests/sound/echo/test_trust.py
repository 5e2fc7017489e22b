"""When the canceller's work may be relied upon."""

import pytest

from voiceguide.sound.echo.canceller import Measure
from voiceguide.sound.echo.trust import Trust

KNOWN = Measure(recorded=10.0, explained=9.5, echo=9.5, left=0.1)
UNKNOWN = Measure(recorded=10.0, explained=0.1, echo=0.2, left=9.9)
SPOKEN_OVER = Measure(recorded=20.0, explained=9.5, echo=9.5, left=10.1)
JUMPED = Measure(recorded=10.0, explained=0.4, echo=9.5, left=19.0)
SOFT = Measure(recorded=1e-4, explained=0.0, echo=0.0, left=1e-4)


def after(*stretches):
    trust = Trust()
    for count, measure in stretches:
        for _ in range(count):
            trust.take(measure)
    return trust


@pytest.mark.parametrize(
    ("stretches", "good"),
    [
        (((10, KNOWN),), False),  # the first second
        (((25, KNOWN),), True),
        (((25, UNKNOWN),), False),
        (((25, UNKNOWN), (12, KNOWN)), True),
        (((40, KNOWN), (10, SPOKEN_OVER)), True),
        (((40, KNOWN), (4, JUMPED)), False),
        (((40, KNOWN), (4, JUMPED), (5, KNOWN)), True),
        (((25, SOFT),), True),
        (((40, KNOWN), (100, None)), True),
        (((40, Measure()),), True),  # a microphone that does not hear the guide at all
    ],
)
def test_trust(stretches, good):
    assert after(*stretches).good(found=True) is good


def test_where_there_is_no_echo_a_person_is_believed_after_three_seconds():
    person = Measure(recorded=10.0, explained=0.0, echo=0.0, left=10.0)
    silence = Measure()
    assert after((30, silence), (10, person)).good(found=False)
    assert not after((30, person)).good(found=False)
    assert after((60, person)).good(found=False)


def test_by_how_much_the_echo_is_lower():
    assert after((40, KNOWN)).lower_db == pytest.approx(20)
    assert after((30, KNOWN), (10, SPOKEN_OVER)).lower_db == pytest.approx(20)
    assert after().lower_db == 0
