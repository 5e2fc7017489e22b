"""Lets another shell ask a running guide how it is: a socket that only its user can open."""

import contextlib
import errno
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import platformdirs

from voiceguide.core.errors import SettingsError
from voiceguide.edge.system.log import Log

_log = Log("service")

NAME = "status.sock"
ASK_SECONDS = 3.0
MOST_BYTES = 4_000_000
"""The largest answer that is read; a status has some kilobytes."""
_NO_ROOM = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
SERVICE_FOLDER = Path("/run/voiceguide")


class StrangerError(OSError):
    """Something answers there, but it is no guide."""


def own_path(environment: Mapping[str, str]) -> Path:
    """The path where a guide listens: in the folder that systemd made for it, or in the user's
    own.
    """
    folder = environment.get("RUNTIME_DIRECTORY", "").split(":")[0]
    if folder:
        return Path(folder) / NAME
    if environment.get("XDG_RUNTIME_DIR"):
        return Path(environment["XDG_RUNTIME_DIR"]) / "voiceguide" / NAME
    # Not in the folder for temporary files, where anybody could take this name first.
    return platformdirs.user_cache_path("voiceguide", appauthor=False) / NAME


class StatusSocket:
    """Answers everybody who connects with what ``answer`` gives, and hangs up.

    Where the socket cannot be made, the guide works without it, and logs that.
    """

    def __init__(self, path: Path, answer: Callable[[], str]) -> None:
        self._path = path
        self._answer = answer
        self._socket: socket.socket | None = None
        try:
            self._socket = self._listen()
        except OSError as error:
            _log.warning("status", "not served", socket=path, reason=error.strerror or error)
            return
        threading.Thread(target=self._serve, name="status", daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
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
            except OSError as error:
                if error.errno not in _NO_ROOM:
                    return
                # Whatever took all of the process's descriptors may give them back.
                time.sleep(ASK_SECONDS)
                continue
            try:
                with asking, contextlib.suppress(OSError):
                    asking.settimeout(ASK_SECONDS)
                    asking.sendall(self._answer().encode())
            except Exception:  # whoever asks next must be answered all the same
                _log.exception("status", "failed")


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
        parts, taken = [], 0
        until = time.monotonic() + ASK_SECONDS
        while part := asking.recv(65536):
            parts.append(part)
            taken += len(part)
            if taken > MOST_BYTES or time.monotonic() > until:
                raise StrangerError(0, "it does not stop talking")
    try:
        return b"".join(parts).decode()
    except UnicodeDecodeError:
        raise StrangerError(0, "it answers what is no text") from None


def another_guide(environment: Mapping[str, str]) -> str | None:
    """Which guide runs on this machine already, in words; None where none can be asked."""
    for place in dict.fromkeys((own_path(environment), SERVICE_FOLDER / NAME)):
        try:
            report = json.loads(ask(place))
            routine = report["session"]["routine_id"]
            return f"process {int(report['process'])}" + (f", in “{routine}”" if routine else "")
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
    return None


def ask_any(path: Path | None, environment: Mapping[str, str]) -> str:
    """The answer of this user's guide, or else of the service.

    Args:
        path: the only socket to ask; None for the usual ones.

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
        except StrangerError as error:
            raise SettingsError(f"what listens at {place} is no guide: {error.strerror}") from error
        except OSError:
            continue
    if refused:
        raise SettingsError("the guide belongs to another user; type: sudo voiceguide status")
    raise SettingsError(f"no guide is running that answers at {' or '.join(map(str, places))}")


def resident_bytes() -> int:
    """The memory that this process has now; 0 where that cannot be told."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
