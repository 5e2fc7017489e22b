"""Everything that makes a routine file unusable, worded for the person who writes it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from voiceguide.core.errors import RoutineError
from voiceguide.core.suggest import nearest
from voiceguide.edge.files.action_models import (
    BreatheFile,
    FileModel,
    HoldFile,
    StrokeFile,
    WaitFile,
)
from voiceguide.edge.files.routine_models import (
    FORMAT,
    IfFile,
    PictureFile,
    RoutineFile,
    SectionFile,
    StepFile,
)
from voiceguide.edge.files.routine_parts import double_modes, repeated_ids
from voiceguide.edge.files.yaml_tree import Document, Node, Problem

Path = tuple[str | int, ...]
File = TypeVar("File", bound=FileModel)

_MODELS: dict[str, type[FileModel]] = {
    "section": SectionFile,
    "step": StepFile,
    "stroke": StrokeFile,
    "hold": HoldFile,
    "breathe": BreatheFile,
    "wait": WaitFile,
    "if": IfFile,
    "picture": PictureFile,
}
_KINDS = {
    "string_type": "must be text; put it in quotes",
    "int_type": "must be a whole number, such as 5",
    "float_type": "must be a number, such as 2.5",
    "float_parsing": "must be a number, such as 2.5",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list, one `- ` line for each",
    "dict_type": "must hold `key: value` lines",
    "model_type": "must hold `key: value` lines",
    "model_attributes_type": "must hold `key: value` lines",
    "string_too_short": "is empty; write something or remove the key",
}
_PATTERNS = {
    "id": "must be lower-case words joined by hyphens, such as `neck-and-chest`",
    "language": "must be a language code, such as `en`",
    "routine": "must be the id of a routine, such as `quick`",
}
"""By key, what a value must be that has a pattern."""
_FORMATS = (FORMAT, "voiceguide-programme/1", "voiceguide-phrases/1")
"""What `voiceguide check` reads."""


def validate(document: Document) -> tuple[RoutineFile | None, list[Problem]]:
    """The file as a model if it is valid, and every problem, in the order of the file.

    Raises:
        RoutineError: this is no routine of a known format; one plain sentence.
    """
    root = document.root
    file, problems = validate_as(document, RoutineFile, FORMAT, "routine", _MODELS)
    problems += [*repeated_ids(root), *double_modes(root)]
    return (None if problems else file), sorted(set(problems))


def validate_as(
    document: Document,
    model: type[File],
    file_format: str,
    what: str,
    parts: Mapping[str, type[FileModel]],
) -> tuple[File | None, list[Problem]]:
    """The file as this model if it is valid, and what the model finds wrong with it.

    Args:
        file_format: what must stand under ``format``.
        what: what the file holds, in a word, for messages.
        parts: the model of what stands under a key, by the key.

    Raises:
        RoutineError: the file is of another format; one plain sentence.
    """
    root = document.root
    _require_format(document, file_format, what)
    empty = list(_empty_values(root))
    problems = [*document.problems, *empty]
    forgotten = {problem.spot for problem in empty}
    file = None
    try:
        file = model.model_validate(_without_empty(root))
    except ValidationError as error:
        keys = _Keys(model, parts)
        worded = _worded(error.errors(include_url=False), root, keys)
        problems += (problem for problem in worded if problem.spot not in forgotten)
    return (None if problems else file), sorted(set(problems))


@dataclass(frozen=True, slots=True)
class _Keys:
    """Finds keys that may not stand where they do."""

    whole: type[FileModel]
    parts: Mapping[str, type[FileModel]]

    def below(self, parent: Path) -> list[str]:
        names = [part for part in parent if isinstance(part, str)]
        model = self.parts.get(names[-1], self.whole) if names else self.whole
        return [field.alias or name for name, field in model.model_fields.items()]


def _require_format(document: Document, file_format: str, holds: str) -> None:
    root = document.root
    if root.kind != "mapping":
        what = "a list" if root.kind == "list" else "a single value"
        raise RoutineError(
            f"{document.path}:1:1: this is {what}, no {holds}; begin with `format: {file_format}`."
        )
    if "format" not in root.entries:
        what = f"`format` is missing; begin with `format: {file_format}`."
        raise RoutineError(root.spot.located(document.path, what))
    node = root.entries["format"][1]
    if node.scalar != file_format:
        # A misspelt format of another kind of file is not taken for that of a routine.
        meant = nearest(str(node.scalar), _FORMATS) or file_format
        what = f"this format is not known; write `format: {meant}`."
        raise RoutineError(node.spot.located(document.path, what))


def _worded(errors: Sequence[ErrorDetails], root: Node, keys: _Keys) -> Iterator[Problem]:
    meant = set()
    for error in errors:
        if error["type"] == "extra_forbidden":
            *parent, key = error["loc"]
            known = nearest(str(key), keys.below(tuple(parent)))
            meant.add((*parent, known))
    for error in errors:
        path: Path = error["loc"]
        if error["type"] == "missing" and path in meant:
            continue  # it is there, misspelt, and that was said
        yield _problem(error, path, root, keys)


def _problem(error: ErrorDetails, path: Path, root: Node, keys: _Keys) -> Problem:
    kind = error["type"]
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    if kind == "extra_forbidden":
        return Problem(root.spot_of(path, key=True), _unknown_key(path, keys))
    if kind == "missing":
        return Problem(root.spot_of(path[:-1]), f"`{key}` is missing; add it{_here(path[:-1])}")
    spot = root.spot_of(path)
    if key == "[key]":
        *_, parent, name, _ = path
        what = f"`{parent}` has {_shown(name)}"
        if kind != "literal_error":
            what = f"{what}; write one word in lower-case letters"
            return Problem(root.spot_of(path[:-1], key=True), what)
        return Problem(root.spot_of(path[:-1], key=True), _one_of(what, error, str(name)))
    return Problem(spot, _wrong_value(kind, key, error))


def _wrong_value(kind: str, key: str, error: ErrorDetails) -> str:
    context: dict[str, Any] = error.get("ctx", {})
    value = error["input"]
    if kind == "said":
        why = str(context["why"])
        return (
            why
            if key in ("step", "wait", "for", "breathe", "pattern", "breathing")
            else f"`{key}`: {why}"
        )
    if kind == "literal_error":
        return _one_of(f"`{key}` is {_shown(value)}", error, str(value))
    if kind in ("greater_than_equal", "less_than_equal"):
        return f"`{key}` is {_shown(value)}; use 1 to 100"
    if kind in ("int_from_float", "int_parsing"):
        return f"`{key}` must be a whole number, such as 5"
    if kind == "too_short":
        return f"`{key}` is empty; list at least one {key}"
    if kind == "string_too_long":
        return f"`{key}` is too long; use at most {context['max_length']} characters"
    if kind == "string_pattern_mismatch":
        return f"`{key}` is {_shown(value)}; it {_PATTERNS[key]}"
    if kind in _KINDS:
        return f"`{key}` {_KINDS[kind]}"
    return f"`{key}`: {error['msg'].lower()}"


def _unknown_key(path: Path, keys: _Keys) -> str:
    known = keys.below(path[:-1])
    guess = nearest(str(path[-1]), known)
    hint = f"did you mean `{guess}`?" if guess else f"known here: {', '.join(known)}"
    return f"`{path[-1]}` is no key here; {hint}"


def _one_of(what: str, error: ErrorDetails, value: str) -> str:
    allowed = re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))
    guess = nearest(value, allowed)
    if guess:
        return f"{what}, which is not known; did you mean `{guess}`?"
    return f"{what}, which is not known; use {', '.join(allowed[:-1])} or {allowed[-1]}"


def _here(parent: Path) -> str:
    name = next((part for part in reversed(parent) if isinstance(part, str)), None)
    return f" to this {name}" if name else ""


def _shown(value: object) -> str:
    text = " ".join(str(value).split())
    return f"`{text[:40]}…`" if len(text) > 40 else f"`{text}`"


def _empty_values(node: Node) -> Iterator[Problem]:
    """Keys and list items with nothing after them: something was forgotten."""
    if node.kind == "mapping":
        for key, (spot, value) in node.entries.items():
            if value.kind == "scalar" and value.scalar is None:
                yield Problem(spot, f"`{key}` has no value; give it one or remove the key")
            yield from _empty_values(value)
    for item in node.items:
        if item.kind == "scalar" and item.scalar is None:
            yield Problem(item.spot, "this list item is empty; fill it or remove it")
        yield from _empty_values(item)


def _without_empty(node: Node) -> Any:
    """The plain value, without what is empty: that has been complained about."""
    if node.kind == "mapping":
        return {
            key: _without_empty(value)
            for key, (_, value) in node.entries.items()
            if not (value.kind == "scalar" and value.scalar is None)
        }
    if node.kind == "list":
        return [_without_empty(item) for item in node.items]
    return "" if node.scalar is None else node.scalar
