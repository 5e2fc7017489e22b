"""The volume: by word and by number, less at night, more over noise."""

import itertools

import pytest
from support.playing import Play
from support.staging import STAGES, pacing, telling, waiting

from voiceguide.core.effects import SetVolume
from voiceguide.core.events import Adjusted, NoiseChanged, Started, VolumeLimited
from voiceguide.core.session.preferences import Preferences
from voiceguide.core.session.volume import BOOST_DB, Volume
from voiceguide.core.table import State
from voiceguide.core.timeline.ranges import GAIN_RANGE_DB
from voiceguide.core.wording import LOUDEST, LOUDEST_AT_NIGHT
from voiceguide.core.wording_faults import LOUD


def volumes(play):
    """What sounded, from the first on."""
    return [effect.gain_db for _, effect in play.effects if isinstance(effect, SetVolume)]


@pytest.mark.parametrize("state", STAGES)
def test_it_turns_itself_up_once_over_noise_and_down_again(state):
    play = STAGES[state]()
    before = volumes(play)
    # A reminder is softer than all else, and stays so.
    softer = before[-1] if state is State.REMINDING else 0.0
    for _ in range(3):
        play.tell(NoiseChanged(True))
        play.until(play.now + 1)
    assert volumes(play) == [*before, softer + BOOST_DB]
    play.tell(NoiseChanged(False))
    assert volumes(play) == [*before, softer + BOOST_DB, softer]
    assert play.session.snapshot().gain_db == 0.0


def test_that_it_is_loud_is_said_with_the_greater_volume():
    play = telling()
    play.tell(NoiseChanged(True))
    play.until(play.now + 60)
    assert LOUD in play.sentences()
    turned = next(at for at, effect in play.effects if effect == SetVolume(BOOST_DB))
    assert turned <= next(line.at for line in play.lines if line.text == LOUD)


def test_it_turns_itself_up_no_further_than_it_goes():
    play = Play(preferences=Preferences(gain_db=6.0))
    play.tell(NoiseChanged(True))
    assert volumes(play)[-1] == GAIN_RANGE_DB[1]
    play.tell(NoiseChanged(False))
    assert volumes(play)[-1] == 6.0


def test_a_word_counts_over_noise_as_well():
    play = waiting()
    play.tell(NoiseChanged(True))
    play.say("louder", after=1)
    assert volumes(play)[-1] == 9.0
    play.say("quieter", after=9)
    play.say("quieter", after=1)
    assert volumes(play)[-1] == 3.0
    play.tell(NoiseChanged(False))
    assert volumes(play)[-1] == play.preferences().gain_db == -3.0


def test_at_night_nothing_is_louder_than_may_be():
    play = Play(preferences=Preferences(gain_db=3.0), begin=False)
    play.tell(VolumeLimited(-6.0))
    play.tell(Started())
    play.at(12, "start")
    play.tell(NoiseChanged(True))
    play.say("louder", after=2)
    play.tell(Adjusted(gain_db=9.0))
    assert set(volumes(play)) == {-6.0}
    assert LOUDEST_AT_NIGHT in play.sentences()
    play.say("quieter", after=5)
    assert volumes(play)[-1] == -9.0
    assert play.session.snapshot().volume_db == -9.0
    play.tell(VolumeLimited(None))
    assert volumes(play)[-1] == -9.0


def test_what_was_remembered_by_day_comes_back_with_the_day():
    play = pacing()
    play.tell(VolumeLimited(-6.0))
    play.tell(VolumeLimited(None))
    assert volumes(play)[-2:] == [-6.0, 0.0]
    assert play.session.snapshot().gain_db == 0.0
    play.tell(VolumeLimited(6.0))
    assert volumes(play)[-1] == 0.0


def test_by_day_the_loudest_is_told_as_ever():
    play = waiting()
    for _ in range(3):
        play.say("louder", after=6)
    assert play.sentences().count(LOUDEST) == 1
    assert volumes(play)[-3:] == [3.0, 6.0, 9.0]


def test_a_number_is_taken_as_far_as_it_goes_and_can_be_taken_back():
    play = waiting()
    play.tell(Adjusted(tempo=7.0, gain_db=-40.0))
    status = play.session.snapshot()
    assert (status.tempo, status.gain_db) == (2.0, GAIN_RANGE_DB[0])
    assert (play.preferences().tempo, play.preferences().gain_db) == (2.0, GAIN_RANGE_DB[0])
    play.tell(Adjusted(tempo=2.0))
    play.say("undo", after=1)
    status = play.session.snapshot()
    assert (status.tempo, status.gain_db) == (1.0, 0.0)


def test_whatever_is_wanted_what_sounds_is_within():
    gains = range(-21, 10, 3)
    for gain, limit, boost in itertools.product(gains, (None, -21.0, -6.0, 9.0), (0.0, 6.0)):
        volume = Volume(limit, boost)
        for wanted, _ in (volume.louder(gain), volume.quieter(gain)):
            assert GAIN_RANGE_DB[0] <= wanted <= GAIN_RANGE_DB[1]
            assert volume.sounding(wanted) <= volume.greatest_db
        assert volume.sounding(volume.louder(gain)[0]) >= volume.sounding(gain)
        assert volume.sounding(volume.quieter(gain)[0]) <= volume.sounding(gain)
