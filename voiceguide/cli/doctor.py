"""``voiceguide doctor``: whether everything that a session needs works here."""

import argparse
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from voiceguide.doctor import Finding, Instruments
    from voiceguide.settings.tables import Settings

EPILOG = """\
examples:
  voiceguide doctor
  voiceguide doctor --quiet            plays and records nothing
  voiceguide doctor --output-device "USB Audio" --json

Exit code: 0 when all is well, else that of the first part that fails: 1 journal or cache,
2 settings, 3 microphone and speaker, 4 model, 5 voice.
"""


def add(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "doctor",
        help="try voice, ears, devices and disk",
        description="Try everything that a session needs: settings, disk, voice, model, ears, "
        "devices. A sentence and a word are played through the speaker and recorded meanwhile; "
        "the recording is not kept. Each line is ✓, or ✗ with what to do.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--quiet", action="store_true", help="play and record nothing; devices may be absent"
    )
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument("--model", metavar="NAME|PATH", help="the recogniser's model")
    parser.add_argument("--voice", metavar="NAME", help="the guide's voice")
    parser.add_argument("--input-device", metavar="NAME", help="microphone (part of its name)")
    parser.add_argument("--output-device", metavar="NAME", help="loudspeaker (part of its name)")
    parser.add_argument("--settings", metavar="FILE", type=Path, help="another settings file")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Examine, telling each finding as soon as it is known."""
    from voiceguide.doctor.instruments import real_instruments

    return report(args, real_instruments())


def report(args: argparse.Namespace, instruments: "Instruments") -> int:
    """Examine with these instruments; the exit code of the first part that fails."""
    import json
    import os

    from rich.console import Console

    from voiceguide.doctor import examine, exit_code

    console = Console(highlight=False)
    findings = []
    for finding in examine(
        args.settings,
        os.environ,
        instruments,
        change=lambda settings: _with_options(settings, args),
        quiet=args.quiet,
    ):
        findings.append(finding)
        if not args.json:
            _show(console, finding)
    code = exit_code(tuple(findings))
    if args.json:
        whole = {"ok": code == 0, "findings": [asdict(finding) for finding in findings]}
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

    # A terminal that cannot write the marks must not end the examination.
    marks = "✓✗→" if console.encoding.lower().startswith("utf") else "+!>"
    style = "green" if finding.ok else "bold red"
    line = Text(f"{marks[0] if finding.ok else marks[1]} {finding.name:<9} ", style)
    line.append(finding.detail.replace("\n", "\n" + " " * 12), "default")
    console.print(line, soft_wrap=True)
    if finding.advice:
        console.print(Text(f"{' ' * 10}{marks[2]} {finding.advice}", "yellow"), soft_wrap=True)
