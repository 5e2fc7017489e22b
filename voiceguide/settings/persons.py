"""The persons of a home in the settings: a table ``[persons.anna]`` for each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, get_args

from voiceguide.core.routine.routine import Profile, Skin, When
from voiceguide.core.session.preferences import GUEST
from voiceguide.core.spoken import words
from voiceguide.core.suggest import nearest
from voiceguide.core.timeline.ranges import RATE_RANGE, TEMPO_RANGE
from voiceguide.settings.keys import Key, Kind, read_value
from voiceguide.settings.toml import KeyPath, SettingsFile

TABLE = "persons"
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NAME = re.compile(r"[^\W\d_]+(['’-][^\W\d_]+)*( [^\W\d_]+(['’-][^\W\d_]+)*){0,2}")


def table_of(person_id: str) -> str:
    """The settings' table of somebody; an empty id is whoever has no name."""
    return f"{TABLE}.{person_id}" if person_id else "person"


# What is asked of a person with a name and of whoever has none (`tables.PersonSettings`) alike.
SkinKey = Annotated[
    tuple[Skin, ...],
    Key(Kind.CHOICES, "What the skin needs.", choices=Skin, unset="nothing special"),
]
AvoidKey = Annotated[
    tuple[str, ...],
    Key(Kind.WORDS, "Zones that are always left out, such as `jaw`.", unset="no zone"),
]
ToolKey = Annotated[
    str | None,
    Key(Kind.TEXT, "A tool to use, such as `gua-sha` or `roller`.", unset="hands only"),
]

ProgrammeKey = Annotated[
    str | None,
    Key(
        Kind.TEXT,
        "The id of a programme to follow, such as `four-weeks`; while it is set, no other can be "
        "chosen.",
        unset="the one that was chosen, if any",
    ),
]


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Somebody who says who they are ("hey guide, it is Anna"), and is guided in their own way."""

    id: str
    """The name of the table, ``anna`` in ``[persons.anna]``."""
    name: Annotated[
        str | None,
        Key(Kind.TEXT, "The name as the person says it.", unset="the name of the table"),
    ] = None
    sounds_like: Annotated[
        str | None,
        Key(
            Kind.TEXT,
            "How the name sounds, as a spelling (`an-ya`) or in phones (`AA N Y AH`); for a name "
            "of one word that the guide does not understand as it is written.",
            unset="as the dictionary has it, or as it is written",
        ),
    ] = None
    calls: Annotated[
        tuple[str, ...],
        Key(
            Kind.PHRASES,
            "Calls of this person's own that wake a guide, such as `good evening mirror`.",
            unset="“hey guide, it is Anna”, with each of `wake.calls`",
        ),
    ] = ()
    button: Annotated[
        int | None,
        Key(
            Kind.WHOLE,
            "The pin of a button to ground that says that this person is there (GPIO22 is 22).",
            unset="no button",
            span=(0, 27),
        ),
    ] = None
    when: Annotated[
        When | None,
        Key(
            Kind.CHOICE,
            "The time of day that routines are told for.",
            choices=When,
            unset="by the clock",
        ),
    ] = None
    skin: SkinKey = ()
    avoid: AvoidKey = ()
    tool: ToolKey = None
    programme: ProgrammeKey = None
    everything: Annotated[
        bool,
        Key(Kind.SWITCH, "Whether the guide explains everything every time."),
    ] = False
    tempo: Annotated[
        float | None,
        Key(
            Kind.NUMBER,
            "Tempo of the strokes until this person changes it by voice.",
            unit="times the planned tempo",
            unset="`strokes.tempo`",
            span=TEMPO_RANGE,
        ),
    ] = None
    words_per_minute: Annotated[
        int | None,
        Key(
            Kind.WHOLE,
            "Speech rate until this person changes it by voice.",
            unset="`voice.words_per_minute`",
            span=RATE_RANGE,
        ),
    ] = None

    @property
    def said(self) -> str:
        """The name as it is said."""
        return self.name or self.id.replace("-", " ")

    @property
    def written(self) -> str:
        """The name as it is written."""
        return self.name or self.said.title()

    @property
    def profile(self) -> Profile:
        """The person and the moment, as routines are selected by it."""
        return Profile(self.when, self.skin, self.avoid, self.tool)

    @property
    def pronunciation(self) -> dict[str, str]:
        """How the word of the name sounds, where the person told that."""
        return {words(self.said)[0]: self.sounds_like} if self.sounds_like else {}


KEYS: dict[str, Key] = {
    entry.name: get_args(entry.type)[1] for entry in fields(NamedPerson) if entry.name != "id"
}
"""Every key's declaration, by name."""


def take_persons(file: SettingsFile) -> tuple[tuple[NamedPerson, ...], list[str]]:
    """The persons of a settings file, and what is wrong, in the file's order."""
    found: list[tuple[KeyPath, str]] = []
    persons: list[NamedPerson] = []
    tables = file.values.get(TABLE, {})
    if not isinstance(tables, dict):
        problem = f"`{TABLE}` is a table of persons; write [{TABLE}.anna], then the keys."
        return (), [file.located((TABLE,), problem)]
    for name, content in tables.items():
        wrong = _wrong_id(name, content)
        if wrong:
            found.append(((TABLE, name), wrong))
            continue
        person, problems = _person(name, content, file)
        found += problems
        taken = {" ".join(words(each.said)): each.id for each in persons}
        other = taken.get(" ".join(words(person.said)))
        if other:
            problem = f"[{TABLE}.{other}] is called {person.said!r} too; give one another `name`."
            found.append(((TABLE, name), problem))
        persons.append(person)
    found.sort(key=lambda problem: file.spot(problem[0]))
    return tuple(persons), [file.located(path, message) for path, message in found]


def _wrong_id(name: str, content: object) -> str | None:
    if not isinstance(content, dict):
        return f"each person is a table; write [{TABLE}.{name}], then the keys."
    if name == GUEST:
        return f"{GUEST!r} is nobody in particular, and needs no table; remove it."
    if not _ID.fullmatch(name):
        return (
            f"{name!r} cannot be the name of a person's table; "
            'write small letters, digits and "-", and the name as it is said with `name`.'
        )
    return None


def _person(
    person_id: str, content: Mapping[str, Any], file: SettingsFile
) -> tuple[NamedPerson, list[tuple[KeyPath, str]]]:
    values: dict[str, Any] = {}
    problems: list[tuple[KeyPath, str]] = []
    for name, value in content.items():
        at: KeyPath = (TABLE, person_id, name)
        if name not in KEYS:
            guess = nearest(name, KEYS)
            hint = f"did you mean `{guess}`?" if guess else f"known: {', '.join(KEYS)}."
            problems.append((at, f"there is no key `{name}` for a person; {hint}"))
            continue
        try:
            values[name] = read_value(KEYS[name], value, f"`{name}`", file.path.parent)
        except ValueError as error:
            problems.append((at, str(error)))
    person = NamedPerson(person_id, **values)
    at = (TABLE, person_id, "name") if person.name else (TABLE, person_id)
    if not _NAME.fullmatch(person.said):
        wrong = f"{person.said!r} cannot be said as a name; give `name` one to three words"
        problems.append((at, f"{wrong}, without digits."))
    if person.sounds_like and len(words(person.said)) != 1:
        wrong = "`sounds_like` is for a `name` of one word; shorten the name, or leave it out."
        problems.append(((TABLE, person_id, "sounds_like"), wrong))
    return person, problems
