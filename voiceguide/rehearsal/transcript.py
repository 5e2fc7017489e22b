"""A rehearsal in words: the timed transcript, its summary, and the same as JSON."""

import json
from collections.abc import Iterator
from typing import Any

from rich.text import Text

from voiceguide.rehearsal.entries import (
    Cued,
    Decided,
    Entered,
    Entry,
    Noted,
    Obeyed,
    Outcome,
    Placed,
    Said,
    Softened,
    Tuned,
    Uttered,
)
from voiceguide.rehearsal.summary import Summary
from voiceguide.show.console import clock

_UTTERED_STYLES = {
    Outcome.OBEYED: "bold green",
    Outcome.IGNORED: "bold",
    Outcome.NOT_LIVE: "bold",
    Outcome.MISSED: "bold yellow",
    Outcome.WRONG: "bold red",
    Outcome.MISTAKEN: "bold red",
}


def transcript(entries: tuple[Entry, ...]) -> Iterator[Text]:
    """One line for each entry: the time, who or what, and what happened.

    Cues in a row share a line. Echo of the guide that the ears rightly ignored is left out here (it
    is in the JSON), and so is that a command reached the session, for its ``heard`` says so.
    """
    cues: list[Cued] = []
    for entry in entries:
        if isinstance(entry, Cued):
            cues.append(entry)
            continue
        if isinstance(entry, Obeyed) or _is_own_echo(entry):
            continue
        if cues:
            yield _cue_line(cues)
            cues = []
        yield _line(entry)
    if cues:
        yield _cue_line(cues)


def _is_own_echo(entry: Entry) -> bool:
    return isinstance(entry, Decided) and not entry.heard.accepted and entry.cause == "guide"


def summary_lines(summary: Summary, speed: float) -> Iterator[str]:
    """The figures, in sentences."""
    yield (
        f"{clock(summary.length_seconds)} long, {_count(summary.said, 'sentence')}, "
        f"{speed:.0f} times faster than real time."
    )
    figures = [
        f"{_count(summary.commands, 'command')} spoken",
        f"{summary.obeyed} obeyed",
        f"{summary.missed} missed",
        f"{summary.wrong} taken for another",
    ]
    if summary.not_live:
        figures.append(f"{summary.not_live} not live and ignored")
    if summary.other:
        figures.append(f"{_count(summary.other, 'other utterance')}, {summary.mistaken} obeyed")
    figures.append(f"{summary.false_accepts} accepted though nobody spoke")
    yield ", ".join(figures) + "."
    if summary.latency_seconds is not None:
        yield f"Decided {summary.latency_seconds:.2f} s after the end of the word (median)."


def record(entry: Entry) -> dict[str, Any]:
    """An entry as it is written in the JSON file; times in seconds."""
    head: dict[str, Any] = {"at_s": round(entry.at_seconds, 3)}
    match entry:
        case Said(_, end, text, was_cut, heard):
            said = {"kind": "said", "end_s": round(end, 3), "text": text, "cut": was_cut}
            return head | said | ({"heard": heard} if was_cut else {})
        case Cued(_, cue):
            return head | {"kind": "cue", "cue": cue.value}
        case Uttered(utterance, command, _, outcome):
            return head | {
                "kind": "uttered",
                "end_s": round(utterance.end_seconds, 3),
                "text": utterance.label,
                "command": command.value if command else None,
                "state": utterance.state.value,
                "outcome": outcome.value,
            }
        case Decided(heard, cause):
            return head | {
                "kind": "heard" if heard.accepted else "rejected",
                "text": heard.text,
                "command": heard.phrase.command.value if heard.phrase else None,
                "why": heard.why,
                "start_s": round(heard.start_seconds, 3),
                "end_s": round(heard.end_seconds, 3),
                "confidence": round(heard.confidence, 3),
                "snr_db": round(heard.snr_db, 1),
                "alternatives": list(heard.alternatives),
                "cause": cause,
            }
        case Obeyed(_, command, routine_id):
            return head | {"kind": "command", "command": command.value, "routine": routine_id}
        case Entered(_, state):
            return head | {"kind": "state", "state": state.value}
        case Placed(_, section_id, step_id):
            return head | {"kind": "step", "section": section_id, "step": step_id}
        case Tuned(_, text):
            return head | {"kind": "setting", "text": text}
        case Softened(_, end):
            return head | {"kind": "softened", "end_s": round(end, 3)}
        case Noted(_, text):
            return head | {"kind": "note", "text": text}


def json_text(entries: tuple[Entry, ...], summary: Summary, ended: bool) -> str:
    """The JSON file: a list with one record a line; the last one is the summary."""
    records = [*map(record, entries), _summary_record(summary, ended)]
    lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in records)
    return f"[\n{lines}\n]\n"


def _summary_record(summary: Summary, ended: bool) -> dict[str, Any]:
    latency = summary.latency_seconds
    return {
        "at_s": round(summary.length_seconds, 3),
        "kind": "summary",
        "ended": ended,
        "length_s": round(summary.length_seconds, 3),
        "said": summary.said,
        "commands": summary.commands,
        "obeyed": summary.obeyed,
        "missed": summary.missed,
        "wrong": summary.wrong,
        "not_live": summary.not_live,
        "other": summary.other,
        "mistaken": summary.mistaken,
        "false_accepts": summary.false_accepts,
        "latency_s": None if latency is None else round(latency, 3),
    }


def _line(entry: Entry) -> Text:
    match entry:
        case Said(_, end, text, was_cut, heard):
            shown = f"{heard} — (cut off at {clock(end)})".lstrip() if was_cut else text
            return _row(entry, "guide", shown, "")
        case Uttered(utterance, _, _, outcome):
            return _row(
                entry, "person", f"“{utterance.label}” ({outcome.value})", _UTTERED_STYLES[outcome]
            )
        case Decided(heard, cause):
            what = f"“{heard.text}”"
            if heard.phrase:
                name = heard.phrase.routine_id or heard.phrase.command.value
                what += f" → {name}"
            late = heard.decided_seconds - heard.end_seconds
            figures = f"{late:.2f} s after, {heard.confidence:.2f}, {heard.snr_db:+.0f} dB"
            mine = "" if cause == "person" else f", from the {cause}"
            style = "green" if cause == "person" and heard.accepted else "dim"
            if heard.accepted and cause != "person":
                style = "bold red"
            verb = "heard" if heard.accepted else "let go"
            return _row(entry, verb, f"{what} ({heard.why}; {figures}{mine})", style)
        case Entered(_, state):
            return _row(entry, "state", state.value, "cyan")
        case Placed(_, section_id, step_id):
            return _row(entry, "step", f"{section_id} › {step_id}", "bold cyan")
        case Tuned(_, text):
            return _row(entry, "setting", text, "magenta")
        case Softened(at, end):
            return _row(entry, "guide", f"speaks more softly for {end - at:.1f} s", "dim")
        case Noted(_, text):
            return _row(entry, "note", text, "yellow")
    raise TypeError(f"no line for {entry!r}")


def _cue_line(cues: list[Cued]) -> Text:
    runs: list[tuple[str, int]] = []
    for cued in cues:
        if runs and runs[-1][0] == cued.cue.value:
            runs[-1] = (cued.cue.value, runs[-1][1] + 1)
        else:
            runs.append((cued.cue.value, 1))
    text = ", ".join(name if count == 1 else f"{name} × {count}" for name, count in runs)
    return _row(cues[0], "cue", text, "dim")


def _row(entry: Entry, who: str, what: str, style: str) -> Text:
    line = Text(f"{clock(entry.at_seconds):>7}  ", "dim")
    line.append(f"{who:<8}", style or "dim")
    line.append(what, style)
    return line


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
