"""Performs effects: sentences are rendered and placed on the output timeline, cues on their
exact samples, and what must be remembered is handed to the keeper.

The same class serves the live guide and the simulated room; they differ in how a sentence is
rendered (in the background, or at once) and in who renders the mixer.
"""

from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Protocol, assert_never

from voiceguide.core.effects import (
    FADE_SECONDS,
    SWELLS,
    Cue,
    Effect,
    Finish,
    ForgetPlace,
    Hush,
    KeepPlace,
    KeepPreferences,
    KeepProgramme,
    KeepTimer,
    Kept,
    PlayCue,
    Prepare,
    Say,
    SetSpeechRate,
    SetVolume,
)
from voiceguide.core.errors import SpeechError, VoiceguideError
from voiceguide.core.events import Event, Fault, Faulted, Recovered, SpeechEnded, SpeechFailed
from voiceguide.sound.clear_speech import Clarity, clear_speech
from voiceguide.sound.clip import Clip, Samples
from voiceguide.sound.mixer import Mixer
from voiceguide.sound.resample import resample
from voiceguide.sound.swell import fit_swell, make_swell
from voiceguide.sound.voice_port import VoicePort


class Keeper(Protocol):
    """Remembers durably; each method raises OSError or VoiceguideError when it cannot."""

    def keep(self, effect: Kept) -> None:
        """Have this on the disk, at once or soon: one with a thread of its own does not wait."""


class NoKeeper:
    """Remembers nothing: rehearsals do not touch what a person has done."""

    def keep(self, effect: Kept) -> None:
        """Does nothing."""


@dataclass(slots=True)
class _Pending:
    say: Say
    outcome: Clip | SpeechError | None = None


class Performer:
    """Performs effects on a mixer.

    Args:
        call: has a function called on the thread that performs, from whatever thread a sentence
            was rendered on.
        post: takes events that follow from performing (a sentence failed, the disk is full);
            they must reach the session after the present event.
    """

    def __init__(
        self,
        mixer: Mixer,
        voice: VoicePort,
        cues: Mapping[Cue, Clip],
        keeper: Keeper,
        post: Callable[[Event], None],
        call: Callable[[Callable[[], None]], None] = lambda function: function(),
    ) -> None:
        rate = mixer.sample_rate_hz
        self._mixer = mixer
        self._voice = voice
        self._cues = {cue: resample(clip, rate).samples for cue, clip in cues.items()}
        self._keeper = keeper
        self._post = post
        self._call = call
        self._words_per_minute = 150
        self._clarity = Clarity()
        self._pending: deque[_Pending] = deque()
        self._speech_end = 0
        """The output sample at which the last placed sentence ends."""
        self._ends: deque[int] = deque()
        self._broken: set[Fault] = set()
        self.finished = False
        """Whether the session has asked to end."""

    def perform(self, effect: Effect) -> None:
        """Do one effect."""
        match effect:
            case Say():
                self._say(effect)
            case PlayCue(cue, at_seconds, seconds):
                samples = self._cue(cue, seconds)
                self._mixer.play(samples, self._sample(at_seconds), tag=None, teaches=False)
            case Hush():
                self._hush()
            case Prepare(texts):
                with suppress(SpeechError):  # it is told when the sentence is needed
                    self._voice.prepare(texts, self._words_per_minute)
            case SetSpeechRate(words_per_minute):
                self._words_per_minute = words_per_minute
            case SetVolume(gain_db):
                self._mixer.set_gain_db(gain_db)
            case KeepPlace() | ForgetPlace() | KeepPreferences() | KeepTimer() | KeepProgramme():
                self._keep(effect)
            case Finish():
                self.finished = True
            case _:
                assert_never(effect)

    def accompany(self, wanted: bool) -> None:
        """Whether the background is to be heard."""
        self._mixer.accompany(wanted)

    def follow_noise(self, snr_db: float) -> None:
        """A person's voice would stand out of the noise by so much now: beside noise the sentences
        that come are spoken clearly.
        """
        self._clarity.follow(snr_db)

    def make_room(self) -> None:
        """Somebody speaks over the guide: narration is softer for a moment (``Mixer.duck``)."""
        self._mixer.duck()

    def next_end_seconds(self) -> float | None:
        """When the sentence that is sounding will have ended; None when there is none."""
        return self._ends[0] / self._mixer.sample_rate_hz if self._ends else None

    def ended(self) -> list[SpeechEnded]:
        """Sentences that have sounded to their last sample since the last call."""
        rate = self._mixer.sample_rate_hz
        ended = self._mixer.pop_ended()
        for _, end in ended:
            # One that was heard before a hush has no entry any more: later ones keep theirs.
            while self._ends and self._ends[0] <= end:
                self._ends.popleft()
        return [SpeechEnded(tag, end / rate) for tag, end in ended]

    def _cue(self, cue: Cue, seconds: float | None) -> Samples:
        rate = self._mixer.sample_rate_hz
        if cue not in SWELLS:
            return self._cues[cue]
        length = seconds or 1.0
        own = self._cues.get(cue)
        return make_swell(cue, length, rate) if own is None else fit_swell(own, length, rate)

    def _say(self, say: Say) -> None:
        pending = _Pending(say)
        self._pending.append(pending)
        clearly = self._clarity.wanted

        def done(rendered: Future[Clip]) -> None:
            # Still on the thread that renders: time is not kept there.
            self._call(partial(self._take, pending, _outcome(rendered, clearly)))

        rate = say.words_per_minute or self._words_per_minute
        try:
            self._voice.submit(say.text, rate).add_done_callback(done)
        except SpeechError as error:
            pending.outcome = error
            self._place_rendered()

    def _take(self, pending: _Pending, outcome: Clip | SpeechError) -> None:
        pending.outcome = outcome
        self._place_rendered()

    def _place_rendered(self) -> None:
        """Place what is rendered, in the order it was asked for; sentences never overlap."""
        while self._pending and self._pending[0].outcome is not None:
            pending = self._pending.popleft()
            outcome, say = pending.outcome, pending.say
            if isinstance(outcome, Clip):
                self._working(Fault.VOICE)
                clip = resample(outcome, self._mixer.sample_rate_hz)
                start = max(self._sample(say.at_seconds), self._speech_end)
                _, end = self._mixer.play(
                    clip.samples, start, tag=say.utterance_id, words=clip.words
                )
                self._speech_end = end
                self._ends.append(end)
            else:
                self._post(SpeechFailed(say.utterance_id))
                self._failed(Fault.VOICE)

    def _hush(self) -> None:
        self._mixer.fade_out(self._sample(FADE_SECONDS))
        self._mixer.unduck()
        self._pending.clear()
        self._ends.clear()
        self._speech_end = 0
        # A sentence whose end was rendered but not yet collected has been heard; it stays told.

    def _keep(self, effect: Kept) -> None:
        try:
            self._keeper.keep(effect)
        except (OSError, VoiceguideError):
            self._failed(Fault.DISK)
        else:
            self._working(Fault.DISK)

    def _failed(self, fault: Fault) -> None:
        if fault not in self._broken:
            self._broken.add(fault)
            self._post(Faulted(fault))

    def _working(self, fault: Fault) -> None:
        if fault in self._broken:
            self._broken.discard(fault)
            self._post(Recovered(fault))

    def _sample(self, seconds: float) -> int:
        return round(seconds * self._mixer.sample_rate_hz)


def _outcome(rendered: "Future[Clip]", clearly: bool) -> Clip | SpeechError:
    try:
        return clear_speech(rendered.result()) if clearly else rendered.result()
    except SpeechError as error:
        return error
    except CancelledError:
        return SpeechError("the voice was closed")
