"""Plays one seed: lives, kills, starts from the journal, and at last a way to the end."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from simulation.happenings import LEADS, Breaks, Happening, Kill, Told, Word, draw_happening
from simulation.home_rules import Reminded
from simulation.life import Killed, Life, Parts
from simulation.outside import Outside
from simulation.strokes import Broken
from simulation.world import World, draw_world

from voiceguide.core.commands import Command
from voiceguide.core.effects import Hush, Prepare, Say
from voiceguide.core.events import Fault, Interrupted
from voiceguide.core.table import RESTING, State
from voiceguide.loop import Moment

MOST_LIVES = 6
ANSWER_SECONDS = 2.0
"""How long a person takes who only answers questions; one who keeps saying "next" takes 0.3 s."""
MOST_SECONDS = 4 * 3600.0
"""No session takes longer than this once it is led to its end."""
ENDINGS = ("words", "answers", "time")
"""How a session is led to its end: by "next" and the like, by answers alone, or by nothing."""


@dataclass(slots=True)
class Outcome:
    """The result of one seed."""

    seed: int
    happenings: list[Happening] = field(default_factory=list)
    """What happened before the session was led to its end."""
    steps: int = 0
    """Events that the sessions were told of."""
    lives: int = 1
    seconds: float = 0.0
    """Length of the output timelines of all lives together."""
    broken: str | None = None
    """The rule that was broken, if any, and what was found."""
    rule: str | None = None
    """The name of that rule alone."""
    transcript: list[str] = field(default_factory=list)


def play(
    seed: int,
    parts: Parts | None = None,
    only: Sequence[int] | None = None,
    whole: Sequence[Happening] | None = None,
) -> Outcome:
    """Play a seed.

    Args:
        only: the numbers (from 0) of the happenings to play; all of them if None.
        whole: every happening of this seed, where they are known already.
    """
    script = None
    if only is not None:
        whole = play(seed, parts).happenings if whole is None else whole
        script = [whole[index] for index in only if index < len(whole)]
    return _Trial(seed, parts or Parts(), script).play()


class _Trial:
    def __init__(self, seed: int, parts: Parts, script: list[Happening] | None) -> None:
        chance = Random(seed)
        self.world: World = draw_world(chance)
        self._ending = chance.choice(ENDINGS)
        self._left = chance.choice((0, 5, 20, 60))
        """How many happenings are still to be drawn."""
        self._chance = chance
        self._voice_chance = Random(f"voice {seed}")
        self._script = script
        self._parts = parts
        self._began = 0.0
        """The second of the world at which the present life began."""
        self._outside = Outside(3600 * self.world.hour, to_keep=list(self.world.earlier))
        self._reminded = Reminded()
        self.outcome = Outcome(seed)

    def play(self) -> Outcome:
        outcome = self.outcome
        # What was written survives a kill in memory as on a disk, and memory is quicker.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        with tempfile.TemporaryDirectory(prefix="simulate-", dir=memory) as folder:
            try:
                self._live(Path(folder))
            except Broken as broken:
                outcome.rule, outcome.broken = broken.rule, str(broken)
            except Exception as error:
                outcome.rule = "no error"
                outcome.broken = f"no error: {type(error).__name__}: {error}"
        return outcome

    def _live(self, folder: Path) -> None:
        for number in range(MOST_LIVES):
            path = folder / f"{number}" / "journal.sqlite"
            path.parent.mkdir()
            if number:
                _copy(folder / f"{number - 1}", path.parent)
            life = self._life(path)
            try:
                life.start()
                self._happen(life, is_last=number == MOST_LIVES - 1)
                self._lead_on(life)
            except Killed:
                life.rules.check_after_kill()
                life.check_folder(path.parent)
                self.outcome.lives += 1
                self.outcome.transcript.append("        the process is killed")
                continue
            finally:
                # The journal is copied before it is closed, for closing may change the file.
                shutil.copytree(path.parent, folder / f"{number}-killed")
                life.end()
                shutil.rmtree(path.parent)
                (folder / f"{number}-killed").rename(path.parent)
                self.outcome.seconds += life.now
                self._began += life.now
            return

    def _life(self, path: Path) -> Life:
        def tell(moment: Moment) -> None:
            self.outcome.steps += 1
            self.outcome.transcript.append(_line(moment, self._began))

        return Life(
            self.world, path, self._outside, self._reminded, self._voice_chance, self._parts, tell
        )

    def _happen(self, life: Life, is_last: bool) -> None:
        outcome = self.outcome
        while not life.session.has_ended:
            happening = self._next(life)
            if happening is None:
                return
            if not life.until(happening.at_seconds - self._began):
                return
            what = happening.what
            outcome.happenings.append(happening)
            outcome.transcript.append(f"{happening.at_seconds:8.2f} {what}")
            if isinstance(what, Kill):
                if is_last:
                    continue
                self._outside.wall_seconds += what.away_seconds
            life.happen(what)

    def _next(self, life: Life) -> Happening | None:
        now = self._began + life.now
        if self._script is not None:
            return self._script.pop(0) if self._script else None
        if self._left == 0:
            return None
        self._left -= 1
        return draw_happening(self._chance, self.world, life.session, now)

    def _lead_on(self, life: Life) -> None:
        """Lead the session to its end, in the way of `ENDINGS` that was drawn."""
        if life.session.has_ended:
            return
        if self._ending == "time":
            life.happen(Breaks(Fault.MICROPHONE))
        steps = sum(1 for one in self.world.library.values() for _ in one.steps())
        words = 0
        began = life.now
        while not life.session.has_ended and life.session.state not in RESTING:
            if life.now - began > MOST_SECONDS:
                raise Broken("there is a way on", f"no end after hours with {self._ending} alone")
            word = self._word(life)
            pause = 0.3 if self._ending == "words" else ANSWER_SECONDS
            at = life.now + pause
            due = life.next_seconds()
            if word is None or (self._ending == "answers" and due is not None and due <= at):
                if due is None:
                    raise Broken("there is a way on", f"nothing is due in {life.session.state}")
                life.until(due)
                continue
            words += 1
            if words > 60 + 6 * steps:
                raise Broken("there is a way on", f"no end after {words} words")
            if life.until(at):
                life.happen(word)
        ends = life.session.snapshot().own_timer_end_seconds
        if not life.session.has_ended and ends is not None:
            life.until(ends + 2 * ANSWER_SECONDS)
        if not life.session.has_ended:
            life.happen(Told(Interrupted()))
            if not life.session.has_ended:
                raise Broken("there is a way on", "an interrupt does not end it")

    def _word(self, life: Life) -> Word | None:
        state = life.session.state
        if self._ending == "time" or state in (State.STOPPING, State.CLOSING):
            return None
        if state is State.CHOOSING:
            return Word(Command.CHOOSE, next(iter(self.world.library)))
        if state in (State.HOUR, State.DAY, State.REMINDING):
            return Word(Command.YES)
        if self._ending == "words":
            return Word(Command.START if state is State.OFFERING else Command.NEXT)
        if state in (State.TELLING, State.PACING):
            return None
        return Word(LEADS.get(state, Command.NEXT))


def _copy(before: Path, after: Path) -> None:
    """Copy a journal as a kill leaves it: without the memory that SQLite's processes share."""
    for file in before.iterdir():
        if not file.name.endswith("-shm"):
            shutil.copy(file, after)


def _line(moment: Moment, began: float) -> str:
    """A moment as a line of the transcript, without sentences that were only prepared."""
    done = ", ".join(
        f"“{effect.text}”@{effect.at_seconds:.2f}" if isinstance(effect, Say)
        else "hush" if isinstance(effect, Hush) else str(effect)
        for effect in moment.effects
        if not isinstance(effect, Prepare)
    )  # fmt: skip
    return f"{began + moment.at_seconds:8.2f} {moment.event} → {moment.state}: {done}"
