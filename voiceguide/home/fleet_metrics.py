"""Metrics of all rooms of a fleet for Prometheus; pure."""

from collections.abc import Iterable

from voiceguide.core.events import Fault
from voiceguide.home.fleet import FleetSpeaker

_ABOUT = {
    "up": "Whether the room is on the broker",
    "busy": "Whether somebody is being led through a routine there",
    "loud": "Whether it is too loud there to hear a word",
    "fault": "Whether this is broken there",
    "refused": "Whether the room refused what the fleet gave it",
}
_AT_REST = ("", "asleep", "ended")


def as_metrics(speakers: Iterable[FleetSpeaker]) -> str:
    """The metrics ``voiceguide_room_…{room="ID"}`` in Prometheus' text format."""
    values: dict[str, list[tuple[str, bool]]] = {name: [] for name in _ABOUT}
    for each in speakers:
        room = f'room="{_escaped(each.id)}"'
        values["up"].append((room, each.alive))
        if not each.alive:
            continue  # its last state says nothing about now
        values["busy"].append((room, each.state not in _AT_REST))
        values["loud"].append((room, each.is_loud))
        values["refused"].append((room, each.given == "refused"))
        values["fault"] += [(f'{room},fault="{one}"', one in each.faults) for one in Fault]
    lines: list[str] = []
    for name, about in _ABOUT.items():
        lines.append(f"# HELP voiceguide_room_{name} {about}")
        lines.append(f"# TYPE voiceguide_room_{name} gauge")
        lines.extend(f"voiceguide_room_{name}{{{labels}}} {so:d}" for labels, so in values[name])
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
