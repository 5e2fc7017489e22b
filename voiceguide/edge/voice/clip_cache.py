"""Rendered sentences, kept in memory and on disk."""

import contextlib
import errno
import hashlib
import json
import os
import shutil
import struct
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np

from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.edge.system.folders import cache_folder
from voiceguide.edge.system.log import Log
from voiceguide.sound.clip import Clip
from voiceguide.sound.speech import from_int16, to_int16

_log = Log("voice")

DISK_LIMIT_BYTES = 200_000_000
"""About 1,100 sentences of four seconds."""
RESERVE_BYTES = 30_000_000
"""Space on the disk that clips leave to others."""
MEMORY_LIMIT_BYTES = 16_000_000

_HEAD = struct.Struct("<4sIII32s")
"""The head of a file: magic, sample rate in Hz, number of samples, bytes of words, SHA-256 of all
but the magic. Then come the int16 samples, and the words as JSON: [text, start s, end s] each."""
_MAGIC = b"vgc2"
_SUFFIX = ".clip"


def cache_key(*parts: str) -> str:
    """The file name of the clip that these strings describe together."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def default_folder() -> Path:
    """Where rendered sentences live: a folder of the user's cache."""
    return cache_folder() / "speech"


class ClipCache:
    """A cache that never raises: what it cannot read or write is rendered again.

    Several threads and several processes may use the same folder.
    """

    def __init__(
        self,
        folder: Path,
        disk_limit_bytes: int = DISK_LIMIT_BYTES,
        memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
    ) -> None:
        self._folder = folder
        self._disk_limit = disk_limit_bytes
        self._memory_limit = memory_limit_bytes
        self._lock = threading.Lock()
        self._memory: OrderedDict[str, Clip] = OrderedDict()
        self._memory_bytes = 0
        self._disk_bytes: int | None = None
        self._told = False
        """Whether the log says already that clips cannot be kept on disk."""

    def has(self, key: str) -> bool:
        """Whether there is a clip under ``key``; it may be damaged, for nothing is read."""
        with self._lock:
            return key in self._memory or (self._folder / (key + _SUFFIX)).is_file()

    def get(self, key: str) -> Clip | None:
        """The clip kept under ``key``; None when there is none, or only a damaged one."""
        with self._lock:
            clip = self._memory.get(key)
            if clip is not None:
                self._memory.move_to_end(key)
                return clip
        path = self._folder / (key + _SUFFIX)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        clip = _decode(data)
        if clip is None:
            _log.debug("clip", "damaged", file=path)
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # the least recently used clip is removed first
        self._remember(key, clip)
        return clip

    def put(self, key: str, clip: Clip) -> None:
        """Keep ``clip``, whose samples are 16-bit values, in memory, and on disk where possible."""
        self._remember(key, clip)
        data = _encode(clip)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._leave_room(len(data))
            handle, name = tempfile.mkstemp(suffix=".part", dir=self._folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                os.replace(name, self._folder / (key + _SUFFIX))  # noqa: PTH105  (atomic)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(name)  # noqa: PTH108
                raise
        except OSError as error:
            if not self._told:
                _log.warning("clips", "not kept", folder=self._folder, reason=error)
            self._told = True
            return
        self._told = False
        self._keep_within_limit(len(data))

    def _leave_room(self, needed_bytes: int) -> None:
        """Remove clips before the disk is full: the place in a routine is worth more.

        Raises:
            OSError: there is no room even without the clips that are there.
        """
        short = RESERVE_BYTES + needed_bytes - shutil.disk_usage(self._folder).free
        if short <= 0:
            return
        with self._lock:
            for _, size, name in sorted(self._files()):
                if short <= 0:
                    break
                with contextlib.suppress(OSError):
                    os.unlink(name)  # noqa: PTH108
                    short -= size
            self._disk_bytes = None
        if short > 0:
            raise OSError(errno.ENOSPC, "the rest of the disk is left to others")

    def _files(self) -> list[tuple[int, int, str]]:
        files = []
        # Unfinished files of a killed process are among them: they too are removed when oldest.
        for entry in os.scandir(self._folder):
            with contextlib.suppress(OSError):
                stat = entry.stat()
                files.append((stat.st_mtime_ns, stat.st_size, entry.path))
        return files

    def _remember(self, key: str, clip: Clip) -> None:
        with self._lock:
            old = self._memory.pop(key, None)
            self._memory_bytes -= 0 if old is None else old.samples.nbytes
            self._memory[key] = clip
            self._memory_bytes += clip.samples.nbytes
            while self._memory_bytes > self._memory_limit and len(self._memory) > 1:
                _, oldest = self._memory.popitem(last=False)
                self._memory_bytes -= oldest.samples.nbytes

    def _keep_within_limit(self, added_bytes: int) -> None:
        with self._lock, contextlib.suppress(OSError):
            if self._disk_bytes is not None:
                self._disk_bytes += added_bytes
                if self._disk_bytes <= self._disk_limit:
                    return
            files = self._files()
            total = sum(size for _, size, _ in files)
            if total > self._disk_limit:
                for _, size, name in sorted(files):
                    if total <= self._disk_limit * 0.9:
                        break
                    with contextlib.suppress(OSError):
                        os.unlink(name)  # noqa: PTH108
                        total -= size
            self._disk_bytes = total


def _encode(clip: Clip) -> bytes:
    body = to_int16(clip.samples).astype("<i2").tobytes()
    words = [[word.text, word.start_seconds, word.end_seconds] for word in clip.words]
    told = json.dumps(words, ensure_ascii=False).encode()
    digest = _digest(clip.sample_rate_hz, body, told)
    head = _HEAD.pack(_MAGIC, clip.sample_rate_hz, len(clip.samples), len(told), digest)
    return head + body + told


def _decode(data: bytes) -> Clip | None:
    if len(data) < _HEAD.size:
        return None
    magic, sample_rate_hz, count, told_bytes, digest = _HEAD.unpack_from(data)
    body = data[_HEAD.size :][: 2 * count]
    told = data[_HEAD.size + 2 * count :]
    whole = len(body) == 2 * count and len(told) == told_bytes
    if magic != _MAGIC or not whole or _digest(sample_rate_hz, body, told) != digest:
        return None
    words = tuple(SpokenWord(str(text), start, end) for text, start, end in json.loads(told))
    return Clip(from_int16(np.frombuffer(body, dtype="<i2")), sample_rate_hz, words)


def _digest(sample_rate_hz: int, body: bytes, told: bytes) -> bytes:
    head = struct.pack("<III", sample_rate_hz, len(body), len(told))
    return hashlib.sha256(head + body + told).digest()
