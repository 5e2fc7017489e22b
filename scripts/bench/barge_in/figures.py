"""The figures of a take, and their tables."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from bench.barge_in.rig import Setting, Spoken, Take
from bench.ears.tally import wilson
from rich.table import Table

Row = dict[str, Any]


def row(setting: Setting, take: Take) -> Row:
    """The record of a take for the JSON file."""
    return {
        "setting": setting.name,
        "canceller": setting.canceller if setting.cancels else None,
        "echo_db": setting.echo_db,
        "room": f"{setting.metres:g} m, {'noise' if setting.noise is not None else 'quiet'}",
        "narrates": setting.narrates,
        "minutes": take.seconds / 60,
        "self_triggers": take.self_triggers,
        "false_ducks": take.false_ducks,
        "clipped": take.clipped,
        "front_share_of_core": take.front_seconds / take.seconds,
        "groups": commands(setting, take),
    }


def commands(setting: Setting, take: Take) -> dict[str, Row]:
    """The figures of a take, for each group of words."""
    groups: dict[str, list[Spoken]] = {}
    for one in take.spoken:
        groups.setdefault(one.word.group, []).append(one)
    return {group: _of(setting, take, said) for group, said in groups.items()}


def _of(setting: Setting, take: Take, said: Sequence[Spoken]) -> Row:
    obeyed = [one for one in said if one.obeyed]
    decided = [one.decided_seconds for one in obeyed] or [np.nan]
    silent = [take.silent_seconds(one, setting.devices) for one in obeyed] or [np.nan]
    softer = [one.softer_seconds for one in said if one.softer_seconds is not None] or [np.nan]
    missed = [one for one in said if not one.heard]
    why = Counter(one.refused[-1].why.name if one.refused else "NOTHING" for one in missed)
    return {
        "n": len(said),
        "obeyed": len(obeyed) / len(said),
        "obeyed_95": list(wilson(len(obeyed), len(said))),
        "wrong": sum(one.wrong for one in said) / len(said),
        "decided_p50_s": float(np.median(decided)),
        "decided_p95_s": float(np.percentile(decided, 95)),
        "silent_p50_s": float(np.median(silent)),
        "silent_p95_s": float(np.percentile(silent, 95)),
        "softer_p50_s": float(np.median(softer)),
        "missed": sorted(one.word.text for one in missed),
        "taken_for": {
            one.word.key: [f"{heard.text} {heard.confidence:.2f}" for heard in one.heard]
            for one in said
            if one.wrong
        },
        "scores": {one.word.key: round(one.heard[0].confidence, 3) for one in obeyed},
        "missed_because": dict(why.most_common()),
        "which": sorted(one.word.key for one in obeyed),
    }


def compare(rows: Sequence[Row]) -> None:
    """Add to the newest row how much was heard in the same room while the guide was silent."""
    newest = rows[-1]
    same = [one for one in rows if one["room"] == newest["room"] and not one["narrates"]]
    if not same or not newest["narrates"]:
        return
    for group, figures in newest["groups"].items():
        silent = same[0]["groups"].get(group)
        if silent:
            audible = set(silent["which"])
            figures["silent_guide_obeyed"] = silent["obeyed"]
            figures["of_those"] = len(audible & set(figures["which"])) / max(1, len(audible))


def commands_table(rows: Sequence[Row]) -> Table:
    """The table of how many words were obeyed, and how soon the narration was silent."""
    table = Table(
        "room, parts", "echo", "voices", "n", "obeyed", "guide silent", "of those", "wrong",
        "decided p50 / p95 s", "silent p50 / p95 s",
    )  # fmt: skip
    for one in rows:
        for group, figures in one["groups"].items():
            low, high = figures["obeyed_95"]
            table.add_row(
                one["setting"],
                f"{one['echo_db']:+g} dB",
                group,
                str(figures["n"]),
                f"{figures['obeyed']:.3f} ({low:.2f}–{high:.2f})",
                *(_share(figures.get(key)) for key in ("silent_guide_obeyed", "of_those")),
                f"{figures['wrong']:.3f}",
                *(
                    f"{figures[key + '_p50_s']:.2f} / {figures[key + '_p95_s']:.2f}"
                    for key in ("decided", "silent")
                ),
            )
    return table


def alone_table(rows: Sequence[Row]) -> Table:
    """The table of what the guide took for a command while nobody was there."""
    table = Table("room, parts", "echo", "minutes", "self-triggers", "softer for nothing", "core")
    for one in rows:
        table.add_row(
            one["setting"],
            f"{one['echo_db']:+g} dB",
            f"{one['minutes']:.0f}",
            str(len(one["self_triggers"])),
            str(one["false_ducks"]),
            f"{one['front_share_of_core']:.3f}",
        )
    return table


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
