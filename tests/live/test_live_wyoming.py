"""A live session with ears and voice on another machine (a real server process) that is killed.

The whole guide with its threads, in real time; in the place of devices a silent speaker that keeps
the time, and a microphone into which a synthetic person says a word until it is obeyed.
"""

import json
import logging
import threading
from itertools import groupby

import pytest

pytest.importorskip("wyoming")

from rich.console import Console
from support.live_person import Person, Watched, said
from support.places import DATA
from support.wyoming_world import serving

from voiceguide.__main__ import main
from voiceguide.core.decision.heard import Reason
from voiceguide.core.session.preferences import Guided
from voiceguide.edge.devices.output import Output
from voiceguide.edge.devices.stand_in import NullSpeaker
from voiceguide.edge.ears.ears import open_ears
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_routine
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.edge.wyoming import remote_ears
from voiceguide.live.choose import open_voice, with_server
from voiceguide.live.options import LiveOptions
from voiceguide.settings.sound import WyomingSettings
from voiceguide.settings.tables import JournalSettings, Settings

ROUTINE = DATA / "long-strokes.yaml"
LIMIT_SECONDS = 240.0
PATIENT_SECONDS = 10.0
"""A server on a busy machine is slow, and no less there."""


class Noticed(logging.Handler):
    """What the link to the ears' server writes to the log, as events to wait for."""

    def __init__(self):
        super().__init__()
        self.away, self.back = threading.Event(), threading.Event()

    def emit(self, record):
        words = record.getMessage()
        if words.startswith("server away role=asr"):
            self.away.set()
        elif words.startswith("server back role=asr"):
            self.back.set()


@pytest.fixture
def noticed():
    handler = Noticed()
    log = logging.getLogger("voiceguide.wyoming")
    log.addHandler(handler)
    yield handler
    log.removeHandler(handler)


@pytest.mark.long
@pytest.mark.live
def test_a_session_goes_on_when_the_server_is_killed_and_uses_it_when_it_is_back(
    tmp_path, monkeypatch, noticed
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(remote_ears, "DEADLINE_SECONDS", PATIENT_SECONDS)
    routine = load_routine(str(ROUTINE))
    with serving(tmp_path / "there") as server:
        settings = Settings(
            journal=JournalSettings(keep=False),
            wyoming=WyomingSettings(ears_server=server.uri, voice_server=server.uri),
        )
        voice, _ = open_voice(None, settings)
        book = load_phrasebook()
        ears = with_server(open_ears(resolve_model(None), book.decoys), settings)
        person = Person(said(tmp_path / "person", "go", "slower", "faster"))
        options = LiveOptions(
            first=Guided("", {routine.id: routine}), routine_id=routine.id, settings=settings,
            model=None, voice=None, input_device=None, output_device=None, record=None, panel=False,
        )  # fmt: skip
        with (tmp_path / "shown").open("w") as shown:
            output = Output(NullSpeaker(), None, None)
            guide = Watched(options, book, voice, ears, output, person, Console(file=shown))

            slowed = threading.Event()

            def come_back():
                noticed.away.wait(LIMIT_SECONDS)
                slowed.wait(LIMIT_SECONDS)
                person.wanted = None
                server.start()
                noticed.back.wait(LIMIT_SECONDS)
                person.wanted = "faster"

            def then(command):
                if command == "start":
                    server.end()
                    # Again and again, for what is answered here alone shows nobody that it is gone.
                    person.wanted = "slower"
                    threading.Thread(target=come_back, daemon=True).start()
                elif command == "slower":
                    slowed.set()
                elif command == "faster" and guide.records[-1].why is Reason.REMOTE:
                    guide.end()

            guide.prepare(then)
            person.wanted = "go"
            watchdog = threading.Timer(LIMIT_SECONDS, guide.end)
            watchdog.start()
            guide.run(typed=False)
            watchdog.cancel()
            told = {one["part"]: one for one in json.loads(guide.status_json())["servers"]}
            for each in (guide, output, ears, voice):
                each.close()
    obeyed = [heard for heard in guide.records if heard.phrase]
    print([(each.text, each.why.value) for each in obeyed])
    assert [word for word, _ in groupby(guide.obeyed)] == ["start", "slower", "faster"]
    assert not guide.faults
    away = next(heard for heard in obeyed if heard.phrase.text == "slower")
    assert away.why is not Reason.REMOTE
    assert obeyed[-1].why is Reason.REMOTE, "it was not used again"
    assert set(told) == {"ears", "voice"}
    assert told["ears"]["address"] == server.uri
    assert told["ears"]["times_away"] >= 1


@pytest.mark.parametrize(
    "address", ["http://somewhere:1", "tcp://somewhere", "bath", "tcp://a b:1"]
)
def test_an_address_that_is_none_is_one_sentence(tmp_path, capfd, address):
    settings = tmp_path / "settings.toml"
    settings.write_text(f'[wyoming]\nears_server = "{address}"\n')
    assert main(["run", "quick", "--settings", str(settings)]) == 2
    told = capfd.readouterr().err
    assert told.startswith(f"voiceguide: {settings}:2:1: `ears_server` must be an address")
    assert told.count("\n") == 1
