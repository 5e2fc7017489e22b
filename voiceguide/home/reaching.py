"""From the settings to a broker: where it is, how one gets in, what the speaker is called."""

import os
import socket
from pathlib import Path

from voiceguide.core.errors import SettingsError
from voiceguide.home.broker import Access
from voiceguide.home.topics import Topics, slug
from voiceguide.settings.home import PASSWORD_VARIABLE, MqttSettings


def access_of(mqtt: MqttSettings) -> Access:
    """How to get to the broker of the settings.

    Raises:
        SettingsError: there is none, or the password's file cannot be read.
    """
    if mqtt.broker is None:
        raise SettingsError("no broker is set; write it into the settings: [mqtt] broker.")
    return Access(
        mqtt.broker,
        mqtt.port,
        mqtt.tls,
        mqtt.ca_file,
        mqtt.cert_file,
        mqtt.key_file,
        mqtt.username,
        _password(mqtt.password_file),
    )


def topics_of(mqtt: MqttSettings) -> Topics:
    """The topics of this speaker.

    Raises:
        SettingsError: what the topics begin with has a wildcard in it.
    """
    for prefix in (mqtt.topic, mqtt.discovery_topic):
        if not prefix.strip("/") or set(prefix) & set("#+\0"):
            raise SettingsError(f"[mqtt]: {prefix!r} is nothing that topics can begin with.")
    return Topics(mqtt.topic.strip("/"), slug(mqtt.id or socket.gethostname()))


def _password(path: Path | None) -> str | None:
    if path is None:
        return os.environ.get(PASSWORD_VARIABLE)
    try:
        return path.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"[mqtt] password_file: {path} cannot be read: {error}.") from error
