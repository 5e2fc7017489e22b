"""The best channel is listened to, whatever the others do."""

import numpy as np
import pytest

from voiceguide.sound.channels import ChannelChooser

RATE = 16_000
TONE = (8000 * np.sin(np.arange(RATE) * 2 * np.pi * 300 / RATE)).astype(np.int16)


def taken(gains, fixed=None, clipped=()):
    chooser = ChannelChooser(RATE, fixed)
    sound = np.stack([(TONE * gain).astype(np.int16) for gain in gains], 1)
    for channel in clipped:
        sound[:, channel] = np.where(TONE > 0, 32767, -32768)
    blocks = [chooser.take(block) for block in np.split(sound, 20)]
    return int(np.abs(np.concatenate(blocks)[RATE // 2 :]).max()), chooser.found()


@pytest.mark.parametrize(
    ("gains", "chosen"),
    [((1,), 0), ((1, -1), 0), ((0, 1), 1), ((1, 0.05, 0.05, 0.05, 0.05, 0), 0), ((0.1, 1), 1)],
)
def test_nothing_of_the_best_channel_is_lost(gains, chosen):
    peak, found = taken(gains)
    assert peak >= 7990
    assert found.chosen == chosen


def test_what_is_wrong_with_the_others_is_told():
    assert taken((1, -1))[1].text() == (
        "2 channels, number 1 is used; two of them are in opposite phase"
    )
    assert taken((0, 1))[1].text() == "2 channels, number 2 is used; number 1 gives nothing"
    assert taken((1, 1))[1].text() == ""
    assert taken((1,))[1].text() == ""


def test_a_channel_that_was_chosen_by_hand_is_taken():
    peak, found = taken((1, 0.25), fixed=1)
    assert (found.chosen, peak) == (1, 2000)


def test_a_channel_at_the_end_of_its_range_is_not_the_best():
    peak, found = taken((0.5, 1), clipped=(1,))
    assert (found.chosen, peak) == (0, 4000)


def test_a_constant_is_no_sound():
    chooser = ChannelChooser(RATE)
    block = np.stack([np.full(RATE, 9000, np.int16), (TONE * 0.1).astype(np.int16)], 1)
    chooser.take(block)
    assert chooser.found().chosen == 1


def test_it_does_not_change_for_a_little():
    chooser = ChannelChooser(RATE)
    for gains in ((1, 0.9), (0.9, 1)) * 10:
        chooser.take(np.stack([(TONE * gain).astype(np.int16) for gain in gains], 1))
    assert chooser.found().chosen == 0
