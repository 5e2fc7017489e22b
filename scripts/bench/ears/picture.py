"""The picture: the curve of errors (DET), and accuracy over the level of the noise."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from bench.ears.cells import NEAR, level_name, where
from bench.ears.clips import COMMANDS, PEOPLE, SHORT_WORDS, SYNTHETIC, TALK
from bench.ears.mixing import CLOSE, PLACES
from bench.ears.plan import AIM_SNRS_DB, SNRS_DB, TAP
from bench.ears.tables import heard_by_all
from bench.ears.tally import tally, wilson
from bench.ears.work import Outcome

Curve = list[tuple[float, float, float]]
"""Points of (distance of the bars from where they are, false accepts per 100 utterances, share not
obeyed)."""
_MOST_POINTS = 200
_FEWEST = 8
"""The fewest clips for which a point is drawn."""
_FEWEST_SAID, _FEWEST_TALK = 40, 100
"""The fewest commands and utterances of talk for which a curve is drawn; with fewer it would have
only a few steps."""


def det_curve(outcomes: Sequence[Outcome], system: str, snr_db: float | None) -> Curve:
    """Errors as all bars move up and down together, from decisions that were made without bars.

    A bar is the score that a decision must reach; it depends on the level over the noise, the cost
    of the command, and whether it is a second look. At 0 every bar is where it is. The ears ask up
    to three times before they give up; here only the first time counts.

    Commands are by people, close, beside the tap at ``snr_db`` (None: quiet); talk is in quiet.
    """
    people, talk = _without_bar(outcomes, system, snr_db)
    if not people or not talk:
        return []
    scores = sorted({decision.score for o in (*people, *talk) for decision in o.decisions})
    steps = max(1, len(scores) // _MOST_POINTS)
    curve: Curve = []
    for bar in [-float("inf"), *scores[::steps], float("inf")]:
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
    levels = (None, *AIM_SNRS_DB)
    told = {name: tally(outcomes, where(system=name, groups=TALK)) for name in (*ours, *rivals)}
    most = max((one.n for one in told.values()), default=0)
    if not most:
        _say(axes, "nobody's talk was heard")
        return
    moved = "as they are"
    none = 50 / most  # on a logarithmic axis, half of one false accept stands for none
    for number, name in enumerate(ours):
        for order, snr in enumerate(levels):
            people, talk = _without_bar(outcomes, name, snr)
            if len(people) < _FEWEST_SAID or len(talk) < _FEWEST_TALK:
                continue
            moved = "as the bars move"
            curve = [point for point in det_curve(outcomes, name, snr) if point[2] < 1]
            axes.plot(
                [max(none, false) for _, false, _ in curve],
                [100 * missed for *_, missed in curve],
                color=f"C{order}", linestyle=("-", "--", ":")[number % 3], linewidth=1,
                drawstyle="steps-post",
            )  # fmt: skip
    for number, (name, talk) in enumerate(told.items()):
        marker = "osDv^P"[number % 6]
        for order, snr in enumerate(levels):
            fits = where(system=name, groups=PEOPLE, noises=[TAP], snr_db=snr, places=[CLOSE])
            said = tally(outcomes, fits)
            if talk.n and said.commands >= _FEWEST:
                share = 100 * (1 - said.share(said.right))
                axes.plot(max(none, talk.per_hundred), share, marker=marker, color=f"C{order}")
        axes.plot([], [], marker, color="grey", label=f"{name} as it is (talk n {talk.n})")
    for order, snr in enumerate(levels):
        axes.plot([], [], color=f"C{order}", label=level_name(snr))
    axes.axvline(none, color="grey", linewidth=0.8, linestyle=":")
    axes.text(none, 99, " none", fontsize=7, va="top", color="grey")
    axes.set(
        xscale="log", xlabel="false accepts per 100 utterances of talk (quiet)", ylim=(-2, 100),
        ylabel="commands not obeyed, %", title=f"Errors {moved}: people, close, tap",
    )  # fmt: skip
    axes.grid(alpha=0.3, which="both")
    axes.legend(fontsize=7)


def _say(axes, why) -> None:  # type: ignore[no-untyped-def]
    axes.text(0.5, 0.5, why, ha="center", va="center", transform=axes.transAxes, color="grey")
    axes.set_axis_off()


def _line(axes, outcomes, label, bounds=False, **wanted) -> None:  # type: ignore[no-untyped-def]
    """The share obeyed rightly over the level of the noise, with quiet at the left end."""
    at, share, low, high = [], [], [], []
    for place, snr in enumerate((None, *SNRS_DB)):
        counted = tally(outcomes, where(snr_db=snr, **wanted))
        if counted.commands >= _FEWEST:
            interval = wilson(counted.right, counted.commands)
            at.append(place)
            share.append(counted.share(counted.right))
            low.append(share[-1] - interval[0])
            high.append(interval[1] - share[-1])
    if any(at):  # quiet alone makes no line
        spread = np.clip([low, high], 0, None) if bounds else None
        axes.errorbar(at, share, spread, marker="o", markersize=3, capsize=2, label=label)


def _finish(axes, title) -> None:  # type: ignore[no-untyped-def]
    axes.set_xticks(range(len(SNRS_DB) + 1), [level_name(snr) for snr in (None, *SNRS_DB)])
    axes.set(ylim=(0, 1.02), ylabel="right", title=title)
    axes.grid(alpha=0.3)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=7)
    else:
        _say(axes, f"{title}:\nfewer than {_FEWEST} clips a point, none is drawn")


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
    sets = {"commands": [COMMANDS], "short words": [SHORT_WORDS]}
    counted = tally(outcomes, where(system=name, groups=PEOPLE, snr_db=None, places=[CLOSE]))
    if counted.n < _FEWEST_SAID:  # a quick bench has too few clips of each set
        sets = {"people": list(PEOPLE)}
    for said, groups in sets.items():
        for place in PLACES:
            label = f"{said}, {place}"
            _line(axes, outcomes, label, system=name, groups=groups, noises=[TAP], places=[place])
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
