"""The tap is opened fully in a rehearsed session: the guide says once that it may not hear."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from test_stage import BOOK, CUES, ROUTINE, Hum, Prompter, of

from voiceguide.core.decision.guide_sound import SILENT
from voiceguide.core.effects import Cue
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ
from voiceguide.core.session.session import Session
from voiceguide.core.session.volume import BOOST_DB
from voiceguide.core.wording_faults import LOUD
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.rehearsal.acoustics import BATHROOM
from voiceguide.rehearsal.air import PERSON_DBFS, TAP, Air, noise_loop
from voiceguide.rehearsal.entries import Cued, Noted, Said
from voiceguide.rehearsal.person import Person
from voiceguide.rehearsal.screenplay import parse_screenplay
from voiceguide.rehearsal.stage import Stage
from voiceguide.sound.noise import NoiseMeter

BLOCK_SECONDS = BLOCK_SAMPLES / EAR_RATE_HZ


class Tap(Air):
    """A room with a tap that is opened and closed at given times; ``snr_db`` when open."""

    def __init__(self, snr_db, opened):
        super().__init__(
            BATHROOM, block_samples=BLOCK_SAMPLES, echo_db=-20, narration_db=-20, noise=None, seed=0
        )
        self._water = noise_loop(read_sound(TAP, EAR_RATE_HZ), snr_db)
        self._opened = opened
        self._now = 0.0
        self.levels = []

    def loudest(self, start, end):
        """The greatest level of what the guide played in these seconds."""
        blocks = self.levels[round(start / BLOCK_SECONDS) : round(end / BLOCK_SECONDS)]
        return 20 * np.log10(max(blocks))

    def hear(self, played):
        self.levels.append(float(np.sqrt(np.mean(np.square(played)))) + 1e-9)
        block = super().hear(played)
        at = round(self._now * EAR_RATE_HZ) + np.arange(BLOCK_SAMPLES)
        self._now += BLOCK_SECONDS
        if any(start <= self._now < end for start, end in self._opened):
            water = self._water[at % len(self._water)] * 32768
            block = np.clip(block + water, -32768, 32767).astype(np.int16)
        return block


class Ears(Prompter):
    """Ears that measure the noise; they understand everything all the same."""

    def __init__(self):
        super().__init__()
        self._meter = NoiseMeter(EAR_RATE_HZ)
        self.loud = False
        self.snr_db = 30.0
        self.taps_closed = 0

    def hear(self, block, end_seconds, guide=SILENT):
        for reading in self._meter.read(block.astype(np.float32) / 32768):
            self.snr_db = PERSON_DBFS - reading.floor_dbfs
            self.loud = self.snr_db < (3.0 if self.loud else 0.0)
        return super().hear(block, end_seconds, guide)


def rehearse(snr_db, *opened, screenplay="22 start\n75 next", air=None):
    ears = Ears()

    def find_clip(line, words_per_minute):
        ears.words.append(line.words)
        return Hum().render(line.words, words_per_minute)

    stage = Stage(
        Session({"small": ROUTINE}, BOOK, routine_id="small"),
        BOOK,
        voice=Hum(),
        cues=CUES,
        ears=ears,
        air=air or Tap(snr_db, opened),
        person=Person(parse_screenplay(screenplay, "play", Path()), BOOK, 0),
        find_clip=find_clip,
        noise=ears,
    )
    return stage.run()


def times_told(outcome):
    return [said.text for said in of(outcome, Said)].count(LOUD)


@pytest.mark.parametrize(
    "at", [1.0, 27.5, *(pytest.param(at, marks=pytest.mark.long) for at in (23.0, 40.0))]
)
def test_a_tap_opened_fully_is_remarked_once(at):
    outcome = rehearse(-9, (at, 50.0), (55.0, 70.0))
    assert times_told(outcome) == 1
    loud = next(said for said in of(outcome, Said) if said.text == LOUD)
    assert not loud.was_cut
    assert loud.at_seconds > at
    ticks = [e.at_seconds for e in of(outcome, Cued) if e.cue in (Cue.TICK, Cue.LAST)]
    assert len(ticks) == 3
    assert not any(loud.at_seconds - 2.0 < tick < loud.end_seconds for tick in ticks)
    for said, after in itertools.pairwise(of(outcome, Said)):
        assert after.at_seconds >= said.end_seconds
    notes = [note.text for note in of(outcome, Noted)]
    assert notes[:2] == ["it is too loud to hear a word", "it is quiet enough again"]


def test_a_usual_session_beside_a_tap_says_nothing_of_it():
    outcome = rehearse(15, (0.0, 200.0))
    assert times_told(outcome) == 0
    assert not of(outcome, Noted)
    assert outcome.ended


def test_the_guide_turns_itself_up_beside_the_tap_and_back():
    air = Tap(-9, ((23.0, 60.0),))
    outcome = rehearse(-9, air=air)
    said = [each for each in of(outcome, Said) if not each.was_cut]
    levels = {each.text: air.loudest(each.at_seconds, each.end_seconds) for each in said}
    (told,) = [each for each in said if each.text == LOUD]
    before = levels[said[0].text]
    assert levels[LOUD] == pytest.approx(before + BOOST_DB, abs=0.5)
    quiet = next(
        note.at_seconds for note in of(outcome, Noted) if note.text == "it is quiet enough again"
    )
    after = [each.text for each in said if each.at_seconds > quiet]
    assert after
    assert all(levels[text] == pytest.approx(before, abs=0.5) for text in after)
    assert told.at_seconds < quiet
