"""The message that a page gets of what is shown: plain values for JSON, lines as SVG paths."""

from typing import Any

from voiceguide.core.events import Fault
from voiceguide.core.routine.routine import Picture, Side
from voiceguide.core.session.snapshot import Counted
from voiceguide.core.table import RUNNING, State
from voiceguide.show.drawing.scenes import scene_of
from voiceguide.show.drawing.touch import Touch, is_behind, pressure_words, touches
from voiceguide.show.drawing.tracing import DrawnLine, Motion
from voiceguide.show.drawing.zones import ZONES
from voiceguide.show.view import HeardWords, Shown

SCENES = {
    State.CHOOSING: "ready",
    State.DAY: "ready",
    State.REMINDING: "ready",
    State.HOUR: "hour",
    State.OFFERING: "ready",
    State.READY: "ready",
    State.PAUSED: "paused",
    State.STOPPING: "rest",
    State.CLOSING: "finished",
    State.IDLE: "rest",
    State.ASLEEP: "asleep",
    State.ENDED: "finished",
}
"""The scene for each state in which no step is under way."""

FAULTS = {
    Fault.MICROPHONE: "microphone",
    Fault.MUTED: "microphone",
    Fault.RECOGNISER: "microphone",
    Fault.SPEAKER: "speaker",
    Fault.VOICE: "speaker",
}
"""Faults with a scene of their own, shown unless there are strokes to see; others are in words."""


def message(shown: Shown) -> dict[str, Any]:
    """The whole message except for the time, which is added when it is sent."""
    stands, step, routine = shown.session, shown.session.step, shown.session.routine
    work = (step.stroke or step.hold) if step else None
    wait = step.wait if step else None
    kind, scene = _picture_kind(shown)
    place = stands.position.section(routine) if routine else None
    return {
        "state": stands.state.value,
        "routine": shown.title,
        "zones": list(shown.zones),
        "zone": stands.position.section_index if stands.is_underway else None,
        "place": place.name if place else "",
        "show": kind,
        "scene": scene,
        "region": shown.region if shown.picture or shown.region in ZONES else "",
        "half": _half(stands.counted),
        "behind": is_behind(step, shown.picture),
        "picture": _picture(shown.picture, shown.region),
        "step": shown.step,
        "next": shown.next,
        "caption": shown.caption,
        "speaking": shown.is_speaking,
        "reminder": wait.reminder if wait else "",
        "lines": [
            _line(line, touch)
            for line, touch in zip(shown.lines, touches(step, shown.lines), strict=True)
        ],
        "hands": step.stroke.hands if step and step.stroke else "",
        "pressure": pressure_words(step.stroke.pressure) if step and step.stroke else "",
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
        "timer_total": wait.timer_seconds if wait else None,
        "own_timer": stands.own_timer_end_seconds,
        "needs": [each.name for each in routine.supply] if routine else [],
        "words": list(shown.words),
        "persons": [list(each) for each in shown.persons],
        "programmes": [list(each) for each in shown.programmes],
        "heard": _told(shown.heard),
        "rejected": _told(shown.rejected),
        "loud": stands.is_loud,
        "left": round(stands.seconds_left),
        "total": round(stands.seconds_total),
        "progress": round(stands.progress, 3),
        "faults": [fault.value for fault in stands.faults],
    }


def _picture_kind(shown: Shown) -> tuple[str, str]:
    """(Whether the person, a breath or a scene is shown, which scene)."""
    stands, step = shown.session, shown.session.step
    if stands.state in RUNNING and step:
        if shown.breath and not shown.lines and stands.state is not State.WAITING:
            return "breath", ""
        if shown.lines:
            return "figure", ""
    broken = next((FAULTS[fault] for fault in stands.faults if fault in FAULTS), None)
    if broken:
        return "scene", broken
    if stands.state in SCENES:
        return "scene", SCENES[stands.state]
    if step and (step.stroke or step.hold) and (shown.picture or shown.region in ZONES):
        return "figure", ""
    return "scene", scene_of(step, shown.region) if step else "rest"


def _half(counted: Counted | None) -> str:
    side = counted.side if counted else None
    return side.value if side in (Side.LEFT, Side.RIGHT) else ""


def _picture(own: Picture | None, region: str) -> dict[str, list[str]] | None:
    """The lines of a routine's own picture, and the shapes that are lit."""
    if own is None:
        return None
    lit = [d for name, shapes in own.regions if name == region for d in shapes]
    return {"outline": list(own.outline), "lit": lit}


def _line(line: DrawnLine, touch: Touch | None) -> dict[str, Any]:
    x, y = line.points[0]
    return {
        "motion": line.motion.value,
        "d": "" if line.motion is Motion.PRESS else line.d,
        "x": round(x, 1),
        "y": round(y, 1),
        "hand": touch.kind if touch else "",
        "turn": round(touch.turn, 1) if touch else 0,
        "end_turn": round(touch.end_turn, 1) if touch else 0,
        "flip": touch.flip if touch else 1,
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
