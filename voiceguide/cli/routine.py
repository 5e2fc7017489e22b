"""Finds, reads and checks the routine that a command names, in the same way for every command."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.core.routine.routine import Routine
from voiceguide.edge.files.routine_file import is_bundled, refusal
from voiceguide.edge.files.shelf import Shelf, open_checker
from voiceguide.settings.load import load_settings

if TYPE_CHECKING:
    from voiceguide.edge.files.routine_check import Checker

SHOWN = 3
"""How many warnings are printed by a command that was asked for something else."""


def checker_for(model: str | None = None, settings: Path | None = None) -> "Checker":
    """The checker of routine files under these settings; see `open_checker`.

    Raises:
        ModelError: the model cannot be used.
        SettingsError: the settings cannot.
        RoutineError: the phrase file cannot.
    """
    return open_checker(load_settings(settings, os.environ), model)


def routine_from(
    name: str, shelf: Shelf, model: str | None = None, settings: Path | None = None
) -> Routine:
    """The routine with this id, name or file; prints its warnings on stderr.

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
