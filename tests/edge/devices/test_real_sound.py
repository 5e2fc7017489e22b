"""The speaker and the microphone through real PortAudio, on virtual PulseAudio devices."""

import json
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from support.stalls import judged_unless_it_stood_still

RATE = 48_000

PLAY_AND_FADE = """
import sys
import numpy as np
from voiceguide.edge.devices.speaker import Speaker

with Speaker() as speaker:
    mixer = speaker.mixer
    rate = mixer.sample_rate_hz
    assert speaker.settle(10.0)
    tone = np.sin(2 * np.pi * 1000 * np.arange(4 * rate) / rate).astype(np.float32) * 0.3
    start, _ = mixer.play(tone, mixer.position + rate // 4, tag=1)
    times = [speaker.now_seconds()]
    while mixer.position < start + rate // 2:
        times.append(speaker.now_seconds())
    assert times == sorted(times), "the clock ran backwards"
    assert abs(times[-1] - mixer.position / rate) < 0.3
    mixer.fade_out(rate // 20)
    faded_at = mixer.position
    while mixer.position < faded_at + rate:
        assert speaker.alive()
    assert mixer.pop_ended() == []
    print(faded_at - start, speaker.underflows, rate)
"""

LISTEN = """
import sys, wave
import numpy as np
from voiceguide.edge.devices.microphone import Microphone

with Microphone() as microphone:
    print("listening", flush=True)
    blocks = []
    while sum(map(len, blocks)) < 2 * 16_000:
        block = microphone.read(5.0)
        assert block is not None and microphone.alive()
        assert block.dtype == np.int16 and block.ndim == 1
        blocks.append(block)
    assert microphone.drops == 0
with wave.open(sys.argv[1], "wb") as file:
    file.setparams((1, 2, 16_000, 0, "NONE", ""))
    file.writeframes(np.concatenate(blocks).tobytes())
"""


def read(path: Path) -> np.ndarray:
    with wave.open(str(path), "rb") as file:
        data = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    return data / 32768.0


def loud_part(sound: np.ndarray, rate: int, threshold: float = 0.003) -> tuple[int, int]:
    """First and last 5 ms frame over the threshold, as sample positions."""
    frame = rate // 200
    level = np.abs(sound[: len(sound) // frame * frame].reshape(-1, frame)).max(axis=1)
    over = np.flatnonzero(level > threshold)
    assert len(over), "nothing was heard"
    return int(over[0]) * frame, int(over[-1] + 1) * frame


TAKES = 3
"""A machine with much else to do may tear a recording; then another one is made."""


def main_pitch_hz(sound: np.ndarray, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.fft.rfftfreq(len(sound), 1 / rate)[spectrum.argmax()])


def run(program: str, env: dict[str, str], *args: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *args],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@judged_unless_it_stood_still()
def test_what_the_mixer_plays_is_heard_and_fades_as_asked(virtual_sound, tmp_path):
    for _ in range(TAKES):
        recording = virtual_sound.record_speaker(tmp_path / "speaker.wav")
        tone_samples, underflows, rate = map(int, run(PLAY_AND_FADE, virtual_sound.env).split())
        recording.stop()
        sound = read(tmp_path / "speaker.wav")
        first, last = loud_part(sound, RATE)
        middle = sound[first + RATE // 10 : first + 3 * RATE // 10]
        if abs(main_pitch_hz(middle, RATE) - 1000) <= 5:
            break
    assert main_pitch_hz(middle, RATE) == pytest.approx(1000, abs=5)
    assert np.abs(middle).max() == pytest.approx(0.3, abs=0.02)
    if underflows == 0:  # A busy machine may tear the stream; then lengths mean nothing.
        expected = tone_samples / rate + 0.05
        assert (last - first) / RATE == pytest.approx(expected, abs=0.02)
        fade = np.abs(sound[last - RATE // 20 : last]).reshape(5, -1).max(axis=1)
        assert np.all(np.diff(fade) < 0)


@judged_unless_it_stood_still()
def test_what_is_played_to_the_microphone_is_heard(virtual_sound, tmp_path):
    tone = np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE) * 0.3
    with wave.open(str(tmp_path / "tone.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((tone * 32767).astype("<i2").tobytes())
    listener = subprocess.Popen(
        [sys.executable, "-c", LISTEN, str(tmp_path / "heard.wav")],
        env=virtual_sound.env,
        stdout=subprocess.PIPE,
        text=True,
    )
    with listener:
        assert listener.stdout.readline() == "listening\n"
        virtual_sound.play_into_microphone(tmp_path / "tone.wav")
        assert listener.wait(60) == 0
    sound = read(tmp_path / "heard.wav")
    first, last = loud_part(sound, 16_000)
    assert (last - first) / 16_000 == pytest.approx(1.0, abs=0.1)
    middle = sound[first + 1600 : first + 12_800]
    assert main_pitch_hz(middle, 16_000) == pytest.approx(440, abs=3)
    assert np.abs(middle).max() == pytest.approx(0.3, abs=0.03)


def test_the_devices_are_listed(virtual_sound):
    program = "import sys; from voiceguide.cli import devices; import argparse\n"
    program += "devices.run(argparse.Namespace(json=sys.argv[1] == 'json'))"
    listed = json.loads(run(program, virtual_sound.env, "json"))
    (default,) = [entry for entry in listed if entry["default_output"]]
    assert default["host_api"] == "ALSA"
    assert default["output_channels"] > 0
    table = run(program, virtual_sound.env, "table")
    assert "microphones" in table
    assert f"{default['name']} *" in " ".join(table.split())


def test_a_name_that_no_device_has_is_an_error_with_near_ones(virtual_sound):
    program = """
from voiceguide.core.errors import DeviceError
from voiceguide.edge.devices.speaker import Speaker
try:
    Speaker("pulsar")
except DeviceError as error:
    print(error)
"""
    assert (
        run(program, virtual_sound.env)
        .strip()
        .startswith("there is no speaker “pulsar”; there are: pulse")
    )


@pytest.mark.parametrize("kind", ["speaker.Speaker", "microphone.Microphone"])
def test_without_portaudio_there_is_one_plain_sentence(kind):
    module, name = kind.split(".")
    # What sounddevice does at import where the library is missing.
    program = f"""
import sys
class NoPortAudio:
    def find_spec(self, name, path=None, target=None):
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
sys.meta_path.insert(0, NoPortAudio())
from voiceguide.core.errors import DeviceError
from voiceguide.edge.devices.{module} import {name}
try:
    {name}()
except DeviceError as error:
    print(error)
"""
    assert "libportaudio2" in run(program, {})
