"""The recogniser of a live session crashes: that is heard, and the session goes on.

The whole guide with its threads, in real time; in the place of devices a silent speaker that keeps
the time, and a microphone into which a synthetic person says a word until it is obeyed.
"""

import os
import signal
import threading

import pytest
from rich.console import Console
from support.live_person import Person, Watched, said
from support.places import DATA

from voiceguide.core import wording_faults
from voiceguide.core.events import Fault
from voiceguide.core.session.preferences import Guided
from voiceguide.edge.devices.output import Output
from voiceguide.edge.devices.stand_in import NullSpeaker
from voiceguide.edge.ears.lasting_ears import open_lasting_ears
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_routine
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.live.choose import open_voice
from voiceguide.live.options import LiveOptions
from voiceguide.settings.tables import JournalSettings, Settings

LIMIT_SECONDS = 90.0


@pytest.mark.skipif(os.name != "posix", reason="there are no such signals here")
def test_a_session_whose_recogniser_crashes_says_so_and_goes_on_and_hears_again(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    routine = load_routine(str(DATA / "long-strokes.yaml"))
    settings = Settings(journal=JournalSettings(keep=False))
    book = load_phrasebook()
    ears = open_lasting_ears(resolve_model(None), book.decoys, phrases=book.phrases)
    voice, _ = open_voice(None, settings)
    person = Person(said(tmp_path / "person", "go", "slower"))
    options = LiveOptions(
        first=Guided("", {routine.id: routine}), routine_id=routine.id, settings=settings,
        model=None, voice=None, input_device=None, output_device=None, record=None, panel=False,
    )  # fmt: skip
    told = []
    with (tmp_path / "shown").open("w") as shown:
        output = Output(NullSpeaker(), None, None)
        guide = Watched(options, book, voice, ears, output, person, Console(file=shown))

        def then(what):
            told.append(what)
            match what:
                case "start":
                    person.wanted = None
                    os.kill(ears.process_id, signal.SIGSEGV)
                case "recogniser works":
                    person.wanted = "slower"
                case "slower":
                    guide.end()

        guide.prepare(then)
        person.wanted = "go"
        watchdog = threading.Timer(LIMIT_SECONDS, guide.end)
        watchdog.start()
        guide.run(typed=False)
        watchdog.cancel()
        figures = guide._vitals.report()["figures"]
        for each in (guide, output, ears, voice):
            each.close()
    assert told == ["start", "recogniser failed", "recogniser works", "slower"]
    assert figures["recognisers_lost_total"] == 1
    assert wording_faults.FAULTS[Fault.RECOGNISER] in (tmp_path / "shown").read_text()
