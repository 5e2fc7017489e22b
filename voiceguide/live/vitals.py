"""How a running guide is doing: gathered from its threads, shown as text, JSON or metrics."""

import math
import os
import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from voiceguide.core.decision.heard import Heard
from voiceguide.core.events import CommandHeard
from voiceguide.core.session.preferences import GUEST
from voiceguide.core.session.session import Session
from voiceguide.core.table import State
from voiceguide.loop import Moment

LAST_UTTERANCES = 10
LATENCIES = 200
"""The number of last decisions from which the percentiles are computed."""


@dataclass(frozen=True, slots=True)
class Server:
    """Another machine that hears or speaks for this one."""

    part: str
    """``ears`` or ``voice``."""
    address: str
    is_away: bool
    """Whether it is away, so that this machine's own ears or voice do the work."""
    times_away: int
    """How often it went away, the present time included."""


class Vitals:
    """Watches one session; any thread may ask for the report.

    Args:
        now: a monotonic clock in seconds.
        figures: gives further figures by name: levels in dB, counts, bytes.
        servers: gives the other machines that hear or speak.
    """

    def __init__(
        self,
        session: Session,
        version: str,
        now: Callable[[], float],
        figures: Callable[[], Mapping[str, float]],
        servers: Callable[[], Sequence[Server]] = tuple,
    ) -> None:
        self._version = version
        self._now = now
        self._figures = figures
        self._servers = servers
        self._began = now()
        self._lock = threading.Lock()
        self._shown = session.snapshot()
        self._shown_at = 0.0
        """When the last moment was, on the session's time axis …"""
        self._seen_at = self._began
        """… and by `now`."""
        self._commands: Counter[str] = Counter()
        self._reasons: Counter[tuple[bool, str]] = Counter()
        self._last: deque[dict[str, Any]] = deque(maxlen=LAST_UTTERANCES)
        self._latencies: deque[float] = deque(maxlen=LATENCIES)

    def watch(self, moment: Moment) -> None:
        """Take in one moment; only on the thread that owns the session."""
        with self._lock:
            before, after = self._shown, moment.after
            sleeps = after.state is State.ASLEEP and before.state is not State.ASLEEP
            if sleeps and before.person == GUEST:
                self._last.clear()  # forget what a guest said when they go
            self._shown = moment.after
            self._shown_at, self._seen_at = moment.at_seconds, self._now()
            if isinstance(moment.event, CommandHeard) and moment.was_obeyed:
                self._commands[moment.event.command.value] += 1

    def heard(self, heard: Heard) -> None:
        """Take in one utterance, obeyed or not."""
        latency = heard.decided_seconds - heard.end_seconds
        with self._lock:
            self._reasons[heard.accepted, heard.why.value] += 1
            self._last.append(
                {
                    "text": heard.text,
                    "obeyed": heard.phrase.text if heard.phrase else None,
                    "why": heard.why.value,
                    "confidence": round(heard.confidence, 2),
                    "snr_db": round(heard.snr_db, 1),
                    "latency_seconds": round(latency, 3),
                }
            )
            if heard.accepted:
                self._latencies.append(latency)

    def report(self) -> dict[str, Any]:
        """Everything, in values that JSON has; no value is infinite."""
        figures = {
            name: round(value, 2) for name, value in self._figures().items() if abs(value) < 1e15
        }
        servers = self._servers()
        with self._lock:
            latencies = sorted(self._latencies)
            return {
                "version": self._version,
                "process": os.getpid(),
                "uptime_seconds": round(self._now() - self._began, 1),
                "session": self._shown.as_json(),
                "timer_seconds": self._own_timer_left(),
                "commands": dict(self._commands),
                "utterances": [
                    {"accepted": accepted, "why": why, "count": count}
                    for (accepted, why), count in sorted(self._reasons.items())
                ],
                "last_utterances": list(self._last),
                "latency_seconds": {
                    "p50": _percentile(latencies, 0.5),
                    "p95": _percentile(latencies, 0.95),
                },
                "servers": [asdict(server) for server in servers],
                "figures": figures,
            }

    def _own_timer_left(self) -> int | None:
        """Seconds left of the person's own timer; None if none runs."""
        end = self._shown.own_timer_end_seconds
        if end is None:
            return None
        return max(0, round(end - self._shown_at - (self._now() - self._seen_at)))


def _percentile(values: list[float], share: float) -> float | None:
    """A percentile of sorted values, by nearest rank; None if there are no values."""
    if not values:
        return None
    return round(values[max(0, math.ceil(share * len(values)) - 1)], 3)


def as_text(report: Mapping[str, Any]) -> str:
    """The report as text for a person."""
    session, figures = report["session"], report["figures"]
    place = ", ".join(
        filter(None, (session[f"{name}_id"] for name in ("routine", "section", "step")))
    )
    strokes = f", {session['stroke']} of {session['strokes']} strokes"
    minutes, seconds = divmod(round(report["uptime_seconds"]), 60)
    latency = report["latency_seconds"]
    lines = [
        f"voiceguide {report['version']}, up {minutes // 60}:{minutes % 60:02}:{seconds:02}",
        f"state     {session['state']}"
        + (f": {place}" if place else "")
        + (strokes if session["strokes"] else ""),
        *([f"person    {session['person']}"] if session["person"] else []),
        *([_programme(session)] if session["programme"] else []),
        f"settings  tempo {session['tempo']:g}, {session['words_per_minute']} words a minute, "
        f"{session['volume_db']:+g} dB",
        *_own_timer(report.get("timer_seconds")),
        "faults    " + (", ".join(session["faults"]) or "none"),
    ]
    lines += [f"{one['part']:10}{one['address']}, {_how_it_was(one)}" for one in report["servers"]]
    if latency["p50"] is not None:
        lines.append(f"latency   {latency['p50']:.2f} s (p50), {latency['p95']:.2f} s (p95)")
    lines += [f"{name.replace('_', ' '):24} {value:g}" for name, value in sorted(figures.items())]
    for one in report["last_utterances"]:
        done = f"obeyed “{one['obeyed']}”" if one["obeyed"] else "ignored"
        lines.append(
            f"  “{one['text']}” {done}: {one['why']} (confidence {one['confidence']:.2f}, "
            f"{one['snr_db']:g} dB over the noise, {one['latency_seconds']:.2f} s)"
        )
    return "\n".join(lines)


def _own_timer(seconds: int | None) -> tuple[str, ...]:
    """The line of a person's own timer, if there is one."""
    return () if seconds is None else (f"timer     {seconds // 60}:{seconds % 60:02} left",)


def _programme(session: Mapping[str, Any]) -> str:
    return (
        f"programme {session['programme']}, {session['days_done']} of {session['days']} days done"
    )


def _how_it_was(server: Mapping[str, Any]) -> str:
    """Whether a server is there, and how often it was away, in words."""
    now = f"away, this machine's {server['part']} meanwhile" if server["is_away"] else "there"
    times: int = server["times_away"]
    often = {0: "never away", 1: "once away"}.get(times, f"{times} times away")
    return f"{now}; {often}"


def _label(text: str) -> str:
    """A text escaped as Prometheus wants it between quotes."""
    return text.replace("\\", r"\\").replace('"', r"\"")


def as_metrics(report: Mapping[str, Any]) -> str:
    """The report in Prometheus' text format; without any word that was said."""
    session = report["session"]
    lines: list[str] = []

    def add(name: str, kind: str, about: str, *values: tuple[str, float]) -> None:
        lines.append(f"# HELP voiceguide_{name} {about}")
        lines.append(f"# TYPE voiceguide_{name} {kind}")
        lines.extend(f"voiceguide_{name}{labels} {value:g}" for labels, value in values)

    add("up_seconds", "gauge", "Time since the guide began.", ("", report["uptime_seconds"]))
    state = f'{{state="{session["state"]}",routine="{session["routine_id"] or ""}"}}'
    add("state", "gauge", "The present state and routine.", (state, 1))
    add("strokes_done", "gauge", "Strokes of the present step.", ("", session["stroke"]))
    add("tempo", "gauge", "Strokes per planned stroke.", ("", session["tempo"]))
    add("faults", "gauge", "What is broken now.", ("", len(session["faults"])))
    add(
        "commands_total", "counter", "Commands obeyed.",
        *((f'{{command="{name}"}}', count) for name, count in sorted(report["commands"].items())),
    )  # fmt: skip
    add(
        "utterances_total", "counter", "Utterances by what came of them.",
        *(
            (f'{{obeyed="{str(one["accepted"]).lower()}",why="{one["why"]}"}}', one["count"])
            for one in report["utterances"]
        ),
    )  # fmt: skip
    latency = report["latency_seconds"]
    if latency["p50"] is not None:
        add(
            "decision_latency_seconds", "gauge", "From a command's end to its being obeyed.",
            ('{quantile="0.5"}', latency["p50"]), ('{quantile="0.95"}', latency["p95"]),
        )  # fmt: skip
    servers = [
        (f'{{part="{one["part"]}",address="{_label(one["address"])}"}}', one)
        for one in report["servers"]
    ]
    if servers:
        add(
            "server_away", "gauge", "Whether this machine's own stand in for a server.",
            *((label, int(one["is_away"])) for label, one in servers),
        )  # fmt: skip
        add(
            "server_away_total", "counter", "How often a server went away.",
            *((label, one["times_away"]) for label, one in servers),
        )  # fmt: skip
    for name, value in sorted(report["figures"].items()):
        kind = "counter" if name.endswith("_total") else "gauge"
        add(name, kind, name.replace("_", " ") + ".", ("", value))
    return "\n".join(lines) + "\n"
