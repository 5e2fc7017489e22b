"""The ears: sound in, decisions out; the same for a file, the simulated room and a microphone."""

from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.audibility import Audibility, NoiseUnderSound
from voiceguide.core.decision.decider import Decider
from voiceguide.core.decision.guide_sound import SILENT, Sounding
from voiceguide.core.decision.heard import Heard, Reading
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.decision.votes import UNKNOWN, Ask, BlockHeard, Vote
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ, HOP_SECONDS
from voiceguide.edge.ears.listener import EarState
from voiceguide.edge.ears.recogniser import Recogniser, load_here
from voiceguide.edge.ears.recogniser_port import Load, Stream
from voiceguide.edge.system.log import Log
from voiceguide.sound.echo.gate import EchoGate
from voiceguide.sound.noise import NoiseMeter
from voiceguide.sound.tap import TapWatch
from voiceguide.sound.voice_gate import VoiceGate

KEPT_SECONDS = 4.0
"""Sound kept to hear an utterance again; longer than any phrase with its lead."""
RENEW_SECONDS = 120.0
"""The recogniser is made anew in a quiet moment after this much sound, to bound its memory
(alphacep/vosk-api#209); that takes 0.3 ms."""
HEARINGS = ((1.0, False), (0.92, False), (1.08, False), (1.0, True))
"""How an utterance is heard again: its speed, and whether among the decoys too."""
WAKE_WEIGHT = 30
"""A phrase that calls the guide weighs this much in the grammar, where `[unk]` weighs 1: alone
against the filler, two short words lose to it otherwise (docs/measurements.md)."""
WAKE_VOTE_WEIGHT, WAKE_DECOY_WEIGHT = 3, 10
"""The same when it is heard again, now against whole words, each of which weighs this much."""
WAKE_HEARINGS = ((1.0, True), (0.92, True), (1.08, True))
WAKE_DECOYS = (
    *("high", "a", "i", "okay", "hate", "they", "day", "side", "wide", "ride", "glide", "higher"),
    *("got", "god", "get", "gate", "gave", "agree", "light", "night"),
)
"""Words near to “hey guide” that are not among the usual decoys."""
SMALL_MODEL_BYTES = 10_000_000
"""A larger network takes too long to hear everything four times: its first hearing decides."""

CLEARLY_DB = 12.0
"""Somebody speaks over the guide when this much louder than what is left of its echo …"""
MOST_CLEARED_DB = 20.0
"""… and when no more of the block was the echo: what a loudspeaker distorts is softer still."""
CLEAR_HOPS = 3
"""This many of the last five; fewer are a drop of water."""

_log = Log("ears")


class Ears:
    """Listens for the live phrases in blocks of sound; deterministic, the samples are its clock."""

    def __init__(
        self,
        recogniser: Recogniser,
        decoys: Sequence[str] = (),
        thresholds: Thresholds | None = None,
    ) -> None:
        self._recogniser = recogniser
        self._decoys = tuple(word for word in decoys if recogniser.knows(word))
        self._wake_decoys = tuple(word for word in WAKE_DECOYS if recogniser.knows(word))
        self._decider = Decider(thresholds)
        self._meter = NoiseMeter(EAR_RATE_HZ)
        self._gate = EchoGate(HOP_SECONDS)
        self._asleep = False
        """Whether nothing but its being called is listened for."""
        self._voice = VoiceGate(EAR_RATE_HZ)
        self._clear: deque[bool] = deque(maxlen=5)
        """Which of the last hops were clearly louder than the guide."""
        self._audibility = Audibility()
        self._tap = TapWatch(BLOCK_SAMPLES / EAR_RATE_HZ)
        self._under = NoiseUnderSound(HOP_SECONDS)
        network = recogniser.folder / "am" / "final.mdl"
        small = network.stat().st_size < SMALL_MODEL_BYTES if network.exists() else True
        self._hearings = HEARINGS if small else HEARINGS[:1]
        self._kept: deque[NDArray[np.int16]] = deque(
            maxlen=round(KEPT_SECONDS * EAR_RATE_HZ / BLOCK_SAMPLES)
        )
        self._pending: NDArray[np.int16] = np.zeros(0, np.int16)
        self._text = ""
        """What is written of the present utterance."""
        self._now = 0.0
        self._fed_seconds = 0.0
        self._live: tuple[Phrase, ...] = ()
        self._stream: Stream | None = None
        self._again: dict[bool, Stream] = {}

    state = EarState.WELL
    """As long as this process lives."""
    times_lost = 0

    @property
    def loud(self) -> bool:
        """Whether it is too loud to hear the person."""
        return self._audibility.loud

    @property
    def noise_dbfs(self) -> float:
        """Level of the noise alone."""
        return self._audibility.noise_dbfs

    @property
    def snr_db(self) -> float:
        """By how much the person's voice is expected to stand out of the noise."""
        return self._audibility.snr_db

    @property
    def taps_closed(self) -> int:
        """How often running water was heard to begin and then to be gone for some seconds."""
        return self._tap.times_closed

    @property
    def spoken_over(self) -> bool:
        """Whether somebody speaks over the guide at the end of the last block."""
        return sum(self._clear) >= CLEAR_HOPS

    @property
    def is_roused(self) -> bool:
        """Whether the recogniser is at work; asleep, only while somebody might be speaking."""
        return self._voice.is_open or not self._asleep

    @property
    def may_be_called(self) -> bool:
        """Whether, asleep, the call is written of what is being said; it may yet be refused."""
        return self._asleep and any(phrase.text in self._text for phrase in self._live)

    def listen_for(self, phrases: tuple[Phrase, ...]) -> None:
        """From now on only these phrases can be obeyed.

        Raises:
            ModelError: the model lacks a word of one of them.
        """
        if phrases == self._live and self._stream is not None:
            return
        self._recogniser.check(phrase.text for phrase in phrases)
        self._live = phrases
        self._asleep = bool(phrases) and all(one.command is Command.WAKE for one in phrases)
        self._voice.shut()
        self._text = ""
        self._decider.listen_for(phrases)
        self._renew()

    def hear(
        self, block: NDArray[np.int16], end_seconds: float, guide: Sounding = SILENT
    ) -> tuple[Heard, ...]:
        """Take in sound; what was decided in it, accepted and rejected, in order.

        Args:
            block: 16 kHz mono, shape (n,), any n.
            end_seconds: when its last sample ends, on the caller's axis.
            guide: what it plays itself meanwhile.
        """
        sound = np.concatenate((self._pending, block)) if len(self._pending) else block
        whole = len(sound) // BLOCK_SAMPLES * BLOCK_SAMPLES
        self._pending = sound[whole:]
        heard: list[Heard] = []
        for start in range(0, whole, BLOCK_SAMPLES):
            after = len(sound) - start - BLOCK_SAMPLES
            now = end_seconds - after / EAR_RATE_HZ
            heard += self._step(sound[start : start + BLOCK_SAMPLES], now, guide)
        return tuple(heard)

    def flush(self) -> tuple[Heard, ...]:
        """No more sound comes: what is still open is decided as it stands."""
        if self._stream is None:
            return ()
        _, record = self._decider.close(self._now, final=True)
        self._stream.reset()
        return self._recorded(record)

    def close(self) -> None:
        """Nothing runs for these."""

    def _step(self, block: NDArray[np.int16], now: float, guide: Sounding) -> tuple[Heard, ...]:
        if self._stream is None:
            return ()
        self._now = now
        self._kept.append(block)
        readings, above = self._measure(block, guide)
        if readings and not (self._asleep or self._gate.guide_sounds):
            self._tap.take(self._meter.bands_db)
        noise = self._noise(readings, guide)
        if noise is not None:
            self._audibility.observe(noise, now)
        self._text, final = self._written(block, readings)
        sounds = self._gate.guide_sounds
        ask = self._decider.observe(
            BlockHeard(now, self._text, readings, final, sounds, guide, above)
        )
        if ask is not None and (ask.phrase or not self._asleep):
            heard = self._decider.answer(ask, self._votes(ask))
            if heard is not None:
                self._audibility.understood(heard.snr_db)
                self._stream.reset()
                return self._recorded(heard)
        over, record = self._decider.close(now, final=final)
        if over:
            self._stream.reset()
        if self._fed_seconds >= RENEW_SECONDS and self._decider.resting:
            self._renew()
        return self._recorded(record)

    def _noise(self, readings: tuple[Reading, ...], guide: Sounding) -> float | None:
        """The noise's level; None where what is left of the guide's own voice hides it."""
        if not readings:
            return None
        if not self._gate.guide_sounds:
            return readings[-1].floor_dbfs
        found: float | None = None
        for one in readings:
            # Where it knew nothing before, the gate has learned the noise for an echo.
            coupling = self._gate.coupling_db
            known = coupling if coupling is not None and coupling < 0 else None
            found = self._under.take(one.level_dbfs, guide.level_dbfs, known)
        return found

    def _written(self, block: NDArray[np.int16], readings: tuple[Reading, ...]) -> tuple[str, bool]:
        """What is written of the utterance so far; asleep, only what might be one is heard."""
        assert self._stream is not None
        sound: NDArray[np.int16] | None = block
        if self._asleep:
            was_open = self._voice.is_open
            sound = self._voice.take(block, readings)
            if was_open and not self._voice.is_open:
                self._stream.reset()
        if sound is None:
            return "", False
        self._fed_seconds += len(sound) / EAR_RATE_HZ
        return self._stream.hear(sound.tobytes())

    def _measure(
        self, block: NDArray[np.int16], guide: Sounding
    ) -> tuple[tuple[Reading, ...], tuple[float, ...]]:
        """The block hop by hop, and by how much those that are louder than the echo are so."""
        readings = self._meter.read(block.astype(np.float32) / np.float32(32768))
        heard: list[Reading] = []
        above: list[float] = []
        for one in readings:
            level, floor = one.level_dbfs, one.floor_dbfs
            louder = self._gate.louder(level, guide.level_dbfs, floor, guide.softened_db)
            clear = one.active and self._gate.above_db >= CLEARLY_DB
            self._clear.append(clear and guide.cleared_db <= MOST_CLEARED_DB)
            heard.append(one if louder else Reading(level, floor, False))
            if louder and one.active and self._gate.guide_sounds:
                above.append(self._gate.above_db)
        return tuple(heard), tuple(above)

    def _votes(self, ask: Ask) -> tuple[Vote, ...]:
        """Hear the stretch again, in each of the ways, as long as that can change anything."""
        stretch, start_seconds = self._stretch(ask)
        votes: list[Vote] = []
        hearings = WAKE_HEARINGS if self._asleep else self._hearings
        for speed, among_decoys in hearings:
            if not self._decider.undecided(ask, votes, len(hearings)):
                break
            sound = stretch if speed == 1.0 else _at_speed(stretch, speed)
            found = self._again[among_decoys].whole(sound.tobytes())
            votes.append(
                Vote(
                    found.text,
                    found.confidence,
                    start_seconds + found.start_seconds * speed,
                    start_seconds + found.end_seconds * speed,
                )
            )
        return tuple(votes)

    def _stretch(self, ask: Ask) -> tuple[NDArray[np.int16], float]:
        """The kept sound that a question is about, and when it begins in seconds."""
        kept = np.concatenate(self._kept)
        kept_from = self._now - len(kept) / EAR_RATE_HZ
        first = max(0, round((ask.start_seconds - kept_from) * EAR_RATE_HZ))
        last = max(first, round((ask.end_seconds - kept_from) * EAR_RATE_HZ))
        return kept[first:last], kept_from + first / EAR_RATE_HZ

    def _renew(self) -> None:
        texts = [phrase.text for phrase in self._live]
        words = {word for text in texts for word in text.split()}
        decoys = [decoy for decoy in self._decoys if decoy not in words]
        if self._asleep:
            self._stream = self._recogniser.stream([*texts * WAKE_WEIGHT, UNKNOWN])
            near = [*decoys, *self._wake_decoys, *sorted(words - set(texts))]
            weighed = [*texts * WAKE_VOTE_WEIGHT, UNKNOWN, *near * WAKE_DECOY_WEIGHT]
            self._again = {True: self._recogniser.stream(weighed)}
        else:
            self._stream = self._recogniser.stream([*texts, UNKNOWN])
            self._again = {
                False: self._recogniser.stream([*texts, UNKNOWN]),
                # Counts are the recogniser's only weights: a phrase weighs as much as five decoys.
                True: self._recogniser.stream([*texts * 5, *[UNKNOWN] * 10, *decoys]),
            }
        self._fed_seconds = 0.0

    def _recorded(self, heard: Heard | None) -> tuple[Heard, ...]:
        """Leave the record of one utterance in the log; what was said only at DEBUG."""
        if heard is None:
            return ()
        _log.info(
            "utterance",
            "decided",
            command=heard.phrase.command.value if heard.phrase else "none",
            reason=heard.why,
            latency_seconds=heard.decided_seconds - heard.end_seconds,
            confidence=heard.confidence,
            snr_db=heard.snr_db,
        )
        if _log.shows_debug:
            _log.debug(
                "utterance",
                "heard",
                words=heard.text,
                command=heard.phrase.command.value if heard.phrase else "none",
                reason=heard.why,
                confidence=heard.confidence,
                others=heard.alternatives,
                live=sorted({phrase.command.value for phrase in self._live}),
            )
        return (heard,)


def open_ears(
    folder: Path,
    decoys: Sequence[str] = (),
    thresholds: Thresholds | None = None,
    phrases: Sequence[Phrase] = (),
    pronunciations: Mapping[str, Sequence[str]] | None = None,
    load: Load = load_here,
) -> Ears:
    """Ears with the model in this folder.

    Args:
        folder: the model.
        decoys: words that are offered to the recogniser beside the phrases.
        thresholds: of the decision.
        phrases: all that will ever be live; words that the model lacks are learnt now, so that no
            session has to wait for it.
        pronunciations: how the person says words, ``{"serum": ["S EH R AH M"]}``.
        load: where the recogniser runs; in this process unless told otherwise.

    Raises:
        ModelError: the model cannot be used.
    """
    recogniser = Recogniser(folder, pronunciations, load)
    recogniser.check(phrase.text for phrase in phrases)
    return Ears(recogniser, decoys, thresholds)


def _at_speed(samples: NDArray[np.int16], speed: float) -> NDArray[np.int16]:
    """Spoken faster (or slower) by this factor, and so higher (or lower)."""
    return np.asarray(soxr.resample(samples, EAR_RATE_HZ * speed, EAR_RATE_HZ), np.int16)
