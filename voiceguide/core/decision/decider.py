"""The rules by which a word that the recogniser writes becomes a command, without any sound.

The ears tell the `Decider` at the end of every block what the recogniser has written so far and
how loud it was. It answers with an `Ask` when the utterance seems to be over and might be a
command; the ears then hear the utterance again, several times and each time a little differently,
and the votes decide, with a second opinion. docs/decision.md has all of it.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.asking import is_over, is_worth_a_second_look
from voiceguide.core.decision.guide_sound import SILENT
from voiceguide.core.decision.heard import Heard, Reason
from voiceguide.core.decision.judging import Case
from voiceguide.core.decision.opinion import Leans, Opinion, leans
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.decision.utterance import Utterance, UtteranceTracker
from voiceguide.core.decision.votes import Ask, BlockHeard, Vote, bared, count, sums


@dataclass(slots=True)
class _Segment:
    """What is known of the present utterance."""

    since: float
    """When the text became what it is."""
    text: str = ""
    seen: list[str] = field(default_factory=list)
    votes: tuple[Vote, ...] = ()
    tries: int = 0
    next_try: float = float("-inf")
    why: Reason | None = None
    guided: bool = False
    """Whether the guide could be heard meanwhile, so that the text may be its own."""
    trusted: bool = True
    """Whether its echo was known all the while."""
    above_echo_db: list[float] = field(default_factory=list)


class Decider:
    """Turns blocks into questions, and votes into decisions. Pure: time is an argument."""

    def __init__(self, thresholds: Thresholds | None = None) -> None:
        self.thresholds = thresholds or Thresholds()
        self._phrases: dict[str, Phrase] = {}
        self._prefixes: frozenset[str] = frozenset()
        self._tries = self.thresholds.tries
        self._tracker = UtteranceTracker()
        self._earliest = float("-inf")
        """Sound before this time has been decided upon."""
        self._obeyed_at = float("-inf")
        self._segment = _Segment(since=0.0)
        self._guide = SILENT
        self._unknown_at = float("-inf")
        """When the guide sounded last while its echo was not known and nobody spoke: over a person
        the echo seems unknown too."""
        self._weighed: tuple[Opinion, float, Leans] = ({}, math.inf, {})
        """What the newest opinion says at a level over the noise: every hearing asks for it."""

    def listen_for(self, phrases: Iterable[Phrase]) -> None:
        """Obey only these phrases from now on."""
        self._phrases = {phrase.text: phrase for phrase in phrases}
        self._weighed = ({}, math.inf, {})
        called = {phrase.command for phrase in self._phrases.values()} == {Command.WAKE}
        self._tries = self.thresholds.wake_tries if called else self.thresholds.tries
        self._prefixes = frozenset(
            short
            for longer, other in self._phrases.items()
            for short in _beginnings(longer)
            if short in self._phrases and self._phrases[short].meaning != other.meaning
        )

    @property
    def resting(self) -> bool:
        """Whether nothing is being said, so that the recogniser can be renewed."""
        return not self._segment.text and self._tracker.utterance is None

    @property
    def utterance(self) -> Utterance | None:
        """The utterance that is going on, or the last one."""
        return self._tracker.utterance

    def observe(self, block: BlockHeard) -> Ask | None:
        """Take in a block; gives a question where the ears should hear an utterance again."""
        now = block.now_seconds
        self._tracker.update(now, block.readings)
        segment = self._segment
        self._guide = block.guide
        if block.guide_sounds and not block.guide.trusted and self._is_nobody_speaking(now):
            self._unknown_at = now
        if self.resting and not block.text:
            # Nobody has begun to speak, so what the guide said before is no part of the utterance.
            segment.guided, segment.trusted = False, True
            segment.above_echo_db.clear()
        segment.guided = segment.guided or block.guide_sounds
        segment.trusted = segment.trusted and (block.guide.trusted or not block.guide_sounds)
        segment.above_echo_db += block.above_echo_db
        if block.text != segment.text:
            segment.text, segment.since = block.text, now
            segment.seen.append(block.text)
        utterance = self._tracker.utterance
        if now < self._segment.next_try or self._segment.tries >= self._tries:
            return None
        phrase = self._phrases.get(self._segment.text)
        if segment.guided:
            phrase = None
        if not self._is_due(block, phrase, utterance):
            return None
        onset = utterance.onset_seconds if utterance else self._segment.since - 1.0
        lead, end = self.thresholds.lead_seconds, now
        if segment.guided and utterance is not None:
            # Around the words is the guide's own voice, so as little as possible is taken.
            lead = self.thresholds.over_guide_slack_seconds
            end = min(now, utterance.end_seconds + lead)
        start = max(onset - lead, self._earliest)
        if phrase is not None:
            # What sounded long before it, such as music, was heard as no command already.
            start = max(start, segment.since - self.thresholds.longest_seconds(phrase) - lead)
        return Ask(start, end, now, phrase, segment.guided)

    def undecided(self, ask: Ask, votes: Sequence[Vote], hearings: int) -> bool:
        """Whether a command could still be obeyed when the rest of so many hearings is in.

        No hearing gives more than a confidence of 1, so the answer is often known early.
        """
        left, case = hearings - len(votes), self._case(ask)
        found = sums(bared(ask, votes), self._phrases)
        return any(
            found.get(phrase.meaning, 0.0) + left >= case.wanted(phrase) * hearings
            for phrase in self._phrases.values()
            if case.fits_what_was_written(phrase)
        )

    def answer(self, ask: Ask, votes: tuple[Vote, ...]) -> Heard | None:
        """The decision on these votes; None to wait for more sound."""
        self._segment.tries += 1
        self._segment.next_try = ask.now_seconds + self.thresholds.retry_seconds
        votes = bared(ask, votes)
        self._segment.votes = votes
        case = self._case(ask)
        if not votes and ask.phrase is not None:
            # The second opinion speaks against it so much that no hearing could change that.
            self._segment.why = Reason.UNSURE
            return None
        score, winner, said = count(votes, self._phrases, case.wanted, case.leans)
        if winner is None or score < case.wanted(winner):
            likeliest = case.likeliest(self._phrases.values())
            if likeliest is None:
                self._segment.why = _doubt(winner, len(said) == len(votes))
                return None
            score, winner, said = 0.0, likeliest, []
        if not case.fits_what_was_written(winner):
            self._segment.why = Reason.DISAGREE
            return None
        first = said[0] if said else case.whole(winner)
        if why := case.refusal(winner, first, score):
            self._segment.why = why
            return None
        start, end = case.bounds(first)
        heard = Heard(
            text=winner.text,
            phrase=winner,
            why=Reason.AGREED if case.is_written(winner) else Reason.AGREED_SECOND_LOOK,
            start_seconds=start,
            end_seconds=end,
            decided_seconds=ask.now_seconds,
            confidence=min(1.0, max(0.0, score + case.leans.get(winner.text, 0.0))),
            snr_db=case.snr_db,
            alternatives=self._alternatives(winner.text),
        )
        self._begin_anew(ask.now_seconds)
        self._obeyed_at = ask.now_seconds
        return heard

    def close(self, now: float, *, final: bool = False) -> tuple[bool, Heard | None]:
        """Whether the utterance is over, and its record where it was not obeyed.

        When it is over, the recogniser must begin anew.
        """
        limits = self.thresholds
        utterance = self._tracker.utterance
        silent = utterance is None or now - utterance.end_seconds >= limits.end_seconds
        stale = bool(self._segment.text) and now - self._segment.since >= 2 * limits.end_seconds
        over = final or (silent and (utterance is not None or stale))
        if not over:
            return False, None
        heard = None
        # The text comes from silence, or from sound that was decided upon already.
        old = utterance is None or utterance.onset_seconds > self._segment.since
        rest = (old or self._is_rest(utterance)) and self._segment.text not in self._phrases
        if not rest and (self._segment.text or self._segment.votes):
            heard = self._rejected(now, utterance)
        if utterance is None or now - utterance.end_seconds >= limits.quiet_seconds:
            self._begin_anew(now)
        else:
            # The recogniser closes what came before a silence, while somebody speaks again already.
            self._segment = _Segment(since=now)
            self._earliest = now - limits.closing_seconds
            self._tracker.begin_after(self._earliest)
        return True, heard

    def _is_due(
        self, block: BlockHeard, phrase: Phrase | None, utterance: Utterance | None
    ) -> bool:
        """Whether the utterance seems to be over, and is worth a question."""
        segment, now = self._segment, block.now_seconds
        if phrase is not None:
            return is_over(
                self.thresholds, phrase, utterance, now,
                since=segment.since, final=block.final, goes_on=phrase.text in self._prefixes,
            )  # fmt: skip
        if utterance is None or self._is_rest(utterance):
            return False
        return is_worth_a_second_look(
            self.thresholds, segment.text, utterance, now, guided=segment.guided
        )

    def _is_nobody_speaking(self, now: float) -> bool:
        utterance = self._tracker.utterance
        return utterance is None or now - utterance.end_seconds >= self.thresholds.nobody_seconds

    def _case(self, ask: Ask) -> Case:
        segment, utterance = self._segment, self._tracker.utterance
        snr_db = utterance.snr_db if utterance else math.inf
        known_since = math.inf if utterance is None else utterance.onset_seconds - self._unknown_at
        return Case(
            self.thresholds,
            ask,
            self._leans(ask.opinion, snr_db),
            utterance,
            self._guide,
            segment.trusted,
            known_since >= self.thresholds.known_echo_seconds,
            segment.above_echo_db,
        )

    def _leans(self, opinion: Opinion, snr_db: float) -> Leans:
        of, at_db, found = self._weighed
        if of is not opinion or at_db != snr_db:
            found = leans(opinion, self._phrases, self.thresholds, snr_db)
            self._weighed = opinion, snr_db, found
        return found

    def _is_rest(self, utterance: Utterance | None) -> bool:
        """Whether this is only the end or the echo of the word that was obeyed last."""
        since = utterance.onset_seconds - self._obeyed_at if utterance else math.inf
        return since < self.thresholds.refractory_seconds

    def _alternatives(self, text: str) -> tuple[str, ...]:
        others = [*self._segment.seen, *(vote.text for vote in self._segment.votes)]
        return tuple(dict.fromkeys(other for other in others if other and other != text))

    def _rejected(self, now: float, utterance: Utterance | None) -> Heard | None:
        """The record of what was not obeyed; None where nothing was written."""
        segment = self._segment
        voted = max(segment.votes, key=lambda vote: vote.confidence, default=None)
        text = segment.text or (voted.text if voted else "")
        if not text:
            return None
        score = count(segment.votes, self._phrases, self.thresholds.score_for)[0]
        why = self._segment.why
        if text not in self._phrases and not self._segment.votes:
            why = Reason.NO_COMMAND
        return Heard(
            text=text,
            phrase=None,
            why=why or Reason.NEVER_STILL,
            start_seconds=utterance.onset_seconds if utterance else self._segment.since,
            end_seconds=utterance.end_seconds if utterance else now,
            decided_seconds=now,
            confidence=score,
            snr_db=utterance.snr_db if utterance else 0.0,
            alternatives=self._alternatives(text),
        )

    def _begin_anew(self, now: float) -> None:
        self._segment = _Segment(since=now)
        self._earliest = now
        self._tracker.clear()


def _doubt(winner: Phrase | None, unanimous: bool) -> Reason:
    if winner is None:
        return Reason.NO_COMMAND
    return Reason.UNSURE if unanimous else Reason.DISAGREE


def _beginnings(text: str) -> Iterator[str]:
    """Its first word, its first two, and so on; not the whole."""
    words = text.split(" ")
    return (" ".join(words[:count]) for count in range(1, len(words)))
