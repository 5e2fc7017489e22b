"""Writes routine files: text that reads back as the same routine, laid out as by a person."""

from collections.abc import Mapping
from typing import Any

import yaml

from voiceguide.edge.files.routine_file import FOLDER
from voiceguide.edge.files.routine_models import FORMAT, RoutineFile
from voiceguide.edge.files.yaml_tree import Document, plain_scalar

SCHEMA_LINE = "# yaml-language-server: $schema="
"""How a first line begins that tells an editor where the schema of the file is."""
_WIDTH = 100
_ON_ONE_LINE = frozenset({"stroke", "hold", "wait", "breathe", "if", "pressure_for"})
_LISTS_ON_ONE_LINE = frozenset({"called", "tool", "skin", "not_skin", "not_tool"})
_SENTENCES = frozenset(
    {"say", "tip", "why", "short", "amount", "announce", "beforehand", "safety", "closing"}
)
_SHORT = {"hold": "seconds", "breathe": "count"}
"""The key whose value stands alone where the mapping would hold nothing else."""
_SECONDS = frozenset({"seconds", "about", "within"})


def schema_line() -> str:
    """The first line of a routine file: where the schema lies on this machine."""
    return f"{SCHEMA_LINE}{(FOLDER / 'schema.json').as_uri()}"


def file_tree(file: RoutineFile) -> dict[str, Any]:
    """A routine as the tree of its file, without the keys that have their default."""
    tree = {"format": FORMAT, **file.model_dump(by_alias=True, exclude_defaults=True)}
    shortened: dict[str, Any] = _shortened("", tree)
    return shortened


def _shortened(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        made = {each: _shortened(each, inner) for each, inner in value.items()}
        return made["name"] if key == "supply" and len(made) == 1 else made
    if isinstance(value, list):
        if key == "announce" and not value:
            return False
        items = [_shortened(key, each) for each in value]
        return items[0] if key in _SENTENCES and len(items) == 1 else items
    if isinstance(value, float) and (key in _SECONDS or key == "for"):
        return f"{plain_number(value)} s"
    return value


def plain_number(value: float) -> str:
    """A number as people write it, rounded to a millionth: ``4``, ``0.4``."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def routine_text(tree: Mapping[str, Any]) -> str:
    """The text of a file that holds this tree; its first line names the schema."""
    text = yaml_text(tree).replace("\nsection:\n", "\n\nsection:\n", 1)
    return f"{schema_line()}\n{text}"


def yaml_text(tree: Mapping[str, Any]) -> str:
    """A tree as YAML, which `read_document` reads back unchanged."""
    made: str = yaml.dump(
        _styled("", tree), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH
    )
    return made


def renamed(text: str, document: Document, routine_id: str, name: str) -> str:
    """A routine's text under another id and name; comments and layout stay.

    Further names (``called``) are removed: they belong to the other routine.
    """
    lines = text.splitlines()
    starts = sorted(spot.line for spot, _ in document.root.entries.values())
    new = {"id": [f"id: {routine_id}"], "name": [yaml_text({"name": name}).rstrip()], "called": []}
    for key, (spot, _) in sorted(document.root.entries.items(), key=lambda each: -each[1][0].line):
        if key in new:
            end = next((line for line in starts if line > spot.line), len(lines) + 1)
            lines[spot.line - 1 : end - 1] = new[key]
    if lines[0].startswith(SCHEMA_LINE):
        del lines[0]
    return "\n".join((schema_line(), *lines, ""))


class _OnOneLine(dict[str, Any]):
    """A mapping that is written ``{count: 5, seconds: 4 s}``."""


class _ListOnOneLine(list[Any]):
    """A list that is written ``[hands, palms]``."""


def _styled(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        if [*value] == [_SHORT.get(key)]:
            return value[_SHORT[key]]
        kind = _OnOneLine if key in _ON_ONE_LINE else dict
        return kind({each: _styled(each, inner) for each, inner in value.items()})
    if isinstance(value, list):
        items = [_styled(key, each) for each in value]
        return _ListOnOneLine(items) if key in _LISTS_ON_ONE_LINE else items
    return value


class _Dumper(yaml.SafeDumper):
    """Indents lists as in the bundled routines, and writes no aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 # the library asks so
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    # Our reader takes some plain words for numbers or null where the library takes them for text.
    style = None if plain_scalar(value) == value else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(
    _OnOneLine,
    lambda dumper, value: dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True),
)
_Dumper.add_representer(
    _ListOnOneLine,
    lambda dumper, value: dumper.represent_sequence(
        "tag:yaml.org,2002:seq", value, flow_style=True
    ),
)
