"""The table that shows what the training changed."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from voiceguide.core.commands import Phrasebook
from voiceguide.core.decision.personal import Bar, Verdict, Why, usual_score
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.teaching.measuring import CONDITIONS, Findings


def obeyed(verdicts: Iterable[Verdict], snr_db: float | None, text: str | None = None) -> int:
    """How many takes were obeyed in a condition, of all phrases or of one."""
    return sum(
        verdict.right
        for verdict in verdicts
        if verdict.snr_db == snr_db and text in (None, verdict.said.text)
    )


def print_report(findings: Findings, book: Phrasebook, console: Console) -> None:
    """Print how many takes of each word are obeyed, before and after, and the score it needs."""
    table = Table(box=None, pad_edge=False, show_footer=True, header_style="dim")
    total = len({verdict.take for verdict in findings.before})
    table.add_column("", "all")
    table.add_column("takes", str(total), justify="right")
    for snr_db in CONDITIONS:
        table.add_column(_condition(snr_db), _change(findings, snr_db, None), justify="center")
    table.add_column("score it needs", "", overflow="fold")
    for text, bar in findings.bars.items():
        takes = len({verdict.take for verdict in findings.before if verdict.said.text == text})
        table.add_row(
            text,
            str(takes),
            *(_change(findings, snr_db, text) for snr_db in CONDITIONS),
            _needed(bar),
            style="bold" if bar.lowered else "",
        )
    wrong = (_wrong(findings.before), _wrong(findings.after))
    console.print()
    console.print(Text("Takes obeyed, before → after; quiet, and with the noise so far below:"))
    console.print()
    console.print(table)
    console.print()
    if any(wrong):
        console.print(
            Text(f"Taken for another word, of {len(findings.before)}: {wrong[0]} → {wrong[1]}.")
        )
        console.print(Text("  " + ", ".join(_mistakes(findings.after)), "dim"))
    for text, bar in findings.bars.items():
        takes = len({verdict.take for verdict in findings.after if verdict.said.text == text})
        others = [
            each.text
            for each in book.phrases
            if each.meaning == bar.phrase.meaning and each.text != text
        ]
        if obeyed(findings.after, None, text) <= takes / 2 and others:
            same = " or ".join(f"“{other}”" for other in others)
            console.print(Text(f"“{text}” is hard to hear from you; say {same} instead."))
    changed = sum(bar.lowered for bar in findings.bars.values())
    console.print(
        Text(
            "No word needs a score of its own."
            if not changed
            else f"{changed} of {len(findings.bars)} words need a lower score from you now. "
            "The table counts the very takes that were learnt from; new ones will do a little "
            "less well."
        )
    )


def _condition(snr_db: float | None) -> str:
    return "quiet" if snr_db is None else f"{snr_db:.0f} dB"


def _change(findings: Findings, snr_db: float | None, text: str | None) -> str:
    before = obeyed(findings.before, snr_db, text)
    after = obeyed(findings.after, snr_db, text)
    return f"{before} → {after}" if before != after else str(after)


def _needed(bar: Bar) -> str:
    usual = usual_score(bar.phrase, Thresholds())
    if bar.lowered:
        return f"{usual:.2f} → {bar.score:.2f}"
    if bar.why is Why.CLEAR:
        return f"{usual:.2f}"
    why = f"“{bar.taken_for_it}” was taken for it" if bar.taken_for_it else bar.why.value
    return f"{usual:.2f}: {why}"


def _wrong(verdicts: Sequence[Verdict]) -> int:
    return sum(bool(verdict.wrong) for verdict in verdicts)


def _mistakes(verdicts: Sequence[Verdict]) -> list[str]:
    """“said” heard as “other”, each once, in order."""
    return list(
        dict.fromkeys(
            f"“{verdict.said.text}” as “{other.text}”"
            for verdict in verdicts
            for other in verdict.wrong
        )
    )
