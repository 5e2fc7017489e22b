"""What is told to a program of one's own in a whole session."""

import json
import sys
from dataclasses import replace

from support.home_world import Home

from voiceguide.core.events import Fault, Faulted, NoiseChanged, Recovered
from voiceguide.core.table import State
from voiceguide.settings.home import HomeSettings
from voiceguide.settings.tables import Settings

NOTE = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read())"


def test_a_session_is_told_from_its_beginning_to_its_end(tmp_path):
    notes = tmp_path / "notes"
    command = (sys.executable, "-c", NOTE, str(notes))
    home = Home(replace(Settings(), home=HomeSettings(on_event=command)))
    home.at(12, "start")
    home.until_state(State.PACING)
    home.tell(NoiseChanged(True))
    home.tell(Faulted(Fault.DISK))
    home.tell(NoiseChanged(False))
    home.tell(Recovered(Fault.DISK))
    home.say("stop", after=20)
    home.until_state(State.ENDED)
    home.house._watching[0]._end.__self__._thread.join(0.0)
    while home.house._watching[0]._end.__self__._waiting:
        home.house._watching[0]._end.__self__._thread.join(0.05)
    home.close()
    told = [json.loads(line) for line in notes.read_text().splitlines()]
    assert [(each["event"], each["state"]) for each in told] == [
        ("began", "ready"),
        ("state", "telling"),
        ("place", "telling"),
        ("place", "telling"),
        ("state", "pacing"),
        ("loud", "pacing"),
        ("fault", "pacing"),
        ("quiet", "pacing"),
        ("recovered", "pacing"),
        ("state", "stopping"),
        ("place", "stopping"),
        ("state", "ended"),
    ]
    assert told[6]["faults"] == ["disk"]
    assert told[4]["step"] == "upward strokes"
    assert told[0]["at"] == "2026-01-02T12:00:00.000+00:00"
    assert all("text" not in each for each in told)
