"""A broker that is not there, goes, comes back, wants a password, hides behind TLS."""

import gc
import json
import logging
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from support import brokers
from support.brokers import PATIENCE_SECONDS, Mosquitto, Other, missing
from support.home_world import Home, settings

if missing():
    pytest.skip(missing(), allow_module_level=True)

from voiceguide.core.errors import SettingsError
from voiceguide.core.table import State
from voiceguide.home.access import Access
from voiceguide.home.fleet import ask_fleet

STATE = "voiceguide/bath/state"
THERE = "voiceguide/bath/availability"

SPEAKER = """
import sys
from support.home_world import Home, settings
home = Home(settings(int(sys.argv[1])))
sys.stdin.read()
"""

MUCH_TOO_LONG_SECONDS = 60.0
"""A broker that hangs answers never; a machine with much else to do answers sooner."""


@pytest.fixture
def away(tmp_path):
    """A broker that is not started yet."""
    made = Mosquitto(tmp_path)
    yield made
    made.kill()


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    """Nobody waits a minute here."""
    monkeypatch.setattr("voiceguide.home.broker.BACK_OFF_SECONDS", (1, 2))


def test_a_session_does_not_care_whether_there_is_a_broker(away, caplog):
    """The whole of it, with the broker coming and going: the same words at the same times."""
    alone = Home(replace(settings(1), mqtt=replace(settings(1).mqtt, broker=None)))
    home = Home(settings(away.port))
    longest = 0.0
    for play in (alone, home):
        for at, deed in ((12, "next"), (45, "start"), (60, "kill"), (100, "next"), (101, "start")):
            play.until(at)
            if deed == "next":
                play.say("next")
            elif play is home:
                {"start": away.start, "kill": away.kill}[deed]()
        while play.session.state is not State.ENDED and play.now < 900:
            began = time.perf_counter()
            play.until(play.now + 1)
            longest = max(longest, time.perf_counter() - began)
            if play.session.state is State.WAITING:
                play.say("next", after=1)
    assert home.lines == alone.lines
    assert home.states == alone.states
    assert longest < 0.5
    home.close()
    alone.close()


def test_it_is_there_as_soon_as_the_broker_is_and_tells_the_newest(away, caplog):
    home = Home(settings(away.port))
    home.until(12)
    home.say("next")
    for _ in range(2):
        away.start()
        other = Other(Access("127.0.0.1", away.port))
        kept = other.all_of({STATE, THERE, "homeassistant/device/voiceguide_bath/config"})
        assert kept[THERE] == "online"
        assert json.loads(kept[STATE])["state"] == "telling"
        other.send("voiceguide/bath/do", "repeat")
        home.turn()
        other.close()
        away.kill()
    warned = [record.message for record in caplog.records if "voiceguide" in record.name]
    assert "cannot be reached ([Errno 111] Connection refused)" in warned[0]
    assert len(warned) <= 2 * 4  # once a change, not once an attempt
    home.close()


def test_a_broker_that_hangs_holds_nobody_up(mosquitto):
    home = Home(settings(mosquitto.port))
    other = Other(Access("127.0.0.1", mosquitto.port))
    assert other.until(THERE) == "online"
    other.close()
    mosquitto.hang()
    home.until(12)
    began = time.perf_counter()
    for _ in range(2000):
        home.say("slower", after=0.1)
        home.say("faster", after=0.1)
    assert time.perf_counter() - began < MUCH_TOO_LONG_SECONDS
    began = time.perf_counter()
    home.close()
    assert time.perf_counter() - began < MUCH_TOO_LONG_SECONDS


def test_its_last_will_tells_that_it_was_killed(mosquitto):
    other = Other(Access("127.0.0.1", mosquitto.port))
    path = "import sys; sys.path[:0] = " + repr(sys.path) + "\n"
    with subprocess.Popen(
        [sys.executable, "-c", path + SPEAKER, str(mosquitto.port)], stdin=subprocess.PIPE
    ) as speaker:
        assert other.until(THERE) == "online"
        speaker.send_signal(signal.SIGKILL)
        assert other.until(THERE) == "offline"
    other.close()


def test_the_second_of_the_same_name_is_told_of(mosquitto, caplog):
    caplog.set_level(logging.WARNING, "voiceguide.home")
    access = Access("127.0.0.1", mosquitto.port)
    first, second = Home(settings(mosquitto.port)), None
    other = Other(access)
    try:
        other.until(THERE)
        second = Other(access, name="voiceguide-bath")
        other.until(THERE, lambda text: text == "offline")
        until = time.monotonic() + PATIENCE_SECONDS
        while "if another speaker has the same id" not in caplog.text:
            assert time.monotonic() < until
            first.house._link._thread.join(0.05)
    finally:
        for each in (first, second, other):
            if each:
                each.close()


def passwords(folder, *users):
    """Mosquitto's file of users; all have one password, which is also in ``pw``."""
    path = folder / "passwords"
    path.touch(mode=0o600)
    for user in users:
        command = ["mosquitto_passwd", "-b", str(path), user, "a secret"]
        subprocess.run(command, check=True, capture_output=True)
    (folder / "pw").write_text("a secret\n")
    return path


def test_a_password_is_taken_from_a_file_or_the_environment(tmp_path, caplog, monkeypatch):
    secret = tmp_path / "pw"
    with brokers.broker(tmp_path, f"password_file {passwords(tmp_path, 'bath')}") as made:
        access = Access("127.0.0.1", made.port, username="bath", password="a secret")
        other = Other(access)
        home = Home(settings(made.port, username="bath", password_file=secret))
        assert other.until(THERE, lambda text: text == "online")
        home.close()
        assert other.until(THERE) == "offline"
        monkeypatch.setenv("VOICEGUIDE_MQTT_PASSWORD", "a secret")
        home = Home(settings(made.port, username="bath"))
        assert other.until(THERE, lambda text: text == "online")
        home.close()
        assert other.until(THERE) == "offline"
        monkeypatch.setenv("VOICEGUIDE_MQTT_PASSWORD", "a guess")
        home = Home(settings(made.port, username="bath"))
        until = time.monotonic() + PATIENCE_SECONDS
        while "refuses: Not authorized" not in caplog.text:
            assert time.monotonic() < until
            home.house._link._thread.join(0.05)
        assert "a guess" not in caplog.text
        home.close()
        other.close()


def certificates(folder):
    """An authority, and a certificate of this machine by it."""

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    for name in ("ca", "rogue"):
        openssl(
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}"),
        )
    openssl(
        *("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key"),
        *("-out", "server.csr", "-subj", "/CN=localhost"),
    )
    (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1")
    openssl(
        *("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2"),
        *("-CAcreateserial", "-out", "server.pem", "-extfile", "names"),
    )


# A socket whose handshake failed is left to the garbage collector by paho.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.skipif(brokers.shutil.which("openssl") is None, reason="openssl not installed")
def test_tls_and_nobody_is_trusted_whom_the_authority_does_not_know(tmp_path, caplog):
    certificates(tmp_path)
    lines = [f"certfile {tmp_path / 'server.pem'}", f"keyfile {tmp_path / 'server.key'}"]
    with brokers.broker(tmp_path, *lines) as made:
        other = Other(Access("localhost", made.port, True, tmp_path / "ca.pem"))
        home = Home(settings(made.port, tls=True, ca_file=tmp_path / "ca.pem"))
        assert other.until(THERE) == "online"
        home.close()
        assert other.until(THERE) == "offline"
        home = Home(settings(made.port, tls=True, ca_file=tmp_path / "rogue.pem"))
        until = time.monotonic() + PATIENCE_SECONDS
        while "CERTIFICATE_VERIFY_FAILED" not in caplog.text:
            assert time.monotonic() < until
            home.house._link._thread.join(0.05)
        assert other.heard.empty()
        home.close()
        other.close()
        del home
        gc.collect()


def test_settings_that_cannot_be_are_refused_at_once(tmp_path):
    for wrong in (
        {"password_file": tmp_path / "none"},
        {"tls": True, "ca_file": tmp_path / "none"},
        {"topic": "a/#"},
        {"discovery_topic": "/"},
    ):
        with pytest.raises(SettingsError, match=r"\[mqtt\]"):
            Home(settings(1, **wrong))


def test_each_speaker_can_be_confined_to_its_own_topics(tmp_path):
    """The rule that docs/home.md gives for Mosquitto."""
    rules = tmp_path / "rules"
    rules.write_text(
        "user fleet\ntopic read voiceguide/+/state\ntopic read voiceguide/+/availability\n"
        "pattern readwrite voiceguide/%u/#\npattern write homeassistant/device/#\n"
    )
    lines = (f"password_file {passwords(tmp_path, 'bath', 'fleet')}", f"acl_file {rules}")
    with brokers.broker(tmp_path, *lines) as made:
        access = Access("127.0.0.1", made.port, username="fleet", password="a secret")
        own = Access("127.0.0.1", made.port, username="bath", password="a secret")
        homes = [
            Home(settings(made.port, speaker=name, username="bath", password_file=tmp_path / "pw"))
            for name in ("bath", "kitchen")
        ]
        other = Other(own, topics=("voiceguide/bath/#",))
        assert other.all_of({THERE, STATE})[THERE] == "online"
        assert [(each.id, each.alive) for each in ask_fleet(access, "voiceguide", 5.0)] == [
            ("bath", True)
        ]
        for each in (*homes, other):
            each.close()
