"""Settings: where they come from, which wins, and what they are taken for."""

import re
import subprocess
import sys
import tomllib
from datetime import time

import platformdirs
import pytest
from support.places import ROOT
from support.wrong_settings import problems

from voiceguide.core.errors import SettingsError
from voiceguide.core.routine.routine import Profile, Skin, When
from voiceguide.core.session.preferences import Preferences
from voiceguide.settings.keys import PREFIX, variable
from voiceguide.settings.load import FILE_VARIABLE, OTHER_VARIABLES, find_settings, load_settings
from voiceguide.settings.tables import KEYS, TABLES, LogLevel, Settings
from voiceguide.settings.toml import spots

EVERY_KEY = """
[person]
when = "evening"
skin = ["acne", "sensitive", "acne"]
avoid = ["Jaw", "under_eyes"]
tool = "gua-sha"
programme = "four-weeks"
everything = true
guest = true
[routines]
own_folder = "mine"
[voice]
name = "en-gb"
words_per_minute = 140
[strokes]
tempo = 2
preparation = 10
[sound]
gain_db = -3.5
cues = "bowl"
background = "drone"
night_gain_db = -9
night_from = "21:30"
night_to = 06:45:00
input_device = "USB"
input_channel = 2
output_device = "Kitchen speaker"
canceller = "system"
[ears]
model = "vosk-model-small-en-us-0.15"
language = "en"
phrases = "mine.yaml"
tap = false
[wyoming]
ears_server = "tcp://192.168.1.5:10300"
voice_server = "tcp://piper.local:10200"

[wake]
calls = ["Hey  Guide", "okay mirror"]
sleep_minutes = 5
[remind]
at = "19:30"
person = "guest"
later_minutes = 20

[journal]
keep = true
folder = "kept"
history = true
streak = false
day_ends = 4
[log]
level = "debug"
metrics_port = 9464
[mqtt]
broker = "broker.lan"
port = 8884
tls = true
ca_file = "ca.pem"
cert_file = "own.pem"
key_file = "own.key"
username = "bath"
password_file = "secret"
id = "bath"
topic = "spa/guides"
discovery = false
fleet = true
discovery_topic = "ha"
[home]
on_event = ["/usr/bin/logger", "-t", "guide, mine"]
on_event_seconds = 2
[gpio]
button = 17
guest_button = 23
light = 18
ring = 12
ring_brightness = 0.1
routine = "quick"
[page]
names = ["mirror.example.org", "bath"]
frame_ancestors = ["http://mirror.local:8080"]
skin_tone = "brown"

[update]
address = "https://updates.example.org/list.toml"
key = "ssh-ed25519 AAAA"

[persons.anna]
"""


def test_every_key_is_read(write):
    path = write(EVERY_KEY)
    settings = load_settings(path, {})
    assert settings.profile == Profile(
        When.EVENING, (Skin.ACNE, Skin.SENSITIVE), ("jaw", "under-eyes"), "gua-sha"
    )
    assert settings.preferences == Preferences(tempo=2.0, words_per_minute=140, gain_db=-3.5)
    assert settings.routines.own_folder == path.parent / "mine"
    assert settings.voice.name == "en-gb"
    assert (settings.sound.input_device, settings.sound.output_device) == ("USB", "Kitchen speaker")
    assert settings.ears.model == "vosk-model-small-en-us-0.15"
    assert settings.ears.phrases == path.parent / "mine.yaml"
    assert settings.wyoming.ears_server == "tcp://192.168.1.5:10300"
    assert settings.wyoming.voice_server == "tcp://piper.local:10200"
    assert settings.journal_path == path.parent / "kept" / "journal.sqlite"
    assert settings.log.level is LogLevel.DEBUG
    assert (settings.sound.night_from, settings.sound.night_to) == (time(21, 30), time(6, 45))
    assert settings.mqtt.ca_file == path.parent / "ca.pem"
    assert settings.home.on_event == ("/usr/bin/logger", "-t", "guide, mine")


def test_the_night_may_lead_over_midnight(write):
    night = "[sound]\nnight_gain_db = -6\n"
    late = load_settings(write(night), {})
    early = load_settings(write(night + 'night_from = "1:00"\nnight_to = "05:00"'), {})

    def limited(settings):
        return [hour for hour in range(24) if settings.volume_limit_db(time(hour)) == -6]

    assert limited(late) == [*range(7), 22, 23]
    assert limited(early) == [1, 2, 3, 4]
    assert late.volume_limit_db(time(7)) is None
    assert limited(load_settings(write(""), {})) == []


@pytest.mark.parametrize("wrong", ['"24:00"', '"7"', "7", '"7:60"', "07:00"])
def test_a_time_of_day_is_no_other_thing(write, wrong):
    path = write(f"[sound]\nnight_to = {wrong}\n")
    with pytest.raises(SettingsError):
        load_settings(path, {})


@pytest.mark.parametrize("wrong", ['"date"', '[""]', '["date", 1]'])
def test_a_program_is_a_list(write, wrong):
    assert "on_event" in problems(write(f"[home]\non_event = {wrong}\n"))[0]


def test_a_program_in_a_variable_is_split_as_a_shell_would():
    told = load_settings(None, {"VOICEGUIDE_HOME_ON_EVENT": "tell 'the house' -q"})
    assert told.home.on_event == ("tell", "the house", "-q")


def test_the_file_of_every_key_leaves_none_out():
    tables = tomllib.loads(EVERY_KEY)
    del tables["persons"]
    written = {(table, name) for table, keys in tables.items() for name in keys}
    assert written == {(table, name) for table, keys in KEYS.items() for name in keys}


def test_without_a_file_the_defaults_hold_and_begin_where_the_core_begins(tmp_path, monkeypatch):
    monkeypatch.setattr(platformdirs, "user_config_path", lambda *_, **__: tmp_path / "none")
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_, **__: tmp_path / "data")
    settings = load_settings(None, {"HOME": "/home/x"})
    assert settings == Settings()
    assert settings.preferences == Preferences()
    assert settings.profile == Profile()
    assert settings.journal_path == tmp_path / "data" / "journal.sqlite"


def test_which_file_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(platformdirs, "user_config_path", lambda *_, **__: tmp_path)
    named, default = tmp_path / "named.toml", tmp_path / "settings.toml"
    assert find_settings(None, {}) is None
    default.touch()
    assert find_settings(None, {}) == default
    assert find_settings(None, {"VOICEGUIDE_SETTINGS": str(named)}) == named
    assert find_settings(default, {"VOICEGUIDE_SETTINGS": str(named)}) == default


def test_every_default_would_be_accepted_as_a_value(write):
    lines = []
    for table, made in TABLES.items():
        lines.append(f"[{table}]")
        for name in KEYS[table]:
            value = getattr(made(), name)
            if value is not None:
                text = str(value).lower() if isinstance(value, bool) else value
                shown = list(value) if isinstance(value, tuple) else text
                lines.append(f'{name} = "{shown}"' if isinstance(value, str) else f"{name}={shown}")
    assert load_settings(write("\n".join(lines)), {}) == Settings()


def test_a_variable_wins_over_the_file_and_an_empty_one_does_not(write):
    path = write("[voice]\nwords_per_minute = 140\n[strokes]\ntempo = 0.8\n")
    settings = load_settings(
        path,
        {
            "VOICEGUIDE_VOICE_WORDS_PER_MINUTE": " 170 ",
            "VOICEGUIDE_STROKES_TEMPO": "",
            "VOICEGUIDE_PERSON_SKIN": "acne, rosacea",
            "VOICEGUIDE_JOURNAL_KEEP": "0",
            "VOICEGUIDE_SOUND_OUTPUT_DEVICE": "170",
        },
    )
    assert settings.preferences == Preferences(tempo=0.8, words_per_minute=170)
    assert settings.profile.skin == (Skin.ACNE, Skin.ROSACEA)
    assert settings.journal_path is None
    assert settings.sound.output_device == "170"


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf[strokes]\r\ntempo = 1.0\r\n"])
def test_an_empty_file_and_one_from_a_windows_editor_are_fine(tmp_path, data):
    path = tmp_path / "settings.toml"
    path.write_bytes(data)
    assert load_settings(path, {}) == Settings()


def test_a_model_is_a_name_or_a_folder_beside_the_file(write, tmp_path):
    named = load_settings(write("ears.model = 'small'"), {})
    placed = load_settings(write("ears.model = 'models/small'"), {})
    assert named.ears.model == "small"
    assert placed.ears.model == str(tmp_path / "models" / "small")


def test_spots_find_every_key_of_a_file_full_of_traps():
    text = (
        'a."b.c" = "[x]"  # y = 1\n'
        "d = [[1, {e = 2}], '''\n"
        "f = 3\n"
        "''', 1.5, 07:32:00]\n"
        "g = {h.i = {j = [\n"
        " 1]}, k = 2}\n"
        "['l'.m]\n"
        'n = """\n\\"""o = 1""""\n'
        "p = 1e-3\n"
        "[[q]]\n"
        "r = 1\n"
    )
    assert tomllib.loads(text)
    found = {".".join(path): (spot.line, spot.column) for path, spot in spots(text).items()}
    assert found == {
        "a": (1, 1),
        "a.b.c": (1, 1),
        "d": (2, 1),
        "g": (5, 1),
        "g.h": (5, 6),
        "g.h.i": (5, 6),
        "g.h.i.j": (5, 13),
        "g.k": (6, 7),
        "l": (7, 1),
        "l.m": (7, 1),
        "l.m.n": (8, 1),
        "l.m.p": (10, 1),
        "q": (11, 1),
        "q.r": (12, 1),
    }


def test_no_two_keys_share_a_name():
    names = [name for keys in KEYS.values() for name in keys]
    assert len(names) == len(set(names)), "a message could not say where a key belongs"


def test_every_variable_that_the_sources_mention_is_known_and_none_is_dead():
    known = {variable(table, name) for table, keys in KEYS.items() for name in keys}
    pattern = re.compile(rf"\b{PREFIX}[A-Z0-9_]*[A-Z0-9]")
    sources = [*(ROOT / "voiceguide").rglob("*.py"), *(ROOT / "scripts").rglob("*")]
    mentioned = {
        name
        for source in sources
        if source.is_file() and source.suffix not in {".pyc", ".flac"}
        if source.name != "settings.py"
        for name in pattern.findall(source.read_text(encoding="utf-8"))
    }
    assert mentioned <= known | set(OTHER_VARIABLES)
    assert set(OTHER_VARIABLES) - {FILE_VARIABLE} <= mentioned


def test_the_page_about_settings_is_fresh_and_its_example_is_valid(tmp_path):
    script = ROOT / "scripts" / "make_settings_doc"
    done = subprocess.run(
        [sys.executable, script, "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    example = tmp_path / "example.toml"
    example.write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    assert load_settings(example, {}) != Settings()


@pytest.mark.parametrize(
    "address", ["tcp://[::1]:10300", "tcp://bath.local:1", "tcp://a.lan:1,tcp://b.lan:2"]
)
def test_addresses_are_taken_as_they_are(write, address):
    path = write(f'[wyoming]\nvoice_server = "{address}"\n')
    assert load_settings(path, {}).wyoming.voice_server == address


def test_names_of_the_page_come_in_small_letters_from_a_file_or_a_variable(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text('[page]\nnames = ["Mirror.example.org", "mirror.example.org", "bad"]\n')
    assert load_settings(path, {}).page.names == ("mirror.example.org", "bad")
    told = load_settings(path, {"VOICEGUIDE_PAGE_NAMES": "Bath.lan, x"})
    assert told.page.names == ("bath.lan", "x")


def test_calls_are_heard_as_they_are_spoken_and_none_is_never_asleep(write):
    settings = load_settings(write("wake.calls = ['Hey  Guide', 'computer']"), {})
    assert settings.wake.calls == ("hey guide", "computer")
    assert settings.sleep_seconds == 600
    assert load_settings(write("wake.calls = []"), {}).sleep_seconds is None
    spoken = load_settings(None, {"VOICEGUIDE_WAKE_CALLS": "hey guide, okay mirror"})
    assert spoken.wake.calls == ("hey guide", "okay mirror")
