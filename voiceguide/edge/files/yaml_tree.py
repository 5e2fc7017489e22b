"""Reads a small YAML file into a tree in which every value knows its line and column.

The tree is built from parser events, so that a hostile file does no harm: nesting, size and the
expansion of aliases are bounded, and no object is ever constructed. Every refusal is one plain
sentence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import yaml

from voiceguide.core.errors import RoutineError
from voiceguide.edge.system.text_file import Spot, read_text

MAX_NODES = 50_000
MAX_DEPTH = 40

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where PyYAML brings it, which is ten times faster; else the same in Python."""

OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]"
)
"""Characters that a terminal obeys instead of showing them, that turn the direction of text, or
that no picture can hold."""
_INTEGER = re.compile(r"[-+]?[0-9]{1,15}")
_FLOAT = re.compile(r"[-+]?([0-9]{1,15}\.[0-9]{0,15}|\.[0-9]{1,15})")
_CONSTANTS = {"": None, "null": None, "~": None, "true": True, "false": False}
_STANDARD_TAGS = {
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "map", "seq")
}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong at a place in a file, and what would be right."""

    spot: Spot
    message: str

    def located(self, path: object, kind: str = "") -> str:
        """``FILE:LINE:COLUMN: message``, which editors can jump to.

        Args:
            kind: ``warning`` or ``note`` where it is no error.
        """
        return self.spot.located(path, f"{kind}: {self.message}" if kind else self.message)


@dataclass(slots=True)
class Node:
    """A value and where it stands. Its kind tells which one of scalar, items and entries holds
    it.
    """

    spot: Spot
    kind: str
    """``scalar``, ``list`` or ``mapping``."""
    scalar: str | int | float | bool | None = None
    items: list["Node"] = field(default_factory=list)
    entries: dict[str, tuple[Spot, "Node"]] = field(default_factory=dict)
    """Key → where the key stands, and its value."""
    size: int = 1
    """How many nodes this tree has; an alias counts each time it is used."""

    def plain(self) -> Any:
        """The value as dict, list and scalars."""
        if self.kind == "mapping":
            return {key: value.plain() for key, (_, value) in self.entries.items()}
        if self.kind == "list":
            return [item.plain() for item in self.items]
        return self.scalar

    def spot_of(self, path: Sequence[str | int], *, key: bool = False) -> Spot:
        """Where the value at this path stands, or its key; its nearest parent where it is
        missing.
        """
        node, spot = self, self.spot
        for part in path:
            if node.kind == "mapping" and str(part) in node.entries:
                key_spot, node = node.entries[str(part)]
                spot = key_spot if key else node.spot
            elif node.kind == "list" and isinstance(part, int) and part < len(node.items):
                node = node.items[part]
                spot = node.spot
            else:
                break
        return spot


@dataclass(frozen=True, slots=True)
class Document:
    """The tree of a file that can be read, and the problems found in reading it."""

    path: Path
    root: Node
    problems: tuple[Problem, ...]


def is_of_format(path: Path, name: str) -> bool:
    """Whether a file can be read and names this format, in whatever version."""
    try:
        text = read_text(path, RoutineError)
    except RoutineError:
        return False
    return any(line.startswith("format:") and name in line for line in text.splitlines())


def read_document(path: Path) -> Document:
    """The one YAML document of a file.

    Raises:
        RoutineError: the file cannot be read, is no text, too large, empty, no YAML, or holds more
            than one document; one plain sentence.
    """
    return parse_document(_read_text(path), path)


def parse_document(text: str, path: Path) -> Document:
    """Like `read_document`, for a text; ``path`` is for messages."""
    builder = _Builder(path)
    try:
        root = builder.build(yaml.parse(text, Loader=Loader))
    except yaml.MarkedYAMLError as error:
        spot, message = _explain(error, text)
        raise RoutineError(spot.located(path, message)) from None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise RoutineError(
            f"{path}:{line}:1: a control character stands in this line; remove it."
        ) from None
    return Document(path, root, tuple(builder.problems))


def _read_text(path: Path) -> str:
    text = read_text(path, RoutineError)
    if not text.strip():
        raise RoutineError(f"{path}: this file is empty; begin with `format: voiceguide/1`.")
    return text


class _Builder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self._anchors: dict[str, Node] = {}
        self._nodes = 0

    def build(self, events: Iterator[Any]) -> Node:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self._refuse(_spot(event), "a second document begins here; keep one to a file.")
                root = self._node(next(events), events, 0)
        if root is None:
            raise RoutineError(f"{self.path}: this file is empty; begin with `format:`.")
        return root

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        spot = _spot(event)
        if depth > MAX_DEPTH:
            self._refuse(spot, f"this is nested more than {MAX_DEPTH} levels deep; flatten it.")
        if isinstance(event, yaml.AliasEvent):
            known = self._anchors.get(str(event.anchor))
            if known is None:
                self._refuse(
                    spot, f"*{event.anchor} means nothing here; define &{event.anchor} before it."
                )
            self._count(known.size, spot)
            return known
        self._count(1, spot)
        anchor = event.anchor
        if event.tag is not None and event.tag not in _STANDARD_TAGS and event.tag != "!":
            self._problem(spot, f"the tag {event.tag} is not used here; remove it")
        if isinstance(event, yaml.ScalarEvent):
            if odd := OBEYED.search(event.value):
                self._problem(
                    spot, f"a control character (U+{ord(odd[0]):04X}) is in this text; remove it"
                )
            node = Node(spot, "scalar", scalar=_scalar(event))
        elif isinstance(event, yaml.SequenceStartEvent):
            node = Node(spot, "list")
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                child = self._node(event, events, depth + 1)
                node.items.append(child)
                node.size += child.size
        else:
            node = Node(spot, "mapping")
            while not isinstance(key_event := next(events), yaml.MappingEndEvent):
                self._entry(node, key_event, events, depth)
        if anchor:
            # An anchor is known only once its node is whole, so no alias can stand inside its own
            # anchor.
            self._anchors[anchor] = node
        return node

    def _entry(self, node: Node, key_event: Any, events: Iterator[Any], depth: int) -> None:
        key_spot = _spot(key_event)
        key_node = self._node(key_event, events, depth + 1)
        child = self._node(next(events), events, depth + 1)
        node.size += child.size + 1
        if key_node.kind != "scalar":
            self._problem(key_spot, "a key must be a word; put `{` or `[` text in quotes")
            return
        key = key_event.value if isinstance(key_event, yaml.ScalarEvent) else str(key_node.scalar)
        if key in node.entries:
            first = node.entries[key][0]
            self._problem(
                key_spot,
                f"`{key}` is here twice, first on line {first.line}; keep one of them",
            )
            return
        node.entries[key] = (key_spot, child)

    def _count(self, nodes: int, spot: Spot) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            self._refuse(spot, f"this file unfolds to more than {MAX_NODES} values; shorten it.")

    def _problem(self, spot: Spot, message: str) -> None:
        self.problems.append(Problem(spot, message))

    def _refuse(self, spot: Spot, message: str) -> NoReturn:
        raise RoutineError(spot.located(self.path, message))


def _spot(event: Any) -> Spot:
    return Spot(event.start_mark.line + 1, event.start_mark.column + 1)


def _scalar(event: Any) -> str | int | float | bool | None:
    """The value of a scalar as in YAML 1.2, where ``no`` is a word and ``12:30`` is no number."""
    return plain_scalar(event.value) if event.implicit[0] else str(event.value)


def plain_scalar(text: str) -> str | int | float | bool | None:
    """The value of a text without quotes."""
    if text.lower() in _CONSTANTS:
        return _CONSTANTS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def _explain(error: yaml.MarkedYAMLError, text: str) -> tuple[Spot, str]:
    """Where the YAML is wrong, and what is wrong, without a parser's terms."""
    problem = " ".join(str(error.problem or error.context or "unreadable").split())[:120]
    context = error.context or ""
    raw = error.problem_mark or error.context_mark
    if ("escape" in problem or "hex" in problem) and error.problem_mark:
        spot = Spot(error.problem_mark.line + 1, error.problem_mark.column + 1)
        return spot, r"`\` means something else in double quotes; write `\\`, or use single quotes."
    if "quoted scalar" in context and error.context_mark:
        spot = Spot(error.context_mark.line + 1, error.context_mark.column + 1)
        return spot, "a quote is opened here and never closed."
    spot = Spot(raw.line + 1, raw.column + 1) if raw else Spot(1, 1)
    lines = text.splitlines()
    line = lines[spot.line - 1] if spot.line <= len(lines) else ""
    if "\t" in line[: spot.column] and "cannot start any token" in problem:
        return spot, "a tab stands here; indent with spaces."
    if "mapping values are not allowed" in problem:
        return spot, "a `: ` inside a text needs quotes around the whole text."
    if "could not find expected ':'" in problem:
        return spot, "a `:` is missing after a key, here or just above."
    if "cannot start any token" in problem:
        return (
            spot,
            f"a text that begins with `{line[spot.column - 1 : spot.column]}` needs quotes.",
        )
    if "document start" in problem:
        return spot, "this line does not belong to the ones above; a routine is `key: value` lines."
    if "block" in context:
        return spot, "this line does not fit the ones above; line it up with its neighbours."
    return spot, f"this is not YAML ({problem}); look at this line and the one above."
