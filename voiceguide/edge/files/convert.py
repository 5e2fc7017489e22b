"""Converts routines to other formats and back; the name of the file tells the format."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from voiceguide.core.errors import RoutineError
from voiceguide.edge.files.cooklang import cooklang_text, read_cooklang
from voiceguide.edge.files.foreign import Carried, Tree
from voiceguide.edge.files.howto import howto_text
from voiceguide.edge.files.howto_reading import read_howto
from voiceguide.edge.files.routine_file import refusal
from voiceguide.edge.files.routine_problems import validate
from voiceguide.edge.files.routine_text import file_tree, routine_text
from voiceguide.edge.files.yaml_tree import Document, Node, parse_document, read_document
from voiceguide.edge.system.text_file import Spot, read_text


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is not voiceguide's own."""

    name: str
    write: Callable[[Tree], tuple[str, Carried]]
    read: Callable[[str, Path], tuple[Tree, Carried]]


_HOWTO = Format("HowTo", howto_text, read_howto)
FORMATS = {
    ".jsonld": _HOWTO,
    ".json": _HOWTO,
    ".cook": Format("Cooklang", cooklang_text, read_cooklang),
}
"""The formats, by the suffix of their files."""


def exported(path: Path, target: Format) -> tuple[str, list[str]]:
    """The routine in a file as text of another format, and a sentence for each thing that is lost.

    Raises:
        RoutineError: the file cannot be used; one plain sentence.
    """
    file, problems = validate(read_document(path))
    if file is None:
        raise refusal(path, problems)
    text, carried = target.write(file_tree(file))
    return text, carried.told(target.name)


def imported(path: Path, source: Format) -> tuple[str, list[str]]:
    """A file of another format as text of a routine file, and a sentence for each thing that is
    lost.

    Raises:
        RoutineError: the file cannot be used; one plain sentence with its line.
    """
    text = read_text(path, RoutineError)
    tree, carried = source.read(text, path)
    made = routine_text(tree)
    document = parse_document(made, path)
    file, problems = validate(document)
    if file is None:
        spot = _spot_in(text, document, problems[0].spot)
        raise RoutineError(f"{spot.located(path, problems[0].message)}.")
    return made, carried.told("A routine")


def _spot_in(text: str, document: Document, spot: Spot) -> Spot:
    """Where the line of a document stands in another text; the beginning of it where it is
    nowhere.
    """
    words = next((str(node.scalar) for node in _scalars(document.root) if node.spot == spot), "")
    needle = words[:30]
    at = text.find(needle) if needle else -1
    if at < 0:
        return Spot(1, 1)
    before = text[:at]
    return Spot(before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1)


def _scalars(node: Node) -> list[Node]:
    if node.kind == "scalar":
        return [node]
    inner = [*node.items, *(value for _, value in node.entries.values())]
    return [scalar for each in inner for scalar in _scalars(each)]
