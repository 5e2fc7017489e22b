"""``voiceguide serve``: lends the ears and the voice to other programs."""

import argparse
from typing import TYPE_CHECKING, Any

from voiceguide.cli.options import add_model_option, add_settings_option, add_voice_option

if TYPE_CHECKING:
    from voiceguide.edge.wyoming.served import Served

LISTEN = "127.0.0.1:10300"

EPILOG = """\
examples:
  voiceguide serve --wyoming                  this machine only, port 10300
  voiceguide serve --wyoming 0.0.0.0:10300    every machine in the network, for Home Assistant
"""


def add(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "serve",
        help="lend the ears and the voice to other programs",
        description="Serve this machine's ears (spoken commands to text) and voice (text to "
        "sound) over the Wyoming protocol, until Ctrl-C.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--wyoming",
        metavar="HOST:PORT",
        nargs="?",
        const="",
        required=True,
        help="where to serve (127.0.0.1:10300: this machine only)",
    )
    add_model_option(parser)
    add_voice_option(parser)
    add_settings_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C or a signal to end."""
    import signal
    import threading
    from contextlib import closing

    from voiceguide.core.errors import SettingsError
    from voiceguide.edge.libraries.adding import how_to_add
    from voiceguide.show.page.address import parse_address

    try:
        from voiceguide.edge.wyoming.wyoming_server import serve
    except ImportError as error:
        raise SettingsError(
            f"serve needs a library of its own; install it with: {how_to_add('wyoming')}"
        ) from error
    where = parse_address(args.wyoming, LISTEN, "nothing else can follow --wyoming")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())

    def ready(bound: int) -> None:
        shown = f"[{where.host}]" if ":" in where.host else where.host
        print(f"Serving ears and voice at tcp://{shown}:{bound}", flush=True)
        if where.is_everywhere:
            print(
                "Every machine in your network can use them; nothing is encrypted and there is "
                "no password. What is sent here is not kept, but sentences are, as rendered sound.",
                flush=True,
            )

    served = _served(args)
    with closing(served.voice):
        serve(served, where.host, where.port, ready, stop)
    return 0


def _served(args: argparse.Namespace) -> "Served":
    import os

    from voiceguide.edge.ears.recogniser import Recogniser
    from voiceguide.edge.files.phrase_file import load_phrase_file
    from voiceguide.edge.files.pronounced import for_ears, for_mouth
    from voiceguide.edge.files.shelf import open_shelf
    from voiceguide.edge.models.model_store import resolve_model
    from voiceguide.edge.service.log_lines import set_up_log
    from voiceguide.edge.voice.choice import engine_voice
    from voiceguide.edge.voice.pack_store import AUTO, ENGINE
    from voiceguide.edge.wyoming.served import Served, ServedEars
    from voiceguide.settings.load import load_settings

    settings = load_settings(args.settings, os.environ)
    set_up_log(settings.log.level.value, os.environ)
    spoken = load_phrase_file(settings.ears.language, settings.ears.phrases)
    shelf = open_shelf(settings, args.settings, os.environ, args.model)
    book = spoken.book.with_library(shelf.routines)
    routines = shelf.routines.values()
    model = resolve_model(args.model or settings.ears.model)
    voice_name = args.voice or settings.voice.name
    return Served(
        ears=ServedEars(Recogniser(model, for_ears(routines, spoken)), book.phrases, book.decoys),
        voice=engine_voice(voice_name, spellings=for_mouth(routines, spoken)),
        language=settings.ears.language,
        model_name=model.name,
        voice_name="voiceguide" if voice_name in (AUTO, ENGINE) else voice_name,
        words_per_minute=settings.voice.words_per_minute,
    )
