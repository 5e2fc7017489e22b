"""One live session whose devices are taken away; see test_session_devices.py.

usage: python session_devices.py SPEAKER MICROPHONE ROUTINE

With PAGE in the environment it serves the page there.

The guide as it is, without a person: every wait is answered at once. Prints, each with seconds of
the timeline and of real time: ``tick AT NOW REAL`` for every onset of a stroke (AT is where it was
placed), ``state NAME``, ``fault NAME``, ``works NAME``.
"""

import os
import sys
import time

from rich.console import Console

from voiceguide import app
from voiceguide.core.commands import Command
from voiceguide.core.effects import Cue, PlayCue
from voiceguide.core.events import CommandHeard, Faulted, Recovered
from voiceguide.core.session.preferences import Guided
from voiceguide.core.table import State
from voiceguide.edge.files.routine_file import load_routine
from voiceguide.live.live_guide import LiveGuide
from voiceguide.live.options import LiveOptions
from voiceguide.settings.tables import JournalSettings, Settings

ANSWERS = {State.READY: Command.START, State.WAITING: Command.NEXT}


class Watched(LiveGuide):
    """Tells what it does."""

    _told = None

    def _watch(self, moment):
        super()._watch(moment)
        now = self._output.now_seconds()
        match moment.event:
            case Faulted(fault):
                print(f"fault {fault.value}", flush=True)
            case Recovered(fault):
                print(f"works {fault.value}", flush=True)
        for effect in moment.effects:
            if isinstance(effect, PlayCue) and effect.cue is Cue.TICK:
                print(f"tick {effect.at_seconds} {now} {time.monotonic()}", flush=True)
        if moment.state is not self._told:
            self._told = moment.state
            print(f"state {moment.state.value}", flush=True)
            if moment.state in ANSWERS:
                self._loop.post(CommandHeard(ANSWERS[moment.state]))


app.LiveGuide = Watched
routine = load_routine(sys.argv[3])
app.run_live(
    LiveOptions(
        first=Guided("", {routine.id: routine}),
        routine_id=routine.id,
        settings=Settings(journal=JournalSettings(keep=False)),
        model=None, voice=None, input_device=sys.argv[2], output_device=sys.argv[1], record=None,
        page=os.environ.get("PAGE"),
    ),
    Console(file=sys.stderr),
)  # fmt: skip
print("ended", flush=True)
