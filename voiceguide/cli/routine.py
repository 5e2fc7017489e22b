"""The routine that a command is about: found, read, and judged alike by every command."""

import os
import sys
from functools import partial
from pathlib import Path

from voiceguide.core.routine.routine import Routine
from voiceguide.edge.files.phrase_file import load_phrase_file
from voiceguide.edge.files.routine_check import Checker, read_vocabulary
from voiceguide.edge.files.routine_file import is_bundled, refusal
from voiceguide.edge.files.shelf import Shelf
from voiceguide.edge.lexicon.graph_build import can_grow
from voiceguide.edge.lexicon.pronouncing import pronounce
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.settings.tables import load_settings

SHOWN = 3
"""Warnings that are told where something else was asked for."""


def checker_for(model: str | None = None, settings: Path | None = None) -> Checker:
    """What files are judged by: the person's own phrases, and the words of a recogniser.

    Args:
        model: the recogniser; that of the settings where it is left out.

    Raises:
        ModelError: the model cannot be used.
        SettingsError: the settings cannot.
        RoutineError: the phrase file cannot.
    """
    ears = load_settings(settings, os.environ).ears
    folder = resolve_model(model or ears.model)
    spoken = load_phrase_file(ears.language, ears.phrases)
    learner = partial(pronounce, own=spoken.pronunciations)
    grows = can_grow(folder / "graph")
    return Checker(spoken.book, read_vocabulary(folder), learner if grows else None)


def routine_from(
    name: str, shelf: Shelf, model: str | None = None, settings: Path | None = None
) -> Routine:
    """The routine of this id, name or file; what may go wrong with it is told on stderr.

    Raises:
        RoutineError: there is none, or `voiceguide check` refuses it too.
    """
    path = shelf.find(name)
    if is_bundled(path):
        return shelf.load(path.stem)
    report = checker_for(model, settings).routine(path)
    if report.routine is None:
        raise refusal(path, report.problems)
    warnings = [problem.located(path, "warning") for problem in report.warnings]
    if clash := shelf.clash(report.routine, path):
        warnings.append(f"{path}: warning: {clash}")
    for warning in warnings[:SHOWN]:
        print(warning, file=sys.stderr)
    more = len(warnings) - SHOWN
    if more > 0:
        print(f"{more} more: voiceguide check {path}", file=sys.stderr)
    return report.routine
