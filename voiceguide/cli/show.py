"""``voiceguide show``: prints the sections, steps and strokes of a routine, and its length."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiceguide.cli.manner import add_breathing_option, breath_from
from voiceguide.cli.profile import add_profile_options, check_profile, profile_from
from voiceguide.show.lines import print_line

if TYPE_CHECKING:
    from voiceguide.core.routine.breath import Breath
    from voiceguide.core.routine.routine import Routine, Section, Step
    from voiceguide.core.timeline.beat import Beat
    from voiceguide.core.timeline.lengths import Lengths
    from voiceguide.core.timeline.plan import Plan


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "show",
        help="show what a routine consists of",
        description="Show a routine's sections, steps and strokes as a person would hear them, "
        "and how long it takes from “go” to the last word.",
        epilog="examples:\n"
        "  voiceguide show serum-ritual --when evening\n"
        "  voiceguide show morning --skin rosacea --avoid forehead\n"
        "  voiceguide show gua-sha --breathing box --timeline gua-sha.svg",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("routine", metavar="ROUTINE", help="the id of a routine, or a file")
    add_profile_options(parser)
    add_breathing_option(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument(
        "--timeline", metavar="FILE", type=Path, help="also draw the plan over time (.svg)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show the routine selected for the person and the moment."""
    import json
    from dataclasses import replace

    from voiceguide.cli.routine import routine_from
    from voiceguide.cli.shelf import usual_shelf
    from voiceguide.core.routine.on_breath import with_breath
    from voiceguide.core.routine.selection import select
    from voiceguide.core.timeline.beat import Beat
    from voiceguide.core.timeline.lengths import lengths
    from voiceguide.core.timeline.plan import make_plan

    whole = routine_from(args.routine, usual_shelf())
    profile = profile_from(args)
    check_profile(whole, profile)
    breath = breath_from(args)
    routine = with_breath(select(whole, profile), breath)
    plan = make_plan(routine, breath=breath)
    length = lengths(whole, profile, breath)
    beat = Beat(breath=breath or routine.breath, asked=breath)
    if args.timeline:
        _draw(routine, plan, beat, args.timeline)
    if args.json:
        print(json.dumps(_described(routine, plan, length), ensure_ascii=False, indent=2))
    else:
        other = lengths(whole if breath else replace(whole, breath=None), profile)
        _print(routine, plan, beat, length, other if other != length else None)
    return 0


def _draw(routine: "Routine", plan: "Plan", beat: "Beat", path: Path) -> None:
    """Write the picture of the plan.

    Raises:
        SettingsError: it cannot be written.
    """
    from voiceguide.core.errors import SettingsError
    from voiceguide.edge.files.durations import format_seconds
    from voiceguide.edge.system.whole_file import write_whole
    from voiceguide.show.drawing.plan_picture import plan_picture

    if path.suffix.lower() != ".svg":
        raise SettingsError(
            f"pictures are written as SVG only; give --timeline a name that ends in .svg, "
            f"not {path.name}"
        )
    breaths = {
        (section.id, step.id): breath
        for section, step in routine.steps()
        if (breath := beat.breath_of(step))
    }
    names = {section.id: section.name for section in routine.sections}
    title = routine.name[:1].upper() + routine.name[1:]
    length = format_seconds(plan.total_seconds)
    text = plan_picture(plan, title, f"{length}, as planned", names, breaths)
    write_whole(path, text)


def _print(
    routine: "Routine", plan: "Plan", beat: "Beat", length: "Lengths", other: "Lengths | None"
) -> None:
    from rich.console import Console
    from rich.text import Text

    from voiceguide.edge.files.durations import format_lengths, format_seconds

    console = Console(highlight=False)
    name = routine.name[:1].upper() + routine.name[1:]
    print_line(console, Text.assemble((name, "bold"), f", {format_lengths(length)}"))
    if length.depends:
        each = (
            f"{when.value if when else 'both, as below'}: {format_seconds(seconds)}"
            for when, seconds in sorted(length.at, key=lambda one: one[0] is None)
        )
        print_line(console, Text(f"{'; '.join(each)} (choose with --when)", "dim"))
    if other:
        alone = "On the breath; by the seconds of its strokes"
        why = "Without --breathing" if beat.asked else alone
        print_line(console, Text(f"{why} it would take {format_lengths(other)}.", "dim"))
    print_line(console, Text(routine.summary))
    for number, section in enumerate(routine.sections, start=1):
        part = format_seconds(plan.section_seconds(section.id))
        console.print()
        print_line(console, Text.assemble((f"{number}. {section.name}", "bold"), f", {part}"))
        for step in section.steps:
            line = Text.assemble("   ", step.name, "  ", (_work(step, beat), "cyan"))
            print_line(console, line)
            if step.stroke:
                details = (step.stroke.hands, step.stroke.path, step.stroke.pressure)
                text = Text("     " + " · ".join(filter(None, details)), style="dim")
                print_line(console, text)


def _work(step: "Step", beat: "Beat") -> str:
    """What a step asks for, in a few signs: ``5 × 4 s, left then right``, ``6 breaths of …``."""
    from voiceguide.core.routine.routine import Side
    from voiceguide.core.timeline.beat import breaths_in
    from voiceguide.edge.files.durations import format_seconds

    breath = beat.pattern(step)
    if step.stroke:
        stroke = step.stroke
        side = "" if stroke.side is Side.BOTH else f", {stroke.side.value}"
        aloud = ", counted aloud" if stroke.count_aloud else ""
        each = f"{stroke.count} × {stroke.seconds:g} s"
        return f"{_breaths(stroke.count, breath) if breath else each}{side}{aloud}"
    if step.hold:
        side = "" if step.hold.side is Side.BOTH else f", {step.hold.side.value}"
        seconds = step.hold.seconds
        length = (
            _breaths(breaths_in(seconds, breath), breath) if breath else format_seconds(seconds)
        )
        return f"hold {length}{side}"
    if step.breathe:
        assert breath
        return _breaths(step.breathe.count, breath)
    if step.wait and step.wait.timer_seconds:
        return f"timer {format_seconds(step.wait.timer_seconds)}"
    if step.wait:
        return f"waits for you, about {format_seconds(step.wait.about_seconds)}"
    return "told"


def _breaths(count: int, breath: "Breath") -> str:
    return f"{count} breath{'' if count == 1 else 's'} of {breath}"


def _described(routine: "Routine", plan: "Plan", length: "Lengths") -> dict[str, Any]:
    return {
        "id": routine.id,
        "name": routine.name,
        "called": list(routine.called),
        "summary": routine.summary,
        "seconds": round(plan.total_seconds, 1),
        "seconds_by_time": {
            when.value if when else "any": round(seconds, 1) for when, seconds in length.at
        },
        "supply": [each.name for each in routine.supply],
        "beforehand": list(routine.beforehand),
        "tool": list(routine.tool),
        "safety": list(routine.safety),
        "closing": list(routine.closing),
        "section": [_section(section, plan) for section in routine.sections],
    }


def _section(section: "Section", plan: "Plan") -> dict[str, Any]:
    return {
        "id": section.id,
        "name": section.name,
        "region": section.region,
        "seconds": round(plan.section_seconds(section.id), 1),
        "step": [
            {
                "id": step.id,
                "name": step.name,
                "mode": step.mode.value,
                "seconds": round(plan.step_seconds(section.id, step.id), 1),
                "say": list(step.say),
                "tip": list(step.tip),
                **_doing(step),
            }
            for step in section.steps
        ],
    }


def _doing(step: "Step") -> dict[str, Any]:
    if step.stroke:
        stroke = step.stroke
        return {
            "stroke": {
                "count": stroke.count,
                "seconds": stroke.seconds,
                "side": stroke.side.value,
                "hands": stroke.hands,
                "path": stroke.path,
                "pressure": stroke.pressure,
                "count_aloud": stroke.count_aloud,
            }
        }
    if step.hold:
        return {"hold": {"seconds": step.hold.seconds, "side": step.hold.side.value}}
    if step.breathe:
        breath = step.breathe.breath
        return {"breathe": {"count": step.breathe.count, "pattern": str(breath or "") or None}}
    if step.wait:
        wait = step.wait
        return {"wait": {"about_seconds": wait.about_seconds, "timer_seconds": wait.timer_seconds}}
    return {}
