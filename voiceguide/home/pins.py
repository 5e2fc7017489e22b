"""Buttons and lights on the pins of a Raspberry Pi."""

import contextlib
import importlib
import sys
import tempfile
import warnings
from collections.abc import Callable
from typing import Any

from voiceguide.core.errors import DeviceError, SettingsError
from voiceguide.edge.libraries.adding import how_to_add

try:
    from gpiozero import PWMLED, Button, Device, SPIDevice
    from gpiozero.exc import GPIOZeroError
except ImportError as error:
    raise SettingsError(
        f"[gpio] needs libraries of its own; install them with: {how_to_add('gpio')}"
    ) from error

Colour = tuple[float, float, float]


class PinButton:
    """A button between a pin and ground.

    Args:
        changed: is called, on a thread of the library, when it goes down (True) or up (False).

    Raises:
        DeviceError: there is no such pin, or it is taken.
    """

    def __init__(self, pin: int, changed: Callable[[bool], None]) -> None:
        self._button = _opened(lambda: Button(pin), pin)
        self._button.when_pressed = lambda: changed(True)
        self._button.when_released = lambda: changed(False)

    def close(self) -> None:
        """Release the pin."""
        self._button.close()


class PinLight:
    """An LED with its resistor between a pin and ground.

    Raises:
        DeviceError: there is no such pin, or it is taken.
    """

    def __init__(self, pin: int) -> None:
        self._led = _opened(lambda: PWMLED(pin), pin)

    def show(self, colour: Colour, level: float) -> None:  # noqa: ARG002 # it has one colour
        """Shine at this brightness, 0–1."""
        self._led.value = level

    def close(self) -> None:
        """Go dark."""
        self._led.close()


class _Strip(SPIDevice):  # type: ignore[misc] # an extra: unknown to mypy
    """A device on SPI 0 that only receives."""

    def send(self, words: list[int]) -> None:
        """Send bytes."""
        self._spi.transfer(words)


class RingLight:
    """APA102 lights in a row, on the pins of SPI 0.

    Args:
        brightness: how bright the lights are at level 1, 0–1.

    Raises:
        DeviceError: there is no such bus.
    """

    def __init__(self, count: int, brightness: float) -> None:
        self._count = count
        self._brightness = brightness
        self._strip = _opened(_Strip, "of SPI 0")

    def show(self, colour: Colour, level: float) -> None:
        """Show this colour on all lights, at this brightness."""
        red, green, blue = (round(255 * part * level * self._brightness) for part in colour)
        # The five bits of brightness stay at their maximum, below which APA102s flicker.
        lights = [0xFF, blue, green, red] * self._count
        # It begins with zeros; at the end, half a clock cycle a light shifts the data through.
        self._strip.send([0] * 4 + lights + [0] * (self._count // 16 + 1))

    def close(self) -> None:
        """Go dark."""
        self.show((0.0, 0.0, 0.0), 0.0)
        self._strip.close()


def load_lgpio() -> None:
    """Load the library through which gpiozero reaches the pins, if it is not loaded yet.

    Its import makes a named pipe in the working folder, which may belong to somebody else or be
    read-only; so this works in a folder of its own, and deletes the pipe, whose name is not needed
    once both ends are open.

    Raises:
        SettingsError: it is missing. gpiozero would fall back on libraries that report no edges or
            do not know a Raspberry Pi 5.
    """
    if "lgpio" in sys.modules:
        return
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        try:
            importlib.import_module("lgpio")
        except ImportError as error:
            raise SettingsError(
                f"[gpio] needs the library lgpio, which cannot be loaded ({error}); "
                f"install it with: {how_to_add('gpio')}"
            ) from error


def _opened(make: Callable[[], Any], place: object) -> Any:
    if Device.pin_factory is None:
        load_lgpio()
    try:
        with warnings.catch_warnings():
            # gpiozero warns when it falls back to another library.
            warnings.simplefilter("ignore")
            return make()
    except (GPIOZeroError, OSError, ValueError) as error:
        raise DeviceError(f"the pin {place} cannot be used: {error}") from error
