import threading
import unicodedata

import pytest

from voiceguide.core.errors import DeviceError
from voiceguide.edge.devices import devices
from voiceguide.edge.devices.devices import Device, choose_device, close_in_time, load_beside


def device(index: int, name: str, inputs: int, outputs: int, **more) -> Device:
    fields = {"host_api": "ALSA", "default_input": False, "default_output": False, **more}
    return Device(
        index=index,
        name=name,
        input_channels=inputs,
        output_channels=outputs,
        sample_rate_hz=48_000,
        **fields,
    )


DEVICES = [
    device(0, "Built-in Audio", 2, 2, default_output=True),
    device(1, "USB Microphone", 1, 0, host_api="OSS"),
    device(2, "USB Microphone", 1, 0),
    device(3, "USB Speaker", 0, 2),
    device(4, "Mic", 1, 0, default_input=True),
]


@pytest.mark.parametrize(
    ("kind", "name", "index"),
    [
        ("input", None, 4),
        ("output", None, 0),
        ("input", "usb", 2),  # Through the sound interface of the default.
        ("output", "usb", 3),
        ("input", "MIC", 4),  # The whole name goes before a part of one.
        ("input", " built ", 0),
    ],
)
def test_a_device_is_found_by_a_part_of_its_name(kind, name, index):
    assert choose_device(DEVICES, kind, name).index == index


@pytest.mark.parametrize(
    ("name", "near"), [("USB Mikrophone", "USB Microphone"), ("2", "Built-in Audio"), ("", "Mic")]
)
def test_an_unknown_name_is_answered_with_near_ones(name, near):
    with pytest.raises(DeviceError, match=f"there is no microphone “{name}”.*{near}") as caught:
        choose_device(DEVICES, "input", name)
    assert caught.value.exit_code == 3


def test_without_any_device_it_says_so():
    with pytest.raises(DeviceError, match="there is no speaker; plug one in"):
        choose_device([DEVICES[1]], "output", None)


def test_a_close_that_hangs_is_left_behind():
    never = threading.Event()
    assert not close_in_time(lambda: never.wait() and None, seconds=0.01)
    never.set()


def test_a_close_that_fails_counts_as_closed():
    assert close_in_time(lambda: [][0], seconds=5.0)


CARD = "Gerät: USB Audio (hw:1,0)"


@pytest.mark.parametrize(
    "name",
    [
        CARD,
        "Gerät: USB Audio (hw:3,0)",
        "gerät: usb audio",
        unicodedata.normalize("NFD", CARD),
        "USB AUDIO",
    ],
)
def test_a_device_is_found_again_whatever_the_number_of_its_card(name):
    other = Device(0, "Other (hw:3,0)", "ALSA", 2, 2, 48_000, True, True)
    card = Device(1, CARD, "ALSA", 1, 0, 48_000, False, False)
    assert choose_device([other, card], "input", name) is card


@pytest.mark.parametrize(
    ("shown", "asked"),
    [
        ("Anna’s AirPods", "anna's airpods"),
        ("Micro – USB", "Micro - USB"),
        ("USB\N{NO-BREAK SPACE} Mic", "usb mic"),
        ("Microphone (3- USB Audio)", "Microphone (2- USB Audio)"),
        ("ﬁeld Ｍｉｃ", "field mic"),
    ],
)
def test_a_name_may_be_typed_as_a_keyboard_has_it(shown, asked):
    other = Device(0, "Other", "CoreAudio", 1, 0, 48_000, True, False)
    device = Device(1, shown, "CoreAudio", 1, 0, 48_000, False, False)
    assert choose_device([other, device], "input", asked) is device


def test_of_two_cards_alike_the_one_with_the_number_is_taken():
    cards = [Device(n, f"USB Audio (hw:{n},0)", "ALSA", 1, 0, 48_000, not n, False) for n in (0, 1)]
    for card in cards:
        assert choose_device(cards, "input", card.name) is card


def test_a_sound_library_that_is_missing_is_told_to_who_needs_it_and_by_nobody_else(monkeypatch):
    asked = []

    def missing():
        asked.append(threading.current_thread().name)
        raise DeviceError("PortAudio is not here")

    monkeypatch.setattr(devices, "sound_library", missing)
    load_beside()()
    assert asked == ["sound-library"]
    with pytest.raises(DeviceError, match="not here"):
        devices.list_devices()
