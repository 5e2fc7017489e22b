"""The topics of a speaker on a broker, and its discovery message for Home Assistant; pure."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from voiceguide.core.commands import Command
from voiceguide.core.table import State
from voiceguide.core.timeline.ranges import GAIN_RANGE_DB, GAIN_STEP_DB, TEMPO_RANGE
from voiceguide.home import orders

ONLINE, OFFLINE = "online", "offline"

BUTTONS = {
    Command.NEXT: ("Next", "mdi:skip-next"),
    Command.REPEAT: ("Repeat", "mdi:repeat"),
    Command.PAUSE: ("Pause", "mdi:pause"),
    Command.RESUME: ("Continue", "mdi:play"),
    Command.STOP: ("Stop", "mdi:stop"),
}
_SENSORS: dict[str, dict[str, Any]] = {
    "section": {
        "name": "Section",
        "icon": "mdi:map-marker",
        "value_template": "{{ value_json.section or 'None' }}",
    },
    "step": {
        "name": "Step",
        "icon": "mdi:shoe-print",
        "value_template": "{{ value_json.step or 'None' }}",
    },
    "stroke": {
        "name": "Stroke",
        "icon": "mdi:gesture-swipe",
        "value_template": "{{ value_json.stroke }}",
    },
    "strokes": {
        "name": "Strokes of the step",
        "icon": "mdi:counter",
        "value_template": "{{ value_json.strokes }}",
    },
    "progress": {
        "name": "Progress",
        "icon": "mdi:progress-clock",
        "unit_of_measurement": "%",
        "value_template": "{{ value_json.progress }}",
    },
    "minutes_left": {
        "name": "Time left",
        "device_class": "duration",
        "unit_of_measurement": "min",
        "value_template": "{{ value_json.minutes_left }}",
    },
    "faults": {
        "name": "Faults",
        "icon": "mdi:alert",
        "entity_category": "diagnostic",
        "value_template": "{{ value_json.faults | join(', ') or 'none' }}",
    },
}


LONGEST_ID = 64
"""The longest id of a speaker, before the digest that is added for a longer name."""


def slug(text: str) -> str:
    """A speaker's id made from any name: lower-case letters, digits, "-" and "_".

    Names that differ only in capitals, spaces and full stops have the same id, others never: a name
    that is too long, or has a sign that an id cannot have, gets a digest of the whole name added.
    """
    plain = " ".join(text.lower().replace(".", " ").split())
    spelt = "".join(
        each for each in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(each)
    )
    found = re.sub(r"[^a-z0-9_-]+", "-", spelt).strip("-")
    if found != plain.replace(" ", "-") or not 0 < len(found) <= LONGEST_ID:
        digest = hashlib.sha256(unicodedata.normalize("NFC", plain).encode()).hexdigest()
        found = f"{found[:LONGEST_ID] or 'speaker'}-{digest[:6]}"
    return found


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one speaker; all of them except that of discovery are below its id."""

    prefix: str
    speaker: str

    @property
    def own(self) -> str:
        """The part that all topics of the speaker begin with."""
        return f"{self.prefix}/{self.speaker}"

    @property
    def availability(self) -> str:
        """The topic of ``online`` or ``offline``, retained; the second is the last will."""
        return f"{self.own}/availability"

    @property
    def state(self) -> str:
        """The topic of the state as JSON, retained."""
        return f"{self.own}/state"

    @property
    def listened(self) -> tuple[str, ...]:
        """The topics that the speaker subscribes to."""
        return tuple(f"{self.own}/{each}" for each in orders.LISTENED)

    def kept(self, discovery_prefix: str | None) -> tuple[str, ...]:
        """The topics whose messages the broker retains.

        Args:
            discovery_prefix: None if Home Assistant is told nothing.
        """
        own = (self.state, self.availability)
        return own if discovery_prefix is None else (self.discovery(discovery_prefix), *own)

    def discovery(self, prefix: str) -> str:
        """The topic at which Home Assistant finds the speaker."""
        return f"{prefix}/device/voiceguide_{self.speaker}/config"


def discovery(topics: Topics, version: str, choices: orders.Choices) -> str:
    """The discovery message: one device with everything that can be seen and done."""
    unique = f"voiceguide_{topics.speaker}"
    parts: dict[str, dict[str, Any]] = {
        "state": {
            "platform": "sensor",
            "name": "State",
            "icon": "mdi:account-voice",
            "device_class": "enum",
            "options": [state.value for state in State],
            "value_template": "{{ value_json.state }}",
            "json_attributes_topic": topics.state,
        }
    }
    for key, more in _SENSORS.items():
        parts[key] = {"platform": "sensor", **more}
    for command, (name, icon) in BUTTONS.items():
        parts[command.value] = {
            "platform": "button",
            "name": name,
            "icon": icon,
            "command_topic": f"{topics.own}/{orders.DO}",
            "payload_press": command.value,
        }
    parts["tempo"] = {
        "platform": "number",
        "name": "Tempo",
        "icon": "mdi:metronome",
        "command_topic": f"{topics.own}/{orders.TEMPO}",
        "value_template": "{{ value_json.tempo }}",
        "min": TEMPO_RANGE[0],
        "max": TEMPO_RANGE[1],
        "step": 0.01,
        "mode": "slider",
    }
    parts["volume"] = {
        "platform": "number",
        "name": "Volume",
        "icon": "mdi:volume-high",
        "command_topic": f"{topics.own}/{orders.VOLUME}",
        "value_template": "{{ value_json.volume_db }}",
        "min": GAIN_RANGE_DB[0],
        "max": GAIN_RANGE_DB[1],
        "step": GAIN_STEP_DB,
        "unit_of_measurement": "dB",
        "mode": "slider",
    }
    parts["routine"] = {
        "platform": "select",
        "name": "Routine",
        "icon": "mdi:format-list-bulleted",
        "command_topic": f"{topics.own}/{orders.ROUTINE}",
        "value_template": "{{ value_json.routine or 'None' }}",
        "options": list(choices.routines.values()),
    }
    if choices.persons:
        names = json.dumps(choices.persons, ensure_ascii=False)
        parts["person"] = {
            "platform": "select",
            "name": "Person",
            "icon": "mdi:account",
            "command_topic": f"{topics.own}/{orders.PERSON}",
            "value_template": f"{{{{ {names}.get(value_json.person, 'None') }}}}",
            "options": list(choices.persons.values()),
        }
    if choices.programmes:
        parts["programme"] = {
            "platform": "select",
            "name": "Programme",
            "icon": "mdi:calendar-check",
            "command_topic": f"{topics.own}/{orders.PROGRAMME}",
            "value_template": f"{{{{ value_json.programme or '{orders.NO_PROGRAMME}' }}}}",
            "options": [orders.NO_PROGRAMME, *choices.programmes.values()],
        }
    for key, part in parts.items():
        part["unique_id"] = f"{unique}_{key}"
    told = {
        "device": {
            "identifiers": [unique],
            "name": f"Voiceguide {topics.speaker}",
            "manufacturer": "voiceguide",
            "model": "speaker",
            "sw_version": version,
        },
        "origin": {"name": "voiceguide", "sw_version": version},
        "state_topic": topics.state,
        "availability_topic": topics.availability,
        "qos": 1,
        "components": parts,
    }
    return json.dumps(told, ensure_ascii=False)
