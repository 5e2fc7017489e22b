"""``voiceguide speaker`` itself on a real broker, with a program that notes events."""

import json
import signal
import subprocess
import sys

import pytest
from support.brokers import Other, missing

if missing():
    pytest.skip(missing(), allow_module_level=True)

from voiceguide.home.access import Access
from voiceguide.home.fleet_store import FleetStore
from voiceguide.home.wanted import Wanted

STATE = "voiceguide/bath-1/state"
THERE = "voiceguide/bath-1/availability"


def files(folder):
    """Every file there, by its content."""
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_speaker_is_led_from_the_broker_and_does_not_mind_its_going(
    virtual_sound, mosquitto, tmp_path
):
    note = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read())"
    notes = tmp_path / "notes"
    settings = tmp_path / "settings.toml"
    settings.write_text(
        f"""
        [mqtt]
        broker = "127.0.0.1"
        port = {mosquitto.port}
        id = "Bath 1"
        fleet = true
        [home]
        on_event = {json.dumps([sys.executable, "-c", note, str(notes)])}
        [sound]
        night_gain_db = -12
        night_from = "00:00"
        night_to = "00:00"
        [log]
        level = "info"
        """
    )
    state = tmp_path / "state"
    # The fleet has made it a room of guests.
    FleetStore(state / "fleet").apply(Wanted({}, {"person.guest": "true"}))
    environment = virtual_sound.home(tmp_path) | {
        "RUNTIME_DIRECTORY": str(tmp_path / "run"),
        "VOICEGUIDE_JOURNAL_FOLDER": str(state),
    }
    access = Access("127.0.0.1", mosquitto.port)
    other = Other(access)

    def shown(**wanted):
        told = other.until(
            STATE, lambda text: wanted == {key: json.loads(text)[key] for key in wanted}
        )
        return json.loads(told)

    command = [sys.executable, "-m", "voiceguide", "speaker", "--settings", str(settings)]
    log = tmp_path / "log"
    with (
        log.open("w") as stream,
        subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stderr=stream
        ) as speaker,
    ):
        try:
            other.patience_seconds = 90.0
            assert other.until(THERE) == "online"
            began = shown(state="asleep", volume_db=-12.0)
            kept = files(state)
            # A routine that is chosen wakes it.
            for topic, payload, wanted in (
                ("set/routine", "quick", {"state": "ready", "routine_id": "quick"}),
                ("do", "next", {"state": "telling"}),
                ("set/tempo", "1.2", {"tempo": 1.2}),
                ("set/volume", "-15", {"volume_db": -15.0}),
                ("set/volume", "3", {"volume_db": -12.0}),
                ("do", "pause", {"state": "paused"}),
            ):
                other.send(f"voiceguide/bath-1/{topic}", payload)
                shown(**wanted)
            other.close()
            mosquitto.kill()
            mosquitto.start()
            other = Other(access)
            other.patience_seconds = 90.0
            assert other.until(THERE, lambda text: text == "online")
            other.send("voiceguide/bath-1/do", "resume")
            shown(state="telling")
            # Of a guest nothing is left: neither in the room nor on the broker.
            other.send("voiceguide/bath-1/do", "stop")
            shown(state="stopping")
            other.send("voiceguide/bath-1/do", "stop")
            assert shown(state="asleep") | {"at": ""} == began | {"at": ""}
            assert files(state) == kept
            speaker.send_signal(signal.SIGTERM)
            assert other.until(THERE) == "offline"
            assert speaker.wait(30) == 0
        finally:
            speaker.kill()
            other.close()
    told = [json.loads(line)["event"] for line in notes.read_text().splitlines()]
    assert told[0] == "began"
    assert told.count("state") >= 5
    assert files(state) == kept
    logged = log.read_text()
    assert "obeyed" not in logged
    assert "quick" not in logged
    assert "cannot be reached" in logged or "is gone" in logged
    assert "Traceback" not in logged
