"""What every converter needs: pieces of routines, and an account of what was lost and added."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from voiceguide.core.lint import sentences
from voiceguide.core.spoken import has_words
from voiceguide.edge.files.routine_draft import SAFETY
from voiceguide.edge.files.routine_text import plain_number
from voiceguide.edge.files.routine_values import slug
from voiceguide.edge.files.yaml_tree import OBEYED

USUAL_WAIT_SECONDS = 30.0
"""How long a step is taken to last where the file does not say."""
WAIT_RANGE = (1.0, 3600.0)
_NAME_WORDS = 5
_NEVER_LAST = frozenset(
    {"a", "an", "and", "as", "at", "but", "by", "for", "from", "if", "in", "into", "is", "it's"}
    | {"its", "of", "on", "onto", "or", "over", "so", "that", "the", "their", "then", "this", "to"}
    | {"until", "with", "your"}
)
"""A name that ends with one of these words sounds broken off when it is said."""
_ID_LETTERS = 60

Tree = dict[str, Any]
"""A routine as its file holds it: keys and plain values."""


@dataclass(slots=True)
class Carried:
    """What was lost and what was added in a conversion."""

    lost: Counter[str] = field(default_factory=Counter)
    """Kinds of things that the other format cannot hold, and how many there were of each."""
    added: Counter[str] = field(default_factory=Counter)
    """Sentences on what was missing, and what was put in its place."""

    def lose(self, owner: str, keys: Iterable[str]) -> None:
        """Note that these keys of something are left out."""
        for key in keys:
            self.lost[f"`{key}` of {owner}"] += 1

    def told(self, place: str) -> list[str]:
        """One sentence for each kind of loss and addition; ``place`` names the target."""
        return [
            f"{place} has no place for {kind}: {_count(count)} left out."
            for kind, count in self.lost.items()
        ] + [
            sentence.format(count="1 step" if count == 1 else f"{count} steps")
            for sentence, count in self.added.items()
        ]


def _count(count: int) -> str:
    return "it is" if count == 1 else f"{count} are"


def as_list(value: Any) -> list[Any]:
    """A list of the values, where one may stand without a list; empty for None."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def tidy(text: object) -> str:
    """A text on one line, without control characters."""
    return " ".join(OBEYED.sub(" ", str(text)).split())


def as_sentences(texts: Iterable[object]) -> list[str]:
    """The sentences of these texts, as the guide can say them."""
    return [part for text in texts for part in sentences(tidy(text))]


def one_or_more(values: Sequence[Any]) -> Any:
    """The list, or its value where there is only one."""
    return values[0] if len(values) == 1 else list(values)


def seconds_text(value: float) -> str:
    """A length of time as it stands in a routine file."""
    return f"{plain_number(value)} s"


def name_from(said: Sequence[str]) -> str:
    """A name for a step that has none: its first words."""
    words = re.sub(r"[^\w\s'’-]", " ", said[0]).split()[:_NAME_WORDS] if said else []
    while len(words) > 1 and words[-1].lower() in _NEVER_LAST:
        words.pop()
    name = " ".join(words)
    return name[:1].lower() + name[1:]


def id_from(name: str, otherwise: str) -> str:
    """The id for a name, at most as long as one may be; ``otherwise`` where the name has no
    letters.
    """
    return slug(name)[:_ID_LETTERS].strip("-") or otherwise


def wait_for_word(carried: Carried) -> Tree:
    """The wait of a step whose length the file does not tell."""
    carried.added[
        "It does not tell how long {count} may take: the guide waits for a word there "
        f"(`wait`), and counts {plain_number(USUAL_WAIT_SECONDS)} s for it."
    ] += 1
    return {"wait": {"for": "word", "about": seconds_text(USUAL_WAIT_SECONDS)}}


def with_ids(parts: Sequence[Tree], what: str) -> list[Tree]:
    """The parts; one gets an ``id`` of its own where the id from its name would not be unique."""
    taken: set[str] = set()
    times: Counter[str] = Counter()
    made = []
    for number, part in enumerate(parts, start=1):
        wanted = part.get("id") or id_from(part["name"], f"{what}-{number}")
        made_id = wanted
        while made_id in taken:
            times[wanted] += 1
            made_id = f"{wanted}-{times[wanted] + 1}"
        taken.add(made_id)
        is_plain = made_id == slug(part["name"])
        rest = {key: value for key, value in part.items() if key not in ("name", "id")}
        made.append({"name": part["name"], **({} if is_plain else {"id": made_id}), **rest})
    return made


def completed(head: Mapping[str, Any], sections: Sequence[Tree], carried: Carried) -> Tree:
    """A whole routine: what a routine must have and the file lacks is filled in, and noted."""
    made: Tree = {"format": "voiceguide/1", **head}
    if not any(map(has_words, as_list(made.get("summary")))):
        made["summary"] = f"{made['name'][:1].upper()}{made['name'][1:]}."
        carried.added["It has no sentence on what it is: its name stands for `summary`."] += 1
    if not any(map(has_words, as_list(made.get("safety")))):
        made["safety"] = SAFETY
        carried.added[f"It has no words on what to take care of: `safety` says “{SAFETY}”"] += 1
    made["section"] = with_ids(
        [{**section, "step": with_ids(section["step"], "step")} for section in sections], "section"
    )
    return made
