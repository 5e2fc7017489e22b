"""The figures of the bench for its JSON file."""

from collections.abc import Iterator

from bench.ears.cells import Outcomes
from bench.ears.mixing import Condition
from bench.ears.tally import Tally


def every_set(outcomes: Outcomes) -> Iterator[dict[str, object]]:
    """Every set in every condition, for the JSON file."""
    groups: dict[tuple[str, str, str, Condition], Tally] = {}
    texts: dict[tuple[str, str, str, str, Condition], Tally] = {}
    for outcome in outcomes:
        trial = outcome.trial
        if trial.any_score:
            continue
        key = (trial.system.name, trial.live, trial.clip.group, trial.condition)
        groups.setdefault(key, Tally()).add(outcome)
        if trial.clip.wanted:
            word = (*key[:3], trial.clip.text, trial.condition)
            texts.setdefault(word, Tally()).add(outcome)
    for (system, live, group, condition), counted in groups.items():
        yield _named(system, live, group, condition) | counted.facts()
    for (system, live, group, text, condition), counted in texts.items():
        yield _named(system, live, group, condition) | {"word": text} | counted.facts()


def _named(system: str, live: str, group: str, condition: Condition) -> dict[str, object]:
    return {
        "system": system,
        "live": live,
        "set": group,
        "noise": condition.noise,
        "snr_db": condition.snr_db,
        "place": condition.place,
        "narrow": condition.narrow,
    }
