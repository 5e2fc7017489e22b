"""The figures of a rehearsal, counted from its record."""

from dataclasses import dataclass

from voiceguide.rehearsal.entries import Decided, Entry, Outcome, Said, Uttered


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a rehearsal."""

    length_seconds: float
    said: int
    """How many sentences the guide said."""
    commands: int
    """How many commands the person said, without clips whose words are not known."""
    obeyed: int
    missed: int
    wrong: int
    not_live: int
    other: int
    """How many other things the person said."""
    mistaken: int
    """How many of those were taken for a command."""
    false_accepts: int
    """How many commands were accepted though nobody spoke, from noise or the guide's own echo."""
    latency_seconds: float | None
    """Median time from the end of an obeyed word to the decision."""


def summarise(entries: tuple[Entry, ...], length_seconds: float) -> Summary:
    """Count what the record holds."""
    uttered = [entry for entry in entries if isinstance(entry, Uttered)]
    outcomes = [entry.outcome for entry in uttered if entry.command]
    others = [entry for entry in uttered if not entry.command]
    accepted = [entry for entry in entries if isinstance(entry, Decided) and entry.heard.accepted]
    latencies = sorted(
        entry.heard.decided_seconds - entry.heard.end_seconds
        for entry in accepted
        if entry.cause == "person"
    )
    return Summary(
        length_seconds=length_seconds,
        said=sum(isinstance(entry, Said) for entry in entries),
        commands=len(outcomes),
        obeyed=outcomes.count(Outcome.OBEYED),
        missed=outcomes.count(Outcome.MISSED),
        wrong=outcomes.count(Outcome.WRONG),
        not_live=outcomes.count(Outcome.NOT_LIVE),
        other=len(others),
        mistaken=sum(entry.outcome is Outcome.MISTAKEN for entry in others),
        false_accepts=sum(entry.cause != "person" for entry in accepted),
        latency_seconds=latencies[len(latencies) // 2] if latencies else None,
    )
