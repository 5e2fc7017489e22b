"""The card: a routine on paper, to hang beside the mirror. One HTML page without scripts."""

import re
from base64 import b64encode
from html import escape
from importlib.resources import files

from voiceguide.core import wording
from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.routine.breath import Breath
from voiceguide.core.routine.on_breath import with_breath
from voiceguide.core.routine.routine import Picture, Routine, Section, Side, Step
from voiceguide.core.timeline.beat import Beat, breaths_in
from voiceguide.core.timeline.lengths import Lengths
from voiceguide.core.timeline.plan import make_plan
from voiceguide.show.drawing.figure import definitions, figure, palette, scene
from voiceguide.show.drawing.fit import Block, Density, Paper, chosen
from voiceguide.show.drawing.scenes import scene_of
from voiceguide.show.drawing.touch import is_behind, pressure_words, touches
from voiceguide.show.drawing.tracing import step_lines

WORDS = (
    (Command.START, "begin"),
    (Command.NEXT, "done, go on"),
    (Command.BACK, "one step back"),
    (Command.REPEAT, "once more"),
    (Command.SLOWER, "slower strokes"),
    (Command.FASTER, "faster strokes"),
    (Command.PAUSE, "stand still"),
    (Command.RESUME, "go on"),
    (Command.SKIP_ZONE, "leave the zone out"),
    (Command.WHERE, "where this is"),
    (Command.UNDO, "take it back"),
    (Command.STOP, "end, place kept"),
    (Command.HELP, "all the others"),
)
"""The commands a person needs beside the mirror, and what each is for."""

SIDES = {
    Side.LEFT: "left",
    Side.RIGHT: "right",
    Side.LEFT_THEN_RIGHT: "left, then right",
}

ON_BREATH_WORDS = (
    (Command.SLOWER, "longer breaths"),
    (Command.FASTER, "shorter breaths"),
    (Command.BREATHING_OFF, "strokes without the breath"),
)
"""What some commands are for where strokes ride on the breath, and one more that is needed then."""
ON_BREATH = "Hands return as you breathe in, and stroke as you breathe out"

WARNING = re.compile(r"\b(without|never|not|only|avoid|leave|stay|pass|barely|no|ease)\b", re.I)
"""A sentence with one of these words is a warning, and always stands on the card."""


def card(
    routine: Routine,
    book: Phrasebook,
    breath: Breath | None = None,
    length: Lengths | None = None,
    *,
    paper: Paper = Paper.A4,
    large: bool = False,
    skin_tone: str = "light",
) -> str:
    """The whole HTML page of a routine that was selected for a person.

    Args:
        breath: what strokes and holds ride on; if left out, the breath of the routine.
        length: how long the routine takes, where the selected one does not tell it.
        large: whether to print it large, on as many pages as that takes.
    """
    length = length or Lengths(((None, make_plan(routine, breath=breath).total_seconds),))
    routine = with_breath(routine, breath)
    beat = Beat(breath=breath or routine.breath, asked=breath)
    rides = beat.breath is not None and any(step.stroke for _, step in routine.steps())
    name = _sentence(routine.name)
    told = f"{_told(length)}; left and right as in a mirror"
    needs = _needs(routine)
    riding = f"{ON_BREATH} ({beat.breath})." if rides else ""
    caution = " ".join(routine.safety)
    said = _words(book, on_breath=rides)
    density = chosen(
        _blocks(routine, beat),
        [each for each in (needs, riding, caution) if each],
        [f"“{words}” {meaning}" for words, meaning in said],
        paper,
        large,
    )
    zones = "".join(
        _zone(number, section, routine.picture, beat)
        for number, section in enumerate(routine.sections, 1)
    )
    roomy = " class='roomy'" if density.is_roomy else ""
    body = (
        f"<header><div><h1>{escape(name)}</h1><p class='length'>{escape(told)}</p></div>"
        f"{_paragraph('needs', needs)}{_paragraph('needs', riding)}"
        f"{_paragraph('caution', caution)}</header><main{roomy}>{zones}</main>{_said(said)}"
    )
    return (
        f"<!doctype html>\n<html lang='{escape(routine.language)}' data-skin='{skin_tone}' "
        "data-ground='light'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'>"
        f"<title>{escape(name)}</title><style>{_style(paper, density)}</style></head><body>"
        f"<svg class='drawings' aria-hidden='true'>{definitions(body)}</svg>{body}</body></html>\n"
    )


def _style(paper: Paper, density: Density) -> str:
    """The style sheet: the typeface, the sizes of this card, and what all cards share."""
    folder = files("voiceguide.show")
    font = b64encode(folder.joinpath("type", "atkinson-next.woff2").read_bytes()).decode()
    width, _ = paper.size_mm
    return (
        "@font-face{font-family:'Atkinson Hyperlegible Next';font-weight:200 800;"
        f"src:url(data:font/woff2;base64,{font})}}"
        f"@page{{size:{paper.value} portrait;margin:10mm}}"
        f":root{{--paper-width:{width:g}mm;--columns:{density.columns};--font:{density.font_pt:g}pt;"
        f"--picture:{density.picture_mm:g}mm}}{palette()}"
        + folder.joinpath("drawing", "card.css").read_text("utf-8")
    )


def _needs(routine: Routine) -> str:
    supplies = wording.enumerated([each.name for each in routine.supply], "and")
    return " ".join((*((f"You need {supplies}.",) if supplies else ()), *routine.beforehand))


def _told(span: Lengths) -> str:
    least, most = wording.minutes(span.least_seconds), wording.minutes(span.most_seconds)
    if least == most:
        return most
    return f"{least.removesuffix(' minutes')} to {most.removeprefix('about ')} by the time of day"


def _blocks(routine: Routine, beat: Beat) -> list[Block]:
    """The headings and steps to lay out in the columns."""
    made = []
    for number, section in enumerate(routine.sections, 1):
        made.append(Block(f"{number} {section.name}", is_heading=True))
        for step in section.steps:
            count = tuple(filter(None, (_count(step, beat),)))
            warned = tuple(f"! {each}" for each in _warnings(step))
            text = _details(step)
            made.append(Block(step.name, (*count, *((text,) if text else ()), *warned)))
    return made


def _zone(number: int, section: Section, picture: Picture | None, beat: Beat) -> str:
    first, *others = (_step(step, section.region, picture, beat) for step in section.steps)
    heading = f"<h2><span>{number}</span>{escape(_sentence(section.name))}</h2>"
    return f"<section>{heading}{first}</section>{''.join(others)}"


def _step(step: Step, region: str, own: Picture | None, beat: Beat) -> str:
    warned = "".join(_paragraph("tip-text", each) for each in _warnings(step))
    return (
        f"<article>{_picture(step, region, own)}<div><h3>{escape(_sentence(step.name))}</h3>"
        f"{_paragraph('count', _count(step, beat))}{_paragraph('', _details(step))}"
        f"{warned}</div></article>"
    )


def _picture(step: Step, region: str, own: Picture | None) -> str:
    # The picture shows the first side; the text beside it tells that there are two.
    side = Side.LEFT if step.sides == (Side.LEFT, Side.RIGHT) else None
    drawn = step_lines(step, region, side, own)
    if drawn or (own and (step.stroke or step.hold)):
        hands = () if own and not drawn else touches(step, drawn)
        half = "left" if side else ""
        behind = is_behind(step, own)
        return figure(region, drawn, picture=own, hands=hands, behind=behind, half=half)
    return scene("breath" if step.breathe else scene_of(step, region))


def _count(step: Step, beat: Beat) -> str:
    """How often, how long and on which side; for a wait, how it ends."""
    breath = beat.breath_of(step)
    if step.stroke:
        each = f"{step.stroke.count} × {_seconds(step.stroke.seconds)}"
        told = _breaths(step.stroke.count) if breath else each
    elif step.hold:
        seconds = step.hold.seconds
        length = _breaths(breaths_in(seconds, breath)) if breath else _seconds(seconds)
        told = f"hold {length}" if step.hold.path else f"be still for {length}"
    elif step.breathe:
        return f"{_breaths(step.breathe.count)}, {beat.pattern(step)}"
    elif step.wait:
        timer = step.wait.timer_seconds
        return _seconds(timer) if timer else "say “next”"
    else:
        return ""
    side = SIDES.get(step.stroke.side if step.stroke else step.sides[0])
    return f"{told}, {side}" if side else told


def _details(step: Step) -> str:
    """What is done: for a stroke the hand, the path and the pressure; otherwise the sentences."""
    stroke = step.stroke
    if stroke and stroke.path:
        parts = (stroke.hands, stroke.path.replace("→", "to"), pressure_words(stroke.pressure))
        return " ".join(f"{_sentence(each)}." for each in parts if each)
    return " ".join(step.say)


def _warnings(step: Step) -> tuple[str, ...]:
    """The tips, and the warnings of a stroke; of other steps every sentence is shown anyway."""
    is_told = not (step.stroke and step.stroke.path)
    warned = () if is_told else tuple(each for each in step.say if WARNING.search(each))
    return warned + step.tip


def _words(book: Phrasebook, *, on_breath: bool) -> list[tuple[str, str]]:
    words = dict(WORDS) | dict(ON_BREATH_WORDS if on_breath else ())
    return [
        (re.sub(r"\bi\b", "I", book.of(command)[0].text), meaning)
        for command, meaning in words.items()
        if book.of(command)
    ]


def _said(words: list[tuple[str, str]]) -> str:
    rows = "".join(
        f"<div><dt>“{escape(words)}”</dt> <dd>{escape(meaning)}</dd></div>"
        for words, meaning in words
    )
    return f"<footer class='say'><h2>Say</h2><dl>{rows}</dl></footer>"


def _paragraph(kind: str, text: str) -> str:
    named = f" class='{kind}'" if kind else ""
    return f"<p{named}>{escape(text)}</p>" if text else ""


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _breaths(count: int) -> str:
    return f"{count} breath{'' if count == 1 else 's'}"


def _seconds(seconds: float) -> str:
    return f"{seconds / 60:g} min" if seconds >= 60 and seconds % 30 == 0 else f"{seconds:g} s"
