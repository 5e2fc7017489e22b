"""A voice pack: sentences rendered ahead, in one file.

A ZIP file of Ogg Opus clips and an index, ``pack.json``::

    {"format": "voiceguide-pack/1", "voice": "af_heart", "engine": "…", "language": "en",
     "licence": "…", "made_by": "voiceguide 0.1.0", "words_per_minute": 150, "lufs": -20.0,
     "sentences": [{"text": "Left side first.", "file": "5f0c…-3.opus",
                    "words": [["left", 0.01, 0.24], …]}, …]}

Times are seconds from the first sample of the clip. The name of a clip's file is a key made of all
that its sound depends on, so that a new pack takes over the clips that did not change. Damage shows
by the archive's own checksums.
"""

import io
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO, TypeVar

import soundfile

from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.core.errors import SpeechError
from voiceguide.core.rates import VOICE_RATE_HZ
from voiceguide.edge.system.kept import kept
from voiceguide.edge.system.log import Log
from voiceguide.edge.system.whole_file import whole_file
from voiceguide.edge.voice.ogg import unpadded
from voiceguide.sound.clip import Clip
from voiceguide.sound.resample import resample

FORMAT = "voiceguide-pack/1"
SUFFIX = ".pack"

_INDEX, _CLIP = "pack.json", ".opus"
_LEAST_COMPRESSION = 0.9
"""On libsndfile's scale for Opus: about 30 kbit/s. More makes no difference to the ear."""
_LOCAL_LENGTHS = "<26xHH"
"""Of the header before each file of a ZIP archive: the lengths of what follows it."""
_BROKEN = (
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    KeyError,
    TypeError,
    zlib.error,
    struct.error,
)

_Head = tuple[Any, ...]
"""The values of a `PackHead`."""
_Place = tuple[str, int, int, int, str]
"""Where a clip lies: its file's name, first byte, length and checksum, and its words as JSON. A
thousand of these are read in a millisecond; the archive's own index takes thirty."""

T = TypeVar("T")
_log = Log("voice")


@dataclass(frozen=True, slots=True)
class PackHead:
    """What a pack is."""

    voice: str
    engine: str
    language: str
    licence: str
    made_by: str
    words_per_minute: int
    lufs: float


@dataclass(frozen=True, slots=True)
class Packed:
    """A sentence as it lies in a pack."""

    text: str
    key: str
    """Made of all that its sound depends on: letters, digits and hyphens."""
    opus: bytes
    words: tuple[SpokenWord, ...]


class VoicePack:
    """A pack that is open for reading; any thread may use it."""

    def __init__(self, path: Path) -> None:
        """Raises SpeechError where the file cannot be read, or is no pack."""
        self.path = path
        try:
            self._file = path.open("rb")
            head, self._places = _kept("index", path, partial(_index_of, path))
            if not os.path.samestat(os.fstat(self._file.fileno()), path.stat()):
                # Another file has just taken its place, which the index may be of.
                self._file.close()
                self._file = path.open("rb")
                head, self._places = _index_of(path)
        except OSError as error:
            raise SpeechError(f"the voice pack {path} cannot be read: {error}") from error
        self.head = PackHead(*head)
        self._lock = Lock()
        self._damaged: set[str] = set()

    @property
    def texts(self) -> frozenset[str]:
        """The sentences in it."""
        return frozenset(self._places)

    @property
    def size_bytes(self) -> int:
        """Size of the file."""
        return self.path.stat().st_size

    def lacks(self, texts: Iterable[str]) -> list[str]:
        """The sentences that it does not have whole, in the given order.

        All of it is read when it is new. Where a clip is damaged later, though the file looks the
        same, `get` finds out.
        """
        damaged = {text for text in self._once_damaged() if not self._is_whole(text)}
        return [text for text in texts if text not in self._places or text in damaged]

    def get(self, text: str) -> Clip | None:
        """The sentence; None where it is missing or damaged. Damage is logged once."""
        place = self._places.get(text)
        if place is None:
            return None
        try:
            data = self._read(place)
            samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
            words = _words(place)
        except (*_BROKEN, soundfile.SoundFileError) as error:
            self._tell(text, error)
            return None
        return Clip(samples, rate, words)

    def packed(self, text: str, key: str) -> Packed | None:
        """The sentence byte for byte; None where it is not there whole, or has another key."""
        place = self._places.get(text)
        if place is None or place[0] != key + _CLIP or not self._is_whole(text):
            return None
        return Packed(text, key, self._read(place), _words(place))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self.close()

    def _once_damaged(self) -> tuple[str, ...]:
        """What was found to be damaged when this pack was new."""

        def read() -> tuple[str, ...]:
            return tuple(text for text in self._places if not self._is_whole(text))

        return _kept("pack", self.path, read)

    def _read(self, place: _Place) -> bytes:
        name, start, size, sum_, _ = place
        with self._lock:
            self._file.seek(start)
            data = self._file.read(size)
        if len(data) != size or zlib.crc32(data) != sum_:
            raise ValueError(f"the bytes of {name} are not those that were written")
        return data

    def _is_whole(self, text: str) -> bool:
        try:
            self._read(self._places[text])
            _words(self._places[text])
        except _BROKEN as error:
            self._tell(text, error)
            return False
        return True

    def _tell(self, text: str, error: Exception) -> None:
        # At the end of a session the pack is closed, perhaps while a sentence is read ahead.
        if not self._file.closed and text not in self._damaged:
            self._damaged.add(text)
            _log.warning("pack", "damaged", file=self.path, sentence=text, reason=error)


def _kept(what: str, path: Path, read: Callable[[], T]) -> T:
    """What is kept of a pack, however its path is written; packs of one name may lie in two
    folders.
    """
    path = path.resolve()
    folder = zlib.crc32(str(path.parent).encode())
    return kept(f"{what}-{path.stem}-{folder:08x}", (path,), read)


def _index_of(path: Path) -> tuple[_Head, dict[str, _Place]]:
    """What the pack is, and the place of each sentence in its file, by the text."""
    try:
        file = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise SpeechError(f"the voice pack {path} cannot be read: {error}") from error
    with file, path.open("rb") as raw:
        try:
            index = json.loads(file.read(_INDEX))
            if index["format"] != FORMAT:
                raise ValueError(f"its format is {index['format']!r}, not {FORMAT!r}")
            head = tuple(index[name] for name in PackHead.__slots__)
            places = {each["text"]: _place(file, raw, each) for each in index["sentences"]}
        except (*_BROKEN, zipfile.BadZipFile) as error:
            raise SpeechError(f"{path} is no voice pack: {error}") from error
    return head, places


def _place(file: zipfile.ZipFile, raw: BinaryIO, entry: Mapping[str, Any]) -> _Place:
    name, words = entry["file"], json.dumps(entry["words"])
    try:
        info = file.getinfo(name)
    except KeyError:
        return name, 0, 0, -1, words  # no bytes have this sum: it is told as damaged
    raw.seek(info.header_offset)
    lengths = struct.unpack(_LOCAL_LENGTHS, raw.read(struct.calcsize(_LOCAL_LENGTHS)))
    stored = info.compress_type == zipfile.ZIP_STORED
    start = info.header_offset + struct.calcsize(_LOCAL_LENGTHS) + sum(lengths)
    return name, start, info.file_size, info.CRC if stored else -1, words


def _words(place: _Place) -> tuple[SpokenWord, ...]:
    return tuple(SpokenWord(str(word), start, end) for word, start, end in json.loads(place[-1]))


def packed(text: str, key: str, clip: Clip) -> Packed:
    """A sentence for a pack; ``clip`` has the loudness and pace of the pack's head."""
    words = tuple(
        SpokenWord(word.text, round(word.start_seconds, 3), round(word.end_seconds, 3))
        for word in clip.words
    )
    return Packed(text, key, _encoded(clip), words)


def write_pack(path: Path, head: PackHead, clips: Iterable[Packed]) -> Iterator[tuple[str, int]]:
    """Write a pack. The file appears, whole, once the last item was taken from this iterator.

    Yields:
        each text once it is in the pack, and the bytes it takes.

    Raises:
        DiskError, SettingsError: the file cannot be written.
    """
    sentences = []
    written: set[str] = set()
    with whole_file(path) as part, zipfile.ZipFile(part, "w") as file:
        for clip in clips:
            name, opus = clip.key + _CLIP, unpadded(clip.opus)
            if name not in written:
                written.add(name)
                _add(file, name, opus, zipfile.ZIP_STORED)
            times = [[word.text, word.start_seconds, word.end_seconds] for word in clip.words]
            sentences.append({"text": clip.text, "file": name, "words": times})
            yield clip.text, len(opus)
        index = {"format": FORMAT} | {name: getattr(head, name) for name in PackHead.__slots__}
        body = json.dumps(index | {"sentences": sentences}, ensure_ascii=False)
        _add(file, _INDEX, body.encode(), zipfile.ZIP_DEFLATED)


def _add(file: zipfile.ZipFile, name: str, data: bytes, kind: int) -> None:
    # A fixed date, so that the same sentences make the same file.
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = kind
    info.external_attr = 0o644 << 16
    file.writestr(info, data)


def _encoded(clip: Clip) -> bytes:
    data = io.BytesIO()
    sound = resample(clip, VOICE_RATE_HZ)
    soundfile.write(
        data,
        sound.samples,
        VOICE_RATE_HZ,
        format="OGG",
        subtype="OPUS",
        compression_level=_LEAST_COMPRESSION,
    )
    return data.getvalue()
