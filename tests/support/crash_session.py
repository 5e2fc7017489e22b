"""Sessions in processes of their own that are killed, or whose disk fails; see test_crash.py.

usage: python crash_session.py kill FOLDER SEED COUNT | disks FOLDER
       python crash_session.py persons FOLDER SEED COUNT PERSON [SEED COUNT PERSON]

A session runs on virtual time with the real journal and history; whoever is guided answers every
question with the first word that leads on. Prints one JSON object for each trial.
"""

import json
import os
import random
import resource
import signal
import sqlite3
import sys
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from simulation.voice import SilentVoice

from voiceguide.core.commands import Command
from voiceguide.core.effects import Cue, Effect, KeepProgramme, Kept, Say
from voiceguide.core.errors import JournalError
from voiceguide.core.events import CommandHeard, DayBegan, Event, SpeechEnded, Started
from voiceguide.core.history import Visit
from voiceguide.core.routine.programme import Programme, Standing
from voiceguide.core.session.preferences import GUEST, Guided, Manner, Preferences
from voiceguide.core.session.session import Session
from voiceguide.core.table import State
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_routine
from voiceguide.edge.journal import journal as journal_file
from voiceguide.edge.journal.database import MIGRATIONS
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.journal.visits import note_visit
from voiceguide.live.diary import Diary
from voiceguide.loop import Conductor
from voiceguide.performer import Performer
from voiceguide.sound.clip import Clip
from voiceguide.sound.mixer import Mixer

RATE = 1000
"""Nobody listens: a low rate is enough to tell the time by."""
ROUTINE = "roller"
ANSWERS = {
    State.CHOOSING: Command.CHOOSE,
    State.DAY: Command.YES,
    State.HOUR: Command.YES,
    State.OFFERING: Command.YES,
    State.READY: Command.START,
    State.WAITING: Command.NEXT,
    State.ASLEEP: Command.WAKE,
}
CUES = {cue: Clip(np.full(20, 0.1, np.float32), RATE) for cue in Cue}
WHOLE = load_routine(ROUTINE)
LIBRARY = {ROUTINE: replace(WHOLE, sections=WHOLE.sections[:3])}
"""Its first zones alone: of them a hundred sessions are played."""
BOOK = load_phrasebook()
PROGRAMME = Programme("two-days", "two days", "Two days.", (ROUTINE, ROUTINE))


class Instants:
    """Counts instants of a kind, and kills this process at one of them."""

    def __init__(self, fatal: int | None) -> None:
        self.count = 0
        self._fatal = fatal

    def tick(self) -> int:
        if self.count == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        self.count += 1
        return 0


class Watched(Performer):
    """Counts the instants before and after each effect, and tells of what is said."""

    instants: Instants
    tell: Callable[[dict[str, Any]], None]
    before: Callable[[Effect], None] = staticmethod(lambda effect: None)

    def perform(self, effect: Effect) -> None:
        self.instants.tick()
        self.before(effect)
        super().perform(effect)
        if isinstance(effect, Say):
            self.tell({"says": effect.text, "id": effect.utterance_id})
        self.instants.tick()


class Sorted:
    """Keeps what is of each person in a journal of their own; of anybody else nothing."""

    def __init__(self, journals: Mapping[str, Journal]) -> None:
        self._journals = journals

    def keep(self, effect: Kept) -> None:
        if effect.person in self._journals:
            self._journals[effect.person].keep(effect)


def path_of_anna(path: Path) -> Path:
    return path.with_name(f"{path.stem}-anna.sqlite")


class Heard(Session):
    """Tells of each sentence that was heard to its end, before anything follows from that."""

    tell: Callable[[dict[str, Any]], None]

    def handle(self, event: Event, now: float) -> tuple[Effect, ...]:
        if isinstance(event, SpeechEnded):
            self.tell({"heard": event.utterance_id})
        return super().handle(event, now)


def run_session(
    path: Path,
    tell: Callable[[dict[str, Any]], None],
    fatal: tuple[str, int] | None = None,
    before: Callable[[Effect, Journal], None] = lambda effect, journal: None,
    person: str = "",
) -> None:
    """One session from its beginning, or its kept place, to its end or violent death.

    Args:
        person: who calls a guide that sleeps; empty: the guide asks at once and ends at the end.
    """
    kinds = {kind: Instants(fatal[1] if fatal and fatal[0] == kind else None) for kind in KINDS}
    connect = journal_file.connect

    def counting(path: Path, *, is_synced: bool) -> sqlite3.Connection:
        connection = connect(path, is_synced=is_synced)
        connection.set_progress_handler(kinds["statement"].tick, 1)
        return connection

    journal_file.connect = counting
    journal = Journal(path)
    memory, preferences = journal.load()
    tell({"warning": journal.warning, "place": memory.latest and memory.latest.step_id})
    mixer = Mixer(RATE)
    journals = {"": journal}
    others = [Guided(GUEST, LIBRARY)]
    if person:
        journals["anna"] = Journal(path_of_anna(path))
        remembered = journals["anna"].load()[0]
        if remembered.standing is None:
            journals["anna"].keep(KeepProgramme(Standing("two-days")))
            remembered = journals["anna"].load()[0]
        others.append(Guided("anna", LIBRARY, remembered))
    manner = Manner(sleep_seconds=600) if person else None
    session = Heard(
        *(LIBRARY, BOOK, memory, preferences or Preferences()),
        manner=manner,
        others=others,
        programmes={"two-days": PROGRAMME},
    )

    def note(visit: Visit) -> None:
        with suppress(OSError, JournalError, KeyError):
            note_visit(journals[visit.person], visit)

    diary = Diary(note, lambda: datetime(2026, 3, 1, 8, tzinfo=UTC))

    def performer(post: Callable[[Any], None]) -> Performer:
        made = Watched(mixer, SilentVoice(RATE), CUES, Sorted(journals), post)
        made.instants, made.tell = kinds["effect"], tell
        made.before = lambda effect: before(effect, journal)
        return made

    session.tell = tell
    conductor = Conductor(session, performer, diary.watch)
    conductor.handle(DayBegan("2026-03-01"), 0.0)
    conductor.handle(Started(), 0.0)
    while not (session.has_ended or session.state is State.IDLE):
        due = conductor.next_seconds()
        answer = ANSWERS.get(session.state)
        # Each question is answered two seconds after the last thing that happened.
        answer_at = mixer.position / RATE + 2.0
        if answer and (due is None or due > answer_at or due - answer_at > 1):
            due = answer_at
        assert due is not None
        mixer.render(max(1, round(due * RATE) - mixer.position))
        now = mixer.position / RATE
        status = session.snapshot()
        tell({"step": status.step_id, "strokes": status.strokes_done, "state": status.state})
        conductor.advance(now)
        if answer and session.state in ANSWERS and now >= answer_at - 1 / RATE:
            routine = ROUTINE if answer is Command.CHOOSE else None
            who = person if answer is Command.WAKE else None
            conductor.handle(CommandHeard(answer, routine, person=who), now)
    for each in journals.values():
        each.close()
    tell({"ended": True, "instants": {kind: found.count for kind, found in kinds.items()}})


KINDS = ("statement", "effect")


def in_a_child(work: Callable[[Callable[[dict[str, Any]], None]], None]) -> tuple[list[Any], int]:
    """Run it in a process of its own; gives what it told before its end, and its wait status."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        code = 1
        try:
            # One write a line: what was told before the kill is told.
            work(lambda line: os.write(writing, (json.dumps(line) + "\n").encode()) and None)
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as lines:
        told = [json.loads(line) for line in lines]
    return told, os.waitpid(child, 0)[1]


def old_journal(path: Path) -> None:
    """A journal as an early version left it, with another routine's place in it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute(MIGRATIONS[0])
        old.execute("INSERT INTO place VALUES (1, 'morning', 'neck', 'glide', 3)")
        old.execute("PRAGMA user_version=1")


def look(path: Path) -> dict[str, Any]:
    """What a tool of SQLite's own finds in the file after a kill."""
    with closing(sqlite3.connect(path)) as file:
        whole = [row[0] for row in file.execute("PRAGMA integrity_check")]
        tables = {row[0] for row in file.execute("SELECT name FROM sqlite_schema")}
        places = {}
        if "place" in tables:
            places = {
                row[0]: row[1:]
                for row in file.execute("SELECT routine_id, step_id, strokes_done FROM place")
            }
        visits = 0
        if "visit" in tables:
            visits = file.execute("SELECT count(*) FROM visit").fetchone()[0]
        done = None
        if "programme" in tables:
            done = file.execute("SELECT done FROM programme").fetchone()
        return {"whole": whole, "places": places, "visits": visits, "days": done and done[0]}


def kill(folder: Path, seed: int, count: int) -> None:
    """Sessions killed at random instants, and what the next start makes of it."""
    chance = random.Random(seed)
    first, _ = in_a_child(partial(run_session, folder / "whole.sqlite"))
    # Bringing an old journal up to date takes another number of statements than making one.
    old_journal(folder / "old.sqlite")
    second, _ = in_a_child(partial(run_session, folder / "old.sqlite"))
    instants = {False: first[-1]["instants"], True: second[-1]["instants"]}
    print(json.dumps({"whole": first}), flush=True)
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        old = number % 4 < len(KINDS)
        at = chance.randrange(instants[old][kind])
        path = folder / f"{number}.sqlite"
        if old:
            old_journal(path)
        lived, status = in_a_child(partial(run_session, path, fatal=(kind, at)))
        found = look(path)
        then, _ = in_a_child(partial(run_session, path))
        trial = {
            "kind": kind, "at": at, "old": old, "killed": os.WIFSIGNALED(status),
            "lived": lived, "found": found, "then": then, "end": look(path),
        }  # fmt: skip
        print(json.dumps(trial), flush=True)
        for file in folder.glob(f"{number}.sqlite*"):
            file.unlink()


def persons(folder: Path, seed: int, count: int, person: str) -> None:
    """Sessions of somebody who said who they are, killed; and what the next start makes of it."""
    chance = random.Random(seed)
    folder = folder / person
    folder.mkdir()
    run = partial(run_session, person=person)
    whole, _ = in_a_child(partial(run, folder / "whole.sqlite"))
    instants = whole[-1]["instants"]["effect"]
    for number in range(count):
        path = folder / f"{number}.sqlite"
        fatal = ("effect", chance.randrange(instants))
        lived, status = in_a_child(partial(run, path, fatal=fatal))
        found, own = look(path), look(path_of_anna(path))
        then, _ = in_a_child(partial(run, path))
        trial = {
            "killed": os.WIFSIGNALED(status), "lived": lived, "nobody": found, "anna": own,
            "person": person, "then": then, "end": [look(path), look(path_of_anna(path))],
        }  # fmt: skip
        print(json.dumps(trial), flush=True)


def full(path: Path) -> dict[str, Any]:
    """A session whose disk is full from its fifth sentence to its fifteenth."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

    def before(sentences: int, journal: Journal) -> None:
        limit = 0 if 5 <= sentences < 15 else most
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))

    return failing(path, before)


def read_only(path: Path) -> dict[str, Any]:
    """A session whose journal may only be read from its fifth sentence to its fifteenth."""

    def before(sentences: int, journal: Journal) -> None:
        state["refuses"] = 5 <= sentences < 15
        if journal._connection:
            journal._connection.execute(f"PRAGMA query_only={int(state['refuses'])}")

    state = {"refuses": False}
    connect = journal_file.connect

    def refusing(path: Path, *, is_synced: bool) -> sqlite3.Connection:
        connection = connect(path, is_synced=is_synced)
        connection.execute(f"PRAGMA query_only={int(state['refuses'])}")
        return connection

    journal_file.connect = refusing
    return failing(path, before)


def failing(path: Path, fail: Callable[[int, Journal], None]) -> dict[str, Any]:
    """What is told of a session whose disk fails; ``fail`` is given the sentences so far."""
    sentences = [0]

    def before(effect: Effect, journal: Journal) -> None:
        sentences[0] += isinstance(effect, Say)
        fail(sentences[0], journal)

    told, status = in_a_child(partial(run_session, path, before=before))
    return {"told": told, "status": status, "end": look(path)}


def disks(folder: Path) -> None:
    """A whole session that nothing happens to, and one with each failure of the disk."""
    whole, _ = in_a_child(partial(run_session, folder / "whole.sqlite"))
    print(json.dumps({"whole": whole}), flush=True)
    for fail in (full, read_only):
        print(json.dumps(fail(folder / f"{fail.__name__}.sqlite")), flush=True)


if __name__ == "__main__":
    mode, where, *more = sys.argv[1:]
    if mode == "kill":
        kill(Path(where), *map(int, more))
    elif mode == "persons":
        for seed, count, person in zip(more[::3], more[1::3], more[2::3], strict=True):
            persons(Path(where), int(seed), int(count), person)
    else:
        disks(Path(where))
