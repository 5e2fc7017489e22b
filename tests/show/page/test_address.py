"""Where the page listens, and which names it answers to."""

from dataclasses import replace

import pytest

from voiceguide.core.errors import SettingsError
from voiceguide.show.page import address
from voiceguide.show.page.address import Address, is_loopback_url, is_own_host, parse_address

HERE = Address("127.0.0.1", 8400)
EVERYWHERE = Address("0.0.0.0", 8400)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("", "127.0.0.1", 8400),
        (":9000", "127.0.0.1", 9000),
        ("localhost", "localhost", 8400),
        ("0.0.0.0:8400", "0.0.0.0", 8400),
        ("192.168.1.7:80", "192.168.1.7", 80),
        ("[::1]:9000", "::1", 9000),
        ("mirror.local:9000", "mirror.local", 9000),
        ("mirror.local", "mirror.local", 8400),
        ("bath:8400", "bath", 8400),
    ],
)
def test_an_address_may_leave_out_what_is_usual(text, host, port):
    assert parse_address(text) == Address(host, port)


@pytest.mark.parametrize(
    "text",
    [
        "quick",
        "8400",
        "a b",
        "1.2.3.4:99999",
        "http://x.y/",
        ":",
        "x:y",
        "a..b:1",
        "a..b",
        "192.168.1.300:8400",
        "-x.local",
        ".",
        f"{'a' * 64}.local",
        "[::1",
    ],
)
def test_anything_else_is_refused_with_an_example(text):
    with pytest.raises(SettingsError, match=r"127\.0\.0\.1:8400"):
        parse_address(text)


def test_what_is_this_machine_only_and_what_is_everywhere():
    for host in ("127.0.0.1", "localhost", "::1", "127.9.9.9"):
        assert Address(host, 1).is_loopback
    assert not EVERYWHERE.is_loopback
    assert EVERYWHERE.is_everywhere
    assert not Address("192.168.1.7", 1).is_everywhere
    assert "0.0.0.0" not in EVERYWHERE.url
    assert Address("::1", 80).url == "http://[::1]:80/"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8400", "127.0.0.1:8400", "[::1]:8400"])
def test_its_own_names_are_taken(host):
    assert is_own_host(host, HERE)
    assert is_own_host(host, EVERYWHERE)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "", "127.0.0.1@evil.example", "a b", "x:y:z", "é"],
)
def test_a_bent_name_is_not(host):
    assert not is_own_host(host, HERE)
    assert not is_own_host(host, EVERYWHERE)


def test_other_machines_addresses_are_taken_only_where_it_listens_for_them():
    assert not is_own_host("192.168.1.7:8400", HERE)
    assert is_own_host("192.168.1.7:8400", EVERYWHERE)
    assert is_own_host("mirror.example", Address("mirror.example", 80))


@pytest.mark.parametrize("own", ["bath", "bath.lan", "Bath.example.net"])
@pytest.mark.parametrize(
    "host",
    [
        "bath",
        "bath.local:8400",
        "bath.lan",
        "BATH.fritz.box",
        "bath.home.arpa",
        "bath.flat7",
    ],
)
def test_the_names_that_the_network_at_home_gives_are_its_own(own, host, monkeypatch):
    monkeypatch.setattr(address.socket, "gethostname", lambda: own)
    monkeypatch.setattr(address, "_searched", lambda: {"flat7"})
    assert is_own_host(host, EVERYWHERE)
    assert not is_own_host(host, HERE)


@pytest.mark.parametrize(
    "host", ["bath.evil.example", "bath.com", "other.lan", "lan", "bath.lan.evil.example"]
)
def test_a_name_that_anybody_could_give_is_not(host, monkeypatch):
    monkeypatch.setattr(address.socket, "gethostname", lambda: "bath.lan")
    assert not is_own_host(host, EVERYWHERE)


def test_a_name_that_a_person_has_set_is_taken_alone_of_its_kind():
    for where in (HERE, EVERYWHERE):
        named = replace(where, names=("mirror.example.org",))
        assert is_own_host("Mirror.Example.org:8400", named)
        assert not is_own_host("example.org", named)
        assert not is_own_host("x.mirror.example.org", named)


def test_what_only_this_machine_can_open_is_known():
    assert is_loopback_url("http://127.0.0.1:8400/#token=x")
    assert is_loopback_url("http://[::1]:8400/")
    assert not is_loopback_url("http://192.168.1.7:8400/#token=x")


def test_a_name_that_leads_to_this_machine_alone_is_taken_for_what_it_leads_to():
    asked = Address("bath.local", 8400, names=("mirror",), ancestors=("http://home.local",))
    bound = address.where_bound(asked, ("127.0.1.1", 8400))
    assert bound.is_loopback
    assert bound.ancestors == asked.ancestors
    assert is_own_host("bath.local:8400", bound)
    assert is_own_host("mirror", bound)
    far = address.where_bound(asked, ("192.168.1.7", 9000))
    assert (far.host, far.port) == ("bath.local", 9000)
