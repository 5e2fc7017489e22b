"""What the broker kept under another id, or for a house told no more, is taken away."""

import json

import pytest
from support.brokers import PATIENCE_SECONDS, Other
from support.home_world import Home, settings

from voiceguide.home.announced import MOST_BROKERS, Announced

BATH = {
    "homeassistant/device/voiceguide_bath/config",
    "voiceguide/bath/state",
    "voiceguide/bath/availability",
}


def kept(port):
    """The topics of which the broker keeps something."""
    from voiceguide.home.access import Access

    late = Other(Access("127.0.0.1", port), name="late")
    try:
        late.send("end/of/what", "is kept")
        found = set()
        while (got := late.heard.get(timeout=PATIENCE_SECONDS))[0] != "end/of/what":
            found.add(got[0])
        return found
    finally:
        late.close()


def lived(port, folder, **more):
    """A speaker comes and goes; nothing else is known of it afterwards."""
    from voiceguide.home.access import Access

    speaker = more.get("speaker", "bath")
    other = Other(Access("127.0.0.1", port), topics=(f"voiceguide/{speaker}/#",))
    home = Home(settings(port, folder=folder, **more))
    try:
        other.until(f"voiceguide/{speaker}/availability", lambda text: text == "online")
        other.until(f"voiceguide/{speaker}/state")  # of this life, not what was kept
    finally:
        home.close()
        other.close()


def test_another_id_leaves_nothing_of_the_earlier_one(mosquitto, tmp_path):
    lived(mosquitto.port, tmp_path)
    assert kept(mosquitto.port) == BATH
    lived(mosquitto.port, tmp_path, speaker="kitchen")
    assert kept(mosquitto.port) == {each.replace("bath", "kitchen") for each in BATH}
    told = json.loads((tmp_path / "announced.json").read_text())
    assert set(told[f"127.0.0.1:{mosquitto.port}"]) == kept(mosquitto.port)


def test_a_house_that_is_told_no_more_forgets_the_speaker(mosquitto, tmp_path):
    lived(mosquitto.port, tmp_path)
    lived(mosquitto.port, tmp_path, discovery=False)
    assert kept(mosquitto.port) == BATH - {"homeassistant/device/voiceguide_bath/config"}
    lived(mosquitto.port, tmp_path)
    assert kept(mosquitto.port) == BATH


def test_another_speaker_is_left_alone(mosquitto, tmp_path):
    lived(mosquitto.port, tmp_path / "one", speaker="kitchen")
    lived(mosquitto.port, tmp_path / "two")
    assert kept(mosquitto.port) == BATH | {each.replace("bath", "kitchen") for each in BATH}


def test_nothing_is_remembered_where_that_is_not_wanted(mosquitto, tmp_path):
    lived(mosquitto.port, None)
    assert kept(mosquitto.port) == BATH
    assert not list(tmp_path.glob("**/announced.json"))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "null", '{"broker:1883": 3}', '{"broker:1883": [1, "a/#", "", null, "a/b"]}',
     "[" * 100_000],
)  # fmt: skip
def test_a_file_that_is_none_tells_nothing(tmp_path, text):
    path = tmp_path / "announced.json"
    path.write_text(text)
    announced = Announced(path, "broker:1883")
    assert announced.topics in ((), ("a/b",))
    announced.remember(("voiceguide/bath/state",))
    assert Announced(path, "broker:1883").topics == ("voiceguide/bath/state",)


def test_other_brokers_are_remembered_too_but_not_for_ever(tmp_path):
    path = tmp_path / "announced.json"
    for number in range(2 * MOST_BROKERS):
        Announced(path, f"host:{number}").remember((f"a/{number}",))
    assert len(json.loads(path.read_text())) == MOST_BROKERS
    assert Announced(path, f"host:{number - 1}").topics == (f"a/{number - 1}",)


def test_a_disk_that_takes_nothing_is_logged_and_gone_on_with(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    Announced(tmp_path / "file" / "announced.json", "broker:1883").remember(("a/b",))
    assert "not remembered" in caplog.text
