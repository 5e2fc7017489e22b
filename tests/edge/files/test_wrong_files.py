"""The checks name every mistake in a routine or a programme, and its line.

Every value of a file that has every key is replaced by one of another kind, and every key by a
strange one; nothing of that may end in a traceback, in a file that is taken, or without a line.
"""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from voiceguide.core.commands import Command, Phrase, Phrasebook
from voiceguide.core.errors import RoutineError
from voiceguide.edge.files.programme_file import check_programme
from voiceguide.edge.files.routine_check import check_routine
from voiceguide.edge.files.routine_models import RoutineFile
from voiceguide.edge.files.routine_text import yaml_text
from voiceguide.edge.files.yaml_tree import Problem

Tree = dict[str, Any]
Place = tuple[str | int, ...]

BOOK = Phrasebook("en", (Phrase("go", Command.START),))
STROKE = {"count": 3, "seconds": "3 s", "side": "left then right", "hands": "thumbs"}
ROUTINE: Tree = {
    "format": "voiceguide/1",
    "id": "hands",
    "name": "hands",
    "called": ["tired hands"],
    "language": "en",
    "summary": "A minute for hands.",
    "beforehand": "Wash them.",
    "supply": ["cream", {"name": "a roller", "if": {"tool": "roller"}}],
    "tool": ["roller"],
    "safety": "Leave sore joints alone.",
    "closing": "Enjoy them.",
    "why": "It may feel good.",
    "pressure_for": {"sensitive": "light"},
    "count": "aloud",
    "within": "300 s",
    "pronunciations": {"squalane": "squay-lane"},
    "breathing": "calm",
    "picture": {
        "outline": ["M1,1 L2,2"],
        "region": {"hands": ["M1,1 L2,2 Z"]},
        "place": {"wrist": [1, 2]},
    },
    "section": [
        {
            "name": "palms",
            "id": "palms",
            "announce": "Now the palms.",
            "region": "hands",
            "why": "It may help.",
            "if": {"when": "morning", "not_skin": ["acne"]},
            "breathing": "none",
            "step": [
                {
                    "name": "thumbs",
                    "id": "thumbs",
                    "say": "Stroke with your thumbs.",
                    "short": "Stroke.",
                    "tip": "Be light.",
                    "amount": "A pea of cream.",
                    "say_for": {"sensitive": "Float."},
                    "stroke": {**STROKE, "path": "wrist", "pressure": "light"},
                },
                {"name": "fists", "say": "Close both fists.", "hold": {"seconds": "5 s"}},
                {"name": "air", "say": "Breathe.", "breathe": {"count": 3, "pattern": "4-0-6-0"}},
                {
                    "name": "rest",
                    "say": "Rest.",
                    "wait": {"for": "word", "about": "20 s", "reminder": "Rest.", "tap": False},
                },
            ],
        }
    ],
}
PROGRAMME: Tree = {
    "format": "voiceguide-programme/1",
    "id": "my-days",
    "name": "my days",
    "summary": "Three days.",
    "days": [{"routine": "quick", "times": 2}, {"routine": "evening"}],
}
ODD: tuple[Any, ...] = (
    *(None, -1, True, "", "Quick massage", "x" * 250, [], [None], {"Wrong key": 1}, "none"),
)
ODD_KEYS = ("Wrong key", "namee", "")


def places(tree: Any, here: Place = ()) -> Iterator[Place]:
    """The path to every value of a tree, but for the tree itself."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in items:
        yield (*here, key)
        if isinstance(value, dict | list):
            yield from places(value, (*here, key))


def parent_of(tree: Tree, place: Place) -> Any:
    found: Any = tree
    for part in place[:-1]:
        found = found[part]
    return found


def with_value(tree: Tree, place: Place, value: Any) -> Tree:
    made = deepcopy(tree)
    parent_of(made, place)[place[-1]] = value
    return made


def with_key(tree: Tree, place: Place, key: str) -> Tree:
    made = deepcopy(tree)
    parent = parent_of(made, place)
    parent[key] = parent.pop(place[-1])
    return made


def told(path: Path, tree: Tree, is_programme: bool) -> list[Problem] | str:
    """The problems of a file, or the one sentence with which it is refused."""
    path.write_text(yaml_text(tree), "utf-8")
    try:
        if is_programme:
            return list(check_programme(path, {"quick": None, "evening": None}).problems)
        return list(check_routine(path, BOOK).problems)
    except RoutineError as error:
        return str(error)


@pytest.mark.parametrize("tree", [ROUTINE, PROGRAMME], ids=["routine", "programme"])
def test_the_whole_file_is_fine(tmp_path, tree):
    assert told(tmp_path / "a.yaml", tree, tree is PROGRAMME) == []


def test_every_key_of_a_routine_stands_in_it():
    assert {field.alias or name for name, field in RoutineFile.model_fields.items()} == set(ROUTINE)


def _place_id(place: Place) -> str:
    return ".".join(map(str, place))


@pytest.mark.parametrize("place", list(places(ROUTINE)), ids=_place_id)
def test_whatever_stands_in_a_routine_is_taken_or_told(tmp_path, place):
    check_every(tmp_path / "a.yaml", ROUTINE, place, is_programme=False)


@pytest.mark.parametrize("place", list(places(PROGRAMME)), ids=_place_id)
def test_whatever_stands_in_a_programme_is_taken_or_told(tmp_path, place):
    check_every(tmp_path / "a.yaml", PROGRAMME, place, is_programme=True)


def check_every(path: Path, tree: Tree, place: Place, *, is_programme: bool) -> None:
    lines = len(yaml_text(tree).splitlines()) + 5
    made = [with_value(tree, place, value) for value in ODD]
    if isinstance(place[-1], str):
        made += [with_key(tree, place, key) for key in ODD_KEYS]
    refused = 0
    for each in made:
        found = told(path, each, is_programme)
        if isinstance(found, str):
            assert found.startswith(f"{path}:"), found
            refused += 1
            continue
        refused += bool(found)
        for problem in found:
            assert 1 <= problem.spot.line <= lines
            assert problem.spot.column >= 1
            assert "input should" not in problem.message, "told in words of ours"
    assert refused, "not one strange value was refused"
