"""Reads programme files: those that ship (``voiceguide/programmes``) and a person's own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from voiceguide.core.routine.programme import Programme
from voiceguide.core.suggest import nearest
from voiceguide.edge.files.action_models import FileModel
from voiceguide.edge.files.routine_file import refusal
from voiceguide.edge.files.routine_problems import validate_as
from voiceguide.edge.files.routine_values import Id, Text
from voiceguide.edge.files.yaml_tree import Document, Problem, is_of_format, read_document

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
    if file is None:
        return ProgrammeReport(None, tuple(problems))
    problems += _wrong_names(file, document)
    problems += _wrong_days(file, document, routines)
    days = tuple(day.routine for day in file.days for _ in range(day.times))
    programme = Programme(file.id, file.name, file.summary, days)
    return ProgrammeReport(None if problems else programme, tuple(problems))


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


def _wrong_names(file: ProgrammeFile, document: Document) -> list[Problem]:
    return [
        Problem(
            document.root.spot_of((key,)),
            f"`{key}` is `{value}`, which stands for no programme; choose another",
        )
        for key, value in (("id", file.id), ("name", file.name))
        if value.strip().casefold() in NONE
    ]


def _wrong_days(
    file: ProgrammeFile, document: Document, routines: Mapping[str, object] | None
) -> list[Problem]:
    found = []
    for index, day in enumerate(file.days):
        if routines is None or day.routine in routines:
            continue
        guess = nearest(day.routine, routines)
        hint = f"did you mean `{guess}`?" if guess else f"there are {', '.join(routines)}"
        spot = document.root.spot_of(("days", index, "routine"))
        found.append(Problem(spot, f"there is no routine `{day.routine}`; {hint}"))
    count = sum(day.times for day in file.days)
    if count > MOST_DAYS:
        spot = document.root.spot_of(("days",), key=True)
        found.append(Problem(spot, f"these are {count} days; {MOST_DAYS} are the most"))
    return found
