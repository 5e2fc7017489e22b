"""A live session with ears and voice on another machine (a real server process) that is killed.

The whole guide with its threads, in real time; in the place of devices a silent speaker that keeps
the time, and a microphone into which a synthetic person says a word until it is obeyed.
"""

import json
import subprocess
import sys
import threading

import pytest

pytest.importorskip("wyoming")

from rich.console import Console
from support.live_person import Person, Watched, said
from support.places import DATA
from support.wyoming_world import serving

from voiceguide.core.decision.heard import Reason
from voiceguide.edge.devices.stand_in import NullSpeaker
from voiceguide.edge.devices.tending import Output
from voiceguide.edge.ears.ears import open_ears
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_routine
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.live.choose import open_voice, with_server
from voiceguide.live.options import LiveOptions
from voiceguide.settings.sound import WyomingSettings
from voiceguide.settings.tables import JournalSettings, Settings

ROUTINE = DATA / "long-strokes.yaml"
LIMIT_SECONDS = 90.0


def test_a_session_goes_on_when_the_server_is_killed_and_uses_it_when_it_is_back(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
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
            library={routine.id: routine}, routine_id=routine.id, settings=settings, model=None,
            voice=None, input_device=None, output_device=None, record=None, panel=False,
        )  # fmt: skip
        with (tmp_path / "shown").open("w") as shown:
            output = Output(NullSpeaker(), None, None)
            guide = Watched(options, book, voice, ears, output, person, Console(file=shown))

            def come_back():
                server.start()
                while not ears.link.is_there:
                    threading.Event().wait(0.05)
                person.wanted = "faster"

            def then(command):
                if command == "start":
                    server.end()
                    person.wanted = "slower"
                elif command == "slower":
                    person.wanted = None
                    threading.Thread(target=come_back, daemon=True).start()
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
    assert guide.obeyed[:3] == ["start", "slower", "faster"]
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
def test_an_address_that_is_none_is_one_sentence(tmp_path, address):
    settings = tmp_path / "settings.toml"
    settings.write_text(f'[wyoming]\nears_server = "{address}"\n')
    done = subprocess.run(
        [sys.executable, "-m", "voiceguide", "run", "quick", "--settings", settings],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith(f"voiceguide: {settings}:2:1: `ears_server` must be an address")
    assert done.stderr.count("\n") == 1
