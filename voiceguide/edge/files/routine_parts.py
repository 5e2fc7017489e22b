"""The sections and steps of a routine file as they stand there: their ids, and what is twice."""

from collections.abc import Iterator, Sequence

from voiceguide.edge.files.routine_values import slug
from voiceguide.edge.files.yaml_tree import Node, Problem
from voiceguide.edge.system.text_file import Spot


def children(node: Node | None, key: str) -> tuple[Node, ...]:
    """The mappings in the list under a key; whatever else stands there is passed over."""
    if node is None or node.kind != "mapping" or key not in node.entries:
        return ()
    return tuple(item for item in node.entries[key][1].items if item.kind == "mapping")


def text_under(node: Node, key: str) -> str | None:
    """The text under a key; None if there is none."""
    value = node.entries[key][1].scalar if key in node.entries else None
    return value if isinstance(value, str) else None


def identity(node: Node) -> tuple[str, Spot] | None:
    """The id of a section or step, and where in the file it comes from; None without id and
    name.
    """
    for key in ("id", "name"):
        text = text_under(node, key)
        if text is not None:
            return (slug(text) if key == "name" else text), node.entries[key][1].spot
    return None


def repeated_ids(root: Node) -> Iterator[Problem]:
    """Sections, and steps of one section, that have the same id, or none that can be made."""
    sections = children(root, "section")
    yield from _repeated(sections, "section")
    for section in sections:
        yield from _repeated(children(section, "step"), "step")


def double_modes(root: Node) -> Iterator[Problem]:
    """Steps that ask for two things at once. The model cannot tell, for it stops at a wrong
    field.
    """
    for section in children(root, "section"):
        for step in children(section, "step"):
            given = [key for key in ("stroke", "hold", "wait", "breathe") if key in step.entries]
            if len(given) > 1:
                yield Problem(
                    step.spot,
                    f"a step has one thing to do, here are {' and '.join(given)}; "
                    "make a step of each",
                )


def _repeated(nodes: Sequence[Node], what: str) -> Iterator[Problem]:
    seen: dict[str, Spot] = {}
    for node in nodes:
        found = identity(node)
        if found is None:
            continue
        name, spot = found
        if not name:
            yield Problem(spot, f"this name has no letters to make an id of; give the {what} an id")
        elif name in seen:
            yield Problem(
                spot,
                f"a {what} with the id `{name}` is on line {seen[name].line} already; "
                "give this one another id",
            )
        else:
            seen[name] = spot
