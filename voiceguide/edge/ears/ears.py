"""The ears: sound in, decisions out. A file, the simulated room and a microphone all use these."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.decider import Decider
from voiceguide.core.decision.guide_sound import SILENT, Sounding
from voiceguide.core.decision.heard import Heard, Reading
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.decision.votes import UNKNOWN, BlockHeard
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ
from voiceguide.edge.ears.levels import Levels
from voiceguide.edge.ears.listener import EarState
from voiceguide.edge.ears.recogniser import Recogniser, load_here
from voiceguide.edge.ears.recogniser_port import Load, Stream
from voiceguide.edge.ears.rehearing import Rehearing
from voiceguide.edge.system.log import Log
from voiceguide.sound.voice_gate import VoiceGate

RENEW_SECONDS = 120.0
"""After this much sound a new recogniser is made in a quiet moment, which takes 0.3 ms: its memory
grows as it listens (alphacep/vosk-api#209)."""
WAKE_WEIGHT = 30
"""How much a phrase that calls the guide weighs in the grammar, where `[unk]` weighs 1. With less,
two short words lose against the filler (docs/measurements.md)."""
AWAITED_WEIGHT = 8
"""How much a phrase weighs in the grammar that the guide has just asked for, where others weigh
1."""

_log = Log("ears")


class Ears:
    """Listens for the live phrases in blocks of sound. Deterministic: the samples are its clock."""

    def __init__(
        self,
        recogniser: Recogniser,
        decoys: Sequence[str] = (),
        thresholds: Thresholds | None = None,
    ) -> None:
        """``decoys``: words offered to the recogniser beside the phrases."""
        self._recogniser = recogniser
        self._decider = Decider(thresholds)
        self._levels = Levels()
        self._rehearing = Rehearing(recogniser, decoys)
        self._voice = VoiceGate(EAR_RATE_HZ)
        self._asleep = False
        """Whether only a call that wakes the guide is listened for."""
        self._pending: NDArray[np.int16] = np.zeros(0, np.int16)
        """Samples that do not fill a block yet."""
        self._text = ""
        """What the recogniser has written of the present utterance."""
        self._now = 0.0
        self._fed_seconds = 0.0
        self._live: tuple[Phrase, ...] = ()
        self._stream: Stream | None = None

    state = EarState.WELL
    """These ears are well as long as their process lives."""
    times_lost = 0

    def begin(self) -> None:
        """Does nothing: they are opened with their recogniser."""

    def have_come(self) -> bool:
        """True: they are opened with their recogniser."""
        return True

    @property
    def loud(self) -> bool:
        """Whether it is too loud to hear the person."""
        return self._levels.audibility.loud

    @property
    def noise_dbfs(self) -> float:
        """Level of the noise alone."""
        return self._levels.audibility.noise_dbfs

    @property
    def snr_db(self) -> float:
        """How far the person's voice is expected to stand out of the noise."""
        return self._levels.audibility.snr_db

    @property
    def taps_closed(self) -> int:
        """How often a tap was heard to be opened and then closed for some seconds."""
        return self._levels.taps_closed

    @property
    def spoken_over(self) -> bool:
        """Whether somebody speaks over the guide at the end of the last block."""
        return self._levels.spoken_over

    @property
    def is_roused(self) -> bool:
        """Whether the recogniser works. While the guide sleeps it does so only when somebody may be
        speaking.
        """
        return self._voice.is_open or not self._asleep

    @property
    def may_be_called(self) -> bool:
        """Whether, while the guide sleeps, the recogniser has just written the call. It may still
        be refused.
        """
        return self._asleep and any(phrase.text in self._text for phrase in self._live)

    def listen_for(self, phrases: tuple[Phrase, ...]) -> None:
        """Obey only these phrases from now on.

        Raises:
            ModelError: the model lacks a word of one of them.
        """
        if phrases == self._live and self._stream is not None:
            return
        self._recogniser.check(phrases)
        self._live = phrases
        self._asleep = bool(phrases) and all(one.command is Command.WAKE for one in phrases)
        self._voice.shut()
        self._text = ""
        self._decider.listen_for(phrases)
        self._renew()

    def hear(
        self, block: NDArray[np.int16], end_seconds: float, guide: Sounding = SILENT
    ) -> tuple[Heard, ...]:
        """Take in sound.

        Args:
            block: 16 kHz mono, shape (n,), any n.
            end_seconds: when its last sample ends, on the caller's time axis.
            guide: what the guide itself plays meanwhile.

        Returns:
            What was decided in it, accepted or not, in order.
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
        """Decide what is still open: no more sound will come."""
        if self._stream is None:
            return ()
        _, record = self._decider.close(self._now, final=True)
        self._stream.reset()
        return self._recorded(record)

    def close(self) -> None:
        """Do nothing: these ears started nothing."""

    def _step(self, block: NDArray[np.int16], now: float, guide: Sounding) -> tuple[Heard, ...]:
        if self._stream is None:
            return ()
        self._now = now
        self._rehearing.keep(block)
        readings, above_db = self._levels.take(block, now, guide, asleep=self._asleep)
        self._text, final = self._written(block, readings)
        sounds = self._levels.guide_sounds
        ask = self._decider.observe(
            BlockHeard(now, self._text, readings, final, sounds, guide, above_db)
        )
        if ask is not None and (ask.phrase or not self._asleep):
            if not self._asleep:
                ask = replace(ask, opinion=self._rehearing.opinion(ask, now))
            votes = self._rehearing.votes(ask, now, self._decider.undecided)
            heard = self._decider.answer(ask, votes)
            if heard is not None:
                self._levels.audibility.understood(heard.snr_db)
                self._stream.reset()
                return self._recorded(heard)
        over, record = self._decider.close(now, final=final)
        if over:
            self._stream.reset()
        if self._fed_seconds >= RENEW_SECONDS and self._decider.resting:
            self._renew()
        return self._recorded(record)

    def _written(self, block: NDArray[np.int16], readings: tuple[Reading, ...]) -> tuple[str, bool]:
        """What is written of the utterance so far, and whether the recogniser closed it. While the
        guide sleeps, the recogniser is given only sound that may be speech.
        """
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

    def _renew(self) -> None:
        """Make the recognisers anew, for the phrases that are live."""
        texts = [
            phrase.text
            for phrase in self._live
            for _ in range(AWAITED_WEIGHT if phrase.is_awaited else 1)
        ]
        weight = WAKE_WEIGHT if self._asleep else 1
        self._stream = self._recogniser.stream([*texts * weight, UNKNOWN])
        self._rehearing.renew(texts, asleep=self._asleep)
        self._fed_seconds = 0.0

    def _recorded(self, heard: Heard | None) -> tuple[Heard, ...]:
        """Log the record of one utterance; what was said appears only at DEBUG."""
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
        decoys: words offered to the recogniser beside the phrases.
        thresholds: those of the decision.
        phrases: all that will ever be live. Words of theirs that the model lacks are learnt now,
            so that no session has to wait for it.
        pronunciations: how the person says words, ``{"serum": ["S EH R AH M"]}``.
        load: loads the recogniser; into this process by default.

    Raises:
        ModelError: the model cannot be used.
    """
    recogniser = Recogniser(folder, pronunciations, load)
    recogniser.check(phrases)
    return Ears(recogniser, decoys, thresholds)
