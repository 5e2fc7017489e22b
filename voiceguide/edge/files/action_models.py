"""The models of what a step of a routine file has a person do: strokes, a hold, breaths, a wait."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from voiceguide.edge.files.routine_values import (
    DURATION_SCHEMA,
    BreathText,
    HoldSeconds,
    SideName,
    StrokeSeconds,
    Text,
    WaitSeconds,
    WordOrSeconds,
    said,
)


class FileModel(BaseModel):
    """Refuses unknown keys and wrong types instead of guessing."""

    model_config = ConfigDict(extra="forbid", strict=True)


class OrShort(FileModel):
    """A mapping that may be written as a single value."""

    short: ClassVar[dict[str, Any]]
    """The schema of that single value."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler.resolve_ref_schema(handler(core_schema))
        mapping = dict(schema)
        schema.clear()
        schema["anyOf"] = [cls.short, mapping]
        return schema


class StrokeFile(FileModel):
    """A movement repeated at a tempo, with a soft tick at each onset."""

    count: int = Field(ge=1, le=100, description="Repetitions on each side.")
    seconds: StrokeSeconds = Field(description="Length of one repetition: `4 s`.")
    side: SideName = Field(
        default="both", description="`left then right` does the count on each side."
    )
    hands: Text = Field(default="", description="What touches: `both palms`.")
    path: Text = Field(default="", description="From → to, for pictures: `chin → earlobe`.")
    pressure: Text = Field(default="", description="How hard: `firm`.")


class HoldFile(OrShort):
    """A pressure kept still: `hold: 5 s`, or with a side."""

    short = DURATION_SCHEMA

    seconds: HoldSeconds = Field(description="How long: `5 s`.")
    side: SideName = Field(default="both", description="`left then right` holds each side in turn.")
    path: Text = Field(default="", description="Where, for pictures: `temples`.")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return value if isinstance(value, dict) else {"seconds": value}


class WaitFile(FileModel):
    """The guide waits for a word, or for a timer that a word ends early."""

    until: WordOrSeconds = Field(alias="for", description="`word`, or a time such as `60 s`.")
    about: WaitSeconds | None = Field(
        default=None,
        description="How long it usually takes, for planned lengths; needed with `for: word`.",
    )
    reminder: Text = Field(default="", description="What the reminder says.")
    tap: bool | None = Field(
        default=None,
        description="Whether it also ends when a tap is closed; as the step says rinse, or not.",
    )

    @model_validator(mode="after")
    def _measured(self) -> "WaitFile":
        if self.until == "word" and self.about is None:
            raise said("`about` is missing: say how long this usually takes, like `about: 30 s`")
        if self.until != "word" and self.reminder:
            raise said("a timer needs no `reminder`; remove it, or write `for: word`")
        if self.until != "word" and self.tap:
            raise said("a timer cannot end with the `tap`; remove it, or write `for: word`")
        return self


class BreatheFile(OrShort):
    """Breaths that are led: `breathe: 6`, or with their pattern, or for a time."""

    short = {"type": "integer", "minimum": 1, "maximum": 100}

    count: int | None = Field(default=None, ge=1, le=100, description="How many.")
    time: WaitSeconds | None = Field(
        default=None, alias="for", description="Instead of `count`, how long: `2 min`."
    )
    pattern: BreathText | None = Field(
        default=None, description="`4-0-6-0` (in, hold, out, hold), `in 3 in 1 out 6`, `box` …"
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return {"count": value} if isinstance(value, int) else value

    @model_validator(mode="after")
    def _measured(self) -> "BreatheFile":
        if (self.count is None) == (self.time is None):
            raise said("breaths need either a `count` or a time, like `for: 2 min`")
        return self
