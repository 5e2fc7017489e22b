"""The settings of what surrounds the guide: a broker, buttons and lights, programs to run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from voiceguide.settings.keys import Key, Kind

PASSWORD_VARIABLE = "VOICEGUIDE_MQTT_PASSWORD"
"""Holds the broker's password; there is no key for it, so that it is in no settings file."""

RING_PINS = (8, 9, 10, 11)
"""The pins of SPI 0, which a ring of lights takes all."""


@dataclass(frozen=True, slots=True)
class MqttSettings:
    """The broker on which the speaker can be seen and asked (docs/home.md)."""

    broker: Annotated[
        str | None, Key(Kind.TEXT, "The broker's name or address.", unset="no broker is used")
    ] = None
    port: Annotated[
        int | None,
        Key(Kind.WHOLE, "Its port.", unset="1883, or 8883 with TLS", span=(1, 65535)),
    ] = None
    tls: Annotated[bool, Key(Kind.SWITCH, "Whether the connection is encrypted.")] = False
    ca_file: Annotated[
        Path | None,
        Key(
            Kind.FILE,
            "The certificate of the authority that signed the broker's certificate.",
            unset="the authorities that the system trusts",
        ),
    ] = None
    cert_file: Annotated[
        Path | None,
        Key(Kind.FILE, "The speaker's own certificate.", unset="it shows none"),
    ] = None
    key_file: Annotated[
        Path | None,
        Key(Kind.FILE, "The key of that certificate.", unset="it is in `cert_file`"),
    ] = None
    username: Annotated[
        str | None, Key(Kind.TEXT, "The name to log in with.", unset="without a name")
    ] = None
    password_file: Annotated[
        Path | None,
        Key(
            Kind.FILE,
            "The file whose first line is the password. The password may also be in the variable "
            "`VOICEGUIDE_MQTT_PASSWORD`.",
            unset="without a password",
        ),
    ] = None
    id: Annotated[
        str | None,
        Key(
            Kind.TEXT,
            "The name of this speaker on the broker; every speaker needs its own.",
            unset="the name of the machine",
        ),
    ] = None
    topic: Annotated[
        str, Key(Kind.TEXT, "What the topics of all speakers begin with, before the id.")
    ] = "voiceguide"
    fleet: Annotated[
        bool,
        Key(
            Kind.SWITCH,
            "Whether a speaker takes the routines, phrases, voice and settings that "
            "`voiceguide fleet` gives it.",
        ),
    ] = False
    discovery: Annotated[
        bool, Key(Kind.SWITCH, "Whether Home Assistant is told of the speaker.")
    ] = True
    discovery_topic: Annotated[
        str, Key(Kind.TEXT, "What the topics begin with in which Home Assistant looks for devices.")
    ] = "homeassistant"


@dataclass(frozen=True, slots=True)
class HomeSettings:
    """A program that is told what happens (docs/home.md)."""

    on_event: Annotated[
        tuple[str, ...],
        Key(
            Kind.ARGUMENTS,
            "A program that is run at each event, without a shell; it gets the event as JSON on "
            "its standard input.",
            unset="none is run",
        ),
    ] = ()
    on_event_seconds: Annotated[
        float,
        Key(
            Kind.NUMBER, "How long it may take; then it is killed.", unit="seconds", span=(0.1, 300)
        ),
    ] = 10.0


@dataclass(frozen=True, slots=True)
class GpioSettings:
    """Buttons and lights on the pins of a Raspberry Pi, by the numbers of the chip (GPIO17)."""

    button: Annotated[
        int | None,
        Key(
            Kind.WHOLE,
            "The pin of a button to ground.",
            unset="no button",
            span=(0, 27),
        ),
    ] = None
    guest_button: Annotated[
        int | None,
        Key(
            Kind.WHOLE,
            "The pin of a button to ground that says “it is a guest”; for a home whose persons "
            "have names.",
            unset="no button",
            span=(0, 27),
        ),
    ] = None
    light: Annotated[
        int | None,
        Key(Kind.WHOLE, "The pin of an LED to ground.", unset="no light", span=(0, 27)),
    ] = None
    ring: Annotated[
        int | None,
        Key(
            Kind.WHOLE,
            "How many APA102 lights are on the pins of SPI 0 (data GPIO10, clock GPIO11).",
            unset="none",
            span=(1, 60),
        ),
    ] = None
    ring_brightness: Annotated[
        float, Key(Kind.NUMBER, "How bright they are at most.", span=(0.05, 1))
    ] = 0.3
    routine: Annotated[
        str | None,
        Key(
            Kind.TEXT,
            "The id of the routine that a press chooses when the guide asks which.",
            unset="the first",
        ),
    ] = None
