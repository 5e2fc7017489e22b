"""The figures as Markdown tables."""

from collections.abc import Iterator, Mapping, Sequence

from bench.ears.cells import (
    LEVELS,
    NEAR,
    SPEAKERS,
    Outcomes,
    level_name,
    seconds_cell,
    share_cell,
    short_cell,
    table,
    where,
)
from bench.ears.clips import (
    EVENTS,
    LIVE_ALL,
    LIVE_PACED,
    LIVE_TELLING,
    NARRATION,
    NOISE,
    PEOPLE,
    SYNTHETIC,
    TALK,
)
from bench.ears.clips import NEAR as NEAR_HUMAN
from bench.ears.cost import Cost
from bench.ears.mixing import CLOSE, PLACES
from bench.ears.plan import AIM_SNRS_DB, TAP
from bench.ears.tally import Tally, rate_interval, tally, wilson
from bench.ears.work import Outcome


def commands(outcomes: Outcomes, system: str, live: str = LIVE_ALL) -> str:
    """Beside the tap: every set, place and level."""
    rows = []
    for group in SPEAKERS:
        for place in PLACES:
            for snr in LEVELS:
                fits = where(
                    system=system, live=live, groups=[group], noises=[TAP], snr_db=snr,
                    places=[place],
                )  # fmt: skip
                counted = tally(outcomes, fits)
                if counted.commands:
                    rows.append(
                        [group, place, level_name(snr), str(counted.n)]
                        + [share_cell(counted, counted.right)]
                        + [f"{counted.share(x):.3f}" for x in (counted.wrong, counted.missed)]
                        + [seconds_cell(counted)]
                    )
    head = ("set", "place", TAP, "n", "right (95 %)", "wrong", "missed")
    return table((*head, "latency p50 / p95 / max s (n)"), rows)


def side_by_side(outcomes: Outcomes, systems: Sequence[str]) -> str:
    """Every system, with the clips and conditions that all of them heard: right / wrong."""
    same = [
        outcome
        for outcome in heard_by_all(outcomes, systems)
        if outcome.trial.clip.wanted is None
        or (outcome.trial.condition.noise in (None, TAP) and outcome.trial.condition.place in NEAR)
    ]
    rows = []
    for name in systems:
        mine = [outcome for outcome in same if outcome.trial.system.name == name]
        levels = [tally(mine, where(groups=PEOPLE, snr_db=snr)) for snr in LEVELS]
        late = tally(mine, where(groups=PEOPLE))
        false = tally(mine, where(groups=TALK))
        device = tally(mine, where(groups=[NARRATION]))
        rows.append(
            [
                name,
                *map(short_cell, levels),
                str(late.n),
                seconds_cell(late),
                f"{false.per_hundred:.1f} (n {false.n})",
                f"{device.per_hour:.1f} ({device.hours:.2f} h)",
            ]
        )
    late_head = "latency p50 / p95 / max s (n)"
    false_head = ("false accepts per 100", "per hour of narration")
    return table(("system", *map(level_name, LEVELS), "n", late_head, *false_head), rows)


def heard_by_all(outcomes: Outcomes, systems: Sequence[str]) -> list[Outcome]:
    """The outcomes of clips and conditions that all of these systems heard."""
    keys: dict[str, set[tuple[object, ...]]] = {name: set() for name in systems}
    usual = [o for o in outcomes if o.trial.live == LIVE_ALL and not o.trial.any_score]
    for outcome in usual:
        trial = outcome.trial
        if trial.system.name in keys:
            keys[trial.system.name].add((trial.clip.path, trial.condition))
    common = set.intersection(*keys.values()) if keys else set()
    return [o for o in usual if (o.trial.clip.path, o.trial.condition) in common]


def noises_by_level(outcomes: Outcomes, system: str, names: Sequence[str]) -> str:
    """People beside each noise by level, all places together: right / wrong."""
    rows = []
    for noise in names:
        cells = [
            tally(outcomes, where(system=system, groups=PEOPLE, noises=[noise], snr_db=snr))
            for snr in LEVELS
        ]
        heard = sum(cell.n for cell in cells[1:])
        if heard:
            rows.append([noise, *map(short_cell, cells), str(heard)])
    return table(("noise", *map(level_name, LEVELS), "n in noise"), rows)


def noises_by_place(outcomes: Outcomes, system: str, names: Sequence[str]) -> str:
    """People beside each noise at each place, all levels together: right / wrong."""
    rows = []
    for noise in names:
        cells = []
        for place in PLACES:
            fits = where(system=system, groups=PEOPLE, noises=[noise], places=[place])
            cells.append(tally(outcomes, lambda o, fits=fits: fits(o) and _noisy(o)))
        if any(cell.n for cell in cells):
            rows.append([noise, *map(short_cell, cells), str(sum(cell.n for cell in cells))])
    return table(("noise (all levels)", *PLACES, "n"), rows)


def words(outcomes: Outcomes, system: str, groups: Sequence[str]) -> str:
    """Each word by itself, close and at 1 m: right / wrong in quiet and beside the tap."""
    texts = sorted({o.trial.clip.text for o in outcomes if o.trial.clip.group in groups})
    rows = []
    for text in texts:
        cells = [
            tally(
                outcomes,
                where(
                    system=system, groups=groups, noises=[TAP], snr_db=snr,
                    places=NEAR, texts=(text,),
                ),
            )
            for snr in (None, *AIM_SNRS_DB)
        ]  # fmt: skip
        whole = Tally()
        for cell in cells:
            whole.mistakes += cell.mistakes
        taken = ", ".join(
            f"{mistake.split('>')[1]} {count}" for mistake, count in whole.mistakes.most_common(3)
        )
        if any(cell.n for cell in cells):
            rows.append(
                [text, *map(short_cell, cells), str(sum(cell.n for cell in cells)), taken or "–"]
            )
    levels = [level_name(snr) for snr in (None, *AIM_SNRS_DB)]
    return table(("word", *levels, "n", "taken for (– missed)"), rows)


def phrases(outcomes: Outcomes, system: str) -> str:
    """Every phrase, close, in quiet and beside the tap together: right / wrong, the worst first.

    The order is by all voices together; the figures of people and of each kind of voice are
    separate.
    """
    texts = {o.trial.clip.text for o in outcomes if o.trial.clip.group in SPEAKERS}
    rows = []
    for text in texts:
        asked = {"system": system, "noises": [TAP], "places": [CLOSE], "texts": (text,)}
        groups = (PEOPLE, (NEAR_HUMAN,), (SYNTHETIC,))
        cells = [tally(outcomes, where(**asked, groups=group)) for group in groups]
        n = sum(cell.commands for cell in cells)
        if n:
            share = sum(cell.right for cell in cells) / n
            rows.append((share, [text, *map(short_cell, cells)]))
    rows.sort(key=lambda row: (row[0], row[1][0]))
    return table(("phrase", "people", NEAR_HUMAN, SYNTHETIC), [row for _, row in rows])


def narrow(outcomes: Outcomes, system: str) -> str:
    """Near-human voices through a microphone that ends at 4 kHz: right / wrong (n)."""
    rows = []
    for snr in LEVELS:
        cells = [
            tally(
                outcomes,
                where(system=system, groups=[NEAR_HUMAN], noises=[TAP], snr_db=snr, narrow=ends),
            )
            for ends in (False, True)
        ]
        if cells[1].commands:
            rows.append([level_name(snr), *map(short_cell, cells)])
    return table((TAP, "to 8 kHz", "to 4 kHz"), rows)


def talk(outcomes: Outcomes, system: str, live: str = LIVE_ALL) -> str:
    """False accepts in sound without commands."""
    rows = []
    for name, groups in {
        **{group: (group,) for group in TALK},
        "all talk by people": TALK,
        NARRATION: (NARRATION,),
        NOISE: (NOISE,),
        EVENTS: (EVENTS,),
    }.items():
        counted = tally(outcomes, where(system=system, live=live, groups=groups))
        if not counted.n:
            continue
        low, high = wilson(min(counted.false_accepts, counted.n), counted.n)
        least, most = (count / counted.hours for count in rate_interval(counted.false_accepts))
        hundred = f"{counted.per_hundred:.2f} ({100 * low:.1f}–{100 * high:.1f})"
        taken = ", ".join(f"{m} {n}" for m, n in counted.mistakes.most_common(4))
        rows.append(
            [
                name,
                str(counted.n),
                f"{counted.hours:.2f}",
                str(counted.false_accepts),
                "–" if name in (NARRATION, NOISE) else hundred,
                f"{counted.per_hour:.1f} ({least:.1f}–{most:.1f})",
                taken or "–",
            ]
        )
    head = ("no command", "n", "hours", "false accepts", "per 100 (95 %)", "per hour (95 %)")
    return table((*head, "most often"), rows)


def false_accepts(outcomes: Outcomes, system: str) -> str:
    """What was said, or the name of the recording, and what it was taken for."""
    rows = [
        [trial.live, trial.clip.group, trial.clip.text[:60] or trial.clip.path.name, taken]
        for outcome in outcomes
        if (trial := outcome.trial).clip.wanted is None
        and trial.system.name == system
        and not trial.any_score
        for taken in outcome.obeyed
    ]
    return table(("live", "no command", "said, or the recording", "taken for"), sorted(rows))


def costs(found: Mapping[str, Cost]) -> str:
    """Load time, memory and speed."""
    kinds = sorted({kind for cost in found.values() for kind in cost.real_time_factors})
    rows = [
        [name, f"{cost.load_seconds:.2f}", f"{cost.memory_mb:.0f}", f"{cost.process_mb:.0f}"]
        + [f"{cost.real_time_factors.get(kind, 0):.3f}" for kind in kinds]
        for name, cost in found.items()
    ]
    head = ("system", "load s", "memory MB", "whole process MB")
    return table((*head, *(f"real-time factor, {kind}" for kind in kinds)), rows)


def report(
    outcomes: Outcomes, ours: Sequence[str], rivals: Sequence[str], noises: Sequence[str]
) -> Iterator[str]:
    """Everything except costs and aims, piece by piece."""
    if len(ours) + len(rivals) > 1:
        yield "## Side by side: people, close and at 1 m, tap, the same clips: right / wrong (n)\n"
        yield side_by_side(outcomes, (*ours, *rivals))
    for name in ours:
        yield f"## {name}: every command and every routine's name live\n"
        yield commands(outcomes, name)
        yield f"## {name}: people, a step is told (fewer commands live)\n"
        yield commands(outcomes, name, LIVE_TELLING)
        yield f"## {name}: people beside every noise, right / wrong (n)\n"
        yield noises_by_level(outcomes, name, noises)
        yield noises_by_place(outcomes, name, noises)
        yield f"## {name}: each word, close and at 1 m, right / wrong (n)\n\nPeople:\n"
        yield words(outcomes, name, PEOPLE)
        yield f"## {name}: every phrase, worst first, close, quiet and tap, right / wrong (n)\n"
        yield phrases(outcomes, name)
        yield f"## {name}: near-human voices, narrow band\n"
        yield narrow(outcomes, name)
        yield f"## {name}: each word of synthetic voices, close and at 1 m, right / wrong (n)\n"
        yield words(outcomes, name, [SYNTHETIC])
    for name in rivals:
        yield f"## {name}\n"
        yield commands(outcomes, name)
    for name in (*ours, *rivals):
        yield f"## {name}: false accepts\n"
        yield talk(outcomes, name)
        if any(where(system=name, live=LIVE_PACED)(outcome) for outcome in outcomes):
            yield f"## {name}: false accepts while strokes are paced (fewer commands live)\n"
            yield talk(outcomes, name, LIVE_PACED)
    for name in ours:
        yield f"## {name}: each false accept\n"
        yield false_accepts(outcomes, name)


def _noisy(outcome: Outcome) -> bool:
    return outcome.trial.condition.noise is not None
