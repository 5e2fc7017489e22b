"""Reads programme files: those that ship (``voiceguide/programmes``) and a person's own."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from voiceguide.core.routine.programme import Programme
from voiceguide.core.suggest import nearest
from voiceguide.edge.files.action_models import FileModel
from voiceguide.edge.files.routine_file import refusal
from voiceguide.edge.files.routine_parts import children, text_under
from voiceguide.edge.files.routine_problems import validate_as
from voiceguide.edge.files.routine_values import Id, Text
from voiceguide.edge.files.yaml_tree import Node, Problem, is_of_format, read_document

FORMAT = "voiceguide-programme/1"
MOST_DAYS = 366
NONE = frozenset({"none", "no programme"})
"""What is chosen on a broker to follow no programme, so none can be called that."""


class DayFile(FileModel):
    """A day, or several in a row, with one routine."""

    routine: Id = Field(description="The id of a routine.")
    times: Annotated[int, Field(ge=1, le=100)] = Field(
        default=1, description="On how many days in a row."
    )


class ProgrammeFile(FileModel):
    """A programme: routines for a row of days."""

    format: Literal["voiceguide-programme/1"] = Field(description="The version of this format.")
    id: Id = Field(description="Short name for the command line.")
    name: Text = Field(description="What it is called.")
    summary: Text = Field(description="One sentence about what it is.")
    days: list[DayFile] = Field(min_length=1, description="Its days, in order.")


@dataclass(frozen=True, slots=True)
class ProgrammeReport:
    """What a check found in a programme file."""

    programme: Programme | None
    """The programme; None where the file cannot be used."""
    problems: tuple[Problem, ...]


def is_programme_file(path: Path) -> bool:
    """Whether a file says that it holds a programme, and is not a routine, for instance."""
    return is_of_format(path, "voiceguide-programme")


def check_programme(path: Path, routines: Mapping[str, object] | None = None) -> ProgrammeReport:
    """The programme in this file, and everything that is wrong with it.

    Args:
        routines: those that it may name, by id; None for any.

    Raises:
        RoutineError: the file cannot be read at all; one plain sentence.
    """
    document = read_document(path)
    file, problems = validate_as(document, ProgrammeFile, FORMAT, "programme", {"days": DayFile})
    told = {problem.spot for problem in problems}
    wrong = (*_wrong_names(document.root), *_unknown_routines(document.root, routines))
    problems += (problem for problem in wrong if problem.spot not in told)
    if file is not None:
        problems += _too_many_days(file, document.root)
    problems = sorted(set(problems))
    if file is None or problems:
        return ProgrammeReport(None, tuple(problems))
    days = tuple(day.routine for day in file.days for _ in range(day.times))
    return ProgrammeReport(Programme(file.id, file.name, file.summary, days), ())


def read_programme(path: Path, routines: Mapping[str, object] | None = None) -> Programme:
    """The programme in this file.

    Raises:
        RoutineError: the file cannot be used; one plain sentence with file, line and column.
    """
    report = check_programme(path, routines)
    if report.programme is None:
        raise refusal(path, report.problems)
    return report.programme


def schema_text() -> str:
    """The JSON Schema of a programme file, as the published file holds it."""
    made = ProgrammeFile.model_json_schema()
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "voiceguide programme",
        **{key: value for key, value in made.items() if key != "title"},
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


# The tree is asked, not the model: a wrong key elsewhere leaves no model.
def _wrong_names(root: Node) -> Iterator[Problem]:
    for key in ("id", "name"):
        value = text_under(root, key)
        if value and value.strip().casefold() in NONE:
            message = f"`{key}` is `{value}`, which stands for no programme; choose another"
            yield Problem(root.spot_of((key,)), message)


def _unknown_routines(root: Node, routines: Mapping[str, object] | None) -> Iterator[Problem]:
    for day in children(root, "days"):
        routine = text_under(day, "routine")
        if not routine or routines is None or routine in routines:
            continue
        guess = nearest(routine, routines)
        hint = f"did you mean `{guess}`?" if guess else f"there are {', '.join(routines)}"
        message = f"there is no routine `{routine}`; {hint}"
        yield Problem(day.spot_of(("routine",)), message)


def _too_many_days(file: ProgrammeFile, root: Node) -> Iterator[Problem]:
    count = sum(day.times for day in file.days)
    if count > MOST_DAYS:
        message = f"these are {count} days; {MOST_DAYS} are the most"
        yield Problem(root.spot_of(("days",), key=True), message)
