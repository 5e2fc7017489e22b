"""``voiceguide fleet``: the speakers of a real broker, and what nonsense does to the list."""

import io
import json
import re
from types import SimpleNamespace

import pytest
import yaml
from rich.console import Console
from support.brokers import PATIENCE_SECONDS, Other, free_port, missing
from support.home_world import Home, settings
from support.places import ROOT

if missing():
    pytest.skip(missing(), allow_module_level=True)

from voiceguide.__main__ import main
from voiceguide.cli.fleet_keeping import rooms_meant
from voiceguide.core.errors import SettingsError
from voiceguide.core.events import Fault, Faulted
from voiceguide.home.access import Access
from voiceguide.home.fleet import as_table, roll
from voiceguide.home.fleet_metrics import as_metrics
from voiceguide.home.topics import slug


@pytest.fixture(autouse=True)
def own_settings(tmp_path, monkeypatch):
    path = tmp_path / "settings.toml"
    path.touch()
    monkeypatch.setenv("VOICEGUIDE_SETTINGS", str(path))
    return path


def test_it_lists_who_is_there_and_who_was(mosquitto, own_settings, capsys):
    own_settings.write_text(f'[mqtt]\nbroker = "127.0.0.1"\nport = {mosquitto.port}\n')
    other = Other(Access("127.0.0.1", mosquitto.port))
    homes = {
        name: Home(settings(mosquitto.port, speaker=name)) for name in ("bath", "attic", "cabin-3")
    }
    homes["bath"].at(12, "start")
    homes["bath"].until(20)
    homes["cabin-3"].tell(Faulted(Fault.MICROPHONE))
    wanted = {("bath", "pacing", ""), ("attic", "ready", ""), ("cabin-3", "ready", "microphone")}
    while wanted:
        topic, text = other.heard.get(timeout=PATIENCE_SECONDS)
        if topic.endswith("/state"):
            told = json.loads(text)
            wanted.discard((topic.split("/")[1], told["state"], "".join(told["faults"])))
    homes.pop("attic").close()
    other.send("voiceguide/odd/availability", "online", retain=True)
    other.send("voiceguide/odd/state", "\x1b[31m{", retain=True)
    assert main(["fleet", "--json"]) == 0
    told = {each["id"]: each for each in json.loads(capsys.readouterr().out)}
    assert list(told) == ["attic", "bath", "cabin-3", "odd"]
    assert [each["alive"] for each in told.values()] == [False, True, True, True]
    assert told["bath"]["state"] == "pacing"
    assert told["bath"]["routine"] == "small routine"
    assert told["bath"]["version"] == "1.2"
    assert told["cabin-3"]["faults"] == ["microphone"]
    assert told["odd"]["state"] == ""
    assert main(["fleet", "--broker", f"127.0.0.1:{mosquitto.port}"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == [
        *("speaker", "alive", "version", "state", "routine", "place", "done", "faults"),
    ]
    assert lines[1].split()[:2] == ["attic", "no"]
    assert "microphone" in lines[3]
    for home in homes.values():
        home.close()
    other.close()


def test_nobody_there(mosquitto, capsys):
    assert main(["fleet", "--broker", f"127.0.0.1:{mosquitto.port}", "--seconds", "1"]) == 1
    assert capsys.readouterr().out == "No speaker has told of itself there.\n"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "no broker is set"),
        (["--broker", "there:x"], "--broker must be"),
        (["--broker", f"127.0.0.1:{free_port()}", "--seconds", "1"], "cannot be reached"),
    ],
)
def test_what_is_wrong_is_one_line(words, why, capsys):
    assert main(["fleet", *words]) > 1
    shown = capsys.readouterr().err
    assert why in shown
    assert len(shown.splitlines()) == 1


def test_nonsense_harms_nobody_else():
    state = b'{"state": "pacing", "faults": 7, "progress": true, "routine": "a\\u001b[2Jb"}'
    speakers = roll(
        "v",
        [
            ("v/a/availability", b"online"),
            ("v/a/state", state),
            ("v/b/state", b"[" * 5000),
            ("v/c/state", b"\xff"),
            ("v/d/availability", b"online"),
            ("v/d/availability", b""),
        ],
    )
    assert [each.id for each in speakers] == ["a", "b", "c"]
    first = speakers[0]
    assert (first.alive, first.state, first.faults, first.progress) == (True, "pacing", (), None)
    assert first.routine == "a[2Jb"


def test_the_list_tells_why_a_room_refuses_what_it_was_given():
    has = b'{"state": "refused", "why": "the reminder is at night"}'
    messages = [("v/bath/availability", b"online"), ("v/bath/has", has)]
    console = Console(width=200, file=io.StringIO())
    console.print(as_table(roll("v", messages)))
    assert "refused: the reminder is at night" in console.file.getvalue()


def test_all_rooms_for_prometheus_and_what_alerts_look_for():

    messages = [
        ("v/bath/availability", b"online"),
        ("v/bath/state", b'{"state": "pacing", "faults": ["muted"], "is_loud": true}'),
        ("v/bath/has", b'{"state": "refused"}'),
        ('v/at"tic/state', b'{"state": "asleep", "faults": ["speaker"]}'),
    ]
    told = as_metrics(roll("v", messages)).splitlines()
    assert 'voiceguide_room_up{room="bath"} 1' in told
    assert 'voiceguide_room_up{room="at\\"tic"} 0' in told
    assert 'voiceguide_room_fault{room="bath",fault="muted"} 1' in told
    assert 'voiceguide_room_refused{room="bath"} 1' in told
    assert not [line for line in told if "tic" in line and "fault" in line]
    names = {line.split()[2] for line in told if line.startswith("# TYPE")}
    folder = ROOT / "scripts/packaging/grafana"
    panels = json.loads((folder / "rooms.json").read_text(encoding="utf-8"))["panels"]
    rules = yaml.safe_load((folder / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    asked += [rule["expr"] for group in rules for rule in group["rules"]]
    for query in asked:
        assert set(re.findall(r"voiceguide_\w+", query)) <= names, query
        faults = re.findall(r'fault=~"([^"]*)"', query)
        assert {one for each in faults for one in each.split("|")} <= {*map(str, Fault)}


def test_rooms_are_watched_for_prometheus(mosquitto, capsys):
    other = Other(Access("127.0.0.1", mosquitto.port))
    other.send("voiceguide/bath/availability", "online", retain=True)
    port = free_port()
    words = ["fleet", "watch", "--broker", f"127.0.0.1:{mosquitto.port}", "--for", "0.1"]
    assert main([*words, "--metrics-port", str(port)]) == 0
    assert main(words) == 0
    assert "bath" in capsys.readouterr().out
    other.close()


def test_rooms_are_found_by_their_names_too_and_one_is_suggested():
    keeper = SimpleNamespace(rooms=dict.fromkeys(("bad-oben", slug("Küche"))))
    assert rooms_meant(keeper, ["Bad oben", "küche"], False) == ["bad-oben", slug("Küche")]
    with pytest.raises(SettingsError, match="no room bad-obn; did you mean bad-oben"):
        rooms_meant(keeper, ["Bad obn"], False)
    with pytest.raises(SettingsError, match="no room attic; there are: bad-oben"):
        rooms_meant(keeper, ["attic"], False)
