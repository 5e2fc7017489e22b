"""``voiceguide speaker``: runs the guide as a service, on a machine without a screen."""

import argparse
from pathlib import Path
from typing import Any

from voiceguide.cli.options import add_page_option, add_person_option, add_settings_option

EPILOG = """\
example: voiceguide speaker --settings /etc/voiceguide/settings.toml

It is meant to be started by systemd (scripts/install-speaker), and reads nothing from a terminal.
It waits for devices that are missing. It sleeps until it is called (“hey guide”; the settings
`wake.calls` and `wake.sleep_minutes`), and stays when a session is over. If the settings have no
call, it asks at once, and ends after each session with exit code 0; systemd then starts it again.
If the settings name persons, “hey guide, it is Anna” calls it as Anna (docs/persons.md).
"""


def add(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "speaker",
        help="run as a service, without a screen",
        description="Run the guide as a service without terminal and screen: it tells systemd "
        "that it is alive, and logs to systemd's journal.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_page_option(parser)
    add_settings_option(parser)
    add_person_option(parser, "who is guided until somebody says who they are")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Lead session after session; if it cannot sleep, one, and systemd then starts it again."""
    import os

    from rich.console import Console

    from voiceguide.app import run_live
    from voiceguide.core.session.preferences import Manner
    from voiceguide.edge.ears.personal_file import personal_path
    from voiceguide.edge.files.shelf import open_shelf
    from voiceguide.edge.service.log_lines import set_up_log
    from voiceguide.edge.service.service_manager import ServiceManager
    from voiceguide.live.household import household, names_of
    from voiceguide.live.options import LiveOptions
    from voiceguide.settings.load import load_settings
    from voiceguide.settings.programmes import programme_problems

    settings = load_settings(args.settings, os.environ)
    set_up_log(settings.log.level.value, os.environ)
    manager = ServiceManager()
    given = None
    if settings.mqtt.broker and settings.mqtt.fleet:
        from voiceguide.home.fleet_store import FleetStore

        store = FleetStore(settings.fleet_folder)
        settings = load_settings(args.settings, store.variables(args.settings, os.environ))
        given = store.routines
    shelf = open_shelf(settings, args.settings, os.environ, given=given)
    there = household(settings, shelf.routines)
    first = there.pop(settings.first_person(args.person))
    options = LiveOptions(
        first=first,
        others=tuple(there.values()) if settings.persons else (),
        names=names_of(settings),
        programmes=shelf.programmes,
        routine_id=None,
        settings=settings,
        model=settings.ears.model,
        voice=settings.voice.name,
        input_device=settings.sound.input_device,
        output_device=settings.sound.output_device,
        record=None,
        personal=personal_path(args.settings, os.environ),
        manner=Manner(
            sleep_seconds=settings.sleep_seconds,
            when=first.when,
            everything=first.everything,
            preparation_seconds=settings.strokes.preparation,
            hears_tap=settings.ears.tap,
        ),
        wake=settings.wake.calls,
        manager=manager,
        page=args.page,
        left_out=tuple(shelf.left_out.values()),
        notes=programme_problems(settings, shelf.programmes),
    )
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        # The log tells what was done, never what was said.
        run_live(options, Console(file=nowhere))
    return 0
