"""Starts the guide as a Home Assistant app: its options become variables, its broker is asked for.

Home Assistant leaves the options in /data/options.json, gives sound through its own PulseAudio, and
tells the broker's address and password at http://supervisor/services/mqtt.
"""

import json
import os
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

OPTIONS = Path("/data/options.json")
SUPERVISOR = "http://supervisor/services/mqtt"
KEYS = {
    "skin": "PERSON_SKIN",
    "avoid": "PERSON_AVOID",
    "night_gain_db": "SOUND_NIGHT_GAIN_DB",
    "sleep_minutes": "WAKE_SLEEP_MINUTES",
    "names": "PAGE_NAMES",
    "id": "MQTT_ID",
}
"""By option, the setting that it is."""


def variables(options: Mapping[str, Any], broker: Mapping[str, Any] | None) -> dict[str, str]:
    """The environment that says the same.

    Args:
        broker: as the supervisor tells it; None where there is none.
    """
    told = {
        "VOICEGUIDE_JOURNAL_FOLDER": "/data",
        "VOICEGUIDE_LOG_LEVEL": "info",
        "XDG_CACHE_HOME": "/data/cache",
        "PYTHONUNBUFFERED": "1",
    }
    for option, key in KEYS.items():
        value = options.get(option)
        if value not in (None, "", []):
            text = ",".join(value) if isinstance(value, list) else str(value)
            told[f"VOICEGUIDE_{key}"] = text
    if broker:
        told |= {
            "VOICEGUIDE_MQTT_BROKER": str(broker["host"]),
            "VOICEGUIDE_MQTT_PORT": str(broker["port"]),
            "VOICEGUIDE_MQTT_TLS": str(bool(broker.get("ssl"))).lower(),
            "VOICEGUIDE_MQTT_USERNAME": str(broker.get("username") or ""),
            "VOICEGUIDE_MQTT_PASSWORD": str(broker.get("password") or ""),
        }
    return told


def ask_for_broker() -> Mapping[str, Any] | None:
    """Home Assistant's broker; None where it has none."""
    token = os.environ.get("SUPERVISOR_TOKEN", "")
    request = urllib.request.Request(SUPERVISOR, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            told: Mapping[str, Any] = json.load(answer)["data"]
    except (OSError, ValueError, KeyError):
        return None
    return told


def main() -> None:
    """Become the guide."""
    options = json.loads(OPTIONS.read_text(encoding="utf-8"))
    os.environ.update(variables(options, ask_for_broker()))
    os.environ["HOME"] = "/data"
    words = ["voiceguide", "speaker", "--page", "0.0.0.0:8400"]
    os.execvp("/usr/bin/voiceguide", words)


if __name__ == "__main__":
    sys.exit(main())
