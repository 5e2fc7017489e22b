"""Sound devices: the library that opens them, their list, and how one is found by its name."""

import contextlib
import re
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, Self

from voiceguide.core.errors import DeviceError
from voiceguide.core.suggest import likely
from voiceguide.edge.libraries.packages import why_not

Kind = Literal["input", "output"]

CLOSE_SECONDS = 3.0
"""A stream that does not close within this time is abandoned; the process ends without it."""

FIRST_BEAT_SECONDS = 5.0
"""How long a device may take to wake up: PulseAudio's first block came 1.9 s late once."""
FILLING_SECONDS = 0.1
"""Blocks that fill the device's buffer come at once, and do not show that it plays: PulseAudio
took five of them and the sixth 1.5 s later."""

MOST_AT_ONCE_SECONDS = 0.5
"""A silence between two questions counts no longer than this: whoever asks was held up, and so was
the callback, on a machine that has too much to do."""

_AS_TYPED = str.maketrans("‘’‚‛ʼ´`“”„‟‐‑‒–—−", "'''''''\"\"\"\"------")
"""Characters that systems put into names (“Anna’s AirPods”), to those of a keyboard."""
_WORD = {"input": "microphone", "output": "speaker"}


@dataclass(frozen=True, slots=True)
class Device:
    """One sound device as PortAudio sees it."""

    index: int
    """PortAudio's number, good until the devices are looked for again; never shown or kept."""
    name: str
    host_api: str
    """The system's sound interface that it is reached by, such as ``ALSA``."""
    input_channels: int
    output_channels: int
    sample_rate_hz: int
    """The rate it works at by default."""
    default_input: bool
    default_output: bool


def sound_library() -> Any:
    """The ``sounddevice`` module. Raises DeviceError where PortAudio is not installed."""
    try:
        import sounddevice
    except (OSError, ImportError) as error:
        raise DeviceError(
            f"no sound can be played or recorded because {why_not('PortAudio', error)}"
        ) from error
    return sounddevice


def load_beside() -> Callable[[], None]:
    """Load PortAudio on a thread of its own, since it looks for devices for a while. Who needs it
    meanwhile waits for it, and is told what is wrong with it.

    Returns:
        what waits for the end of that thread.
    """

    def load() -> None:
        with contextlib.suppress(DeviceError):
            sound_library()

    thread = threading.Thread(target=load, name="sound-library", daemon=True)
    thread.start()
    return thread.join


def look_again() -> None:
    """Make PortAudio list the devices anew, after one was plugged in; no stream may be open.

    Raises DeviceError where PortAudio does not start.
    """
    library = sound_library()
    with contextlib.suppress(library.PortAudioError):  # the attempt before this one failed
        library._terminate()
    try:
        library._initialize()
    except library.PortAudioError as error:
        raise DeviceError(f"PortAudio cannot be started again: {error}") from error


class OpenStreams:
    """Counts the open streams, and lets lost ones be opened again one at a time."""

    def __init__(self) -> None:
        self.one_at_a_time = threading.Lock()
        """Held while a stream is opened or closed: PortAudio's list of streams is not
        thread-safe."""
        self._count = 0

    def opened(self) -> None:
        """Count a stream that was opened."""
        self._count += 1

    def closed(self) -> None:
        """Count a stream that was closed; one that hangs in closing is not."""
        self._count -= 1

    @contextlib.contextmanager
    def reopening(self) -> Iterator[None]:
        """While a lost device is opened: where no stream is open, the devices are listed anew.

        PortAudio's list is otherwise as old as the process, and names devices of a sound server
        that has gone.
        """
        with self.one_at_a_time:
            if not self._count:
                look_again()
            yield


open_streams = OpenStreams()
"""The open streams of this process: each process has one PortAudio."""


class HoldsStream:
    """Keeps one stream open from ``_hold`` to ``close``."""

    _stream: Any
    _is_open = False

    def _hold(self, stream: Any) -> None:
        """Keep this stream, which is open."""
        self._stream = stream
        self._is_open = True
        open_streams.opened()

    def close(self) -> bool:
        """Close the device, in bounded time even where it is gone.

        False where PortAudio hangs in it.
        """
        closed = close_in_time(lambda: self._stream.close(ignore_errors=True))
        if closed and self._is_open:
            self._is_open = False
            open_streams.closed()
        return closed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def list_devices() -> list[Device]:
    """Every sound device, in PortAudio's order; empty where there is none."""
    library = sound_library()
    try:
        apis = library.query_hostapis()
        default_input, default_output = library.default.device
        default_input = _default(library, "input", default_input)
        default_output = _default(library, "output", default_output)
        return [
            Device(
                index=index,
                name=str(entry["name"]),
                host_api=str(apis[entry["hostapi"]]["name"]),
                input_channels=int(entry["max_input_channels"]),
                output_channels=int(entry["max_output_channels"]),
                sample_rate_hz=round(entry["default_samplerate"]),
                default_input=index == default_input,
                default_output=index == default_output,
            )
            for index, entry in enumerate(library.query_devices())
        ]
    except library.PortAudioError as error:
        raise DeviceError(f"the sound devices cannot be listed: {error}") from error


def _default(library: Any, kind: Kind, index: int) -> int:
    if index >= 0:
        return index
    try:
        return int(library.query_devices(kind=kind)["index"])
    except (library.PortAudioError, ValueError):
        return -1


def find_device(kind: Kind, name: str | None) -> Device:
    """The default device, or the one whose name is or contains ``name`` (any case).

    Raises DeviceError when there is none; the message lists names like it.
    """
    return choose_device(list_devices(), kind, name)


def choose_device(devices: list[Device], kind: Kind, name: str | None) -> Device:
    """As ``find_device``, out of ``devices``."""
    fitting = [
        device
        for device in devices
        if (device.input_channels if kind == "input" else device.output_channels) > 0
    ]
    if not fitting:
        raise DeviceError(f"there is no {_WORD[kind]}; plug one in, or see “voiceguide devices”")
    default = next(
        (d for d in fitting if (d.default_input if kind == "input" else d.default_output)), None
    )
    if name is None:
        return default or fitting[0]
    wanted = _folded(name)
    exact = [device for device in fitting if _folded(device.name) == wanted]
    partly = [device for device in fitting if wanted and wanted in _folded(device.name)]
    # A card gets another number each time it is plugged in, so the rest of the name must do.
    apart = _without_number(wanted)
    moved = [d for d in fitting if apart and apart in _without_number(_folded(d.name))]
    # A device is often listed once for each sound interface; the default's own goes first.
    best = exact or partly or moved
    same_api = [d for d in best if default and d.host_api == default.host_api]
    for device in (*same_api, *best):
        return device
    names = list(dict.fromkeys(device.name for device in fitting))
    near = likely(name, names, 3, 0.3) or names[:3]
    raise DeviceError(f"there is no {_WORD[kind]} “{name}”; there are: {', '.join(near)}")


def _folded(name: str) -> str:
    """A name in the form in which names are compared: without differences of composed letters,
    case, quotes, dashes and spaces.
    """
    typed = unicodedata.normalize("NFKC", name.translate(_AS_TYPED))
    return " ".join(unicodedata.normalize("NFKC", typed.casefold()).split())


def _without_number(name: str) -> str:
    """A name without ALSA's numbers of card and device, ``(hw:1,0)``, and Windows's, ``(2- …)``."""
    return " ".join(re.sub(r"\(?\b(plug)?hw:\d+(,\d+)*\)?|\b\d+- ", " ", name).split())


class Pulse:
    """Knows whether a stream's callback still comes. One thread beats; another asks, several times
    within the limit.
    """

    def __init__(self, limit_seconds: float, first_seconds: float = FIRST_BEAT_SECONDS) -> None:
        self._limit = first_seconds
        self._limit_between = limit_seconds
        self._first: float | None = None
        self._last = self._seen = self._asked = time.monotonic()
        self._silent_seconds = 0.0

    def beat(self) -> None:
        """Note that the callback came."""
        self._last = now = time.monotonic()
        if self._first is None:
            self._first = now
        elif now - self._first > FILLING_SECONDS:
            self._limit = self._limit_between

    @property
    def silent_seconds(self) -> float:
        """How long it had not come when ``alive`` was last asked."""
        return self._silent_seconds

    def alive(self) -> bool:
        """Whether it came within the limit, or this object is that new."""
        now, last = time.monotonic(), self._last
        if last != self._seen:
            self._seen = self._asked = last
            self._silent_seconds = 0.0
        self._silent_seconds += min(now - self._asked, MOST_AT_ONCE_SECONDS)
        self._asked = now
        return self._silent_seconds <= self._limit


def close_in_time(close: Callable[[], None], seconds: float = CLOSE_SECONDS) -> bool:
    """Run ``close``, and wait no longer than that; tells whether it has ended.

    PortAudio can hang for ever in closing a device that was pulled out. The thread it hangs in is
    a daemon, so the process still ends.
    """
    done = threading.Event()

    def work() -> None:
        with contextlib.suppress(Exception):  # A device that is gone cannot be closed any better.
            close()
        done.set()

    threading.Thread(target=work, name="close-device", daemon=True).start()
    return done.wait(seconds)
