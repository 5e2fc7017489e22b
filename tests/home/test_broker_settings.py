"""How a broker may be written, and what speakers are called on it."""

import pytest

from voiceguide.core.errors import SettingsError
from voiceguide.home.broker_settings import access_of, parse_broker, topics_of
from voiceguide.home.topics import Topics, slug
from voiceguide.settings.home import MqttSettings


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("host", ("host", None, False)),
        ("host:1884", ("host", 1884, False)),
        ("192.168.1.5:1884", ("192.168.1.5", 1884, False)),
        ("mqtt://host", ("host", None, False)),
        ("MQTTS://host:8884/", ("host", 8884, True)),
        ("[fe80::1]:1884", ("fe80::1", 1884, False)),
        ("fe80::1", ("fe80::1", None, False)),
        ("bad.küche.local.", ("bad.küche.local.", None, False)),
        ("my_broker", ("my_broker", None, False)),
    ],
)
def test_a_broker_is_understood(text, place):
    assert parse_broker(text) == place


@pytest.mark.parametrize(
    "text",
    ["http://host", "host:99999", "host:0", "a b", "host:x", "", "mqtt://", "x@y", "a" * 64,
     "a." * 200, "a..b", "a..b:1884", "mqtt://a..b", ".host", "-host", "192.168.1.300", "1884",
     "1.2.3.4.5"],
)  # fmt: skip
def test_or_it_is_refused_in_one_sentence(text):
    with pytest.raises(SettingsError, match="broker"):
        parse_broker(text)


def test_speakers_whose_names_differ_are_kept_apart():
    names = ["Ванная", "Кухня", "浴室", "Bad", "Bad 2", "Küche", "Kuche", "Bad (2)", "🛁", "-"]
    names += ["b" * 99, "b" * 98]
    ids = [slug(name) for name in names]
    assert len(set(ids)) == len(names)
    assert ids[3:5] == ["bad", "bad-2"]
    assert all(each.isascii() and 0 < len(each) < 80 for each in ids)
    assert ids[:-2] == [slug(each) for each in ids[:-2]]


def test_capitals_spaces_and_full_stops_make_no_other_speaker():
    assert slug("Bath Room") == slug(" bath  room") == "bath-room"
    assert slug("pi.local") == "pi-local"
    assert slug("Ванная") == slug("ванная")


@pytest.mark.parametrize("prefix", ["", "/", "a/#", "+", "$SYS", "x" * 70_000])
def test_what_no_topic_can_begin_with_is_refused_in_one_sentence(prefix):
    with pytest.raises(SettingsError, match="topics can begin with") as refused:
        topics_of(MqttSettings(topic=prefix))
    assert len(str(refused.value)) < 200


def test_two_ports_are_not_chosen_between():
    with pytest.raises(SettingsError, match="1884, and port is 1885"):
        access_of(MqttSettings(broker="host:1884", port=1885))
    assert access_of(MqttSettings(broker="host:1884", port=1884)).number == 1884


def test_all_that_is_kept_of_a_speaker_can_be_withdrawn():
    bath = Topics("voiceguide", "bath")
    assert bath.kept("homeassistant") == (
        "homeassistant/device/voiceguide_bath/config",
        "voiceguide/bath/state",
        "voiceguide/bath/availability",
    )
    assert bath.kept(None) == ("voiceguide/bath/state", "voiceguide/bath/availability")


@pytest.mark.parametrize("text", ["mqtt://me:secret@host", "me:secret@host:1884", "x://a:secret@"])
def test_a_password_in_it_is_not_repeated(text):
    with pytest.raises(SettingsError) as refused:
        parse_broker(text)
    assert "secret" not in str(refused.value)
    assert "password_file" in str(refused.value)
