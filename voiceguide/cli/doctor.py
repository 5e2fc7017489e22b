"""``voiceguide doctor``: checks whether everything that a session needs works here."""

import argparse
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from voiceguide.cli.options import add_live_options
from voiceguide.show.lines import print_line

if TYPE_CHECKING:
    from rich.console import Console

    from voiceguide.doctor.finding import Finding, Instruments
    from voiceguide.settings.tables import Settings

EPILOG = """\
examples:
  voiceguide doctor
  voiceguide doctor --quiet            plays and records nothing
  voiceguide doctor --output-device "USB Audio" --json

Exit code: 0 if all is well, else that of the first part that fails: 1 journal, cache
or a library, 2 settings, 3 microphone and speaker, 4 model, 5 voice.
"""


def add(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "doctor",
        help="try voice, ears, devices and disk",
        description="Try everything that a session needs: settings, disk, voice, model, ears, "
        "devices. It plays a sentence and a word through the speaker and records them; the "
        "recording is not kept. Each line is ✓, or ✗ with what to do.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--quiet", action="store_true", help="play and record nothing; devices may be absent"
    )
    parser.add_argument(
        "--headphones",
        action="store_true",
        help="do not expect the microphone to hear the speaker; it need only be on",
    )
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    add_live_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Examine, and print each finding as soon as it is known."""
    from voiceguide.doctor.libraries import check_libraries

    libraries = check_libraries(devices_needed=not args.quiet)
    try:
        from voiceguide.doctor.instruments import real_instruments
    except ImportError:
        if libraries.ok:
            raise
        # Without these the examination cannot even be imported.
        return tell(args, [libraries])
    from voiceguide.edge.devices.native_lines import kept_off_the_terminal

    with kept_off_the_terminal():
        return report(args, real_instruments(), libraries)


def report(args: argparse.Namespace, instruments: "Instruments", libraries: "Finding") -> int:
    """Examine with these instruments; return the exit code of the first part that fails."""
    import os

    from voiceguide.doctor.examination import examine

    return tell(
        args,
        examine(
            args.settings,
            os.environ,
            instruments,
            libraries,
            change=lambda settings: _with_options(settings, args),
            quiet=args.quiet,
            headphones=args.headphones,
        ),
    )


def tell(args: argparse.Namespace, findings: "Iterable[Finding]") -> int:
    """Print findings as they come, or all of them as JSON; return the first failure's exit code."""
    import json

    from rich.console import Console

    from voiceguide.doctor.finding import exit_code

    console = Console(highlight=False)
    told = []
    for finding in findings:
        told.append(finding)
        if not args.json:
            _show(console, finding)
    code = exit_code(tuple(told))
    if args.json:
        whole = {"ok": code == 0, "findings": [asdict(finding) for finding in told]}
        print(json.dumps(whole, ensure_ascii=False, indent=2))
    return code


def _with_options(settings: "Settings", args: argparse.Namespace) -> "Settings":
    return replace(
        settings,
        voice=replace(settings.voice, name=args.voice or settings.voice.name),
        ears=replace(settings.ears, model=args.model or settings.ears.model),
        sound=replace(
            settings.sound,
            input_device=args.input_device or settings.sound.input_device,
            output_device=args.output_device or settings.sound.output_device,
        ),
    )


def _show(console: "Console", finding: "Finding") -> None:
    from rich.text import Text

    # A terminal that cannot show the marks must not end the examination.
    marks = "✓✗→" if console.encoding.lower().startswith("utf") else "+!>"
    style = "green" if finding.ok else "bold red"
    line = Text(f"{marks[0] if finding.ok else marks[1]} {finding.name:<12} ", style)
    line.append(finding.detail.replace("\n", "\n" + " " * 15), "default")
    print_line(console, line)
    if finding.advice:
        print_line(console, Text(f"{' ' * 13}{marks[2]} {finding.advice}", "yellow"))
