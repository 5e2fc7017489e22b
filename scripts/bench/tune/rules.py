"""Rules that turn the evidence of a question into a meaning and a score."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from bench.ears.clips import everything, meaning
from bench.tune.evidence import Case, Question
from numpy.typing import NDArray

from voiceguide.core.decision.thresholds import Thresholds

LIMITS = Thresholds()
PRUNED = -4.0
"""The log-likelihood ratio of a phrase whose path was pruned; a larger margin counts as this."""
COSTLY_LOGIT = 0.5
"""A costly command must be so much surer under a learnt rule."""
RIDGE = 1.0

Scored = tuple[str | None, float]
"""A meaning and its score, less what the bar demands beyond that of a cheap command in quiet."""
Rule = Callable[[Sequence[Question]], Scored]
"""A rule takes the questions of a segment so far, the newest last."""


def winner(question: Question, chosen: Sequence[int] | None = None) -> tuple[str | None, float]:
    """(The meaning for which some hearings or all, with the second opinion, speak most; the mean
    confidence of these hearings). What the second opinion alone would obey is left out.
    """
    votes = [question.votes[i] for i in chosen or range(len(question.votes))]
    sums: dict[str, float] = {}
    for what, confidence in votes:
        if what is not None:
            sums[what] = sums.get(what, 0.0) + confidence
    if not sums:
        return None, 0.0
    means = {what: value / len(votes) for what, value in sums.items()}
    best = max(means, key=lambda what: means[what] + question.lean.get(what, 0.0))
    return best, means[best]


def votes_of(*chosen: int, limits: Thresholds = LIMITS) -> Rule:
    """The present rule over some hearings (all if none are named); its bar is
    `Thresholds.confidence`.
    """

    def rule(asked: Sequence[Question]) -> Scored:
        what, score = winner(asked[-1], chosen or None)
        return _with_offsets(asked[-1], what, score, limits)

    return rule


def votes_over_time(asked: Sequence[Question]) -> Scored:
    """The hearings of all tries of a segment together, or only the newest if it is surer."""
    what, score = winner(asked[-1])
    pooled = [winner(one) for one in asked]
    agreed = sum(value for other, value in pooled if other == what) / len(pooled)
    return _with_offsets(asked[-1], what, max(score, agreed + 0.05 * (len(pooled) - 1)))


def ratio(asked: Sequence[Question]) -> Scored:
    """The likelihood ratio alone, mapped to 0–1."""
    paths = asked[-1].paths
    if not paths:
        return None, 0.0
    what = max(paths, key=lambda one: paths[one])
    return _with_offsets(asked[-1], what, 1 / (1 + np.exp(-evidence(asked[-1], what)[0])))


def evidence(question: Question, what: str) -> tuple[float, float]:
    """The log-likelihood of a meaning's path (over the filler's, over the best other path's)."""
    path = question.paths.get(what)
    if path is None:
        return PRUNED, PRUNED
    others = [value for other, value in question.paths.items() if other != what]
    margin = min(-PRUNED, path - max(others)) if others else -PRUNED
    return max(PRUNED, min(8.0, path - question.filler)), max(PRUNED, margin)


class Learnt:
    """Logistic regression on the evidence; its bar depends on the level over the noise."""

    def __init__(self, chosen: Sequence[int], *, with_ratio: bool) -> None:
        self.chosen, self.with_ratio = tuple(chosen), with_ratio
        self.weights: NDArray[np.float64] = np.zeros(0)

    def features(self, question: Question, what: str) -> NDArray[np.float64]:
        """The input of the regression, shape (n,)."""
        votes = [question.votes[i] for i in self.chosen]
        mean = sum(value for other, value in votes if other == what) / len(votes)
        least = min(value if other == what else 0.0 for other, value in votes)
        snr = min(max(question.snr_db, 0.0), 25.0) / 10
        row = [1.0, mean, least, snr, mean * snr, float(question.written != what)]
        if self.with_ratio:
            over, margin = evidence(question, what)
            row += [over, margin, over * snr, over * over / 4]
        return np.array(row)

    def fit(self, cases: Iterable[Case]) -> "Learnt":
        """Fit to these recordings, by Newton's method."""
        rows, truths = [], []
        for case in cases:
            for question in case.questions:
                what, _ = winner(question, self.chosen)
                if what is not None:
                    rows.append(self.features(question, what))
                    truths.append(float(what == case.wanted))
        x, y = np.array(rows), np.array(truths)
        weights = np.zeros(x.shape[1])
        for _ in range(30):
            p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
            slope = x.T @ (y - p) - RIDGE * weights
            bend = (x * (p * (1 - p))[:, None]).T @ x + RIDGE * np.eye(x.shape[1])
            weights += np.linalg.solve(bend, slope)
        self.weights = weights
        return self

    def __call__(self, asked: Sequence[Question]) -> Scored:
        what, _ = winner(asked[-1], self.chosen)
        if what is None:
            return None, 0.0
        logit = float(self.features(asked[-1], what) @ self.weights)
        logit -= COSTLY_LOGIT * asked[-1].costly.get(what, False)
        return what, 1 / (1 + float(np.exp(-logit)))


def obeyed(case: Case, rule: Rule) -> list[list[tuple[str, float, float]]]:
    """For every segment, what could be obeyed in it: (meaning, score, seconds), in order."""
    segments: dict[int, list[Question]] = {}
    found: dict[int, list[tuple[str, float, float]]] = {}
    for question in case.questions:
        asked = segments.setdefault(question.segment, [])
        asked.append(question)
        what, score = rule(asked)
        if what is not None and not _refused(question, what):
            found.setdefault(question.segment, []).append((what, score, question.seconds))
    return list(found.values())


_longest = {
    meaning(one): LIMITS.longest_base_seconds + LIMITS.longest_letter_seconds * len(one.text)
    for one in sorted(everything().phrases, key=lambda one: len(one.text))
}


def _refused(question: Question, what: str) -> bool:
    is_odd = question.snr_db < LIMITS.snr_db or question.written not in (None, what)
    return (is_odd and what not in question.sure) or question.heard_seconds > _longest[what]


def _with_offsets(
    question: Question, what: str | None, score: float, limits: Thresholds = LIMITS
) -> Scored:
    """Subtract what the bar demands here beyond that of a cheap command in quiet."""
    wanted = limits.usual_score(question.costly.get(what or "", False), question.snr_db)
    if question.written != what:
        wanted = max(wanted, limits.second_look_confidence)
    return what, score + question.lean.get(what or "", 0.0) - (wanted - limits.confidence)
