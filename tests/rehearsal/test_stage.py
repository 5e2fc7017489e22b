"""The stage plays a whole session with stand-ins for voice and ears."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from voiceguide.core.commands import Command, Phrase, Phrasebook
from voiceguide.core.decision.guide_sound import SILENT, SpokenWord
from voiceguide.core.decision.heard import Heard
from voiceguide.core.effects import FADE_SECONDS, Cue, PlayCue, Say
from voiceguide.core.errors import SpeechError
from voiceguide.core.events import Started
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ
from voiceguide.core.routine.routine import Mode, Routine, Section, Step, Stroke, Wait
from voiceguide.core.session.session import Session
from voiceguide.core.session.snapshot import Snapshot
from voiceguide.core.table import State
from voiceguide.loop import Moment
from voiceguide.rehearsal.acoustics import BATHROOM
from voiceguide.rehearsal.air import PERSON_DBFS, Air
from voiceguide.rehearsal.entries import (
    Cued,
    Decided,
    Entered,
    Noted,
    Obeyed,
    Outcome,
    Said,
    Softened,
    Uttered,
)
from voiceguide.rehearsal.person import MOST_TRIES, Person
from voiceguide.rehearsal.screenplay import parse_screenplay
from voiceguide.rehearsal.scribe import Scribe
from voiceguide.rehearsal.stage import Stage
from voiceguide.rehearsal.summary import summarise
from voiceguide.rehearsal.transcript import json_text, transcript
from voiceguide.sound.clip import Clip
from voiceguide.sound.level import dbfs
from voiceguide.sound.voice_port import AtOnce

BOOK = Phrasebook("en", tuple(Phrase(c.value, c) for c in Command if c is not Command.CHOOSE))
ROUTINE = Routine(
    id="small",
    name="small routine",
    summary="Small.",
    closing=("All done.",),
    sections=(
        Section(
            id="neck",
            name="neck",
            steps=(
                Step("up", "up", Mode.STROKE, ("Stroke up.",), stroke=Stroke(3, 2.0)),
                Step("rinse", "rinse", Mode.WAIT, ("Rinse.",), wait=Wait(10.0)),
            ),
        ),
    ),
)
CUES = {cue: Clip(np.full(800, 0.05, np.float32), EAR_RATE_HZ) for cue in Cue}


class Hum(AtOnce):
    """A voice that hums for a tenth of a second a letter."""

    def render(self, text, words_per_minute):
        if "unspeakable" in text:
            raise SpeechError("it cannot be spoken")
        count = len(text) * EAR_RATE_HZ * 15 // words_per_minute
        wave = 0.1 * np.sin(np.arange(count) * 0.2)
        return Clip(wave.astype(np.float32), EAR_RATE_HZ)


class Prompter:
    """Ears that know the person's lines: whatever is loud (the echo is not) is the next phrase
    said, if it is live.
    """

    spoken_over = False

    def __init__(self):
        self.live = ()
        self.words = []
        self._loud_since = None

    def listen_for(self, phrases):
        self.live = phrases

    def hear(self, block, end_seconds, guide=SILENT):
        if dbfs(block) > PERSON_DBFS - 12:
            self._loud_since = self._loud_since or end_seconds
            return ()
        since, self._loud_since = self._loud_since, None
        if since is None or not self.words:
            return ()
        text = self.words.pop(0)
        phrase = next((phrase for phrase in self.live if phrase.text == text), None)
        why = "told" if phrase else "not live"
        return (Heard(text, phrase, why, since, end_seconds - 0.1, end_seconds, 1.0, 40.0),)


def rehearse(text, seed=0, voice=None, ears=None, **options):
    """Outcome of a screenplay, with the blocks that the microphone recorded."""
    ears, recorded = ears or Prompter(), []

    def find_clip(line, words_per_minute):
        ears.words.append(line.words)
        return Hum().render(line.words, words_per_minute)

    stage = Stage(
        Session({"small": ROUTINE}, BOOK, routine_id="small"),
        BOOK,
        voice=voice or Hum(),
        cues=CUES,
        ears=ears,
        air=Air(
            BATHROOM,
            block_samples=BLOCK_SAMPLES,
            echo_db=-20,
            narration_db=-20,
            noise=None,
            seed=seed,
        ),
        person=Person(parse_screenplay(text, "play", Path()), BOOK, seed),
        find_clip=find_clip,
        seed=seed,
        listener=recorded.append,
        **options,
    )
    return stage.run(), np.concatenate(recorded)


WHOLE = "when ready +1: start\nwhen waiting +2: next"


@cache
def whole(seed=0):
    """The small routine, driven to its end; each seed is played once for all tests."""
    return rehearse(WHOLE, seed)


def of(outcome, kind):
    return [entry for entry in outcome.entries if isinstance(entry, kind)]


def test_a_routine_is_driven_to_its_end_by_words_alone():
    outcome, recorded = whole()
    states = [entry.state for entry in of(outcome, Entered)]
    assert states == [
        State.READY,
        State.TELLING,
        State.PACING,
        State.TELLING,
        State.WAITING,
        State.CLOSING,
        State.ENDED,
    ]
    assert outcome.ended
    assert of(outcome, Said)[-1].text == "All done."
    assert [entry.command for entry in of(outcome, Obeyed)] == [Command.START, Command.NEXT]
    assert {entry.outcome for entry in of(outcome, Uttered)} == {Outcome.OBEYED}
    assert len(recorded) == round(outcome.length_seconds * EAR_RATE_HZ)


def test_the_same_seed_gives_the_same_bytes():
    first, again, other = whole(), rehearse(WHOLE), whole(1)
    assert first[0] == again[0]
    assert np.array_equal(first[1], again[1])
    assert not np.array_equal(first[1][: len(other[1])], other[1][: len(first[1])])


def test_strokes_are_exactly_their_length_apart():
    outcome, _ = whole()
    ticks = [e.at_seconds for e in of(outcome, Cued) if e.cue in (Cue.TICK, Cue.LAST)]
    assert np.diff(ticks) == pytest.approx([2.0, 2.0], abs=1e-9)


def test_a_sentence_that_is_broken_off_ends_within_its_fade():
    outcome, _ = rehearse('when ready +1: start\nduring "stroke up" +0.3: stop\n')
    (cut,) = [said for said in of(outcome, Said) if said.was_cut]
    stopped = next(e for e in of(outcome, Obeyed) if e.command is Command.STOP)
    assert (cut.text, cut.heard) == ("Stroke up.", "Stroke up.")
    assert cut.end_seconds == pytest.approx(stopped.at_seconds + FADE_SECONDS)
    assert of(outcome, Uttered)[-1].outcome is Outcome.OBEYED


BUSY = """
when ready +1: start
during "stroke up" +0.4: where
8 louder
11 pause
during "this is zone" +0.3: resume
17 repeat
19 back
when waiting +3: undo
when waiting +1: stop
during "that is all" +0.4: undo
"""
"""Words into sentences, answers and strokes."""


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("text", [WHOLE, BUSY, "2 help\n2.5 help\n3 stop"])
def test_times_go_on_and_every_sentence_is_whole_or_shown_cut(text, seed):
    outcome, _ = rehearse(text, seed, limit_seconds=8.0)
    times = [entry.at_seconds for entry in outcome.entries]
    assert times == sorted(times)
    assert times[-1] <= outcome.length_seconds
    shown = [line.plain.split()[0] for line in transcript(outcome.entries)]
    assert shown == sorted(shown, key=lambda clock: (len(clock), clock))
    summary = summarise(outcome.entries, outcome.length_seconds)
    records = json.loads(json_text(outcome.entries, summary, outcome.ended))
    assert [r["at_s"] for r in records] == sorted(r["at_s"] for r in records)
    said = of(outcome, Said)
    assert said
    for sentence in said:
        whole = len(Hum().render(sentence.text, 150).samples) / EAR_RATE_HZ
        sounded = sentence.end_seconds - sentence.at_seconds
        if sentence.was_cut:
            assert sounded <= whole
            assert sentence.text.startswith(sentence.heard)
        else:
            assert sounded == pytest.approx(whole)


def test_what_still_sounds_where_the_rehearsal_ends_is_shown_cut():
    recorder = Scribe({1: (1.0, 3.0), 2: (3.5, 5.0)}.get)
    said = (Say(1, "One two three four.", 1.0), Say(2, "Never heard.", 3.5))
    effects = (*said, PlayCue(Cue.BREATHE_IN, 1.5, 4.0))
    recorder.watch(Moment(0.0, Started(), effects, Snapshot(State.READY)))
    _, one, swell = recorder.entries(2.0)
    assert one == Said(1.0, 2.0, "One two three four.", was_cut=True, heard="One two three")
    assert swell == Cued(1.5, Cue.BREATHE_IN, 0.5)


def test_a_word_that_is_not_live_is_told_from_one_that_was_missed():
    outcome, _ = rehearse(WHOLE + "\nwhen waiting +0.5: yes")
    assert Outcome.NOT_LIVE in [entry.outcome for entry in of(outcome, Uttered)]
    summary = summarise(outcome.entries, outcome.length_seconds)
    assert (summary.missed, summary.not_live) == (0, 1)


def test_chatter_is_rightly_ignored():
    outcome, _ = rehearse(WHOLE + "\nwhen waiting +0.5: lovely weather")
    summary = summarise(outcome.entries, outcome.length_seconds)
    assert (summary.other, summary.mistaken, summary.commands) == (1, 0, 2)


def test_a_guide_that_nobody_answers_is_left_after_the_limit():
    outcome, _ = rehearse("1 yes", limit_seconds=30.0)
    assert not outcome.ended
    (note,) = of(outcome, Noted)
    assert "nobody has answered the guide for 0.5 minutes" in note.text
    assert outcome.length_seconds < 45


def test_a_word_that_means_nothing_now_moves_nothing():
    class Haunted(Prompter):
        times = 0

        def hear(self, block, end_seconds, guide=SILENT):
            super().hear(block, end_seconds, guide)
            if end_seconds < 10 * (self.times + 1) or self.times == 6:
                return ()
            self.times += 1
            phrase = Phrase("resume", Command.RESUME)
            at = end_seconds
            return (Heard("resume", phrase, "haunted", at - 0.2, at, at, 1.0, 20.0),)

    outcome, _ = rehearse("1 yes", ears=Haunted(), limit_seconds=30.0)
    assert of(outcome, Obeyed) == []
    assert outcome.length_seconds < 45


def test_who_was_not_obeyed_says_it_again():
    # A timer of no length, which the session does not obey.
    outcome, _ = rehearse("when ready +1: timer", limit_seconds=30.0)
    assert [e.utterance.line.words for e in of(outcome, Uttered)] == ["timer"] * MOST_TRIES
    assert of(outcome, Obeyed) == []


def test_a_late_line_of_the_screenplay_is_waited_for():
    outcome, _ = rehearse("100 start\nwhen waiting +2: next", limit_seconds=30.0)
    assert outcome.ended


def test_a_sentence_that_cannot_be_spoken_does_not_stop_the_session():
    class Hoarse(Hum):
        def render(self, text, words_per_minute):
            return super().render(text.replace("Rinse", "unspeakable"), words_per_minute)

    outcome, _ = rehearse(WHOLE, voice=Hoarse())
    assert outcome.ended
    assert "Rinse." not in [said.text for said in of(outcome, Said)]


@pytest.mark.parametrize(("at", "cause"), [(0.9, "guide"), (18.0, "noise")])
def test_what_the_ears_accept_out_of_the_blue_is_counted(at, cause):
    class Haunted(Prompter):
        def hear(self, block, end_seconds, guide=SILENT):
            if abs(end_seconds - at) < 0.01:
                phrase = Phrase("louder", Command.LOUDER)
                return (Heard("louder", phrase, "haunted", at - 0.2, at, at, 1.0, 20.0),)
            return super().hear(block, end_seconds, guide)

    outcome, _ = rehearse("25 start\nwhen waiting +2: next", ears=Haunted())
    assert [e.cause for e in of(outcome, Decided) if e.heard.text == "louder"] == [cause]
    assert summarise(outcome.entries, outcome.length_seconds).false_accepts == 1


def test_narration_is_softer_while_somebody_speaks_over_it_and_comes_back():
    class Alert(Prompter):
        @property
        def spoken_over(self):
            return self._loud_since is not None

    text = 'when ready +1: start\nduring "stroke up" +0.1: lovely'
    outcome, _ = rehearse(text, ears=Alert(), limit_seconds=30.0)
    softer = [entry for entry in of(outcome, Softened) if entry.at_seconds > 1.0]
    (uttered,) = [e for e in of(outcome, Uttered) if e.utterance.line.words == "lovely"]
    over = next(e for e in softer if e.at_seconds >= uttered.at_seconds)
    assert over.at_seconds - uttered.at_seconds < 0.12
    assert over.end_seconds - uttered.utterance.end_seconds < 0.8
    calm, _ = rehearse(text, ears=Prompter(), limit_seconds=30.0)
    assert of(calm, Softened) == []


def test_a_word_can_be_said_over_a_certain_word_of_the_guide():
    class Wordy(Hum):
        def render(self, text, words_per_minute):
            clip = super().render(text, words_per_minute)
            said = tuple(
                SpokenWord(word, 0.11 * number, 0.11 * number + 0.1)
                for number, word in enumerate(text.split())
            )
            return Clip(clip.samples, clip.sample_rate_hz, said)

    outcome, _ = rehearse(
        'when ready +1: start\nduring "stroke up" word 2 +0.05: stop', voice=Wordy()
    )
    said = next(e for e in of(outcome, Said) if e.text == "Stroke up.")
    assert of(outcome, Uttered)[-1].at_seconds == pytest.approx(said.at_seconds + 0.16, abs=0.001)
