"""Settings: where they come from, which wins, and how every mistake is told."""

import re
import subprocess
import sys
import tomllib
from datetime import time

import platformdirs
import pytest
from support.places import ROOT

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
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "settings.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def problems(path, environment=None):
    """The lines of the error, each without the folder of the file."""
    with pytest.raises(SettingsError) as caught:
        load_settings(path, environment or {})
    assert caught.value.exit_code == 2
    return [line.replace(f"{path.parent}/", "") for line in str(caught.value).split("\n")]


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
    written = {(table, name) for table, keys in tomllib.loads(EVERY_KEY).items() for name in keys}
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


def test_every_problem_is_told_at_once_in_the_order_of_the_file(write):
    path = write(
        "# a comment = 1\n"
        "sound.gian_db = 3\n"
        'voice = { words_per_minute = 300, "nmae" = "x" }\n'
        "word_per_minute = 3\n"
        "  [ person ] # not [voice]\n"
        'avoid = ["jaw", # ]\n'
        '  """eyes\n'
        'when = 1""",\n'
        "]\n"
        'when = "mornin"\n'
        "[ears]\n"
        "tempo = 2\n"
    )
    assert problems(path, {"VOICEGUIDE_SOUND_GAIN_DB": "loud", "VOICEGUIDE_VOICE_NAM": "x"}) == [
        "settings.toml:2:1: there is no key `gian_db` in [sound]; did you mean `gain_db`?",
        "settings.toml:3:11: `words_per_minute` must be a whole number from 110 to 220, not 300.",
        "settings.toml:3:35: there is no key `nmae` in [voice]; did you mean `name`?",
        "settings.toml:4:1: there is no table or key `word_per_minute`; "
        "did you mean `words_per_minute` in [voice]?",
        'settings.toml:10:1: `when` must be one of "morning", "evening", not "mornin"; '
        'did you mean "morning"?',
        "settings.toml:12:1: `tempo` belongs in the table [strokes], not in [ears].",
        "the environment variable VOICEGUIDE_SOUND_GAIN_DB must be a number from -21 to 9, "
        'not "loud".',
        "the environment variable VOICEGUIDE_VOICE_NAM stands for no setting; "
        "did you mean VOICEGUIDE_VOICE_NAME?",
    ]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("voice.words_per_minute = 109", "a whole number from 110 to 220, not 109"),
        ("voice.words_per_minute = 150.0", "a whole number from 110 to 220, not 150.0"),
        ("voice.words_per_minute = true", "a whole number from 110 to 220, not true"),
        ("strokes.tempo = nan", "a number from 0.5 to 2, not nan"),
        ("strokes.tempo = '1'", 'a number from 0.5 to 2, not "1"'),
        ("sound.gain_db = 9.1", "a number from -21 to 9, not 9.1"),
        ("sound.input_device = 3", "text in quotes, not 3"),
        ("journal.keep = 'yes'", 'true or false, not "yes"'),
        ("journal.keep = 1", "true or false, not 1"),
        ("person.skin = 'acne'", 'a list of "sensitive", "rosacea", "acne", not "acne"'),
        ("person.avoid = [1]", "a list of words in quotes, not [1]"),
        ("person.when = 1979-05-27 07:32:00", 'one of "morning", "evening", not 1979-05-27 07'),
    ],
)
def test_a_wrong_value_says_what_would_be_right(write, line, wanted):
    (message,) = problems(write(line))
    assert message.startswith("settings.toml:1:1: `")
    assert f"must be {wanted}" in message


@pytest.mark.parametrize(
    ("calls", "complaint"),
    [
        ("'hey guide'", "must be a list of spoken phrases in quotes"),
        ("[3]", "must be a list of spoken phrases in quotes"),
        ("['hey']", "is too short to be told from talk"),
        ("['hey guide 2']", "cannot be spoken"),
        ("['']", "cannot be spoken"),
        ("['hey you guide over there']", "is too long; 4 words are the most"),
    ],
)
def test_a_call_must_be_something_to_call(write, calls, complaint):
    (message,) = problems(write(f"wake.calls = {calls}"))
    assert message.startswith("settings.toml:1:1: `calls`")
    assert complaint in message


def test_calls_are_heard_as_they_are_spoken_and_none_is_never_asleep(write):
    settings = load_settings(write("wake.calls = ['Hey  Guide', 'computer']"), {})
    assert settings.wake.calls == ("hey guide", "computer")
    assert settings.sleep_seconds == 600
    assert load_settings(write("wake.calls = []"), {}).sleep_seconds is None
    spoken = load_settings(None, {"VOICEGUIDE_WAKE_CALLS": "hey guide, okay mirror"})
    assert spoken.wake.calls == ("hey guide", "okay mirror")


@pytest.mark.parametrize("table", ["person = 3", "[[person]]\nwhen = 'morning'"])
def test_a_table_that_is_none(write, table):
    assert problems(write(table)) == [
        "settings.toml:1:1: `person` is a table; write [person], then its keys."
    ]


def test_a_key_without_its_table_is_told_where_it_belongs(write):
    assert problems(write("\n  tempo = 1")) == [
        "settings.toml:2:3: `tempo` belongs in the table [strokes]."
    ]


@pytest.mark.parametrize("value", ["''", "'  '", '"a\\u0000b"'])
def test_text_that_cannot_be_a_name(write, value):
    (message,) = problems(write(f"voice.name = {value}"))
    assert "is empty or not readable" in message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a = \n", "settings.toml:1:5: this is not TOML: invalid value; "),
        (b"[voice]\nname = 'x'\nname = 'y'\n", "settings.toml:3:11: this is not TOML: "),
        (b"a = 'x", "this is not TOML: "),
        (b"\x00\x01\x02", "settings.toml is a binary file, and no text in UTF-8."),
        (b"# \n\xff\xfe", "settings.toml:2:1: this is no text in UTF-8; save it as UTF-8."),
        (b"a = " + b"[" * 100_000, "settings.toml is nested too deep to be settings."),
        (b"#" * 1_000_001, "settings.toml is too large: it may have 1 MB."),
    ],
)
def test_a_file_that_is_no_settings_file_is_one_sentence(tmp_path, data, message):
    path = tmp_path / "settings.toml"
    path.write_bytes(data)
    (told,) = problems(path)
    assert message in told


def test_a_folder_and_a_missing_file_are_one_sentence(tmp_path):
    missing = tmp_path / "none.toml"
    assert problems(missing) == ["none.toml cannot be read: there is no such file; check the path."]
    folder = tmp_path / "folder"
    folder.mkdir()
    assert problems(folder) == ["folder cannot be read: it is a folder; name the file."]


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
    "address",
    [
        "tcp://bath", "tcp://:10300", "http://bath:10300", "bath:10300", "tcp://bath:0",
        "tcp://bath:99999", "tcp://bath:1/x", "tcp://me@bath:1", "tcp://a b:1", "tcp://[::1:1",
        "tcp://a..b:1", "tcp://192.168.1.300:1", "tcp://-x:1",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(write, address):
    found = problems(write(f'[wyoming]\nears_server = "{address}"\n'))
    assert found == [
        "settings.toml:2:1: `ears_server` must be an address such as "
        f'"tcp://192.168.1.5:10300", not "{address}".'
    ]


@pytest.mark.parametrize(
    "address", ["tcp://[::1]:10300", "tcp://bath.local:1", "tcp://a.lan:1,tcp://b.lan:2"]
)
def test_addresses_are_taken_as_they_are(write, address):
    path = write(f'[wyoming]\nvoice_server = "{address}"\n')
    assert load_settings(path, {}).wyoming.voice_server == address


@pytest.mark.parametrize("value", ['"x"', "[1]", '["*"]', '["a b"]', '["-x"]', '["a..b"]', '[""]'])
def test_a_name_of_the_page_that_is_none_is_refused(tmp_path, value):
    path = tmp_path / "settings.toml"
    path.write_text(f"[page]\nnames = {value}\n")
    with pytest.raises(SettingsError, match=r"settings\.toml:2:1: `names` must be a list of names"):
        load_settings(path, {})


@pytest.mark.parametrize("value", ['"mirror"', '["mirror.local"]', '["http://a/b"]', '["ftp://a"]'])
def test_what_is_no_origin_may_frame_nothing(tmp_path, value):
    path = tmp_path / "settings.toml"
    path.write_text(f"[page]\nframe_ancestors = {value}\n")
    with pytest.raises(SettingsError, match="`frame_ancestors` must be a list of origins"):
        load_settings(path, {})


def test_names_of_the_page_come_in_small_letters_from_a_file_or_a_variable(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text('[page]\nnames = ["Mirror.example.org", "mirror.example.org", "bad"]\n')
    assert load_settings(path, {}).page.names == ("mirror.example.org", "bad")
    told = load_settings(path, {"VOICEGUIDE_PAGE_NAMES": "Bath.lan, x"})
    assert told.page.names == ("bath.lan", "x")
