import argparse
import json

import pytest

from voiceguide.cli import devices as command
from voiceguide.edge.devices import devices
from voiceguide.edge.devices.devices import Device

HEADSET = Device(7, "Headset [USB]", "ALSA", 1, 2, 44_100, True, False)
BOX = Device(9, "Box", "ALSA", 0, 2, 48_000, False, True)


@pytest.fixture
def listing(monkeypatch, capsys):
    def run(found: list[Device], *, as_json: bool = False) -> str:
        monkeypatch.setattr(devices, "list_devices", lambda: found)
        assert command.run(argparse.Namespace(json=as_json)) == 0
        return capsys.readouterr().out

    return run


def test_each_kind_has_its_table_with_the_default_marked(listing):
    lines = [line.split() for line in listing([HEADSET, BOX]).splitlines()]
    assert ["Headset", "[USB]", "*", "1", "44100", "Hz", "ALSA"] in lines
    assert ["Headset", "[USB]", "2", "44100", "Hz", "ALSA"] in lines
    assert ["Box", "*", "2", "48000", "Hz", "ALSA"] in lines


def test_without_devices_it_says_so(listing):
    text = listing([])
    assert "There are no microphones here." in text
    assert "There are no speakers here." in text


def test_json_has_names_and_no_numbers(listing):
    (entry,) = json.loads(listing([HEADSET], as_json=True))
    assert entry["name"] == "Headset [USB]"
    assert entry["default_input"] is True
    assert "index" not in entry
