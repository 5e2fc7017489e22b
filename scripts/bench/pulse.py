"""A private PulseAudio with a virtual speaker and microphone, for tests through real PortAudio."""

import os
import shutil
import signal
import subprocess
import threading
from pathlib import Path
from types import TracebackType

NEEDED = ("pulseaudio", "pactl", "parec", "paplay")

_DAEMON_SCRIPT = """\
load-module module-native-protocol-unix auth-anonymous=1 socket={socket}
load-module module-null-sink sink_name=speaker rate=48000 channels=2
load-module module-null-sink sink_name=micsink rate=48000 channels=1
load-module module-remap-source source_name=mic master=micsink.monitor channels=1
set-default-sink speaker
set-default-source mic
"""

# The machine's own configuration is not read, so the list has these two devices only.
_ALSA_CONFIG = """\
pcm.!default { type pulse hint { show on description "Virtual sound" } }
ctl.!default { type pulse }
pcm.pulse { type pulse hint { show on description "Virtual sound" } }
ctl.pulse { type pulse }
"""


def missing() -> str | None:
    """Why there can be no virtual sound here; None if there can."""
    absent = [name for name in NEEDED if shutil.which(name) is None]
    if absent:
        return f"{', '.join(absent)} not installed (scripts/test installs pulseaudio)"
    plugins = list(Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so"))
    if not plugins:
        return "libasound2-plugins not installed (scripts/test installs it)"
    return None


class VirtualSound:
    """A speaker whose sound can be recorded and a microphone that hears what is played to it.

    PortAudio reads ``env`` when it is initialised: run what is tested in a subprocess with it.
    Everything lives in ``folder`` and ends with the context.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)  # PulseAudio refuses a runtime folder that others can enter
        self._folder = folder
        # The path of a socket can have 107 bytes at most; pytest's folders may be longer.
        self._socket = f"/tmp/vg-pulse-{os.getpid()}-{id(self):x}"
        alsa = folder / "alsa.conf"
        alsa.write_text(_ALSA_CONFIG)
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("PULSE_")},
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "PULSE_SERVER": f"unix:{self._socket}",
            "PULSE_COOKIE": str(folder / "cookie"),
            "ALSA_CONFIG_PATH": str(alsa),
        }
        self._processes: list[subprocess.Popen[bytes]] = []

    def home(self, folder: Path) -> dict[str, str]:
        """``env`` for a guide without a past: everything it keeps is in a folder of its own."""
        return self.env | {
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_DATA_HOME": str(folder / "data"),
            "VOICEGUIDE_JOURNAL_FOLDER": str(folder / "journal"),
            "PYTHONUNBUFFERED": "1",
        }

    def __enter__(self) -> "VirtualSound":
        self.start_server()
        return self

    def start_server(self) -> None:
        """Start PulseAudio with its two devices, for the first time or after ``kill_server``."""
        script = self._folder / "daemon.pa"
        script.write_text(_DAEMON_SCRIPT.format(socket=self._socket))
        command = ["pulseaudio", "-n", "-F", str(script), "--daemonize=no", "--use-pid-file=no"]
        command += ["--exit-idle-time=-1", "--disable-shm=yes", "--realtime=no"]
        self._daemon = daemon = self._start(command)
        for _ in range(300):
            if daemon.poll() is not None:
                break
            if self.control("get-default-source") == "mic":
                return
            threading.Event().wait(0.05)
        self._end()
        log = (self._folder / "log").read_text(errors="replace")
        raise RuntimeError(f"pulseaudio did not start: {log}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    def kill_server(self) -> None:
        """End PulseAudio as a crash would."""
        self._daemon.kill()
        self._daemon.wait()
        Path(self._socket).unlink(missing_ok=True)

    def control(self, *arguments: str) -> str:
        """Run ``pactl``, and return its answer."""
        return self._run(["pactl", *arguments])

    def play_into_microphone(self, wav: Path) -> subprocess.Popen[bytes]:
        """Start playing a WAV file to the microphone; ``wait`` for the result to hear it all."""
        return self._start(["paplay", "--device=micsink", str(wav)])

    def record_speaker(self, path: Path) -> "Recording":
        """Record what the speaker plays into a WAV file (48 kHz mono), until ``stop``."""
        command = ["parec", "--device=speaker.monitor", "--rate=48000", "--channels=1"]
        command += ["--format=s16le", "--latency-msec=20", "--file-format=wav", str(path)]
        process = self._start(command)
        # It records as soon as the server lists its stream.
        for _ in range(200):
            if "parec" in self._run(["pactl", "list", "source-outputs"]):
                break
            threading.Event().wait(0.02)
        return Recording(process)

    def _start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._processes.append(process)
        return process

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def _end(self) -> None:
        for process in reversed(self._processes):
            process.kill()
            process.wait()
        Path(self._socket).unlink(missing_ok=True)


class Recording:
    """A recording that is being made."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def stop(self) -> None:
        """Complete the file."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(10.0)
