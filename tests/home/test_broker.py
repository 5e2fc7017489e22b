"""A speaker on a real Mosquitto: what is seen there, what can be asked there."""

import json
import logging

import pytest
from support.brokers import Other, missing
from support.home_world import Home, settings

if missing():
    pytest.skip(missing(), allow_module_level=True)

from voiceguide.core.events import Fault, Faulted
from voiceguide.core.table import State
from voiceguide.home.access import Access

STATE = "voiceguide/bath/state"
THERE = "voiceguide/bath/availability"


@pytest.fixture
def other(mosquitto):
    other = Other(Access("127.0.0.1", mosquitto.port))
    yield other
    other.close()


@pytest.fixture
def home(mosquitto, other):
    home = Home(settings(mosquitto.port))
    home.port = mosquitto.port
    yield home
    home.close()


def shown(other, **wanted):
    """The first state that is as wanted."""
    return json.loads(
        other.until(STATE, lambda text: wanted == {k: json.loads(text)[k] for k in wanted})
    )


def test_it_is_there_and_goes_through_a_routine_by_orders(home, other):
    assert other.until(THERE) == "online"
    assert shown(other)["state"] == "ready"
    home.until(12)
    other.send("voiceguide/bath/do", "next")
    home.turn()
    assert home.session.state is State.TELLING
    told = shown(other, state="telling")
    assert told["routine"] == "small routine"
    assert told["section"] == "neck"
    assert told["version"] == "1.2"
    home.until_state(State.PACING)
    home.until(home.now + 14)
    told = shown(other, state="pacing", stroke=3)
    assert (told["step"], told["strokes"]) == ("upward strokes", 5)
    assert 0 < told["progress"] < 100
    for word, state in (("pause", "paused"), ("resume", "pacing"), ("stop", "stopping")):
        other.send("voiceguide/bath/do", word)
        home.turn()
        shown(other, state=state)
    home.close()
    assert other.until(THERE) == "offline"


def test_home_assistant_is_told_of_everything_once_and_for_all(home, other):
    other.until(THERE)
    other.close()
    late = Other(Access("127.0.0.1", home.port), name="late")
    try:
        config = "homeassistant/device/voiceguide_bath/config"
        kept = late.all_of({config, STATE, THERE})
    finally:
        late.close()
    assert json.loads(kept[STATE])["state"] == "ready"
    assert kept[THERE] == "online"
    told = json.loads(kept[config])
    parts = told["components"]
    assert told["state_topic"] == STATE
    assert told["availability_topic"] == THERE
    assert {"next", "repeat", "pause", "stop"} <= {
        key for key, part in parts.items() if part["platform"] == "button"
    }
    assert {"tempo", "volume"} == {k for k, part in parts.items() if part["platform"] == "number"}
    assert parts["routine"]["options"] == ["small routine", "other routine"]
    assert parts["person"]["options"] == ["Anna", "Guest"]
    assert '{"anna": "Anna", "guest": "Guest"}' in parts["person"]["value_template"]
    assert parts["programme"]["options"] == ["No programme", "two days"]
    assert {"state", "section", "stroke", "progress"} <= parts.keys()
    assert len({part["unique_id"] for part in parts.values()}) == len(parts)
    topics = [part.get("command_topic", "voiceguide/bath/") for part in parts.values()]
    assert all(topic.startswith("voiceguide/bath/") for topic in topics)


def test_numbers_and_the_routine_can_be_set(home, other):
    home.until(12)
    shown(other, state="ready")  # only then it listens
    other.send("voiceguide/bath/set/volume", "-3")
    home.turn()
    assert shown(other, volume_db=-3.0)["tempo"] == 1.0
    other.send("voiceguide/bath/set/tempo", "1.5")
    home.turn()
    shown(other, tempo=1.5)
    assert (home.preferences().tempo, home.preferences().gain_db) == (1.5, -3.0)
    home.say("undo", after=1)
    assert home.session.snapshot().tempo == 1.0
    for name, routine_id in (("other routine", "other"), ("SMALL", "small")):
        other.send("voiceguide/bath/set/routine", name)
        home.turn()
        shown(other, routine_id=routine_id)
    for name, person in (("Anna", "anna"), ("guest", "guest")):
        other.send("voiceguide/bath/set/person", name)
        home.turn()
        shown(other, person=person)


def test_a_programme_is_followed_and_left(mosquitto, other, tmp_path, caplog):
    home = Home(settings(mosquitto.port, folder=tmp_path))
    try:
        shown(other, state="ready", programme=None)
        other.send("voiceguide/bath/set/programme", "two-days")
        home.turn()
        shown(other, programme="two days", days_done=0, days=2)
        other.send("voiceguide/bath/set/person", "guest")
        home.turn()
        caplog.set_level(logging.WARNING, "voiceguide.home")
        other.send("voiceguide/bath/set/programme", "two-days")
        home.turn()
        shown(other, person="guest", programme=None)
        assert "no programme can be chosen for guest: nothing is remembered" in caplog.text
    finally:
        home.close()


@pytest.mark.parametrize(
    ("topic", "payload", "why"),
    [
        ("do", "jump", "'jump' is no command"),
        ("do", "choose", "no command"),
        ("do", b"\xff\xfe", "it is no text"),
        ("do", "next" * 1000, "it is 4000 bytes long"),
        ("do", "", "'' is no command"),
        ("set/tempo", "nan", "is not from 0.5 to 2"),
        ("set/tempo", "fast", "'fast' is no number"),
        ("set/volume", "40", "is not from -21 to 9"),
        ("set/volume", '{"a": 1}', "is no number"),
        ("set/person", "Carl", "there is no person 'Carl'"),
        ("do", "person", "no command"),
        ("set/routine", "no\nsuch", r"there is no routine 'no\nsuch'"),
    ],
)
def test_nonsense_is_refused_and_logged(home, other, caplog, topic, payload, why):
    shown(other, state="ready")
    caplog.set_level(logging.WARNING, "voiceguide.home")
    other.send(f"voiceguide/bath/{topic}", payload)
    refusal = f'order refused reason="voiceguide/bath/{topic}: '
    while refusal not in caplog.text:  # its state is told again, for whoever believes it was obeyed
        shown(other, state="ready")
    assert why in caplog.text
    assert home.calls.empty()


def test_what_means_nothing_now_is_refused(home, other, caplog):
    shown(other, state="ready")
    other.send("voiceguide/bath/do", "pause")
    home.turn()
    shown(other, state="ready")
    assert "“pause” means nothing while ready" in caplog.text


def test_an_order_that_the_broker_kept_is_not_obeyed_when_the_speaker_comes(mosquitto, other):
    other.send("voiceguide/bath/do", "next", retain=True)
    home = Home(settings(mosquitto.port))
    try:
        home.until(12)
        shown(other, state="ready")
        other.send("voiceguide/bath/do", "repeat")
        home.turn()
        assert home.session.state is State.READY
        assert home.calls.empty()
    finally:
        home.close()


def test_another_speakers_topics_are_not_ours(home, other):
    shown(other, state="ready")
    other.send("voiceguide/kitchen/do", "next")
    other.send("voiceguide/bath/do", "repeat")
    home.turn()
    assert home.calls.empty()


def test_faults_are_told(home, other):
    home.tell(Faulted(Fault.MICROPHONE))
    assert shown(other, faults=["microphone"])
