"""When a word that the recogniser writes becomes a command: the rules, without any sound.

The ears tell the `Decider` at the end of every block what the recogniser has written so far and
how loud it was. It answers with an `Ask` when the utterance seems to be over and might be a
command; the ears then hear the utterance again, several times and each time a little differently,
and the votes decide. docs/decision.md tells the whole story.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from voiceguide.core.commands import Command, Meaning, Phrase
from voiceguide.core.decision.guide_sound import SILENT, is_own
from voiceguide.core.decision.heard import Heard, Reason
from voiceguide.core.decision.thresholds import OVER_UNKNOWN_ECHO, Thresholds
from voiceguide.core.decision.utterance import Utterance, UtteranceTracker
from voiceguide.core.decision.votes import Ask, BlockHeard, Vote, bared


@dataclass(slots=True)
class _Segment:
    """What is known of the utterance that is going on."""

    since: float
    """When the text became what it is."""
    text: str = ""
    seen: list[str] = field(default_factory=list)
    votes: tuple[Vote, ...] = ()
    tries: int = 0
    next_try: float = float("-inf")
    why: Reason | None = None
    guided: bool = False
    """The guide could be heard meanwhile, so the text may be its own."""
    trusted: bool = True
    """Its echo was known all the while."""
    above_echo_db: list[float] = field(default_factory=list)


class Decider:
    """Turns moments into questions and votes into decisions; pure, all time is an argument."""

    def __init__(self, thresholds: Thresholds | None = None) -> None:
        self.thresholds = thresholds or Thresholds()
        self._phrases: dict[str, Phrase] = {}
        self._prefixes: frozenset[str] = frozenset()
        self._tries = self.thresholds.tries
        self._tracker = UtteranceTracker()
        self._earliest = float("-inf")
        """Sound before this has been decided upon."""
        self._obeyed_at = float("-inf")
        self._segment = _Segment(since=0.0)
        self._guide = SILENT

    def listen_for(self, phrases: Iterable[Phrase]) -> None:
        """From now on only these phrases can be obeyed."""
        self._phrases = {phrase.text: phrase for phrase in phrases}
        called = {phrase.command for phrase in self._phrases.values()} == {Command.WAKE}
        self._tries = self.thresholds.wake_tries if called else self.thresholds.tries
        self._prefixes = frozenset(
            short
            for short, phrase in self._phrases.items()
            for longer, other in self._phrases.items()
            if longer.startswith(short + " ") and other.meaning != phrase.meaning
        )

    @property
    def resting(self) -> bool:
        """Nothing is being said: a good moment to clear up."""
        return not self._segment.text and self._tracker.utterance is None

    @property
    def utterance(self) -> Utterance | None:
        """What is being said, or was said last."""
        return self._tracker.utterance

    def observe(self, block: BlockHeard) -> Ask | None:
        """Take in one block; an answer is a question for the ears."""
        now = block.now_seconds
        self._tracker.update(now, block.readings)
        segment = self._segment
        self._guide = block.guide
        if self.resting and not block.text:
            # Nothing is being said yet: what the guide said before is no part of it.
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
            due = self._second_look_due(now, utterance, self._quiet_over_guide(utterance))
            phrase = None
        elif phrase is not None:
            due = self._due(now, phrase, utterance, block.final)
        else:
            due = self._second_look_due(now, utterance, self.thresholds.second_look_seconds)
        if not due:
            return None
        onset = utterance.onset_seconds if utterance else self._segment.since - 1.0
        lead, end = self.thresholds.lead_seconds, now
        if segment.guided and utterance is not None:
            # What lies around the words is the guide's own voice: as little of it as possible.
            lead = self.thresholds.over_guide_slack_seconds
            end = min(now, utterance.end_seconds + lead)
        start = max(onset - lead, self._earliest)
        if phrase is not None:
            # What sounded long before it, music say, was heard as nothing already.
            start = max(start, segment.since - self.thresholds.longest_seconds(phrase) - lead)
        return Ask(start, end, now, phrase, segment.guided)

    def undecided(self, ask: Ask, votes: Sequence[Vote], hearings: int) -> bool:
        """Whether a command could still be obeyed when the rest of so many hearings is in.

        No hearing gives more than a confidence of 1, so the answer is often known early.
        """
        left = hearings - len(votes)
        sums = self._sums(bared(ask, votes))
        return any(
            sums.get(phrase.meaning, 0.0) + left >= self._wanted(ask, phrase) * hearings
            for phrase in self._phrases.values()
            if ask.phrase is None or ask.phrase.meaning == phrase.meaning
        )

    def answer(self, ask: Ask, votes: tuple[Vote, ...]) -> Heard | None:
        """The decision that the votes allow, or None to wait for more."""
        self._segment.tries += 1
        self._segment.next_try = ask.now_seconds + self.thresholds.retry_seconds
        votes = bared(ask, votes)
        self._segment.votes = votes
        score, winner, said = self._count(votes)
        if winner is None or score < self._wanted(ask, winner):
            self._segment.why = _doubt(winner, len(said) == len(votes))
            return None
        if ask.phrase is not None and ask.phrase.meaning != winner.meaning:
            self._segment.why = Reason.DISAGREE
            return None
        start, end = self._bounds(said, ask)
        utterance = self._tracker.utterance
        snr = utterance.snr_db if utterance else 0.0
        if ask.guide_sounds and (utterance is None or not self._within(said[0], utterance)):
            self._segment.why = Reason.GUIDE
            return None
        if ask.guide_sounds and (why := self._refused_over_guide(winner, said[0], score)):
            self._segment.why = why
            return None
        if snr < self.thresholds.snr_db:
            self._segment.why = Reason.TOO_QUIET
            return None
        if self._goes_on(winner, said[0], utterance):
            self._segment.why = Reason.TOO_LONG
            return None
        heard = Heard(
            text=winner.text,
            phrase=winner,
            why=Reason.AGREED if ask.phrase else Reason.AGREED_SECOND_LOOK,
            start_seconds=start,
            end_seconds=end,
            decided_seconds=ask.now_seconds,
            confidence=score,
            snr_db=snr,
            alternatives=self._alternatives(winner.text),
        )
        self._begin_anew(ask.now_seconds)
        self._obeyed_at = ask.now_seconds
        return heard

    def close(self, now: float, *, final: bool = False) -> tuple[bool, Heard | None]:
        """Whether the utterance is over, and the record of one that was not obeyed.

        When it is over the recogniser must begin anew.
        """
        limits = self.thresholds
        utterance = self._tracker.utterance
        silent = utterance is None or now - utterance.end_seconds >= limits.end_seconds
        stale = bool(self._segment.text) and now - self._segment.since >= 2 * limits.end_seconds
        over = final or (silent and (utterance is not None or stale))
        if not over:
            return False, None
        heard = None
        # Written of silence, or of sound that was decided upon already.
        old = utterance is None or utterance.onset_seconds > self._segment.since
        rest = (old or self._is_rest(utterance)) and self._segment.text not in self._phrases
        if not rest and (self._segment.text or self._segment.votes):
            heard = self._rejected(now, utterance)
        if utterance is None or now - utterance.end_seconds >= limits.quiet_seconds:
            self._begin_anew(now)
        else:
            # The recogniser closes what was before a silence, and somebody speaks again already.
            self._segment = _Segment(since=now)
            self._earliest = now - limits.closing_seconds
            self._tracker.begin_after(self._earliest)
        return True, heard

    def _due(self, now: float, phrase: Phrase, utterance: Utterance | None, final: bool) -> bool:
        longer = phrase.text in self._prefixes
        limits = self.thresholds
        quiet = limits.prefix_quiet_seconds if longer else limits.quiet_seconds
        stable = limits.prefix_stable_seconds if longer else limits.stable_seconds
        calls = phrase.command is Command.WAKE
        if calls:
            quiet = max(quiet, limits.wake_quiet_seconds)
        if utterance is not None and now - utterance.end_seconds >= quiet - 1e-6:
            return True
        if calls and utterance is not None and utterance.snr_db >= limits.clear_db:
            return False  # No noise hides where it ends: somebody talks on.
        return final or now - self._segment.since >= stable - 1e-6

    def _quiet_over_guide(self, utterance: Utterance | None) -> float:
        limits = self.thresholds
        clear = utterance is not None and utterance.snr_db >= limits.clear_db
        return limits.over_guide_quiet_seconds if clear else limits.quiet_seconds

    def _is_rest(self, utterance: Utterance | None) -> bool:
        """Whether this is only the end of the word that was obeyed last, or its echo."""
        since = utterance.onset_seconds - self._obeyed_at if utterance else math.inf
        return since < self.thresholds.refractory_seconds

    def _second_look_due(self, now: float, utterance: Utterance | None, quiet: float) -> bool:
        return (
            utterance is not None
            and not self._is_rest(utterance)
            and now - utterance.end_seconds >= quiet - 1e-6
            and utterance.seconds >= self.thresholds.shortest_seconds
            and self._segment.text.count(" ") < 3
        )

    def _wanted(self, ask: Ask, winner: Phrase) -> float:
        limits = self.thresholds
        utterance = self._tracker.utterance
        wanted = limits.score_for(winner, utterance.snr_db if utterance else math.inf)
        if ask.phrase is None and not ask.guide_sounds:
            wanted = max(wanted, limits.second_look_confidence)
        if ask.guide_sounds:
            wanted = max(wanted, limits.over_guide_confidence)
            if not self._guide.trusted:
                wanted = max(wanted, limits.unknown_echo_confidence)
        return wanted

    def _refused_over_guide(self, winner: Phrase, vote: Vote, score: float) -> Reason | None:
        own = is_own(winner.text, vote.start_seconds, vote.end_seconds, self._guide.words)
        if own and not self._far_above_echo(score):
            return Reason.OWN_WORD
        if not self._guide.trusted and winner.command not in OVER_UNKNOWN_ECHO:
            return Reason.UNTRUSTED
        return None

    def _far_above_echo(self, score: float) -> bool:
        """Whether the evidence is far above all that the echo could be."""
        above = self._segment.above_echo_db
        return (
            self._segment.trusted
            and bool(above)
            and median(above) >= self.thresholds.far_above_echo_db
            and score >= self.thresholds.own_word_confidence
        )

    def _goes_on(self, winner: Phrase, vote: Vote, utterance: Utterance | None) -> bool:
        """Whether it was said of more sound than it could last, or, a call, not alone."""
        lasts, limits = vote.end_seconds - vote.start_seconds, self.thresholds
        if winner.command is Command.WAKE and utterance is not None:
            if utterance.seconds > lasts + limits.wake_beyond_seconds:
                return True
            lasts = utterance.seconds
        return lasts > limits.longest_seconds(winner)

    def _sums(self, votes: Iterable[Vote]) -> dict[Meaning, float]:
        sums: dict[Meaning, float] = defaultdict(float)
        for vote in votes:
            phrase = self._phrases.get(vote.text)
            if phrase is not None:
                sums[phrase.meaning] += vote.confidence
        return sums

    def _count(self, votes: tuple[Vote, ...]) -> tuple[float, Phrase | None, list[Vote]]:
        sums = self._sums(votes)
        if not sums:
            return 0.0, None, []
        best = max(sums, key=lambda meaning: sums[meaning])
        said = [
            vote
            for vote in votes
            if vote.text in self._phrases and self._phrases[vote.text].meaning == best
        ]
        strongest = max(said, key=lambda vote: vote.confidence)
        return sums[best] / len(votes), self._phrases[strongest.text], said

    def _bounds(self, said: list[Vote], ask: Ask) -> tuple[float, float]:
        """Onset and end: what the first hearing aligned, within what was loud."""
        utterance = self._tracker.utterance
        start, end = said[0].start_seconds, said[0].end_seconds
        if utterance is not None:
            start = max(start, utterance.onset_seconds - self.thresholds.lead_seconds)
            end = min(max(end, start), utterance.end_seconds)
        end = min(end, ask.end_seconds)
        return min(start, end), end

    def _within(self, vote: Vote, utterance: Utterance) -> bool:
        """Whether the words lie where somebody was louder than the guide."""
        slack = self.thresholds.over_guide_slack_seconds
        return (
            vote.start_seconds >= utterance.onset_seconds - slack
            and vote.end_seconds <= utterance.end_seconds + slack
        )

    def _alternatives(self, text: str) -> tuple[str, ...]:
        others = [*self._segment.seen, *(vote.text for vote in self._segment.votes)]
        return tuple(dict.fromkeys(other for other in others if other and other != text))

    def _rejected(self, now: float, utterance: Utterance | None) -> Heard | None:
        """The record of what was not obeyed; None of sounds that nothing was written of."""
        segment = self._segment
        voted = max(segment.votes, key=lambda vote: vote.confidence, default=None)
        text = segment.text or (voted.text if voted else "")
        if not text:
            return None
        score = self._count(self._segment.votes)[0]
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
