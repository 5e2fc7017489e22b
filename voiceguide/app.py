"""The composition root of the live guide: settings → devices → threads → loop."""

import os
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

from voiceguide.core import wording
from voiceguide.core.events import Fault
from voiceguide.core.session.sayings import session_sayings
from voiceguide.edge.devices.echo_cancelled import device_name, open_canceller
from voiceguide.edge.devices.input import TYPED_INSTEAD, Input, open_input
from voiceguide.edge.devices.native_lines import kept_off_the_terminal
from voiceguide.edge.devices.output import Output, open_output
from voiceguide.edge.ears.lasting_ears import open_lasting_ears
from voiceguide.edge.ears.personal_file import personal_thresholds
from voiceguide.edge.files.phrase_file import load_phrase_file
from voiceguide.edge.files.pronounced import for_ears, for_mouth
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.edge.service.status_socket import StatusSocket, another_guide, own_path
from voiceguide.edge.system.children import sweep_scratch
from voiceguide.edge.system.log import Log
from voiceguide.edge.voice.keeping_up import slowness
from voiceguide.live.caretaker import answering_to
from voiceguide.live.choose import open_voice, with_server
from voiceguide.live.household import introduced, sounding_names
from voiceguide.live.live_guide import LiveGuide
from voiceguide.live.options import LiveOptions
from voiceguide.show.lines import print_line
from voiceguide.sound.voice_port import speak

if TYPE_CHECKING:
    from rich.console import Console

    from voiceguide.sound.echo.port import Canceller

_log = Log()


def run_live(options: LiveOptions, console: "Console") -> bool:
    """Run the guide with the devices there are.

    The recogniser loads meanwhile, and may be found to be broken only when the guide has begun to
    speak. A guide that is looked after by a service manager begins when it hears.

    Returns False, having said why, where there is neither a sound device nor a terminal to type
    into: then nobody could be guided.

    Raises:
        VoiceguideError: a device that was named, the model or the voice cannot be used.
    """
    library = options.library
    spoken = load_phrase_file(options.settings.ears.language, options.settings.ears.phrases)
    book = spoken.book.with_library(library)
    persons = options.settings.persons
    book = introduced(answering_to(book, options.wake), persons)
    with ExitStack() as stack:
        stack.enter_context(kept_off_the_terminal())
        other = another_guide(os.environ)
        if other:
            told = (
                f"Another voiceguide is running already ({other}); two share one loudspeaker and "
                "hear each other. End it, or this one."
            )
            print_line(console, told, "yellow")
            _log.warning("guide", "not alone", reason=told)
        for why in options.left_out:
            print_line(console, why, "yellow")
            _log.warning("routine", "left out", reason=why)
        for why in options.notes:
            print_line(console, why, "yellow")
            _log.warning("settings", "not followed", reason=why)
        sweep_scratch()
        unattended = options.manager is not None
        typed = not unattended and sys.stdin is not None and sys.stdin.isatty()
        # The devices are opened beside all that follows; where something fails they are closed.
        opening = stack.enter_context(ThreadPoolExecutor(1, "devices"))
        devices = opening.submit(_open_devices, options, typed)
        stack.callback(_close_devices, devices)
        model = resolve_model(options.model)
        thresholds, ignored = None, None
        if options.personal is not None:
            thresholds, ignored = personal_thresholds(options.personal, model)
        if ignored:
            print_line(console, ignored, "yellow")
        sounds = sounding_names(persons) | for_ears(library.values(), spoken)
        own = open_lasting_ears(model, book.decoys, thresholds, book.phrases, sounds, waits=True)
        stack.callback(own.close)
        ears = with_server(own, options.settings)
        stack.callback(ears.close)
        programmes = options.programmes.values()
        libraries = {id(each.library): each.library for each in options.everybody}
        texts = tuple(
            dict.fromkeys(
                text
                for each in libraries.values()
                for text in session_sayings(each, book, programmes=programmes)
            )
        )
        voice, note = open_voice(
            options.voice, options.settings, texts, for_mouth(library.values(), spoken)
        )
        if note:
            print_line(console, note, "yellow")
        stack.callback(voice.close)
        voice.prepare((wording.READY,), options.settings.voice.words_per_minute)
        canceller, output, source = devices.result()
        for problem in (output.problem, source.problem):
            if problem:
                print_line(console, problem, "yellow")
                if unattended:
                    _log.warning("device", "missing", reason=problem)
        if output.problem and source.problem and not typed and not unattended:
            return False
        # A voice that does not work is found out before anything is begun.
        speak(voice, wording.READY, options.settings.voice.words_per_minute)
        slow = slowness(voice, texts, options.settings.voice.words_per_minute)
        if slow:
            print_line(console, slow, "yellow")
            _log.warning("voice", "slow", reason=slow)
        faults = (Fault.SLOW,) if slow else ()
        if unattended:
            own.wait()
        live = LiveGuide(options, book, voice, ears, output, source, console, canceller, faults)
        stack.callback(live.close)
        stack.callback(StatusSocket(own_path(os.environ), live.status_json).close)
        if options.settings.log.metrics_port:
            # A web server, which few have use for.
            from voiceguide.edge.service.metrics_server import MetricsServer

            server = MetricsServer(options.settings.log.metrics_port, live.metrics)
            stack.callback(server.close)
        live.run(typed)
    return True


_Devices = tuple["Canceller | None", Output, Input]


def _open_devices(options: LiveOptions, typed: bool) -> _Devices:
    """Raises DeviceError: a device that was named cannot be opened."""
    unattended = options.manager is not None
    sound = options.settings.sound
    canceller = open_canceller(sound.canceller, os.environ)
    output = open_output(device_name(sound.canceller, options.output_device), waits=unattended)
    led = "a rehearsal follows" if output.problem else "the guide leads on by time"
    try:
        source = open_input(
            device_name(sound.canceller, options.input_device),
            waits=unattended,
            channel=sound.input_channel,
            instead=TYPED_INSTEAD if typed else led,
        )
    except BaseException:
        output.close()
        raise
    return canceller, output, source


def _close_devices(devices: "Future[_Devices]") -> None:
    if devices.exception() is None:
        _, output, source = devices.result()
        source.close()
        output.close()
