"""The card: a routine on paper, to hang beside the mirror. One HTML page without scripts."""

import re
from html import escape
from importlib.resources import files

from voiceguide.core import wording
from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.routine.breath import Breath
from voiceguide.core.routine.routine import (
    Picture,
    Routine,
    Section,
    Side,
    Step,
    with_breath,
)
from voiceguide.core.timeline.beat import Beat, breaths_in
from voiceguide.core.timeline.lengths import Lengths
from voiceguide.core.timeline.plan import make_plan
from voiceguide.show.drawing.figure import figure
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

FEW = 6
"""With so few strokes there is room for larger pictures."""

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
"""What some are for where strokes ride on the breath, and what is needed besides."""
ON_BREATH = "Hands return as you breathe in, and stroke as you breathe out"


def card(
    routine: Routine,
    book: Phrasebook,
    breath: Breath | None = None,
    length: Lengths | None = None,
) -> str:
    """The whole HTML page of a routine that was selected for a person, A4 when printed.

    ``breath``: what strokes and holds ride on; that of the routine where it is left out.
    ``length``: how long it takes, where that is not as long as what is selected.
    """
    length = length or Lengths(((None, make_plan(routine, breath=breath).total_seconds),))
    routine = with_breath(routine, breath)
    beat = Beat(breath=breath or routine.breath, asked=breath)
    style = files("voiceguide.show.drawing").joinpath("card.css").read_text("utf-8")
    name = routine.name[:1].upper() + routine.name[1:]
    supplies = wording.enumerated([each.name for each in routine.supply], "and")
    needed = (*((f"<b>You need</b> {escape(supplies)}.",) if supplies else ()),
              *map(escape, routine.beforehand))  # fmt: skip
    needs = f"<p class='needs'>{' '.join(needed)}</p>" if needed else ""
    size = "large" if sum(1 for _, step in routine.steps() if step.stroke) <= FEW else "small"
    zones = "".join(
        _zone(number, section, routine.picture, beat)
        for number, section in enumerate(routine.sections, 1)
    )
    rides = beat.breath is not None and any(step.stroke for _, step in routine.steps())
    riding = f"<p class='needs'><b>{ON_BREATH}</b> ({beat.breath}).</p>" if rides else ""
    return (
        f"<!doctype html>\n<html lang='{escape(routine.language)}'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'>"
        f"<title>{escape(name)}</title><style>{style}</style></head><body>"
        f"<header><h1>{escape(name)}</h1><p>{escape(_told(length))} · pictures as in a mirror</p>"
        f"</header>{needs}{riding}"
        f"<p class='caution'><b>Take care</b> {escape(' '.join(routine.safety))}</p>"
        f"<main class='{size}'>{zones}</main>{_words(book, on_breath=rides)}</body></html>\n"
    )


def _told(span: Lengths) -> str:
    least, most = wording.minutes(span.least_seconds), wording.minutes(span.most_seconds)
    if least == most:
        return most
    return f"{least.removesuffix(' minutes')} to {most.removeprefix('about ')} by the time of day"


def _zone(number: int, section: Section, picture: Picture | None, beat: Beat) -> str:
    drawn = [step for step in section.steps if step.stroke or step.hold]
    other = [step for step in section.steps if step not in drawn]
    listed = f"<ul>{''.join(_line(step, beat) for step in other)}</ul>" if other else ""
    tiles = "".join(_tile(step, section.region, picture, beat) for step in drawn)
    kind = f"wide-{min(3, len(drawn))}" if drawn else "plain"
    return (
        f"<section class='{kind}'><h2><span>{number}</span> {escape(section.name)}</h2>{listed}"
        f"<div class='tiles'>{tiles}</div></section>"
    )


def _line(step: Step, beat: Beat) -> str:
    """A step that is no stroke: its name, and how it ends."""
    wait = step.wait
    if wait and wait.timer_seconds:
        how = f" <i>{_seconds(wait.timer_seconds)}</i>"
    elif step.breathe:
        how = f" <i>{_breaths(step.breathe.count)}, {beat.pattern(step)}</i>"
    else:
        how = " <i>say “next”</i>" if wait else f" <i>{escape(step.say[0])}</i>"
    return f"<li>{escape(step.name)}{how}</li>"


def _tile(step: Step, region: str, own: Picture | None, beat: Beat) -> str:
    stroke = step.stroke
    breath = beat.breath_of(step)
    drawn = step_lines(step, region, picture=own)
    picture = figure(region, drawn, picture=own) if drawn else ""
    if stroke:
        each = f"{stroke.count} × {_seconds(stroke.seconds)}"
        count = _breaths(stroke.count) if breath else each
        details = (stroke.path, stroke.hands, stroke.pressure)
    else:
        assert step.hold
        seconds = step.hold.seconds
        length = _breaths(breaths_in(seconds, breath)) if breath else _seconds(seconds)
        count = f"hold {length}"
        details = (step.hold.path, "", "")
    side = SIDES.get(step.stroke.side if step.stroke else step.sides[0])
    more = "".join(f"<span>{escape(text)}</span>" for text in details if text)
    said = "" if drawn else f"<span>{escape(' '.join(step.say))}</span>"
    tips = "".join(f"<span class='tip-text'>{escape(text)}</span>" for text in step.tip)
    where = f", {side}" if side else ""
    return (
        f"<article>{picture}<div><h3>{escape(step.name)}</h3><p class='count'>{count}{where}</p>"
        f"{said}{more}{tips}</div></article>"
    )


def _words(book: Phrasebook, *, on_breath: bool) -> str:
    words = dict(WORDS) | dict(ON_BREATH_WORDS if on_breath else ())
    rows = "".join(
        f"<div><dt>“{escape(_shown(book.of(command)[0].text))}”</dt><dd>{escape(meaning)}</dd></div>"
        for command, meaning in words.items()
        if book.of(command)
    )
    return f"<footer><h2>Say</h2><dl>{rows}</dl></footer>"


def _shown(words: str) -> str:
    return re.sub(r"\bi\b", "I", words)


def _breaths(count: int) -> str:
    return f"{count} breath{'' if count == 1 else 's'}"


def _seconds(seconds: float) -> str:
    return f"{seconds / 60:g} min" if seconds >= 60 and seconds % 30 == 0 else f"{seconds:g} s"
