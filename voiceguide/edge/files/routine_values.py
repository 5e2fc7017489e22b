"""The types of single values in a routine file: durations, sentences, names, lines.

Each is read leniently, complains in a plain sentence, and tells the schema how it is written.
"""

import re
import unicodedata
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from voiceguide.core.lint import sentences
from voiceguide.core.routine.breath import parse_breath
from voiceguide.edge.files.durations import PATTERN, format_seconds, parse_seconds
from voiceguide.edge.lexicon.respell import as_phones

REGIONS = (
    "whole-face",
    "forehead",
    "eyes",
    "nose",
    "cheeks",
    "mouth",
    "jaw",
    "neck",
    "chest",
    "shoulders",
    "scalp",
    "arms",
    "hands",
    "back",
    "belly",
    "legs",
    "feet",
    "breath",
)
"""The parts of the body that a section can name, so that they can be drawn or left out."""

_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
DURATION_SCHEMA = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": PATTERN}]}
"""The schema of a duration."""


def slug(text: str) -> str:
    """The id for a name: lower-case words joined by hyphens, without accents."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode("ascii")
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def _reads_seconds(low: float, high: float) -> BeforeValidator:
    """Reads a duration and refuses one outside a range."""

    def read(value: object) -> float:
        try:
            seconds = parse_seconds(value)
        except ValueError as error:
            raise said(str(error)) from None
        if not low <= seconds <= high:
            limits = f"{_figure(low)} to {_figure(high)}"
            raise said(f"{_figure(seconds)} is out of range; use {limits}")
        return seconds

    return BeforeValidator(read)


def _duration_schema(low: float, high: float) -> WithJsonSchema:
    number = {"type": "number", "minimum": low, "maximum": high}
    return WithJsonSchema({"anyOf": [number, {"type": "string", "pattern": PATTERN}]})


def said(why: str) -> PydanticCustomError:
    """An error whose message is already a plain sentence."""
    return PydanticCustomError("said", "{why}", {"why": why})


def _figure(seconds: float) -> str:
    return format_seconds(seconds) if seconds >= 60 else f"{seconds:g} s"


def _split(value: object) -> object:
    """A list of sentences from one text or a list of texts; anything else is left for the model to
    refuse.
    """
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        return value
    parts = [part for text in texts for part in sentences(text)]
    if not parts or not all(text.strip() for text in texts):
        # Among others, a piece without a word is left out; alone, it leaves nothing to say.
        raise said("there is no sentence here; write one or remove the key")
    return parts


def _breath(value: object) -> object:
    """The breath as it was written; refuses one that cannot be understood."""
    if isinstance(value, str):
        try:
            parse_breath(value)
        except ValueError as error:
            raise said(str(error)) from None
    return value


def _slugged(value: object) -> object:
    return slug(value) if isinstance(value, str) else value


def _pronounced(value: str) -> str:
    """Phones or a spelling as they were written; refuses what cannot be understood."""
    try:
        as_phones(value)
    except ValueError as error:
        raise said(str(error)) from None
    return value


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


_SENTENCES: list[dict[str, Any]] = [
    {"type": "string", "minLength": 1},
    {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
]
Sentences = Annotated[list[str], BeforeValidator(_split), WithJsonSchema({"anyOf": _SENTENCES})]
SentencesOrSilence = Annotated[
    list[str],
    BeforeValidator(lambda value: [] if value is False else _split(value)),
    WithJsonSchema({"anyOf": [*_SENTENCES, {"const": False}]}),
]
"""Sentences, or ``false`` for none at all."""
SentencesOrNumber = Annotated[
    list[str] | Annotated[int, Field(ge=1, le=20)],
    BeforeValidator(lambda value: value if isinstance(value, int) else _split(value)),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 20}, *_SENTENCES]}),
]
"""Sentences of its own, or the number of one of some other sentences, counted from 1."""
Id = Annotated[str, Field(pattern=_ID, max_length=60)]
ToolId = Annotated[str, BeforeValidator(_slugged), Field(min_length=1)]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Word = Annotated[str, Field(pattern=r"^[^\W\d_A-Z]+$", max_length=60)]
"""One lower-case word."""
Said = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_pronounced)]
SkinName = Literal["sensitive", "rosacea", "acne"]
Skins = Annotated[
    list[SkinName],
    BeforeValidator(_several),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": ["sensitive", "rosacea", "acne"]},
                {"type": "array", "items": {"enum": ["sensitive", "rosacea", "acne"]}},
            ]
        }
    ),
]
StrokeSeconds = Annotated[float, _reads_seconds(0.4, 30), _duration_schema(0.4, 30)]
HoldSeconds = Annotated[float, _reads_seconds(1, 600), _duration_schema(1, 600)]
WaitSeconds = Annotated[float, _reads_seconds(1, 3600), _duration_schema(1, 3600)]
BreathText = Annotated[
    str, BeforeValidator(_breath), WithJsonSchema({"type": "string", "minLength": 1})
]
SideName = Literal["left", "right", "both", "left then right"]
CountVoice = Literal["silent", "aloud"]


def _word_or_timer(value: object) -> object:
    if value == "word":
        return value
    try:
        seconds = parse_seconds(value)
    except ValueError:
        raise said("a wait is `for: word`, or for a time such as `for: 60 s`") from None
    if not 1 <= seconds <= 3600:
        raise said("a timer must end; use 1 s to 1 h, or `for: word`")
    return seconds


WordOrSeconds = Annotated[
    float | Literal["word"],
    BeforeValidator(_word_or_timer),
    WithJsonSchema({"anyOf": [{"const": "word"}, *DURATION_SCHEMA["anyOf"]]}),
]


def _path_data(value: str) -> str:
    if len(value) > 4000 or not re.fullmatch(r"\s*[Mm][MmLlHhVvCcSsQqTtAaZzEe\d\s,.+-]*", value):
        raise said("a line is SVG path data, such as `M20,30 C40,30 60,50 60,80`")
    return value


def _spot(value: list[float]) -> list[float]:
    if len(value) != 2 or not (0 <= value[0] <= 120 and 0 <= value[1] <= 290):
        raise said("a place is [out, down]: 0 to 120 from the middle line, 0 to 290 from the top")
    return value


PathData = Annotated[str, AfterValidator(_path_data)]
Shapes = Annotated[list[PathData], Field(min_length=1, max_length=40)]
SpotFile = Annotated[
    list[float],
    AfterValidator(_spot),
    WithJsonSchema(
        {"type": "array", "items": {"type": "number", "minimum": 0}, "minItems": 2, "maxItems": 2}
    ),
]
