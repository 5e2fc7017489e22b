"""Lets another shell ask a running guide how it is: a socket that only its user can open."""

import contextlib
import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import platformdirs

from voiceguide.core.errors import SettingsError

_log = logging.getLogger("voiceguide")

NAME = "status.sock"
ASK_SECONDS = 3.0
SERVICE_FOLDER = Path("/run/voiceguide")


def own_path(environment: Mapping[str, str]) -> Path:
    """Where a guide listens: in the folder that systemd made for it, or the user's own."""
    folder = environment.get("RUNTIME_DIRECTORY", "").split(":")[0]
    if folder:
        return Path(folder) / NAME
    if environment.get("XDG_RUNTIME_DIR"):
        return Path(environment["XDG_RUNTIME_DIR"]) / "voiceguide" / NAME
    # Not in the folder for what is temporary, where anybody could make this name first.
    return platformdirs.user_cache_path("voiceguide", appauthor=False) / NAME


class StatusSocket:
    """Answers everybody who connects with what ``answer`` gives, then hangs up.

    A guide whose socket cannot be made works without it; that is logged.
    """

    def __init__(self, path: Path, answer: Callable[[], str]) -> None:
        self._path = path
        self._answer = answer
        self._socket: socket.socket | None = None
        try:
            self._socket = self._listen()
        except OSError as error:
            _log.warning("nobody can ask for the status: %s: %s", path, error.strerror or error)
            return
        threading.Thread(target=self._serve, name="status", daemon=True).start()

    def close(self) -> None:
        """Answer nobody any more."""
        listening, self._socket = self._socket, None
        if listening is not None:
            with contextlib.suppress(OSError):
                # Closing alone would not wake up the thread that waits.
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
            self._path.unlink(missing_ok=True)

    def _listen(self) -> socket.socket:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _somebody_answers(self._path):
            raise FileExistsError(0, "another guide answers there")
        self._path.unlink(missing_ok=True)  # what a killed guide left
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listening.bind(str(self._path))
            self._path.chmod(0o600)
            listening.listen(4)
        except OSError:
            listening.close()
            raise
        return listening

    def _serve(self) -> None:
        listening = self._socket
        while listening is not None and self._socket is listening:
            try:
                asking, _ = listening.accept()
            except OSError:
                return
            with asking, contextlib.suppress(OSError):
                asking.settimeout(ASK_SECONDS)
                asking.sendall(self._answer().encode())


def _somebody_answers(path: Path) -> bool:
    try:
        ask(path)
    except OSError:
        return False
    return True


def ask(path: Path) -> str:
    """What a running guide answers. Raises OSError where none listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.settimeout(ASK_SECONDS)
        asking.connect(str(path))
        parts = []
        while part := asking.recv(65536):
            parts.append(part)
    return b"".join(parts).decode()


def ask_any(path: Path | None, environment: Mapping[str, str]) -> str:
    """What the guide of this user, or else the service, answers.

    Args:
        path: ask only there.

    Raises:
        SettingsError: nobody answers.
    """
    places = [path] if path else [own_path(environment), SERVICE_FOLDER / NAME]
    refused = False
    for place in places:
        try:
            return ask(place)
        except PermissionError:
            refused = True
        except OSError:
            continue
    if refused:
        raise SettingsError("the guide belongs to another user; type: sudo voiceguide status")
    raise SettingsError(f"no guide is running that answers at {' or '.join(map(str, places))}")


def resident_bytes() -> int:
    """Memory that this process has now; 0 where that cannot be told."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
