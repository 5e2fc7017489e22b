"""Everybody who can be guided in a home, by the settings, and how they say who they are."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from voiceguide.core.commands import Phrasebook
from voiceguide.core.errors import SettingsError
from voiceguide.core.routine.routine import Profile, Routine
from voiceguide.core.routine.selection import select
from voiceguide.core.session.preferences import GUEST, Guided
from voiceguide.settings.persons import NamedPerson
from voiceguide.settings.tables import Settings

A_GUEST = "a guest"
"""What people say for a guest."""


def profile_of(settings: Settings, person_id: str) -> Profile:
    """The usual profile of a person; with an empty id, of the person without a name."""
    known = {each.id: each.profile for each in settings.persons}
    return {"": settings.profile, GUEST: Profile(), **known}[person_id]


def names_of(settings: Settings) -> dict[str, str]:
    """By id, the name of everybody who may say that they are there; empty if nobody has a name."""
    names = {each.id: each.written for each in settings.persons}
    return names | {GUEST: "Guest"} if names else {}


def household(settings: Settings, routines: Mapping[str, Routine]) -> dict[str, Guided]:
    """Everybody by id: the person without a name, each person of the settings, and a guest."""
    usual = settings.preferences
    nobody = Guided("", {}, preferences=usual, everything=settings.person.everything)
    everybody = [nobody, Guided(GUEST, {}, preferences=usual)]
    for each in settings.persons:
        own = replace(
            usual,
            tempo=each.tempo or usual.tempo,
            words_per_minute=each.words_per_minute or usual.words_per_minute,
        )
        everybody.append(Guided(each.id, {}, preferences=own, everything=each.everything))
    return {
        each.id: replace(
            as_suits(each, profile_of(settings, each.id), routines),
            programme=settings.programme_of(each.id),
        )
        for each in everybody
    }


def as_suits(person: Guided, profile: Profile, routines: Mapping[str, Routine]) -> Guided:
    """The person with the routines that are left for their profile."""
    library = {key: select(each, profile.at_any_hour) for key, each in routines.items()}
    return replace(person, library=library, when=profile.when, profile=profile.key)


def introduced(book: Phrasebook, persons: Iterable[NamedPerson]) -> Phrasebook:
    """The book with the phrases that tell who is there; unchanged if nobody has a name.

    Args:
        book: with the calls of the guide.

    Raises:
        SettingsError: a call of a person's own asks for something else already.
    """
    named = tuple(persons)
    if not named:
        return book
    taken = {phrase.text: phrase for phrase in book.phrases}
    names = {each.id: each.said for each in named} | {GUEST: A_GUEST}
    made = book.with_persons(names, {each.id: each.calls for each in named})
    for phrase in made.phrases[len(book.phrases) :]:
        if phrase.text in taken:
            other = taken[phrase.text]
            what = other.person or other.routine_id or other.command.value.replace("_", " ")
            raise SettingsError(
                f"[persons.{phrase.person}]: “{phrase.text}” already asks for {what}; "
                "choose other words."
            )
        taken[phrase.text] = phrase
    return made


def sounding_names(persons: Iterable[NamedPerson]) -> dict[str, tuple[str, ...]]:
    """The phones of each name for which the settings have `sounds_like`.

    Raises:
        SettingsError: that cannot be pronounced.
    """
    found: dict[str, tuple[str, ...]] = {}
    for each in persons:
        for word, written in each.pronunciation.items():
            from voiceguide.edge.lexicon.respell import as_phones

            try:
                found[word] = (as_phones(written),)
            except ValueError as error:
                raise SettingsError(f"[persons.{each.id}] `sounds_like`: {error}.") from None
    return found
