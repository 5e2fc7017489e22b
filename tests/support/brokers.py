"""A real Mosquitto for tests, and a client that plays the other side."""

import queue
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 60.0


def program():
    """Where Mosquitto is; None where it is not installed."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


def missing():
    """Why there can be no broker here; None where there can."""
    try:
        import paho.mqtt.client  # noqa: F401
    except ImportError:
        return "paho-mqtt not installed (scripts/test installs it)"
    return None if program() else "mosquitto not installed (scripts/test installs it)"


def free_port():
    """A port that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Mosquitto:
    """One broker on this machine alone; it can be killed and started again at its port."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.port = free_port()
        self.folder = folder
        lines = (f"listener {self.port} 127.0.0.1", "user root", "persistence false", *more)
        anonymous = not any(line.startswith("password_file") for line in more)
        lines += (f"allow_anonymous {str(anonymous).lower()}",)
        self._config = folder / "mosquitto.conf"
        self._config.write_text("\n".join(lines) + "\n")
        self._process = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        with (self.folder / "mosquitto.log").open("a") as log:
            command = [program(), "-c", str(self._config)]
            self._process = subprocess.Popen(command, stderr=log, stdout=log)
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1.0).close()
                return
            except OSError:
                assert self._process.poll() is None, (self.folder / "mosquitto.log").read_text()
                assert time.monotonic() < until
                self._process_wait(0.02)

    def kill(self) -> None:
        """End at once, as in a power cut."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def hang(self) -> None:
        """Answer nothing any more, and do not hang up either."""
        self._process.send_signal(signal.SIGSTOP)

    def _process_wait(self, seconds):
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return


class Other:
    """Somebody else on the broker: hears everything, sends anything."""

    patience_seconds = PATIENCE_SECONDS

    def __init__(self, access, topics=("#",), name="other"):
        from voiceguide.home.broker import Broker

        self.heard = queue.Queue()
        self.ups = queue.Queue()
        self.broker = Broker(
            access,
            name,
            topics,
            lambda topic, payload: self.heard.put((topic, payload.decode())),
            lambda: self.ups.put(True),
            with_kept=True,
        )
        self.broker.start()
        self.ups.get(timeout=PATIENCE_SECONDS)

    def until(self, topic, wanted=lambda text: True):
        """The text of the first message there that is as wanted."""
        until = time.monotonic() + self.patience_seconds
        while True:
            got, text = self.heard.get(timeout=max(0.01, until - time.monotonic()))
            if got == topic and wanted(text):
                return text

    def all_of(self, topics):
        """The first text of each of these topics."""
        until, found = time.monotonic() + PATIENCE_SECONDS, {}
        while not topics <= found.keys():
            got, text = self.heard.get(timeout=max(0.01, until - time.monotonic()))
            found.setdefault(got, text)
        return found

    def send(self, topic, payload, retain=False):
        """Publish, and wait until the broker has it."""
        sent = self.broker._client.publish(topic, payload, qos=1, retain=retain)
        sent.wait_for_publish(PATIENCE_SECONDS)
        assert sent.is_published()

    def close(self):
        self.broker.close()


@contextmanager
def broker(folder, *more):
    """A running broker."""
    made = Mosquitto(folder, *more)
    made.start()
    try:
        yield made
    finally:
        made.kill()
