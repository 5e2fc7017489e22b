"""The one model of a routine file: it validates files, words the complaints, and makes the schema.

Its terms are those of schema.org's HowTo (section › step, supply, tool, durations). `to_routine`
turns what was read into the frozen values of ``core/routine/routine.py``.
"""

import json
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from voiceguide.edge.files.action_models import (
    BreatheFile,
    FileModel,
    HoldFile,
    OrShort,
    StrokeFile,
    WaitFile,
)
from voiceguide.edge.files.routine_values import (
    REGIONS,
    BreathText,
    CountVoice,
    Id,
    Said,
    Sentences,
    SentencesOrNumber,
    SentencesOrSilence,
    Shapes,
    SkinName,
    Skins,
    SpotFile,
    Text,
    ToolId,
    WaitSeconds,
    Word,
    said,
)

FORMAT = "voiceguide/1"


class IfFile(FileModel):
    """When a section or step applies; an empty field always does."""

    when: Literal["morning", "evening"] | None = Field(
        default=None, description="Only at this time."
    )
    skin: Skins = Field(default=[], description="Only for these skins.")
    not_skin: Skins = Field(default=[], description="Not for these skins.")
    tool: ToolId | None = Field(default=None, description="Only when the person chose this tool.")
    not_tool: list[ToolId] = Field(default=[], description="Not when one of these was chosen.")


class SupplyFile(OrShort):
    """Something needed at hand: `a towel`, or with an `if`."""

    short: ClassVar[dict[str, Any]] = {"type": "string", "minLength": 1, "maxLength": 200}

    name: Text = Field(description="As it is said after “you need”: `a towel`.")
    if_: IfFile | None = Field(default=None, alias="if", description="When it is needed.")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return {"name": value} if isinstance(value, str) else value


class StepFile(FileModel):
    """One idea: sentences, then strokes, a hold, a wait, or nothing to do."""

    name: Text = Field(description="As shown, and as spoken when the person asks where they are.")
    id: Id | None = Field(
        default=None, description="Unique in its section; made from the name if absent."
    )
    say: Sentences = Field(description="Sentences, each at most 20 words.")
    say_for: dict[SkinName, Sentences] = Field(
        default={}, description="Sentences that replace `say` for a skin; the first match wins."
    )
    short: SentencesOrNumber = Field(
        default=[],
        description="In place of `say`, for a person who knows the routine: sentences, or the "
        "number of one of its sentences.",
    )
    amount: SentencesOrNumber = Field(
        default=[],
        description="What to take and how much, for a person who asks “how much”: sentences, or "
        "the number of one of `say`.",
    )
    tip: Sentences = Field(default=[], description="Cautions, said after `say`.")
    why: Sentences = Field(default=[], description="Told only when asked why.")
    count: CountVoice | None = Field(default=None, description="`aloud` speaks the count.")
    stroke: StrokeFile | None = Field(default=None, description="A movement repeated at a tempo.")
    hold: HoldFile | None = Field(default=None, description="A pressure kept still.")
    breathe: BreatheFile | None = Field(default=None, description="Breaths that are led.")
    wait: WaitFile | None = Field(default=None, description="Time for the person to do something.")
    breathing: Literal["none"] | None = Field(
        default=None, description="`none`: its strokes or hold do not ride on the breath."
    )
    if_: IfFile | None = Field(default=None, alias="if", description="When this step applies.")

    @model_validator(mode="after")
    def _shortened(self) -> "StepFile":
        count = min(map(len, (self.say, *self.say_for.values())))
        for key, number in (("short", self.short), ("amount", self.amount)):
            if isinstance(number, int) and number > count:
                raise said(
                    f"`{key}: {number}`: there is no such sentence in `say` or `say_for`; "
                    f"write a number up to {count}, or sentences"
                )
        return self

    @model_validator(mode="after")
    def _rides(self) -> "StepFile":
        if self.breathing and not (self.stroke or self.hold):
            raise said("only strokes and holds can be left out of the breath; remove `breathing`")
        return self


class SectionFile(FileModel):
    """A part of a routine with a name; a person calls it a zone."""

    name: Text = Field(description="As spoken when the zone begins.")
    id: Id | None = Field(default=None, description="Unique; made from the name if absent.")
    region: Literal[REGIONS] | None = Field(  # type: ignore[valid-type]
        None, description="The part of the body, so that a person can leave it out."
    )
    announce: SentencesOrSilence | None = Field(
        default=None,
        description="Said as the zone begins, in place of its name; `false` for nothing.",
    )
    why: Sentences = Field(default=[], description="Told only when asked why.")
    count: CountVoice | None = Field(
        default=None, description="`aloud` speaks the counts of its steps."
    )
    breathing: Literal["none"] | None = Field(
        default=None, description="`none`: its strokes and holds do not ride on the breath."
    )
    if_: IfFile | None = Field(default=None, alias="if", description="When this section applies.")
    step: list[StepFile] = Field(min_length=1, description="Its steps, in order.")


class PictureFile(FileModel):
    """A drawing of one's own, 240 wide and 290 high, for a routine that is not about the face."""

    outline: Shapes = Field(description="Lines, as SVG path data.")
    region: dict[Literal[REGIONS], Shapes] = Field(  # type: ignore[valid-type]
        default={}, description="The shapes that are lit in a region."
    )
    place: dict[str, SpotFile] = Field(
        default={}, description="What paths name: `heel: [12, 270]`, out from the middle and down."
    )


class RoutineFile(FileModel):
    """A routine that voiceguide can lead."""

    format: Literal["voiceguide/1"] = Field(description="The version of this format.")
    id: Id = Field(description="Short name for the command line.")
    name: Text = Field(description="As spoken; saying it chooses the routine.")
    called: list[Text] = Field(default=[], description="Other names a person may say.")
    summary: Text = Field(description="One sentence about what it is.")
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$")] = "en"
    supply: list[SupplyFile] = Field(
        default=[], description="What is needed at hand, told before the first step: `a towel`."
    )
    tool: list[ToolId] = Field(default=[], description="Tools it can use: gua-sha, roller.")
    beforehand: Sentences = Field(
        default=[], description="What to do before the first step, told with the introduction."
    )
    safety: Sentences = Field(description="Said before the first step.")
    closing: Sentences = Field(default=[], description="The last words.")
    why: Sentences = Field(default=[], description="Reasons for every step.")
    pressure_for: dict[SkinName, Text] = Field(
        default={}, description="The pressure of every stroke for a skin, in place of its own."
    )
    count: CountVoice | None = Field(default=None, description="`aloud` speaks every count.")
    within: WaitSeconds | None = Field(
        default=None, description="The longest it may take, however slow its strokes: `60 s`."
    )
    pronunciations: dict[Word, Said] = Field(
        default={},
        description="How words are said, for ears and voice: `squay-lane`, or `S K W EY L EY N`.",
    )
    picture: PictureFile | None = Field(default=None, description="Shown in place of the face.")
    breathing: BreathText | None = Field(
        default=None, description="The breath that strokes and holds ride on: `4-0-6-0`, `calm`."
    )
    section: list[SectionFile] = Field(min_length=1, description="Its sections, in order.")


def schema() -> dict[str, Any]:
    """The published JSON Schema of a routine file."""
    made = RoutineFile.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "voiceguide routine",
        **{key: value for key, value in made.items() if key != "title"},
    }


def schema_text() -> str:
    """The schema as the published file holds it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
