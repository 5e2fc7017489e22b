"""How a broker may be written, and what speakers are called on it."""

import pytest

from voiceguide.core.errors import SettingsError
from voiceguide.home.reaching import parse_broker
from voiceguide.home.topics import Topics, slug


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
    ],
)
def test_a_broker_is_understood(text, place):
    assert parse_broker(text) == place


@pytest.mark.parametrize(
    "text",
    ["http://host", "host:99999", "host:0", "a b", "host:x", "", "mqtt://", "x@y", "a" * 64,
     "a." * 200],
)  # fmt: skip
def test_or_it_is_refused_in_one_sentence(text):
    with pytest.raises(SettingsError, match="broker"):
        parse_broker(text)


def test_speakers_whose_names_differ_are_kept_apart():
    names = ["Ванная", "Кухня", "浴室", "Bad", "Bad 2", "Küche"]
    ids = [slug(name) for name in names]
    assert len(set(ids)) == len(names)
    assert ids[3:] == ["bad", "bad-2", "kuche"]
    assert all(each.isascii() for each in ids)
    assert slug("Ванная") == slug("ванная")


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
