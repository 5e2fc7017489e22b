"""The doctor's instruments for real devices."""

import os
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.errors import DeviceError
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.doctor.finding import Instruments
from voiceguide.edge.devices.devices import Kind, choose_device, list_devices
from voiceguide.edge.devices.echo_cancelled import device_name, open_canceller
from voiceguide.edge.devices.microphone import FAULT_SECONDS, Microphone
from voiceguide.edge.devices.speaker import Speaker
from voiceguide.edge.voice.choice import engine_voice
from voiceguide.edge.voice.clip_cache import default_folder
from voiceguide.settings.tables import Settings
from voiceguide.sound.channels import ChannelsFound
from voiceguide.sound.clip import Clip
from voiceguide.sound.resample import resample

TAIL_SECONDS = 0.5
"""How long to record after the last sample went to the speaker: its buffer, the room's echo."""
PATIENCE_SECONDS = 5.0
"""If the clip is not over this long after its length, the speaker has stopped."""


def real_instruments() -> Instruments:
    """The instruments with the voice and the devices that a session would use."""
    found: list[ChannelsFound] = []

    def record(settings: Settings, clip: Clip) -> NDArray[np.int16]:
        return play_and_record(settings, clip, found.append)

    return Instruments(
        open_voice=engine_voice,
        cache_folder=default_folder,
        find_devices=find_devices,
        play_and_record=record,
        channels=lambda: found[-1].text() if found else "",
    )


def find_devices(settings: Settings) -> tuple[str | None, str | None]:
    """The names of the microphone and the speaker; None for each that is missing.

    Raises:
        DeviceError: there is no sound library, no device with the name in the settings, or no
            echo-cancelled one.
    """
    names = _names(settings)
    devices = list_devices()

    def name(kind: Kind, wanted: str | None) -> str | None:
        channels = "input_channels" if kind == "input" else "output_channels"
        if not any(getattr(device, channels) for device in devices):
            return None
        return choose_device(devices, kind, wanted).name

    return name("input", names[0]), name("output", names[1])


def _names(settings: Settings) -> tuple[str | None, str | None]:
    """The microphone and the speaker to open; the echo-cancelled ones if they are chosen."""
    sound = settings.sound
    open_canceller(sound.canceller, os.environ)
    names = (sound.input_device, sound.output_device)
    microphone, speaker = (device_name(sound.canceller, name) for name in names)
    return microphone, speaker


def play_and_record(
    settings: Settings, clip: Clip, tell: Callable[[ChannelsFound], None] = lambda _: None
) -> NDArray[np.int16]:
    """Play a clip at the volume that is set, and record from before it until after it.

    Args:
        tell: is told how good the channels of the microphone were.

    Returns:
        16 kHz mono, shape (n,).

    Raises:
        DeviceError: a device cannot be opened, or stops.
    """
    blocks: list[NDArray[np.int16]] = []
    listens, plays = _names(settings)
    channel = settings.sound.input_channel
    with Microphone(listens, channel) as microphone, Speaker(plays) as speaker:
        mixer = speaker.mixer
        mixer.set_gain_db(settings.sound.gain_db)
        speaker.settle()
        while microphone.read(0.0) is not None:
            pass  # drop what was recorded while the speaker started
        mixer.play(resample(clip, mixer.sample_rate_hz).samples, None, tag=0)
        recorded, end = 0.0, clip.seconds + PATIENCE_SECONDS
        sounding = True
        while recorded < end:
            block = microphone.read(FAULT_SECONDS)
            if block is None:
                raise DeviceError(f"the microphone “{microphone.name}” gives nothing")
            blocks.append(block)
            recorded += len(block) / EAR_RATE_HZ
            if sounding and mixer.pop_ended():
                sounding = False
                end = recorded + speaker.latency_seconds + TAIL_SECONDS
        if sounding:
            raise DeviceError(f"the speaker “{speaker.name}” stopped playing")
        tell(microphone.channels())
    return np.concatenate(blocks)
