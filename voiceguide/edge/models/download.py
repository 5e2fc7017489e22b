"""Fetches one file over HTTP: resumes where it broke off, and accepts it only by its sum."""

import errno
import hashlib
import http.client
import queue
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from voiceguide import __version__
from voiceguide.core.errors import DiskError, ModelError
from voiceguide.edge.models.catalogue import Download

Progress = Callable[[int, int], None]
"""Takes the bytes that are here, and the bytes that there will be."""

_CHUNK_BYTES = 1 << 18
_TIMEOUT_SECONDS = 30.0
_CONTINUATIONS = 3
_LEAST_BYTES_PER_SECOND = 500
LONGEST_REASON = 200
"""How many characters are shown of what a server sent instead of an answer."""
_NONSENSE = (OSError, http.client.HTTPException, ValueError, AttributeError)
"""What the library raises for a server that sends bad addresses or bad numbers."""


class _BrokeOffError(Exception):
    """The connection ended before the file did; what has come so far is good."""


def download(
    source: Download, part: Path, on_progress: Progress = lambda _done, _all: None
) -> None:
    """Fetch the file of `source` into `part`, whole and with the right size and SHA-256.

    A fetch that an earlier call left in `part` is resumed. The server's mark of the version (ETag,
    or the date) lies beside it, so that a file which has changed meanwhile is fetched from its
    beginning.

    Raises:
        ModelError: no network, no such file, a server that refuses, or a file of the wrong size
            or sum.
        DiskError: the disk is full, or cannot be written to. What can be resumed later stays in
            `part`.
    """
    if not re.match(r"https?://", source.address):
        raise ModelError(f"cannot fetch {source.address}: the address must begin with https://")
    try:
        resumed = _fetch_all(source, part, on_progress)
        if _sha256(part) == source.sha256:
            return
        discard(part)
        if resumed:
            # The two halves may belong to different files.
            _fetch_all(source, part, on_progress)
            if _sha256(part) == source.sha256:
                return
            discard(part)
    except OSError as error:
        raise cannot_write_in(part.parent, error) from error
    raise ModelError(
        f"the file at {source.address} is not the one voiceguide knows (its SHA-256 differs), so "
        "it was thrown away; try again later or use a newer voiceguide"
    )


def disk_full(folder: Path, needed_bytes: int | None = None) -> DiskError:
    """The error for a disk without room."""
    room = "" if needed_bytes is None else f" ({needed_bytes / 1e6:.0f} MB are needed)"
    return DiskError(f"no room is left on the disk of {folder}{room}; make room and try again")


def cannot_write_in(folder: Path, error: OSError, needed_bytes: int | None = None) -> DiskError:
    """The error for a folder into which a file could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(folder, needed_bytes)
    return DiskError(f"cannot write in {folder}: {error.strerror or error}")


def discard(part: Path) -> None:
    """Remove a partial file and the mark beside it."""
    part.unlink(missing_ok=True)
    _mark_file(part).unlink(missing_ok=True)


def _fetch_all(source: Download, part: Path, on_progress: Progress) -> bool:
    """Fetch until `part` has its size; True when it was begun by an earlier call."""
    resumed = _size(part) > 0
    for remaining in reversed(range(_CONTINUATIONS + 1)):
        before = _size(part)
        try:
            if before < source.size_bytes:
                _fetch_rest(source, part, on_progress)
            elif before > source.size_bytes:
                discard(part)
                continue
            return resumed
        except _BrokeOffError as error:
            here = _size(part)
            if here != before and remaining:
                continue
            raise ModelError(_broke_off_sentence(source, here, error)) from error
    raise ModelError(f"{source.address} keeps sending something else than asked for; try again")


def _fetch_rest(source: Download, part: Path, on_progress: Progress) -> None:
    start = _size(part)
    request = urllib.request.Request(
        source.address,
        headers={"User-Agent": f"voiceguide/{__version__}", "Accept-Encoding": "identity"},
    )
    if start:
        request.add_header("Range", f"bytes={start}-")
        mark = _read_mark(part)
        if mark:
            request.add_header("If-Range", mark)
    try:
        response = _opened(request)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and start:
            discard(part)
            raise _BrokeOffError("it will not go on from there") from error
        raise _refused(source, error.code) from error
    except _NONSENSE as error:
        raise _BrokeOffError(_reason(error)) from error
    with response:
        start = _agree_on_start(source, part, response, start)
        _write_mark(part, response)
        _copy(source, part, response, start, on_progress)


def _shown(digits: str) -> str:
    return f"{int(digits):,}" if len(digits) < 16 else f"{digits[:12]}…"


def _opened(request: urllib.request.Request) -> Any:
    """The head of the answer, in bounded time even where it trickles in."""
    found: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found.put(urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS))
        except Exception as error:
            found.put(error)

    threading.Thread(target=ask, name="fetch", daemon=True).start()
    try:
        answer = found.get(timeout=2 * _TIMEOUT_SECONDS)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _check_speed(got_bytes: int, seconds: float) -> None:
    """Raise _BrokeOffError where the server is too slow ever to finish."""
    if seconds > _TIMEOUT_SECONDS and got_bytes < _LEAST_BYTES_PER_SECOND * seconds:
        raise _BrokeOffError("the server is too slow")


def _agree_on_start(
    source: Download, part: Path, response: http.client.HTTPResponse, start: int
) -> int:
    """Where in the file the body begins; refuses a file of another size before it is fetched."""
    if response.status == http.HTTPStatus.PARTIAL_CONTENT:
        sent = re.fullmatch(
            r"bytes ([0-9]{1,15})-[0-9]{1,15}/([0-9]{1,15}|\*)",
            response.headers.get("Content-Range", ""),
        )
        if sent is None or int(sent[1]) != start:
            discard(part)
            raise ModelError(
                f"{source.address} sent another part of the file than asked for; try again"
            )
        total = sent[2]
    elif response.status == http.HTTPStatus.OK:
        start = 0  # The server cannot resume, or the file has changed, so all of it comes again.
        total = response.headers.get("Content-Length", "*")
    else:
        raise _refused(source, response.status)
    if total.isdecimal() and total.lstrip("0") != str(source.size_bytes):
        discard(part)
        raise ModelError(
            f"the file at {source.address} has {_shown(total)} bytes instead of "
            f"{source.size_bytes:,}; try again later or use a newer voiceguide"
        )
    return start


def _copy(
    source: Download,
    part: Path,
    response: http.client.HTTPResponse,
    start: int,
    on_progress: Progress,
) -> None:
    done = start
    began = time.monotonic()
    with part.open("r+b" if start else "wb") as file:
        file.seek(start)
        while done <= source.size_bytes:
            on_progress(done, source.size_bytes)
            try:
                chunk = response.read1(_CHUNK_BYTES)
            except _NONSENSE as error:
                raise _BrokeOffError(_reason(error)) from error
            _check_speed(done + len(chunk) - start, time.monotonic() - began)
            if not chunk:
                break
            file.write(chunk)
            done += len(chunk)
    if done < source.size_bytes:
        raise _BrokeOffError("the server hung up")
    if done > source.size_bytes:
        discard(part)
        raise ModelError(
            f"the file at {source.address} is longer than the {source.size_bytes:,} bytes "
            "expected; try again later or use a newer voiceguide"
        )


def _refused(source: Download, status: int) -> ModelError:
    if status in (http.HTTPStatus.NOT_FOUND, http.HTTPStatus.GONE):
        return ModelError(f"there is nothing at {source.address} any more (HTTP {status})")
    return ModelError(f"the server refused {source.address} (HTTP {status}); try again later")


def _broke_off_sentence(source: Download, here: int, error: _BrokeOffError) -> str:
    if not here:
        return f"cannot reach {source.address} ({error}); check the network and try again"
    return (
        f"the network broke off at {here / 1e6:.1f} of {source.size_bytes / 1e6:.1f} MB ({error}); "
        "the same command goes on from there"
    )


def _reason(error: Exception) -> str:
    inner = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(inner, TimeoutError):
        return "no answer in time"
    if isinstance(inner, OSError) and inner.strerror:
        return inner.strerror
    # The library quotes what the server sent, which must not reach the terminal as it is.
    words = "".join(sign if sign.isprintable() else " " for sign in str(inner)[:LONGEST_REASON])
    return " ".join(words.split()) or type(inner).__name__


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _mark_file(part: Path) -> Path:
    return part.with_name(part.name + ".mark")


def _read_mark(part: Path) -> str | None:
    try:
        return _mark_file(part).read_text(encoding="ascii").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def _write_mark(part: Path, response: http.client.HTTPResponse) -> None:
    mark = response.headers.get("ETag", "")
    if not mark or mark.startswith("W/"):  # a weak one does not promise the same bytes
        mark = response.headers.get("Last-Modified", "")
    if mark.isascii() and mark.isprintable():
        _mark_file(part).write_text(mark, encoding="ascii")
