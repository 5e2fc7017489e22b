"""How every mistake in the settings is told."""

import pytest
from support.wrong_settings import problems

from voiceguide.core.errors import SettingsError
from voiceguide.settings.load import load_settings


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
