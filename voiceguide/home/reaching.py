"""From the settings to a broker: where it is, how to get in, what the speaker is called."""

import os
import re
import socket
from pathlib import Path

from voiceguide.core.errors import SettingsError
from voiceguide.edge.system.text_file import read_text
from voiceguide.home.access import Access
from voiceguide.home.topics import Topics, slug
from voiceguide.settings.home import PASSWORD_VARIABLE, MqttSettings
from voiceguide.settings.hosts import is_machine

_PLACE = re.compile(
    r"(?:\[([0-9a-fA-F:.]+)\]|([0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:.]*)|([\w.-]+))(?::([0-9]{1,5}))?"
)
"""An address in brackets, a bare one of version 6, or a name; and perhaps a port."""
LONGEST_PREFIX = 200
LONGEST_SHOWN = 40
"""Characters of a name that are quoted."""


def access_of(mqtt: MqttSettings) -> Access:
    """How to get to the broker of the settings.

    Raises:
        SettingsError: there is none, or the password's file cannot be read.
    """
    if mqtt.broker is None:
        raise SettingsError("no broker is set; write it into the settings: [mqtt] broker.")
    host, port, tls = parse_broker(mqtt.broker)
    if port and mqtt.port and port != mqtt.port:
        raise SettingsError(
            f"[mqtt] broker tells the port {port}, and port is {mqtt.port}; leave one of them out"
        )
    return Access(
        host,
        port or mqtt.port,
        tls or mqtt.tls,
        mqtt.ca_file,
        mqtt.cert_file,
        mqtt.key_file,
        mqtt.username,
        _password(mqtt.password_file),
    )


def parse_broker(text: str, name: str = "[mqtt] broker") -> tuple[str, int | None, bool]:
    """Host, port if it is told, and whether the connection is encrypted, of ``host``,
    ``host:1884``, ``[::1]:1884``, ``mqtt://host`` or ``mqtts://host:8884``.

    Raises:
        SettingsError: it is none of these.
    """
    scheme, _, rest = text.strip().rpartition("://")
    found = _PLACE.fullmatch(rest.rstrip("/"))
    host = found and (found[1] or found[2] or found[3])
    port = int(found[4]) if found and found[4] else None
    known = scheme.lower() in ("", "mqtt", "mqtts", "tcp", "ssl")
    if not host or not known or (port is not None and not 0 < port < 65536):
        # What stands before an @ may be a password: it is for no terminal and no log.
        shown = re.sub(r"[^/]*@", "…@", text)[:100]
        raise SettingsError(
            f"{name} must be a broker, not {shown!r}; write HOST, HOST:PORT, mqtt://HOST or "
            "mqtts://HOST, and username and password_file as settings of their own"
        )
    if not is_machine(host):
        shown = host if len(host) <= LONGEST_SHOWN else f"{host[:LONGEST_SHOWN]}…"
        raise SettingsError(
            f"{name}: {shown!r} is neither the name of a machine nor an address; write it like "
            "broker.local or 192.168.1.5"
        )
    return host, port, scheme.lower() in ("mqtts", "ssl")


def topics_of(mqtt: MqttSettings) -> Topics:
    """The topics of this speaker.

    Raises:
        SettingsError: what the topics begin with has a wildcard in it.
    """
    for prefix in (mqtt.topic, mqtt.discovery_topic):
        # Topics that begin with "$" are the broker's own, and go to nobody.
        wrong = set(prefix) & set("#+\0") or prefix.startswith("$") or len(prefix) > LONGEST_PREFIX
        if wrong or not prefix.strip("/"):
            raise SettingsError(
                f"[mqtt]: {prefix[:LONGEST_SHOWN]!r} is nothing that topics can begin with; write "
                'words such as "voiceguide" or "home/bath"'
            )
    return Topics(mqtt.topic.strip("/"), slug(mqtt.id or socket.gethostname()))


def _password(path: Path | None) -> str | None:
    if path is None:
        return os.environ.get(PASSWORD_VARIABLE)
    try:
        return read_text(path, SettingsError).split("\n", 1)[0].rstrip("\r")
    except SettingsError as error:
        raise SettingsError(f"[mqtt] password_file: {error}") from error
