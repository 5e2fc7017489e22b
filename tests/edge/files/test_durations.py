"""How long a routine takes, as it is read."""

import pytest

from voiceguide.core.routine.routine import When
from voiceguide.core.timeline.lengths import Lengths
from voiceguide.edge.files.durations import format_lengths


@pytest.mark.parametrize(
    ("morning", "evening", "told"),
    [
        (844.0, 960.0, "14 min 4 s to 16 min by the time of day"),
        (1373.6, 1374.4, "22 min 54 s"),
        (3720.0, 3744.0, "1 h 2 min"),
    ],
)
def test_lengths_that_read_the_same_are_told_once(morning, evening, told):
    lengths = Lengths(((When.MORNING, morning), (When.EVENING, evening)))
    assert format_lengths(lengths) == told
