"""Where an MQTT broker is, and how to get in."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from voiceguide.core.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Access:
    """Where a broker is, and how to get in."""

    host: str
    port: int | None = None
    """None for the usual one: 1883, or 8883 with TLS."""
    tls: bool = False
    ca_file: Path | None = None
    """Certificates to trust; None for those that the system trusts."""
    cert_file: Path | None = None
    """The speaker's own certificate, with its key, where the broker asks for one."""
    key_file: Path | None = None
    username: str | None = None
    password: str | None = None

    @property
    def place(self) -> str:
        """``host:port``, for messages."""
        return f"{self.host}:{self.number}"

    @property
    def number(self) -> int:
        """The port."""
        return self.port or (8883 if self.tls else 1883)

    def tls_context(self) -> ssl.SSLContext:
        """What TLS needs: the certificates to trust, and the speaker's own.

        Raises:
            SettingsError: a certificate cannot be used.
        """
        try:
            context = ssl.create_default_context(cafile=self.ca_file)
            if self.cert_file:
                context.load_cert_chain(self.cert_file, self.key_file)
        except (OSError, ssl.SSLError) as error:
            raise SettingsError(
                f"[mqtt] the certificates cannot be used: {error}; see ca_file, cert_file and "
                "key_file."
            ) from error
        return context
