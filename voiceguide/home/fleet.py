"""The speakers of a broker, by what they publish of themselves."""

import json
import queue
import secrets
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table
from rich.text import Text

from voiceguide.core.errors import DeviceError
from voiceguide.home.access import Access
from voiceguide.home.broker import Broker, Message
from voiceguide.home.topics import ONLINE, Topics
from voiceguide.home.wanted import HAS, WANTED

QUIET_SECONDS = 0.5
"""Retained messages come one right after the other: after such a silence all have come."""
WATCH_SECONDS = 0.4
"""How often a table that is watched is drawn again."""
TEXT_LENGTH = 40
"""The longest text that is shown of a speaker, in letters, so that none fills the screen."""
WHY_LENGTH = 200
"""The longest reason that is shown why a room refused what the fleet gave it."""


@dataclass(frozen=True, slots=True)
class FleetSpeaker:
    """One speaker; fields that it has not published are empty."""

    id: str
    alive: bool
    version: str = ""
    state: str = ""
    routine: str = ""
    section: str = ""
    step: str = ""
    progress: int | None = None
    """How much of the routine is done, in percent."""
    faults: tuple[str, ...] = ()
    is_loud: bool = False
    given: str = ""
    """Whether it has what the fleet gave it: ``applied``, ``fetching``, ``refused``."""
    why: str = ""
    """Why it refused that."""
    at: str = ""
    """When it last published its state, by its own clock."""


def ask_fleet(access: Access, prefix: str, seconds: float) -> list[FleetSpeaker]:
    """Every speaker below these topics, in the order of their ids.

    Args:
        prefix: what the topics of all speakers begin with.
        seconds: the longest wait for the broker, and again for its messages.

    Raises:
        DeviceError: the broker does not answer, or lets nobody in.
        SettingsError: the certificates cannot be used.
    """
    with closing(_listening(access, prefix, seconds)) as came:
        return roll(prefix, _until_quiet(came.messages, seconds))


def watch_fleet(access: Access, prefix: str, seconds: float) -> Iterator[list[FleetSpeaker]]:
    """Every speaker again and again, a few times a second, without end.

    Raises:
        DeviceError: the broker does not answer at first, or lets nobody in.
        SettingsError: the certificates cannot be used.
    """
    newest: dict[str, bytes] = {}
    with closing(_listening(access, prefix, seconds)) as came:
        while True:
            newest.update(_until_quiet(came.messages, WATCH_SECONDS))
            yield roll(prefix, newest.items())


@dataclass(frozen=True, slots=True)
class _Listening:
    broker: Broker
    messages: "queue.SimpleQueue[tuple[str, bytes]]"

    def close(self) -> None:
        self.broker.close()


def _listening(access: Access, prefix: str, seconds: float) -> _Listening:
    came: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
    broker = Broker(
        access,
        f"voiceguide-fleet-{secrets.token_hex(4)}",
        tuple(f"{prefix}/+/{each}" for each in ("availability", "state", HAS)),
        lambda topic, payload: came.put((topic, payload)),
        with_kept=True,
    )
    broker.start()
    if not broker.has_come(seconds):
        broker.close()
        raise DeviceError(broker.trouble or f"the broker {access.place} does not answer")
    return _Listening(broker, came)


def forget(access: Access, topics: Topics, discovery_prefix: str, seconds: float) -> None:
    """Have the broker keep nothing of a speaker: neither its state nor what Home Assistant reads.

    Raises:
        DeviceError: the broker does not answer, or lets nobody in.
        SettingsError: the certificates cannot be used.
    """
    kept = (*topics.kept(discovery_prefix), f"{topics.own}/{WANTED}", f"{topics.own}/{HAS}")
    with closing(_listening(access, topics.prefix, seconds)) as came:
        came.broker.keep_all([Message(topic, "") for topic in kept], seconds)


def _until_quiet(
    came: "queue.SimpleQueue[tuple[str, bytes]]", seconds: float
) -> Iterable[tuple[str, bytes]]:
    until = time.monotonic() + seconds
    wait = seconds
    while (left := until - time.monotonic()) > 0:
        try:
            yield came.get(timeout=min(left, wait))
        except queue.Empty:
            return
        wait = QUIET_SECONDS


def roll(prefix: str, messages: Iterable[tuple[str, bytes]]) -> list[FleetSpeaker]:
    """The speakers that these messages tell of; of several about one thing the last one counts, and
    nonsense is ignored.
    """
    alive: dict[str, bool] = {}
    told: dict[str, dict[str, Any]] = {}
    has: dict[str, dict[str, Any]] = {}
    kinds: dict[str, dict[str, Any]] = {"availability": alive, "state": told, HAS: has}
    for topic, payload in messages:
        speaker, _, what = topic.removeprefix(f"{prefix}/").partition("/")
        if not payload:  # an empty message removes a retained one
            kinds.get(what, told).pop(speaker, None)
        elif what == "availability":
            alive[speaker] = payload == ONLINE.encode()
        elif what == "state":
            told[speaker] = _object(payload)
        elif what == HAS:
            has[speaker] = _object(payload)
    return [
        _speaker(name, alive.get(name, False), told.get(name, {}), has.get(name, {}))
        for name in sorted(alive.keys() | told.keys())
    ]


def _object(payload: bytes) -> dict[str, Any]:
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _speaker(name: str, alive: bool, told: dict[str, Any], has: dict[str, Any]) -> FleetSpeaker:
    faults, progress = told.get("faults"), told.get("progress")
    return FleetSpeaker(
        id=_text(name),
        alive=alive,
        **{
            key: _text(told.get(key))
            for key in ("version", "state", "routine", "section", "step", "at")
        },
        progress=progress if type(progress) is int else None,
        faults=tuple(map(_text, faults[:10])) if isinstance(faults, list) else (),
        is_loud=told.get("is_loud") is True,
        given=_text(has.get("state")),
        why=_text(has.get("why"), WHY_LENGTH),
    )


def _text(value: object, longest: int = TEXT_LENGTH) -> str:
    if not isinstance(value, str):
        return ""
    return "".join(letter for letter in value if letter.isprintable())[:longest]


def as_json(speakers: Iterable[FleetSpeaker]) -> str:
    """The speakers as a JSON list of objects."""
    return json.dumps([asdict(each) for each in speakers], ensure_ascii=False, indent=2)


def as_table(speakers: Collection[FleetSpeaker]) -> Table:
    """One line for each speaker; with the column ``given`` only if the fleet gave something."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    given = ["given"] if any(each.given for each in speakers) else []
    titles = ["speaker", "alive", "version", "state", "routine", "place", "done", *given, "faults"]
    for title in titles:
        table.add_column(title, justify="right" if title == "done" else "left")
    for each in speakers:
        wrong = [*each.faults, *(["too loud"] if each.is_loud else [])] if each.alive else []
        place = ", ".join(filter(None, (each.section, each.step)))
        done = "" if each.progress is None or not each.routine else f"{each.progress} %"
        row = [each.id, "yes" if each.alive else "no", each.version, each.state, each.routine]
        row += [place, done, *([": ".join(filter(None, (each.given, each.why)))] if given else [])]
        row.append(", ".join(wrong) or ("none" if each.alive else ""))
        style = "red" if wrong else "" if each.alive else "dim"
        table.add_row(*(Text(cell) for cell in row), style=style)
    return table
