"""The picture: the curve of errors (DET), and accuracy over the level of the noise."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from benching.clips import PEOPLE, SHORT_WORDS, SYNTHETIC, TALK
from benching.mixing import CLOSE
from benching.plan import AIM_SNRS_DB, SNRS_DB, TAP
from benching.tables import NEAR, heard_by_all, level_name, where
from benching.tally import tally, wilson
from benching.work import Outcome

Curve = list[tuple[float, float, float]]
"""Threshold, false accepts per 100 utterances, commands not obeyed (share)."""
_MOST_POINTS = 200
_FEWEST = 8
"""Of fewer clips no point is drawn."""
_FEWEST_SAID, _FEWEST_TALK = 40, 100
"""Of fewer commands, or fewer utterances of talk, no curve is drawn: it would be a few steps."""


def det_curve(outcomes: Sequence[Outcome], system: str, snr_db: float | None) -> Curve:
    """Errors over the threshold of the score, of decisions made with no bar at all.

    Commands by people, close, beside the tap at ``snr_db`` (None: quiet); talk in quiet.
    """
    people, talk = _without_bar(outcomes, system, snr_db)
    if not people or not talk:
        return []
    scores = sorted({decision.score for o in (*people, *talk) for decision in o.decisions})
    steps = max(1, len(scores) // _MOST_POINTS)
    curve: Curve = []
    for bar in [0.0, *scores[::steps], float("inf")]:
        right = sum(
            [d.wanted for d in o.decisions if d.score >= bar] == [o.trial.clip.wanted]
            for o in people
        )
        false = sum(d.score >= bar for o in talk for d in o.decisions)
        curve.append((bar, 100 * false / len(talk), 1 - right / len(people)))
    return curve


def _without_bar(
    outcomes: Sequence[Outcome], system: str, snr_db: float | None
) -> tuple[list[Outcome], list[Outcome]]:
    mine = [o for o in outcomes if o.trial.any_score and o.trial.system.name == system]
    people = [
        o for o in mine if o.trial.clip.group in PEOPLE and o.trial.condition.snr_db == snr_db
    ]
    return people, [o for o in mine if o.trial.clip.group in TALK]


def draw(
    outcomes: Sequence[Outcome], ours: Sequence[str], rivals: Sequence[str], file: Path
) -> None:
    """Write the picture.

    Raises:
        ImportError: matplotlib is missing.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 10), layout="constrained")
    (det, rates), (sets, noises) = figure.subplots(2, 2)
    _draw_det(det, outcomes, ours, rivals)
    _draw_rates(rates, outcomes, (*ours, *rivals))
    _draw_sets(sets, outcomes, ours)
    _draw_noises(noises, outcomes, ours[0])
    figure.savefig(file, dpi=110)


def _draw_det(axes, outcomes, ours, rivals) -> None:  # type: ignore[no-untyped-def]
    for number, name in enumerate(ours):
        for order, snr in enumerate((None, *AIM_SNRS_DB)):
            people, talk = _without_bar(outcomes, name, snr)
            if len(people) < _FEWEST_SAID or len(talk) < _FEWEST_TALK:
                continue
            curve = det_curve(outcomes, name, snr)[:-1]
            label = f"{name}, {level_name(snr)}"
            axes.plot(
                [max(0.05, false) for _, false, _ in curve],
                [100 * missed for *_, missed in curve],
                color=f"C{order}", linestyle=("-", "--", ":")[number % 3], label=label,
            )  # fmt: skip
    for number, name in enumerate((*ours, *rivals)):
        told = tally(outcomes, where(system=name, groups=TALK))
        for order, snr in enumerate((None, *AIM_SNRS_DB)):
            fits = where(system=name, groups=PEOPLE, noises=[TAP], snr_db=snr, places=[CLOSE])
            said = tally(outcomes, fits)
            if told.n and said.commands:
                axes.plot(
                    max(0.05, told.per_hundred), 100 * (1 - said.share(said.right)),
                    marker="osDv^P"[number % 6], color=f"C{order}", linestyle="",
                    label=f"{name} as it is" if snr is None else None,
                )  # fmt: skip
    axes.set(
        xscale="log", xlabel="false accepts per 100 utterances of talk (quiet)",
        ylabel="commands not obeyed, %", title="Errors over the threshold: people, close, tap",
    )  # fmt: skip
    axes.set_ylim(0, 100)
    axes.grid(alpha=0.3, which="both")
    axes.legend(fontsize=7)


def _line(axes, outcomes, label, bounds=False, **wanted) -> None:  # type: ignore[no-untyped-def]
    """Right share over the level; quiet stands at the left end."""
    at, share, low, high = [], [], [], []
    for place, snr in enumerate((None, *SNRS_DB)):
        counted = tally(outcomes, where(snr_db=snr, **wanted))
        if counted.commands >= _FEWEST:
            interval = wilson(counted.right, counted.commands)
            at.append(place)
            share.append(counted.share(counted.right))
            low.append(share[-1] - interval[0])
            high.append(interval[1] - share[-1])
    if at:
        spread = np.clip([low, high], 0, None) if bounds else None
        axes.errorbar(at, share, spread, marker="o", markersize=3, capsize=2, label=label)


def _finish(axes, title) -> None:  # type: ignore[no-untyped-def]
    axes.set_xticks(range(len(SNRS_DB) + 1), [level_name(snr) for snr in (None, *SNRS_DB)])
    axes.set(ylim=(0, 1.02), ylabel="right", title=title)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=7)


def _draw_rates(axes, outcomes, names) -> None:  # type: ignore[no-untyped-def]
    same = heard_by_all(outcomes, names)
    for name in names:
        _line(
            axes, same, name, bounds=True,
            system=name, groups=PEOPLE, noises=[TAP], places=NEAR,
        )  # fmt: skip
    _finish(axes, "People, close and 1 m, tap: the same clips for all")


def _draw_sets(axes, outcomes, ours) -> None:  # type: ignore[no-untyped-def]
    name = ours[0]
    for group in PEOPLE:
        for place in (CLOSE, "0.5 m", "1 m", "2 m"):
            label = f"{'short words' if group == SHORT_WORDS else 'commands'}, {place}"
            _line(axes, outcomes, label, system=name, groups=[group], noises=[TAP], places=[place])
    label = "synthetic, close and 1 m"
    _line(axes, outcomes, label, system=name, groups=[SYNTHETIC], noises=[TAP], places=NEAR)
    _finish(axes, f"{name}: sets and places beside the tap")


def _draw_noises(axes, outcomes, name) -> None:  # type: ignore[no-untyped-def]
    found = dict.fromkeys(
        o.trial.condition.noise for o in outcomes if o.trial.condition.noise is not None
    )
    for noise in found:
        _line(axes, outcomes, noise, system=name, groups=PEOPLE, noises=[noise])
    _finish(axes, f"{name}: people, all places, each noise")
