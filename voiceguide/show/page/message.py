"""What is shown, as the page gets it: plain values for JSON, lines as SVG paths."""

from typing import Any

from voiceguide.core.routine.routine import Picture
from voiceguide.core.session.snapshot import Counted
from voiceguide.show.drawing.figure import ZONES
from voiceguide.show.drawing.tracing import DrawnLine, Motion, svg_path
from voiceguide.show.view import HeardWords, Shown

HANDS = (
    ("gua sha", "stone"),
    ("gua-sha", "stone"),
    ("stone", "stone"),
    ("roller", "roller"),
    ("knuckle", "fist"),
    ("fist", "fist"),
    ("fingertip", "fingers"),
    ("middle", "fingers"),
    ("ring finger", "finger"),
    ("index finger", "finger"),
    ("thumb", "finger"),
    ("palm", "palm"),
    ("hand", "palm"),
    ("heel", "palm"),
    ("finger", "fingers"),
)
"""Which picture of a hand or tool stands for which words; the first that is found."""


def message(shown: Shown) -> dict[str, Any]:
    """Everything but the time, which is set when it is sent."""
    stands, step = shown.session, shown.session.step
    hands = step.stroke.hands if step and step.stroke else ""
    work = (step.stroke or step.hold) if step else None
    return {
        "state": stands.state.value,
        "mood": shown.mood.value,
        "routine": shown.title,
        "zones": list(shown.zones),
        "zone": stands.position.section_index if stands.is_underway else None,
        "region": shown.region if shown.picture or shown.region in ZONES else "",
        "picture": _picture(shown.picture, shown.region),
        "step": shown.step,
        "next": shown.next,
        "caption": shown.caption,
        "lines": [_line(line) for line in shown.lines],
        "hand": hand(hands),
        "hands": hands,
        "path": work.path if work else "",
        "counted": _counted(stands.counted),
        "breath": [
            {
                "way": part.way.value,
                "share": part.share,
                "from": part.begins_full,
                "to": part.ends_full,
            }
            for part in shown.breath
        ],
        "timer": stands.timer_end_seconds if stands.is_underway else None,
        "words": list(shown.words),
        "heard": _told(shown.heard),
        "rejected": _told(shown.rejected),
        "loud": stands.is_loud,
        "left": round(stands.seconds_left),
        "progress": round(stands.progress, 3),
        "faults": [fault.value for fault in stands.faults],
    }


def hand(words: str) -> str:
    """The picture that stands for "index and middle fingers, hooked"."""
    return next((kind for word, kind in HANDS if word in words.lower()), "fingers")


def _picture(own: Picture | None, region: str) -> dict[str, list[str]] | None:
    """The lines of a routine's own picture, and the shapes that are lit."""
    if own is None:
        return None
    lit = [d for name, shapes in own.regions if name == region for d in shapes]
    return {"outline": list(own.outline), "lit": lit}


def _line(line: DrawnLine) -> dict[str, Any]:
    x, y = line.points[0]
    is_place = line.motion is Motion.PRESS
    return {
        "motion": line.motion.value,
        "d": "" if is_place else svg_path(line.points, line.motion is Motion.CIRCLE),
        "x": round(x, 1),
        "y": round(y, 1),
    }


def _counted(counted: Counted | None) -> dict[str, Any] | None:
    if counted is None:
        return None
    return {
        "number": counted.number,
        "count": counted.count,
        "side": counted.side.value,
        "onset": counted.onset_seconds,
        "period": counted.period_seconds,
        "hold": counted.is_hold,
    }


def _told(told: HeardWords | None) -> dict[str, Any] | None:
    return {"text": told.text, "at": told.at_seconds, "why": told.why} if told else None
