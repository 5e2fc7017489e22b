"""Writes the journal in the background, so that a session never waits for a disk or another
program.

One thread writes in the order in which it was asked, and only the newest of each thing; what it has
written outlives the process. Another thread brings it to the disk, however slow that is. What
cannot be written is tried again until it can.
"""

import threading
import time
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress

from voiceguide.core.effects import ForgetPlace, KeepPlace, KeepProgramme, KeepTimer, Kept
from voiceguide.core.errors import JournalLockedError, VoiceguideError
from voiceguide.core.events import Event, Fault, Faulted, Recovered
from voiceguide.core.history import Visit
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.journal.visits import note_visit
from voiceguide.edge.system.log import Log

RETRY_SECONDS = 1.0
HELD_SECONDS = 4.0
"""How long another program may hold the journal before the person is told."""
CLOSING_SECONDS = 5.0

_log = Log("journal")

_CHECKPOINT: Hashable = "checkpoint"


class JournalWriter:
    """A `Keeper` that never raises and never waits; any thread may ask.

    Args:
        journals: the journal of each person, by their id, made with ``is_synced=False``; only this
            writer's thread writes to them from now on. Nothing is kept of whoever has none.
        post: takes a fault, on the writer's thread, where nothing can be kept, and its end.
        now: seconds that never go back.
    """

    def __init__(
        self,
        journals: Mapping[str, Journal],
        post: Callable[[Event], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._journals = dict(journals)
        self._post = post
        self._now = now
        self._wanted: dict[Hashable, Callable[[], object]] = {}
        self._changed = threading.Condition()
        self._closing = False
        self._writing = False
        self._fault: Fault | None = None
        self._held_since: float | None = None
        self._told_aside = [journal.warning for journal in self._journals.values()]
        self._to_sync = threading.Event()
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for work, name in ((self._write, "journal"), (self._sync, "journal-sync"))
        ]
        for thread in self._threads:
            thread.start()

    def keep(self, effect: Kept) -> None:
        """Have this kept soon, instead of what was to be kept of the same thing."""
        key: Hashable = "preferences"
        if isinstance(effect, KeepPlace):
            key = effect.place.routine_id
        elif isinstance(effect, ForgetPlace):
            key = effect.routine_id
        elif isinstance(effect, KeepProgramme):
            key = ("programme",)
        elif isinstance(effect, KeepTimer):
            self._keep_timer(effect)
            return
        journal = self._journals.get(effect.person)
        if journal:
            self._ask(("keep", effect.person, key), lambda: journal.keep(effect))

    def _keep_timer(self, effect: KeepTimer) -> None:
        """Keep a timer, which belongs to the home and not to a person. It runs from now on, not
        from when it is written.
        """
        ends_at = None if effect.seconds_left is None else time.time() + effect.seconds_left
        journal = self._journals.get("") or next(iter(self._journals.values()))
        self._ask(("keep", "timer"), lambda: journal.keep_timer(ends_at))

    def note(self, visit: Visit) -> None:
        """Have a visit in the history soon, instead of what was noted of it earlier."""
        key = ("visit", visit.person, visit.began_at, visit.routine_id)
        journal = self._journals.get(visit.person)
        if journal:
            self._ask(key, lambda: note_visit(journal, visit))

    def checkpoint(self) -> None:
        """Bring everything into the journals' own files soon: a session is over."""
        self._ask(_CHECKPOINT, self._checkpoint)

    def read(self, work: Callable[[Journal], None], person: str) -> None:
        """Have ``work`` read somebody's journal on the writer's thread; it hands on what it
        finds.
        """
        journal = self._journals.get(person)
        if journal:
            self._ask(("read", work), lambda: work(journal))

    def flush(self, seconds: float) -> bool:
        """Wait until all is written, for this long at most; tells whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._wanted or self._writing), seconds)

    def close(self) -> None:
        """Write what is left, for a moment at most, and close the files."""
        self.flush(CLOSING_SECONDS)
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._to_sync.set()
        self._threads[0].join(CLOSING_SECONDS)

    def _ask(self, key: Hashable, work: Callable[[], object]) -> None:
        with self._changed:
            # The newest goes to the end: places are offered in the order they were kept.
            self._wanted.pop(key, None)
            self._wanted[key] = work
            self._changed.notify_all()

    def _write(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted or self._closing)
                if self._closing:
                    break
                key, work = next(iter(self._wanted.items()))
                self._writing = True
            try:
                work()
            except (OSError, VoiceguideError) as error:
                self._failed(error)
                with self._changed:
                    self._writing = False
                    if key == _CHECKPOINT or (isinstance(key, tuple) and key[0] == "read"):
                        self._drop(key, work)
                    self._changed.wait_for(lambda: self._closing, RETRY_SECONDS)
                continue
            except Exception:  # a thread must outlive every surprise
                _log.exception("journal", "failed")
            else:
                self._worked()
            with self._changed:
                self._writing = False
                self._drop(key, work)
                self._changed.notify_all()
            self._to_sync.set()
        for journal in self._journals.values():
            journal.close()

    def _drop(self, key: Hashable, work: Callable[[], object]) -> None:
        # Something newer may have taken its place meanwhile.
        if self._wanted.get(key) is work:
            del self._wanted[key]

    def _checkpoint(self) -> None:
        # Where another process reads at this moment, the next time will do.
        for journal in self._journals.values():
            with suppress(JournalLockedError):
                journal.checkpoint()

    def _sync(self) -> None:
        while True:
            self._to_sync.wait()
            self._to_sync.clear()
            with self._changed:
                if self._closing:
                    return
            try:
                for journal in self._journals.values():
                    journal.sync()
            except OSError as error:
                self._failed(error)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, JournalLockedError):
            self._held_since = since = self._held_since or self._now()
            if self._now() - since < HELD_SECONDS:
                return
        fault = Fault.LOCK if isinstance(error, JournalLockedError) else Fault.DISK
        if fault is self._fault:
            return
        _log.warning("journal", "keeps nothing", reason=error)
        self._recovered()
        self._fault = fault
        self._post(Faulted(fault))

    def _worked(self) -> None:
        self._held_since = None
        self._recovered()
        aside = [journal.warning for journal in self._journals.values()]
        for now, before in zip(aside, self._told_aside, strict=True):
            if now and now != before:
                _log.warning("journal", "began anew", reason=now)
        self._told_aside = aside

    def _recovered(self) -> None:
        fault, self._fault = self._fault, None
        if fault:
            self._post(Recovered(fault))
