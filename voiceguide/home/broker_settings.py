"""From the settings to a broker: its address, how to get in, and the topics of this speaker."""

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
"""An IP address in brackets, a bare IPv6 address, or a name; a port may follow."""
LONGEST_PREFIX = 200
LONGEST_SHOWN = 40
"""How many characters of a wrong value a message quotes."""


def access_of(mqtt: MqttSettings) -> Access:
    """The broker of the settings, and how to get in.

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
    """Read ``host``, ``host:1884``, ``[::1]:1884``, ``mqtt://host`` or ``mqtts://host:8884``.

    Returns:
        Host, port (None if not given), and whether the connection is encrypted.

    Raises:
        SettingsError: it is none of these.
    """
    scheme, _, rest = text.strip().rpartition("://")
    found = _PLACE.fullmatch(rest.rstrip("/"))
    host = found and (found[1] or found[2] or found[3])
    port = int(found[4]) if found and found[4] else None
    known = scheme.lower() in ("", "mqtt", "mqtts", "tcp", "ssl")
    if not host or not known or (port is not None and not 0 < port < 65536):
        # The part before an @ may hold a password, which must not reach a terminal or a log.
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
        SettingsError: topics cannot begin with what the settings say.
    """
    for prefix in (mqtt.topic, mqtt.discovery_topic):
        # Topics that begin with "$" belong to the broker; what is sent there reaches nobody.
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
