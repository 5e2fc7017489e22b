"""`voiceguide doctor` with instruments that need no sound card."""

import argparse
import json
from dataclasses import replace

import numpy as np
import platformdirs
import pytest
from support.loaded import load_once

from voiceguide.cli import doctor
from voiceguide.core.decision.heard import Heard
from voiceguide.core.errors import DeviceError, SpeechError
from voiceguide.doctor import instruments
from voiceguide.doctor.echo import EchoPath, measure
from voiceguide.doctor.finding import Finding, Instruments, exit_code
from voiceguide.doctor.sound import levels
from voiceguide.edge.devices.devices import Device
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.settings.sound import SoundSettings
from voiceguide.settings.tables import Settings
from voiceguide.sound.channels import ChannelsFound
from voiceguide.sound.clip import Clip
from voiceguide.sound.mixer import Mixer
from voiceguide.sound.resample import resample
from voiceguide.sound.voice_port import AtOnce

RATE_HZ = 22_050
LIBRARIES = Finding("libraries", True, "all 8 can be loaded")


class ToneVoice(AtOnce):
    """Speaks a tone, a third of a second for each word; remembers that it was closed."""

    closed = False

    def render(self, text, words_per_minute):
        count = RATE_HZ * len(text.split()) * 50 // words_per_minute
        tone = 0.3 * np.sin(2 * np.pi * 440 / RATE_HZ * np.arange(count))
        return Clip(tone.astype(np.float32), RATE_HZ)

    def close(self):
        self.closed = True


class MuteVoice(ToneVoice):
    """Renders silence."""

    def render(self, _text, _words_per_minute):
        return Clip(np.zeros(1000, np.float32), RATE_HZ)


class BrokenVoice(ToneVoice):
    """Cannot speak."""

    def render(self, _text, _words_per_minute):
        raise SpeechError("there is no voice called 'x'")


def room(gain_db, noise_db=-60.0):
    """What a microphone records of a clip: it, at this gain, in noise."""

    def play_and_record(_settings, clip):
        sound = resample(clip, 16_000).samples * 10 ** (gain_db / 20)
        noise = np.random.default_rng(0).normal(0, 10 ** (noise_db / 20), len(sound))
        return ((sound + noise) * 32767).astype(np.int16)

    return play_and_record


@pytest.fixture
def healthy(tmp_path, monkeypatch):
    """Instruments that work, ears that understand the tone, and an echo that was measured
    (test_doctor_echo.py measures it); the model is the real one."""
    echo = EchoPath(0.1, -6.0, 30.0)
    monkeypatch.setattr("voiceguide.doctor.echo.measure", lambda *_: echo)
    load_once(monkeypatch, "voiceguide.doctor.sound.Recogniser")
    monkeypatch.setattr(platformdirs, "user_config_path", lambda *_, **__: tmp_path / "config")
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_, **__: tmp_path / "data")
    monkeypatch.setattr("voiceguide.doctor.sound.hear_recording", understanding("next"))
    return Instruments(
        open_voice=lambda *_: ToneVoice(),
        cache_folder=lambda: tmp_path / "cache",
        find_devices=lambda _: ("Mic", "Speaker"),
        play_and_record=room(gain_db=-6),
    )


def understanding(*texts):
    """Ears that hear these words in any sound."""

    def hear_recording(_recogniser, phrases, _samples, _decoys):
        live = {phrase.text: phrase for phrase in phrases}
        return tuple(Heard(text, live.get(text), "", 0, 1, 1.2, 1.0, 20.0) for text in texts)

    return hear_recording


def examine(capsys, reached, *options):
    """The exit code, and the findings by name, as JSON tells them."""
    code = doctor.report(parsed("--json", *options), reached, LIBRARIES)
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] == (code == 0)
    return code, {finding["name"]: finding for finding in told["findings"]}


def parsed(*options):
    parser = argparse.ArgumentParser()
    doctor.add(parser.add_subparsers())
    return parser.parse_args(["doctor", *options])


def test_all_is_well(capsys, healthy):
    code, findings = examine(capsys, healthy)
    assert code == 0
    assert list(findings) == [
        "system",
        "libraries",
        "settings",
        "routines",
        "programmes",
        "journal",
        "cache",
        "voice",
        "model",
        "hearing",
        "devices",
        "sound",
        "talking over",
    ]
    assert all(finding["ok"] and not finding["advice"] for finding in findings.values())
    assert "no place kept" in findings["journal"]["detail"]
    assert findings["devices"]["detail"] == "microphone: Mic; speaker: Speaker"
    assert findings["sound"]["detail"] == ("noise -60 dBFS, the guide -19 dBFS, heard: next")


def test_the_real_ears_understand_the_real_voice_through_the_room(capsys, healthy, monkeypatch):
    from voiceguide.edge.ears.hearing import hear_recording
    from voiceguide.edge.voice.choice import engine_voice

    monkeypatch.setattr("voiceguide.doctor.sound.hear_recording", hear_recording)
    monkeypatch.setattr("voiceguide.doctor.echo.measure", measure)
    monkeypatch.setattr("voiceguide.doctor.sound.Recogniser", Recogniser)
    real = replace(healthy, open_voice=engine_voice)
    code, findings = examine(capsys, real)
    assert code == 0, findings
    assert findings["hearing"]["detail"] == "“next”, spoken into a file, was understood"
    assert findings["sound"]["detail"].endswith("heard: next")


def test_every_line_has_its_mark_and_what_to_do(capsys, healthy):
    changed = replace(healthy, find_devices=lambda _: (None, "Speaker"))
    assert doctor.report(parsed(), changed, LIBRARIES) == 3
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("✓ ") for line in lines) == 10
    assert "✗ devices      microphone: none; speaker: Speaker" in lines
    assert lines[-1].lstrip().startswith("→ plug one in")
    assert not any(line.startswith("✓ sound") for line in lines)


def test_a_programme_that_nobody_follows_is_told_of(capsys, healthy, tmp_path):
    path = tmp_path / "settings.toml"

    def programmes(text):
        path.write_text(text)
        code, findings = examine(capsys, healthy, "--quiet", "--settings", str(path))
        return code, findings["programmes"]["detail"]

    named = '[person]\nprogramme = "four-weeks"\n'
    assert programmes(named) == (0, "2 there; the settings name four-weeks")
    assert programmes(named + "guest = true\n") == (
        2,
        "`person.programme` does nothing while `person.guest` is true: a guest follows no "
        "programme.",
    )


def test_quiet_needs_no_devices_and_plays_nothing(capsys, healthy):
    def never(*_):
        raise AssertionError("something was played")

    absent = replace(healthy, find_devices=lambda _: (None, None), play_and_record=never)
    code, findings = examine(capsys, absent, "--quiet")
    assert code == 0
    assert findings["devices"]["detail"] == "microphone: none; speaker: none"
    code, findings = examine(capsys, replace(healthy, play_and_record=never), "--quiet")
    assert (code, "sound" in findings) == (0, False)


def test_no_sound_system(capsys, healthy):
    def none(_settings):
        raise DeviceError("PortAudio is not installed")

    changed = replace(healthy, find_devices=none)
    code, findings = examine(capsys, changed)
    assert code == 3
    assert findings["devices"]["detail"] == "PortAudio is not installed"
    assert "typed" in findings["devices"]["advice"]
    assert examine(capsys, changed, "--quiet")[0] == 0


@pytest.mark.parametrize(
    ("play_and_record", "detail"),
    [
        (room(gain_db=-60), "the microphone does not hear the speaker: noise -60 dBFS"),
        (lambda *_: np.zeros(60_000, np.int16), "digital silence"),
        (lambda *_: np.zeros(0, np.int16), "digital silence"),
    ],
)
def test_a_recording_without_the_guide_fails(capsys, healthy, play_and_record, detail):
    code, findings = examine(capsys, replace(healthy, play_and_record=play_and_record))
    assert code == 3
    assert detail in findings["sound"]["detail"]
    assert findings["sound"]["advice"]


def test_a_word_that_comes_back_and_is_not_understood_fails(capsys, healthy, monkeypatch):
    heard = iter([understanding("next"), understanding("[unk]")])
    monkeypatch.setattr("voiceguide.doctor.sound.hear_recording", lambda *more: next(heard)(*more))
    code, findings = examine(capsys, healthy)
    assert code == 3
    assert "“next”, played here, was not understood" in findings["sound"]["detail"]
    assert findings["sound"]["advice"]


def test_a_microphone_that_ends_at_4_khz_is_told(capsys, healthy, monkeypatch):
    monkeypatch.setattr("voiceguide.doctor.sound.ends_at_4_khz", lambda *_: True)
    code, findings = examine(capsys, healthy)
    assert code == 0
    assert "ends at 4 kHz" in findings["sound"]["detail"]
    assert "another microphone" in findings["sound"]["advice"]


def test_headphones_get_their_mark(capsys, healthy):
    silent = replace(healthy, play_and_record=room(gain_db=-60))
    code, findings = examine(capsys, silent, "--headphones")
    assert code == 0
    assert findings["sound"]["detail"] == "the microphone is on: noise -60 dBFS"
    muted = replace(healthy, play_and_record=lambda *_: np.zeros(60_000, np.int16))
    assert examine(capsys, muted, "--headphones")[0] == 3


def test_a_device_that_fails_while_playing(capsys, healthy):
    def fail(*_):
        raise DeviceError("the speaker 'Speaker' went away")

    code, findings = examine(capsys, replace(healthy, play_and_record=fail))
    assert (code, findings["sound"]["detail"]) == (3, "the speaker 'Speaker' went away")


@pytest.mark.parametrize(
    ("voice", "detail"),
    [(BrokenVoice, "there is no voice called 'x'"), (MuteVoice, "the voice renders silence")],
)
def test_a_voice_that_does_not_speak_ends_the_tests_that_need_it(capsys, healthy, voice, detail):
    opened = []

    def open_voice(name, _cache):
        opened.append((name, voice()))
        return opened[-1][1]

    code, findings = examine(capsys, replace(healthy, open_voice=open_voice), "--voice", "x")
    assert code == 5
    assert findings["voice"]["detail"] == detail
    assert not {"hearing", "sound"} & set(findings)
    assert findings["model"]["ok"]
    ((name, made),) = opened
    assert (name, made.closed) == ("x", True)


def test_ears_that_do_not_understand_the_voice(capsys, healthy, monkeypatch):
    monkeypatch.setattr("voiceguide.doctor.sound.hear_recording", understanding("[unk]", "text"))
    code, findings = examine(capsys, healthy, "--quiet")
    assert code == 4
    assert findings["hearing"]["detail"].endswith("was not understood; heard: [unk] / text")


def test_a_model_that_is_not_there(capsys, healthy, tmp_path):
    code, findings = examine(capsys, healthy, "--model", str(tmp_path / "no" / "model"))
    assert code == 4
    assert "no model folder" in findings["model"]["detail"]
    assert "hearing" not in findings
    assert findings["sound"]["detail"] == "noise -60 dBFS, the guide -19 dBFS"


def test_wrong_settings_are_told_and_the_rest_is_examined_with_the_defaults(
    capsys, healthy, tmp_path
):
    file = tmp_path / "wrong.toml"
    file.write_text("[voice]\nnmae = 'x'\n")
    code, findings = examine(capsys, healthy, "--settings", str(file))
    assert code == 2
    assert findings["settings"]["detail"].startswith(f"{file}:2:1: there is no key `nmae`")
    assert findings["sound"]["ok"]


def test_a_journal_that_was_damaged_and_one_that_is_off(capsys, healthy, tmp_path, monkeypatch):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "journal.sqlite").write_bytes(b"no database " * 100)
    code, findings = examine(capsys, healthy)
    assert code == 1
    assert "journal.broken-2" in findings["journal"]["detail"]
    assert examine(capsys, healthy)[0] == 0
    monkeypatch.setenv("VOICEGUIDE_JOURNAL_KEEP", "false")
    assert "off" in examine(capsys, healthy)[1]["journal"]["detail"]


def test_folders_that_cannot_be_written_to(capsys, healthy, tmp_path):
    (tmp_path / "data").write_text("a file where a folder should be")
    (tmp_path / "cache").write_text("a file where a folder should be")
    code, findings = examine(capsys, healthy)
    assert code == 1
    for name in ("journal", "cache"):
        assert "cannot be written to" in findings[name]["detail"]
        assert "choose a folder" in findings[name]["advice"]


def test_a_full_disk(capsys, healthy, monkeypatch):
    full = argparse.Namespace(free=1_000_000)
    monkeypatch.setattr("voiceguide.doctor.parts.shutil.disk_usage", lambda _: full)
    code, findings = examine(capsys, healthy)
    assert code == 1
    assert findings["journal"]["detail"].endswith("has only 1 MB of free space")


def test_the_exit_code_is_that_of_the_first_part_that_fails():
    well, voice, device = (
        Finding("a", True, ""),
        Finding("b", False, "", "", 5),
        Finding("c", False, "", "", 3),
    )
    assert exit_code((well,)) == 0
    assert exit_code((well, voice, device)) == 5
    assert exit_code((device, voice)) == 3


def test_levels_are_the_floor_and_the_loud_parts():
    quiet = np.full(16_000, 33, np.int16)
    loud = np.full(16_000, 3277, np.int16)
    assert levels(np.concatenate((quiet, loud))) == pytest.approx((-60, -20), abs=0.1)
    assert levels(np.zeros(16_000, np.int16)) == (-96.0, -96.0)


def device(name, inputs, outputs):
    return Device(0, name, "ALSA", inputs, outputs, 48_000, False, False)


def sounds(**names):
    return replace(Settings(), sound=SoundSettings(**names))


def test_which_devices_a_session_would_use(monkeypatch):
    there = [device("HDMI", 0, 2), device("USB Mic", 1, 0), device("USB Audio", 0, 2)]
    monkeypatch.setattr(instruments, "list_devices", lambda: there)
    assert instruments.find_devices(Settings()) == ("USB Mic", "HDMI")
    assert instruments.find_devices(sounds(output_device="audio")) == ("USB Mic", "USB Audio")
    with pytest.raises(DeviceError, match="kitchen"):
        instruments.find_devices(sounds(output_device="kitchen"))
    del there[1]
    assert instruments.find_devices(Settings()) == (None, "HDMI")


class Loop:
    """Speaker and microphone in one: what is played is what is recorded.

    Each block that is read makes the speaker play as much; no time passes.
    """

    name = "loop"
    latency_seconds = 0.0

    def __init__(self, plays=True, blocks=10_000):
        self.mixer = Mixer(16_000)
        self._plays = plays
        self._blocks = blocks

    def settle(self):
        return True

    def channels(self):
        return ChannelsFound(1, 0, (), False)

    def read(self, timeout_seconds):
        if not timeout_seconds:
            return None  # nothing has been waiting
        self._blocks -= 1
        sound = self.mixer.render(800) if self._plays else np.zeros(800)
        return (sound * 32767).astype(np.int16) if self._blocks >= 0 else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed = True


@pytest.fixture
def loop(monkeypatch):
    def use(**how):
        made = Loop(**how)
        for name in ("Microphone", "Speaker"):
            monkeypatch.setattr(instruments, name, lambda *_: made)
        return made

    return use


def test_what_is_played_is_recorded_at_the_volume_that_is_set(loop):
    made = loop()
    clip = Clip(np.full(16_000, 0.5, np.float32), 16_000)
    recorded = instruments.play_and_record(sounds(gain_db=-20.0), clip)
    assert len(recorded) == 16_000 + 8_000
    assert recorded[15_000] == pytest.approx(0.05 * 32767, rel=0.01)
    assert not recorded[16_000:].any()
    assert made.closed


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"blocks": 3}, "the microphone “loop” gives nothing"),
        ({"plays": False}, "the speaker “loop” stopped playing"),
    ],
)
def test_a_device_that_stops_is_named(loop, how, message):
    made = loop(**how)
    with pytest.raises(DeviceError, match=message):
        instruments.play_and_record(Settings(), Clip(np.zeros(8_000, np.float32), 16_000))
    assert made.closed
