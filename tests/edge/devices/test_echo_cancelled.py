"""The sound system's own echo canceller in the place of the guide's."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.stalls import judged_unless_it_stood_still

from voiceguide.core.errors import DeviceError
from voiceguide.edge.devices.echo_cancelled import (
    device_name,
    echo_cancelled,
    open_canceller,
    use_echo_cancelled,
)
from voiceguide.settings.sound import CancellerChoice
from voiceguide.sound.echo.port import SystemCanceller

LISTED = (
    "0\tspeaker.echo-cancel.monitor\tmodule-echo-cancel.c\ts16le 2ch 32000Hz\tIDLE\n"
    "1\tusb.mono\tmodule-alsa.c\ts16le 1ch 48000Hz\tIDLE\n"
    "2\t{}\tmodule-echo-cancel.c\ts16le 1ch 32000Hz\tIDLE\n"
)
PLAYS_AND_LISTENS = """
import os, sys
from pathlib import Path
import numpy as np
from voiceguide.edge.devices.echo_cancelled import device_name, open_canceller
from voiceguide.edge.devices.microphone import Microphone
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.edge.devices.speaker import Speaker
from voiceguide.settings.sound import CancellerChoice

choice = CancellerChoice(sys.argv[1])
open_canceller(choice, os.environ)
name = device_name(choice, None)
with Speaker(name) as speaker, Microphone(name) as microphone:
    assert speaker.settle(10.0)
    rate = speaker.mixer.sample_rate_hz
    speaker.mixer.play(read_sound(Path(sys.argv[2]), rate).samples, None, tag=0)
    blocks, heard = [], 0
    while heard < 9 * 16_000:
        blocks.append(microphone.read(5.0))
        heard += len(blocks[-1])
late = np.concatenate(blocks)[5 * 16_000 :] / 32768
print(np.sqrt(np.mean(late**2)))
"""


@pytest.mark.parametrize("name", ["mic.echo-cancel", "echo-cancel-source", "Echo_Cancel"])
def test_the_echo_cancelled_one_is_found(name):
    assert echo_cancelled(LISTED.format(name)) == name


def test_what_a_speaker_plays_is_no_microphone():
    assert echo_cancelled(LISTED.format("mic")) is None


def pactl(folder: Path, says: str) -> dict[str, str]:
    """An environment in which the sound system says this."""
    script = folder / "pactl"
    script.write_text(f"#!/bin/sh\nprintf '0\\t{says}\\tm\\n'\n")
    script.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin"}


def test_both_devices_are_chosen(tmp_path):
    environment = pactl(tmp_path, "mic.echo-cancel")
    use_echo_cancelled(environment)
    assert environment["PULSE_SOURCE"] == environment["PULSE_SINK"] == "mic.echo-cancel"


def test_what_is_chosen_already_is_kept(tmp_path):
    environment = pactl(tmp_path, "nothing") | {"PULSE_SOURCE": "mine", "PULSE_SINK": "too"}
    use_echo_cancelled(environment)
    assert environment["PULSE_SOURCE"] == "mine"


def test_without_one_it_is_said_what_to_do(tmp_path):
    with pytest.raises(DeviceError, match="load its module-echo-cancel"):
        use_echo_cancelled(pactl(tmp_path, "mic"))
    with pytest.raises(DeviceError, match="cannot be asked"):
        use_echo_cancelled({"PATH": str(tmp_path / "nowhere")})


def test_by_default_the_guides_own_is_used():
    assert open_canceller(CancellerChoice.OWN, {}) is None
    assert device_name(CancellerChoice.OWN, None) is None
    assert device_name(CancellerChoice.SYSTEM, None) == "pulse"
    assert device_name(CancellerChoice.SYSTEM, "mine") == "mine"
    chosen = {"PULSE_SOURCE": "a", "PULSE_SINK": "b"}
    assert isinstance(open_canceller(CancellerChoice.SYSTEM, chosen), SystemCanceller)


@judged_unless_it_stood_still()
def test_the_echo_is_lower_with_the_systems(virtual_sound, tmp_path):
    virtual_sound.control("load-module", "module-loopback", "source=speaker.monitor",
                          "sink=micsink", "latency_msec=40")  # fmt: skip
    loaded = virtual_sound.control(
        "load-module", "module-echo-cancel", "source_master=mic", "sink_master=speaker",
        "source_name=mic.echo-cancel", "sink_name=speaker.echo-cancel", "aec_method=webrtc",
    )  # fmt: skip
    if not loaded.isdigit():
        pytest.skip("this PulseAudio has no WebRTC echo canceller")
    random = np.random.default_rng(1)
    count = 9 * 48_000
    colour = np.convolve(random.standard_normal(count), 0.9 ** np.arange(60), "same")
    sound = colour * np.clip(np.sin(np.arange(count) * 18 / 48_000), 0, 1)
    path = tmp_path / "told.wav"
    soundfile.write(path, 0.1 * sound / np.sqrt(np.mean(sound**2)), 48_000)
    levels = {}
    for choice in ("own", "system"):
        done = subprocess.run(
            [sys.executable, "-c", PLAYS_AND_LISTENS, choice, str(path)],
            env=virtual_sound.env, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        levels[choice] = float(done.stdout)
    assert levels["own"] > 0.002, "the loopback brings the guide back"
    assert levels["system"] < levels["own"] / 4
