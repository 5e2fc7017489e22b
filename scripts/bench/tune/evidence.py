"""Gathers the evidence of each question of the ears, before anything is decided."""

import json
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from bench.ears.clips import (  # fmt: skip
    AN4,
    NOISE,
    ORDERS,
    PEOPLE,
    WORDS,
    Clip,
    everything,
    meaning,
    recordings,
    sounds_in,
    spread,
)
from bench.ears.mixing import QUIET, Condition, mixed, word_end
from bench.ears.noises import RECORDED, second_half
from bench.ears.people import Member, member_for
from numpy.typing import NDArray

from voiceguide.core.commands import Phrase
from voiceguide.core.decision.decider import Decider
from voiceguide.core.decision.thresholds import COSTLY, Thresholds
from voiceguide.core.decision.votes import UNKNOWN, Ask, Vote
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.ears.ears import Ears
from voiceguide.edge.ears.hearing import LEAD_SECONDS, hear_with
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.edge.ears.rehearing import IsUndecided, Rehearing
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.sound.clip import Samples

SNRS_DB = (12.0, 6.0, 3.0, 0.0)
TALK_SNR_DB = 6.0
FRAME_SECONDS = 0.03
ALTERNATIVES = 10
WHOLE = {WORDS: 240, ORDERS: 40, AN4: 80}
"""How many recordings of talk are used; of people's commands all are."""


@dataclass(slots=True)
class Question:
    """One question of the ears, with everything that a rule may use."""

    segment: int
    seconds: float
    """When it was asked, from the first sample of the recording."""
    written: str | None
    """The meaning of the words that were written; None for a second look."""
    votes: list[tuple[str | None, float]]
    """(meaning, confidence 0–1) of each hearing."""
    snr_db: float
    heard_seconds: float
    """Length of the utterance so far."""
    frames: float
    """Length of the stretch that was heard, in frames of the network."""
    filler: float
    """Log-likelihood of the best path through the filler alone."""
    paths: dict[str, float]
    """By meaning, the log-likelihood of the best path, unless that was pruned."""
    costly: dict[str, bool]
    lean: dict[str, float] = field(default_factory=dict)
    """By meaning, how far the second opinion speaks for it (`leans` of the decision)."""
    sure: frozenset[str] = frozenset()
    """The meanings that the second opinion is sure of, as the decision is."""


@dataclass(slots=True)
class Case:
    """A recording in a condition, and what the ears asked."""

    group: str
    text: str
    wanted: str | None
    snr_db: float | None
    key: int
    """A key that is the same for all recordings of a speaker."""
    end_seconds: float | None
    """The true end of the word."""
    questions: list[Question] = field(default_factory=list)
    seconds: float = 0.0
    cost_seconds: dict[str, float] = field(default_factory=dict)
    """Processor time: of all, of the hearings in it, and of the likelihood ratio beside it."""


class Patient(Decider):
    """Obeys nothing, but wants every hearing."""

    def __init__(self) -> None:
        bars: dict[str, Any] = dict.fromkeys(
            ("confidence", "noisy_confidence", "second_look_confidence"), 2.0
        )
        super().__init__(replace(Thresholds(), **bars))

    def undecided(self, *_: Any) -> bool:
        """Always."""
        return True

    def lean(self, ask: Ask, phrase: Phrase) -> float:
        """How far the second opinion speaks for a phrase."""
        return self._case(ask).leans.get(phrase.text, 0.0)

    def is_sure_of(self, ask: Ask, phrase: Phrase) -> bool:
        """Whether the second opinion is sure of a phrase."""
        return self._case(ask).is_sure_of(phrase)


class _Weighing(Rehearing):
    """Hears stretches again, and passes on each with its votes."""

    def __init__(
        self,
        recogniser: Recogniser,
        decoys: Sequence[str],
        keep: Callable[[Ask, tuple[Vote, ...], NDArray[np.int16]], None],
    ) -> None:
        super().__init__(recogniser, decoys)
        self._keep_votes = keep
        self.votes_cost = self.ratio_cost = 0.0

    def votes(self, ask: Ask, now_seconds: float, is_undecided: IsUndecided) -> tuple[Vote, ...]:
        """See `Rehearing.votes`."""
        began = time.process_time()
        votes = super().votes(ask, now_seconds, is_undecided)
        between = time.process_time()
        self.votes_cost += between - began
        self._keep_votes(ask, votes, self._stretch(ask, now_seconds)[0])
        self.ratio_cost += time.process_time() - between
        return votes


class Listening(Ears):
    """The guide's ears, which obey nothing and keep their evidence."""

    def __init__(self, recogniser: Recogniser, decoys: Sequence[str]) -> None:
        super().__init__(recogniser, decoys)
        self._decider: Patient = Patient()
        self._rehearing = _Weighing(recogniser, decoys, self._keep)
        book = everything()
        self._meanings = {phrase.text: phrase for phrase in book.phrases}
        texts = list(self._meanings)
        model = recogniser.model
        self._filler = model([UNKNOWN], 1)
        self._paths = model(texts, ALTERNATIVES)
        self.segment = 0
        self.questions: list[Question] = []

    @property
    def votes_cost(self) -> float:
        """Processor time of the hearings."""
        return self._rehearing.votes_cost

    @property
    def ratio_cost(self) -> float:
        """Processor time of the likelihood ratios."""
        return self._rehearing.ratio_cost

    def _keep(self, ask: Ask, votes: tuple[Vote, ...], stretch: NDArray[np.int16]) -> None:
        if not any(vote.text in self._meanings for vote in votes):
            return
        utterance = self._decider.utterance
        filler = self._filler(stretch)
        paths: dict[str, float] = {}
        for text, score in self._paths(stretch):
            if text in self._meanings:
                what = meaning(self._meanings[text])
                paths[what] = max(score, paths.get(what, float("-inf")))
        known = [self._meanings.get(vote.text) for vote in votes]
        # The surest phrase of a meaning comes last, and so is the one that counts.
        surest = sorted(zip(votes, known, strict=True), key=lambda pair: pair[0].confidence)
        self.questions.append(
            Question(
                segment=self.segment,
                seconds=ask.now_seconds,
                written=meaning(ask.phrase) if ask.phrase else None,
                votes=[
                    (meaning(phrase) if phrase else None, vote.confidence)
                    for phrase, vote in zip(known, votes, strict=True)
                ],
                snr_db=utterance.snr_db if utterance else 0.0,
                heard_seconds=utterance.seconds if utterance else 0.0,
                frames=len(stretch) / EAR_RATE_HZ / FRAME_SECONDS,
                filler=filler[0][1] if filler else 0.0,
                paths=paths,
                costly={meaning(one): one.command in COSTLY for one in known if one},
                lean={meaning(one): self._decider.lean(ask, one) for _, one in surest if one},
                sure=frozenset(
                    meaning(one) for one in known if one and self._decider.is_sure_of(ask, one)
                ),
            )
        )

    def hear(self, *args: Any, **kinds: Any) -> Any:
        """See `Ears.hear`; a record ends a segment."""
        heard = super().hear(*args, **kinds)
        self.segment += bool(heard)
        return heard


def plan(audio: Path, share: float) -> list[tuple[Clip, Condition]]:
    """The clips to hear, each with its condition."""
    clips = list(recordings(audio))
    tasks: list[tuple[Clip, Condition]] = []
    for group in PEOPLE:
        said = [clip for clip in clips if clip.group == group]
        for clip in spread(said, round(len(said) * share)):
            tasks += [(clip, QUIET), *((clip, Condition("tap", snr)) for snr in SNRS_DB)]
    for group, count in WHOLE.items():
        talk = spread([clip for clip in clips if clip.group == group], round(count * share))
        tasks += [(clip, QUIET) for clip in talk]
        if group == WORDS:
            tasks += [(clip, Condition("tap", TALK_SNR_DB)) for clip in talk]
    return tasks + [(clip, QUIET) for clip in sounds_in(audio / "noise", NOISE)]


def gather(audio: Path, members: Sequence[Member], share: float, jobs: int) -> Iterator[Case]:
    """The evidence of every recording of the plan whose speaker a model never heard."""
    tasks = [
        (clip, condition, member)
        for clip, condition in plan(audio, share)
        if (member := member_for(tuple(members), clip)) is not None
    ]
    models = [member.model for member in members]
    with get_context("spawn").Pool(jobs, begin, (audio, models)) as pool:
        yield from pool.imap_unordered(_case, tasks, chunksize=4)


worker: dict[str, Any] = {}
"""What each process has: its recognisers by member, and the tap."""


def begin(audio: Path, models: Sequence[Path]) -> None:
    """Load what a process needs."""
    recognisers = [Recogniser(model) for model in models]
    for recogniser in recognisers:
        recogniser.check(everything().phrases)
    tap = second_half(audio / "noise" / RECORDED["tap"]).astype(np.float32)
    worker.update(recognisers=[Scored(one) for one in recognisers], tap=tap)


class Scored(Recogniser):
    """A loaded recogniser that also gives the likelihood of paths."""

    def __init__(self, loaded: Recogniser) -> None:
        self.__dict__.update(loaded.__dict__)

    def model(self, grammar: Sequence[str], alternatives: int) -> Any:
        """A function from a stretch of samples to its best paths: texts and log-likelihoods."""
        loaded: Any = self._model
        listed = json.dumps(list(grammar))
        stream = loaded._vosk.KaldiRecognizer(loaded._model, EAR_RATE_HZ, listed)
        stream.SetMaxAlternatives(alternatives)

        def paths(samples: Any) -> list[tuple[str, float]]:
            stream.Reset()
            closed = stream.AcceptWaveform(samples.tobytes())
            found = json.loads(stream.Result() if closed else stream.FinalResult())
            return [(one["text"], one["confidence"]) for one in found.get("alternatives", [])]

        return paths


def _case(task: tuple[Clip, Condition, int]) -> Case:
    clip, condition, member = task
    dry: Samples = read_sound(clip.path, EAR_RATE_HZ).samples
    if clip.group == NOISE:
        dry = dry[len(dry) // 2 :]
    sound = mixed(clip, dry, condition, worker["tap"])
    ears = Listening(worker["recognisers"][member], everything().decoys)
    ears.listen_for(everything().phrases)
    began = time.process_time()
    hear_with(ears, sound)
    cost = time.process_time() - began
    for question in ears.questions:
        question.seconds -= LEAD_SECONDS
    end = word_end(dry, condition) if clip.group in PEOPLE else None
    return Case(
        clip.group, clip.text, clip.wanted, condition.snr_db,
        zlib.crc32(clip.speaker.encode()), end, ears.questions,
        len(sound) / EAR_RATE_HZ,
        {"all": cost, "votes": ears.votes_cost, "ratio": ears.ratio_cost},
    )  # fmt: skip
