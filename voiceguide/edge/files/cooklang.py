"""Writes routines as text in the manner of Cooklang (https://cooklang.org/docs/spec), and reads
them.

Front matter between ``---`` holds what concerns the whole routine. ``== name ==`` begins a section,
a paragraph is a step, and ``> …`` a tip for the step before. What is to be done is a timer with the
name of the step: ``~thumbs{3 x 3%s}`` strokes (with ``, left then right`` behind the seconds),
``~fists{hold 5%s}``, ``~calm{6 breaths%4-0-6-0}``, ``~mask{60%s}`` a timer, ``~cream{about 20%s}``
a wait for a word, ``~end{0%s}`` nothing. An ingredient or a piece of cookware in somebody
else's text becomes something needed. A backslash takes away the meaning of the sign after it.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from voiceguide.core.errors import RoutineError
from voiceguide.edge.files.durations import parse_seconds
from voiceguide.edge.files.foreign import (
    WAIT_RANGE,
    Carried,
    Tree,
    as_list,
    as_sentences,
    completed,
    id_from,
    name_from,
    one_or_more,
    seconds_text,
    tidy,
    wait_for_word,
)
from voiceguide.edge.files.routine_models import RoutineFile
from voiceguide.edge.files.routine_text import plain_number, yaml_text
from voiceguide.edge.files.routine_values import slug
from voiceguide.edge.files.yaml_tree import parse_document

_FRONT = "---"
_OWN_NAMES = {"name": "title", "summary": "description"}
"""Keys of a routine that have other names in Cooklang."""
_KNOWN = {field.alias or name for name, field in RoutineFile.model_fields.items()}
_SPECIAL = re.compile(r"[\\@#~{}>=\[\]%]|--")
# Every part of this pattern is bounded: on a hostile file, an unbounded one takes quadratic time.
_TOKEN = re.compile(
    r"\\(?P<escaped>.)"
    r"|(?P<comment>\[-(?:[^-]|-(?!\])){0,200}+-\]|--[^\n]*)"
    r"|(?P<sign>[@#~])[@&?+-]?"
    r"(?:(?P<long>(?:[^{}\\\n@#~]|\\.){0,250}+)\{(?P<amount>(?:[^}\\\n]|\\.){0,100}+)\}"
    r"|(?P<short>[^\W_][\w'’-]*))",
    re.DOTALL,
)
_END = re.compile(r"[.!?…:][\"”’)]*$")
_NUMBER = r"(\d+(?:\.\d+)?)"
_UNIT = r"%s(?:, ?(left then right|left|right|both))?"
_STROKE = re.compile(rf"(\d{{1,3}}) ?[x×] ?{_NUMBER}{_UNIT}")
_HOLD = re.compile(rf"hold {_NUMBER}{_UNIT}")
_BREATHS = re.compile(rf"(?:(\d{{1,3}}) breaths|breaths for {_NUMBER} s)(?:%(.+))?")


def cooklang_text(tree: Tree) -> tuple[str, Carried]:
    """A routine as Cooklang-like text, and what it cannot hold."""
    carried, rest = Carried(), deepcopy(tree)
    rest.pop("format", None)
    sections = rest.pop("section")
    head = {_OWN_NAMES.get(key, key): value for key, value in rest.items()}
    parts = [f"{_FRONT}\n{yaml_text(head)}{_FRONT}"]
    for section in sections:
        parts.append(f"== {_escaped(section.pop('name'))} ==")
        for step in section.pop("step"):
            parts += _step(step, carried)
        carried.lose("a section", section)
    return "\n\n".join(parts) + "\n", carried


def _step(step: Tree, carried: Carried) -> Iterator[str]:
    name = re.sub(r"^[&?+-]", r"\\\g<0>", _escaped(step.pop("name")))
    said = [_closed(_escaped(text)) for text in as_list(step.pop("say"))]
    tips = [_closed(_escaped(text)) for text in as_list(step.pop("tip", None))]
    yield "\n".join([*said, f"~{name}{{{_amount(step, carried)}}}"])
    yield from (f"> {tip}" for tip in tips)
    carried.lose("a step", step)


def _amount(step: Tree, carried: Carried) -> str:
    """What stands between the braces of a step's timer."""
    for kind in ("stroke", "hold", "breathe", "wait"):
        if kind not in step:
            continue
        work: Tree = step.pop(kind)
        side = f", {work.pop('side')}" if "side" in work else ""
        count = work.pop("count", None)
        seconds = work.pop("seconds", None) or work.pop("for", None)
        number = None if seconds in (None, "word") else plain_number(parse_seconds(seconds))
        about = work.pop("about", None) if seconds == "word" else None
        pattern = work.pop("pattern", None)
        carried.lose("breaths" if kind == "breathe" else f"a {kind}", work)
        if kind == "stroke":
            return f"{count} x {number}%s{side}"
        if kind == "hold":
            return f"hold {number}%s{side}"
        if kind == "breathe":
            how = f"{count} breaths" if count else f"breaths for {number} s"
            return f"{how}%{_escaped(pattern)}" if pattern else how
        return f"about {plain_number(parse_seconds(about))}%s" if about else f"{number}%s"
    return "0%s"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"\\{found[0]}" if len(found[0]) == 1 else r"\-\-", text)


def _closed(text: str) -> str:
    """A sentence with its full stop: the lines of a step are one text."""
    return text if re.search(r"[.!?…][\"”’)]*$", text) else f"{text}."


def read_cooklang(text: str, path: Path) -> tuple[Tree, Carried]:
    """The routine that such a text describes, and what a routine cannot hold.

    Args:
        path: the file, for messages.

    Raises:
        RoutineError: there are no steps, or unreadable metadata; one plain sentence with the line.
    """
    carried = Carried()
    head, lines, skipped = _front_matter(text, path, carried)
    supplies = as_list(head.pop("supply", None))
    sections: list[Tree] = []
    paragraph: list[str] = []

    def end_step() -> None:
        if paragraph:
            if not sections:
                sections.append({"name": "steps", "announce": False, "step": []})
            if step := _read_step("\n".join(paragraph), supplies, carried):
                sections[-1]["step"].append(step)
            paragraph.clear()

    for line in lines:
        if line and not line.startswith(("=", ">")):
            paragraph.append(line)
            continue
        end_step()
        if line.startswith("="):
            sections.append({"name": _title(line) or "steps", "step": []})
        elif line.startswith(">>"):
            key, _, value = line[2:].partition(":")
            _tell(head, key.strip().lower(), value.strip(), carried)
        elif line.startswith(">"):
            _tip(line[1:], sections, carried)
    end_step()
    sections = [section for section in sections if section["step"]]
    if not sections:
        raise RoutineError(f"{path}:{skipped + 1}:1: there is no step here; each is a paragraph.")
    name = tidy(head.pop("name", None) or path.stem)
    first = {"id": head.pop("id", None) or id_from(name, "routine"), "name": name}
    needed = {"supply": supplies} if supplies else {}
    return completed(first | head | needed, sections, carried), carried


def _front_matter(text: str, path: Path, carried: Carried) -> tuple[Tree, list[str], int]:
    """The front matter, the lines after it, and how many lines were before those."""
    head: Tree = {}
    lines = [line.strip() for line in text.splitlines()]
    if not lines or lines[0] != _FRONT:
        return head, lines, 0
    if _FRONT not in lines[1:]:
        raise RoutineError(f"{path}:1:1: front matter begins here and never ends; close it: ---")
    end = lines.index(_FRONT, 1)
    # An empty line stands for the first one, so that problems name the right line.
    front = "\n".join(["", *text.splitlines()[1:end]])
    if front.strip():
        document = parse_document(front, path)
        if document.problems:
            raise RoutineError(f"{document.problems[0].located(path)}.")
        if document.root.kind != "mapping":
            raise RoutineError(f"{path}:2:1: front matter is made of `key: value` lines.")
        for key, value in document.root.plain().items():
            _tell(head, key, value, carried)
    return head, lines[end + 1 :], end + 1


def _title(line: str) -> str:
    """The title between the signs that begin a section."""
    title = line.lstrip("=").strip()
    return tidy(_plain(title if title.endswith("\\=") else title.rstrip("=")))


def _tell(head: Tree, key: str, value: object, carried: Carried) -> None:
    """Take over one key of the front matter, if a routine can hold it."""
    names = {own: key for key, own in _OWN_NAMES.items()}
    known = names.get(key, key)
    if known not in _KNOWN - {"format", "section"}:
        carried.lose("the recipe", [key])
    elif value not in (None, ""):
        head[known] = value


def _tip(line: str, sections: list[Tree], carried: Carried) -> None:
    said = as_sentences([_plain(line)])
    if not sections or not sections[-1]["step"]:
        carried.lost["notes before the first step of a section"] += 1
    elif said:
        step = sections[-1]["step"][-1]
        step["tip"] = one_or_more([*as_list(step.get("tip")), *said])


def _read_step(paragraph: str, supplies: list[object], carried: Carried) -> Tree | None:
    """The step that a paragraph describes; what it needs is added to ``supplies``."""
    name, work = "", None

    def meaning(found: re.Match[str]) -> str:
        nonlocal name, work
        if found["escaped"]:
            return found["escaped"]
        if found["comment"]:
            carried.lost["comments"] += 1
            return ""
        amount = _split(found["amount"] or "")
        called = tidy(_plain(found["long"] or found["short"] or ""))
        if found["sign"] != "~":
            needed = " ".join(filter(None, (*amount, called)))
            if needed and needed not in supplies:
                supplies.append(needed)
            return called
        before, after = paragraph[: found.start()].rstrip()[-9:], paragraph[found.end() :].strip()
        if work is None:
            name, work = called, _work(*amount, carried)
        else:
            carried.lost["more than one timer in a step"] += 1
        stands_alone = not after and (not before or _END.search(before))
        return "" if stands_alone else " ".join(filter(None, amount)) or called

    text = _TOKEN.sub(meaning, paragraph)
    said = as_sentences(_pieces(text)) or as_sentences([name])
    if not said:
        return None
    name = name if slug(name) else name_from(said)
    return {
        "name": name,
        "say": one_or_more(said),
        **(wait_for_word(carried) if work is None else work),
    }


def _pieces(text: str) -> Iterator[str]:
    """The sentences of a step: a line that does not end one goes on in the next line."""
    lines: list[str] = []
    for line in text.splitlines():
        lines.append(line.strip())
        if _END.search(lines[-1][-9:]):
            yield " ".join(lines)
            lines.clear()
    yield " ".join(lines)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _split(amount: str) -> tuple[str, str]:
    """Quantity and unit."""
    found = re.match(r"((?:[^%\\]|\\.)*)%?(.*)", amount, re.DOTALL)
    return (_plain(found[1]).strip(), _plain(found[2]).strip()) if found else (amount, "")


def _work(quantity: str, unit: str, carried: Carried) -> Tree | None:
    """What a timer asks for; None where it gives no time that a routine can hold."""
    whole = f"{quantity}%{unit}" if unit else quantity
    if found := _STROKE.fullmatch(whole):
        return {"stroke": {"count": int(found[1]), **_lasting(found[2], found[3])}}
    if found := _HOLD.fullmatch(whole):
        return {"hold": _lasting(found[1], found[2])}
    if found := _BREATHS.fullmatch(whole):
        length = {"count": int(found[1])} if found[1] else {"for": f"{found[2]} s"}
        return {"breathe": length | ({"pattern": found[3]} if found[3] else {})}
    try:
        seconds = parse_seconds(f"{quantity.removeprefix('about ')} {unit}".strip())
    except ValueError:
        seconds = -1.0
    if seconds == 0:
        return {}
    if not WAIT_RANGE[0] <= seconds <= WAIT_RANGE[1]:
        carried.lost["times that are none, below 1 s or above 1 h"] += bool(whole)
        return None
    if quantity.startswith("about "):
        return {"wait": {"for": "word", "about": seconds_text(seconds)}}
    return {"wait": {"for": seconds_text(seconds)}}


def _lasting(seconds: str, side: str | None) -> Tree:
    return {"seconds": f"{seconds} s", **({"side": side} if side else {})}
