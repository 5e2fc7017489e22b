"""A fleet gives rooms files and settings: over a real Mosquitto with its rights, and without."""

import json
import re
import shutil
import subprocess

import pytest
from support.brokers import PATIENCE_SECONDS, Other, broker, missing
from support.home_world import Home, settings
from support.places import ROOT
from support.staging import PROGRAMME

if missing():
    pytest.skip(missing(), allow_module_level=True)

from voiceguide.__main__ import main
from voiceguide.core.table import State
from voiceguide.home.access import Access
from voiceguide.home.fleet_room import AT_ONCE, FleetRoom
from voiceguide.home.fleet_store import FleetStore
from voiceguide.home.topics import Topics
from voiceguide.home.wanted import (
    PIECE_BYTES,
    Content,
    Wanted,
    WantedError,
    content_of,
    parse_wanted,
    pieces_of,
)


@pytest.fixture(scope="module")
def routine(tmp_path_factory):
    """A short routine that `voiceguide check` accepts, as `voiceguide send` reads it."""
    path = tmp_path_factory.mktemp("own") / "night-calm.yaml"
    shutil.copy(ROOT / "voiceguide/routines/quick.yaml", path)
    text = path.read_text(encoding="utf-8")
    text = text.replace("id: quick", "id: night-calm", 1)
    text = re.sub("(?m)^called: .*\n", "", text, count=1)
    head, _, rest = text.partition("\nname:")
    _, _, rest = rest.partition("\n")
    path.write_text(f"{head}\nname: night calm\n{rest}", encoding="utf-8")
    return path


# ------------------------------------------------------------------ without a broker


class Line:
    """A connection that only writes down; ``keep`` is what a broker would keep."""

    def __init__(self, keep):
        self.keep = keep
        self.room = None
        self.told = []
        self.asked = []
        self.most = 0

    def listen(self, topics):
        self.asked += topics
        self.most = max(self.most, len(topics))

    def leave(self, topics):
        self.asked = [each for each in self.asked if each not in topics]

    def tell(self, topic, text):
        self.told.append(json.loads(text))

    def deliver(self, most=10_000):
        """What the broker keeps of what was asked for, a number of messages at most."""
        for _ in range(most):
            topic = next((each for each in self.asked if each in self.keep), None)
            if topic is None:
                return
            self.asked.remove(topic)
            self.room.took(topic, self.keep[topic])


def world(tmp_path, files, settings=None):
    wanted = Wanted({name: content_of(data) for name, data in files.items()}, settings or {})
    keep = {"v/bath/wanted": wanted.as_json().encode()}
    for data in files.values():
        for number, piece in enumerate(pieces_of(data)):
            keep[f"v/~parts/{content_of(data).sha256}/{number}"] = piece
    return wanted, Line(keep), FleetStore(tmp_path / "fleet")


def connect(line, store):
    fresh = []
    line.room = FleetRoom(Topics("v", "bath"), store, line, lambda: fresh.append(True))
    line.asked.clear()
    line.room.up()
    return fresh


def test_a_room_fetches_resumes_and_applies_all_at_once(tmp_path, routine):
    long = routine.read_bytes() + b"# " + b"x" * (AT_ONCE + 20) * PIECE_BYTES
    files = {"routines/night-calm.yaml": routine.read_bytes(), "routines/long.yaml": long}
    wanted, line, store = world(tmp_path, files)
    connect(line, store)
    line.deliver(31)  # the message, and 30 pieces
    assert store.digest == ""
    line.told.clear()
    fresh = connect(line, FleetStore(tmp_path / "fleet"))  # the power was cut
    line.deliver(1)
    assert line.told[-1] == {
        "wanted": wanted.digest,
        "state": "fetching",
        "missing": sum(content.pieces for content in wanted.files.values()) - 30,
    }
    assert line.most == AT_ONCE
    line.deliver()
    assert line.told[-1] == {"wanted": wanted.digest, "state": "applied"}
    assert (store.routines / "long.yaml").read_bytes() == long
    assert fresh == [True]


def test_settings_and_a_routine_count_from_the_next_start(tmp_path, routine):
    given = {"sound.night_gain_db": "-12", "journal.keep": "false"}
    files = {"routines/night-calm.yaml": routine.read_bytes()}
    wanted, line, store = world(tmp_path, files, given)
    fresh = connect(line, store)
    line.deliver()
    assert line.told[-1] == {"wanted": wanted.digest, "state": "applied"}
    assert fresh == [True]
    assert [path.name for path in store.routines.iterdir()] == ["night-calm.yaml"]
    environment = {"VOICEGUIDE_JOURNAL_KEEP": "true"}
    variables = store.variables(None, environment)
    assert variables == {
        "VOICEGUIDE_SOUND_NIGHT_GAIN_DB": "-12",
        "VOICEGUIDE_JOURNAL_KEEP": "true",  # what the room itself says wins
    }
    # The same again is no news; another that shares the file needs none of its pieces.
    assert connect(line, store) == []
    line.deliver()
    assert line.told[-1]["state"] == "applied"
    line.keep["v/bath/wanted"] = Wanted(wanted.files).as_json().encode()
    assert not connect(line, store)
    line.deliver()
    assert line.asked == ["v/bath/wanted"] or line.asked == []
    assert store.variables(None, {}) == {}
    # And nothing at all any more.
    line.keep["v/bath/wanted"] = b""
    connect(line, store)
    line.deliver()
    assert store.routines is None


def test_a_piece_that_is_not_what_its_sum_says_changes_nothing(tmp_path, routine):
    files = {"routines/night-calm.yaml": routine.read_bytes()}
    wanted, line, store = world(tmp_path, files)
    sha256 = wanted.files["routines/night-calm.yaml"].sha256
    right = line.keep[f"v/~parts/{sha256}/0"]
    line.keep[f"v/~parts/{sha256}/0"] = right[:-1] + b"#"
    connect(line, store)
    line.deliver()
    assert line.told[-1]["state"] == "refused"
    assert "sum" in line.told[-1]["why"]
    assert store.digest == ""
    line.keep[f"v/~parts/{sha256}/0"] = right + b"too long"
    connect(line, store)
    line.deliver()
    assert line.told[-1]["state"] == "refused"
    assert line.asked == ["v/bath/wanted"] or line.asked == []  # and not again and again
    line.keep[f"v/~parts/{sha256}/0"] = right
    connect(line, store)
    line.deliver()
    assert line.told[-1]["state"] == "applied"


@pytest.mark.parametrize(
    ("files", "given", "why"),
    [
        ({"routines/x.yaml": b"no routine"}, {}, "x.yaml"),
        ({"voice.pack": b"no pack"}, {}, "voice pack"),
        ({}, {"sound.night_gain_db": "loud"}, "must be a number"),
    ],
)
def test_what_the_guide_could_not_use_is_refused_whole(tmp_path, files, given, why):
    _, line, store = world(tmp_path, files, given)
    connect(line, store)
    line.deliver()
    assert line.told[-1]["state"] == "refused"
    assert why in line.told[-1]["why"]
    assert str(tmp_path) not in line.told[-1]["why"]
    assert store.digest == ""


def test_settings_that_contradict_the_rooms_own_are_refused_at_its_start(tmp_path):
    wanted, line, store = world(tmp_path, {}, {"sound.night_from": "18:00"})
    connect(line, store)
    line.deliver()
    assert line.told[-1] == {"wanted": wanted.digest, "state": "applied"}
    own = tmp_path / "settings.toml"
    own.write_text('[remind]\nat = "19:00"\n')
    assert store.variables(own, {}) == {}
    connect(line, FleetStore(tmp_path / "fleet"))
    line.deliver()
    assert line.told[-1]["state"] == "refused"
    assert "night_from" in line.told[-1]["why"]
    assert str(tmp_path / "fleet") not in line.told[-1]["why"]
    own.write_text("")
    assert store.variables(own, {}) == {"VOICEGUIDE_SOUND_NIGHT_FROM": "18:00"}
    connect(line, store)
    line.deliver()
    assert line.told[-1]["state"] == "applied"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[" * 5000,
        '{"files": {"../../etc/passwd": {"sha256": "00", "bytes": 1}}, "settings": {}}',
        '{"files": {"routines/x.yaml": {"sha256": "00", "bytes": 1}}, "settings": {}}',
        '{"files": {}, "settings": {"home.on_event": "reboot"}}',
        '{"files": {}, "settings": {"mqtt.broker": "elsewhere"}}',
    ],
)
def test_nonsense_and_what_no_fleet_may_set(text):
    with pytest.raises(WantedError):
        parse_wanted(text.encode())


def test_what_is_wanted_is_read_as_it_was_written():
    wanted = Wanted({"voice.pack": Content("a" * 64, 5)}, {"sound.gain_db": "-3"})
    assert parse_wanted(wanted.as_json().encode()) == wanted
    assert Content("", 0).pieces == 1
    assert Content("", PIECE_BYTES + 1).pieces == 2


# ------------------------------------------------------------------ on a real broker

CERTIFICATE = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]


@pytest.fixture
def guarded(tmp_path):
    """Mosquitto with TLS, passwords and the rights that the documents show."""
    tool = shutil.which("mosquitto_passwd")
    if tool is None or shutil.which("openssl") is None:
        pytest.skip("mosquitto_passwd or openssl not installed")
    for user in ("bath", "attic", "keeper", "viewer"):
        new = [] if (tmp_path / "passwords").exists() else ["-c"]
        command = [tool, *new, "-b", str(tmp_path / "passwords"), user, f"of-{user}"]
        subprocess.run(command, check=True, capture_output=True)
    acl = tmp_path / "acl"
    shutil.copy(ROOT / "scripts/speaker/mosquitto.acl", acl)
    for each in (acl, tmp_path / "passwords"):
        each.chmod(0o600)
    made = ["-nodes", "-days", "2", "-subj", "/CN=localhost"]
    made += ["-addext", "subjectAltName=IP:127.0.0.1"]
    made += ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "ca.pem")]
    subprocess.run([*CERTIFICATE, *made], check=True, capture_output=True)
    lines = (
        f"certfile {tmp_path}/ca.pem", f"keyfile {tmp_path}/key.pem",
        f"password_file {tmp_path}/passwords", f"acl_file {acl}",
    )  # fmt: skip
    with broker(tmp_path, *lines) as made_broker:
        yield made_broker


def way_in(guarded, user):
    ca = guarded.folder / "ca.pem"
    return Access("127.0.0.1", guarded.port, True, ca, username=user, password=f"of-{user}")


def secure(guarded, user, monkeypatch, **more):
    """Settings with TLS and this user; the password goes the way it goes in life."""
    monkeypatch.setenv("VOICEGUIDE_MQTT_PASSWORD", f"of-{user}")
    ca = guarded.folder / "ca.pem"
    return settings(guarded.port, user, tls=True, ca_file=ca, username=user, **more)


def write_settings(guarded, user, monkeypatch):
    path = guarded.folder / f"{user}.toml"
    path.write_text(
        f'[mqtt]\nbroker = "127.0.0.1"\nport = {guarded.port}\ntls = true\n'
        f'ca_file = "{guarded.folder}/ca.pem"\nusername = "{user}"\n'
    )
    monkeypatch.setenv("VOICEGUIDE_SETTINGS", str(path))
    monkeypatch.setenv("VOICEGUIDE_MQTT_PASSWORD", f"of-{user}")


def test_a_keeper_gives_a_room_a_routine_over_a_guarded_broker(
    guarded, routine, tmp_path, monkeypatch, capsys
):
    home = Home(
        secure(guarded, "bath", monkeypatch, fleet=True, folder=tmp_path / "state"),
        is_restarted=True,
    )
    store = FleetStore(tmp_path / "state" / "fleet")
    watching = Other(way_in(guarded, "keeper"), ("voiceguide/#",))
    watching.until("voiceguide/bath/availability", lambda text: text == "online")
    write_settings(guarded, "keeper", monkeypatch)
    words = ["--seconds", "20"]
    assert main(["fleet", "send", str(routine), "--to", "bath", *words]) == 0
    assert capsys.readouterr().out == "bath: applied\n"
    assert store.routines.joinpath("night-calm.yaml").read_bytes() == routine.read_bytes()
    assert main(["fleet", "set", "bath", "sound.night_gain_db=-12", *words]) == 0
    assert store.variables(None, {}) == {"VOICEGUIDE_SOUND_NIGHT_GAIN_DB": "-12"}
    assert store.routines is not None
    # It begins anew once it sleeps.
    home.house.tend()
    assert home.session.state is State.ENDED or home.session.state is State.READY
    # What no room wants any more, the broker keeps no longer.
    sha256 = content_of(routine.read_bytes()).sha256
    assert watching.until(f"voiceguide/~parts/{sha256}", str.isdigit)
    assert main(["fleet", "send", "--remove", "routines/night-calm.yaml", "--all", *words]) == 0
    watching.until(f"voiceguide/~parts/{sha256}", lambda text: text == "")
    assert store.routines is None
    capsys.readouterr()
    assert main(["fleet", "set", "bath", "home.on_event=reboot"]) == 2
    assert "cannot be set from afar" in capsys.readouterr().err
    assert main(["fleet", "stop", "attic"]) == 2
    assert "there is no room attic; there are: bath" in capsys.readouterr().err
    assert main(["fleet", "send", str(ROOT / "voiceguide/routines/quick.yaml"), "--all"]) == 2
    assert "the id `quick` is taken" in capsys.readouterr().err
    assert main(["fleet", "set", "bath", "programme=two days"]) == 0
    home.turn()
    assert home.session.snapshot().programme is PROGRAMME
    assert main(["fleet", "start", "bath", "--routine", "small routine"]) == 0
    home.turn()
    home.close()
    watching.close()


def test_a_keeper_orders_rooms_and_forgets_them(mosquitto, capsys):
    home = Home(settings(mosquitto.port, "bath"))
    watching = Other(Access("127.0.0.1", mosquitto.port), ("voiceguide/bath/#",))
    watching.until("voiceguide/bath/availability", lambda text: text == "online")
    words = ["--broker", f"127.0.0.1:{mosquitto.port}", "--seconds", "20"]
    assert main(["fleet", "set", "bath", "volume=-6", "tempo=0.9", *words]) == 0
    home.turn()
    home.turn()
    assert home.session.snapshot().tempo == 0.9
    assert home.session.snapshot().gain_db == -6.0
    home.say("start")
    assert main(["fleet", "stop", "--all", *words]) == 0
    home.turn()
    assert home.session.state is State.STOPPING
    assert capsys.readouterr().out == "Asked: bath.\n" * 2
    home.close()
    watching.until("voiceguide/bath/availability", lambda text: text == "offline")
    assert main(["fleet", "forget", "bath", *words]) == 0
    assert main(["fleet", *words]) == 1
    assert "No speaker has told of itself" in capsys.readouterr().out
    watching.close()


def test_a_room_cannot_speak_for_another(guarded):
    keeper = Other(way_in(guarded, "keeper"), ("voiceguide/#",))
    bath = Other(way_in(guarded, "bath"), ("voiceguide/#", "voiceguide/attic/do"), name="b")
    attic = Other(way_in(guarded, "attic"), ("voiceguide/attic/do",), name="a")
    for topic in (
        "attic/state", "attic/availability", "attic/has", "attic/do", "attic/wanted",
        "bath/wanted", "bath/do", "~parts/x/0",
    ):  # fmt: skip
        bath.send(f"voiceguide/{topic}", "false")
    bath.send("voiceguide/bath/state", "true")
    keeper.send("voiceguide/attic/do", "stop")
    assert attic.heard.get(timeout=PATIENCE_SECONDS) == ("voiceguide/attic/do", "stop")
    # The keeper sees everything: of all that the bath sent, only its own state came through.
    seen = [keeper.heard.get(timeout=PATIENCE_SECONDS) for _ in range(2)]
    assert seen == [("voiceguide/bath/state", "true"), ("voiceguide/attic/do", "stop")]
    # And the bath hears nothing of the attic: the next that it hears is its own.
    keeper.send("voiceguide/bath/do", "next")
    assert bath.heard.get(timeout=PATIENCE_SECONDS) == ("voiceguide/bath/do", "next")
    for each in (keeper, bath, attic):
        each.close()


def test_who_may_not_write_is_told_so(guarded, routine, monkeypatch, capsys):
    keeper = Other(way_in(guarded, "keeper"))
    keeper.send("voiceguide/bath/availability", "online", retain=True)
    keeper.close()
    write_settings(guarded, "viewer", monkeypatch)
    assert main(["fleet", "list"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split()[:2] == ["bath", "yes"]
    assert main(["fleet", "stop", "bath"]) == 3
    assert "may this user write there?" in capsys.readouterr().err
    monkeypatch.setenv("VOICEGUIDE_MQTT_PASSWORD", "wrong")
    assert main(["fleet", "list", "--seconds", "20"]) == 3
    assert "Not authorized" in capsys.readouterr().err
