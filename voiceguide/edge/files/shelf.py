"""Every routine that can be chosen: the bundled ones, and those in the person's own folder."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.core.commands import Phrase
from voiceguide.core.errors import ModelError, RoutineError
from voiceguide.core.routine.programme import Programme
from voiceguide.core.routine.routine import Routine
from voiceguide.core.spoken import words
from voiceguide.edge.files.bundled_programmes import load_bundled_programmes
from voiceguide.edge.files.phrase_file import load_phrase_file
from voiceguide.edge.files.routine_file import (
    FOLDER,
    SUFFIXES,
    bundled_routines,
    find_file,
    load_bundled,
    read_routine,
)
from voiceguide.edge.lexicon.graph_files import can_grow
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.settings.load import beside_settings
from voiceguide.settings.tables import Settings

if TYPE_CHECKING:
    from voiceguide.edge.files.routine_check import Checker
    from voiceguide.edge.files.vocabulary import Learner

MOST_FILES = 100
"""How many files of a folder are read. Each takes time, and nobody chooses among more by voice."""


@dataclass(frozen=True, slots=True)
class Sayable:
    """What decides whether a routine can be chosen by its name."""

    phrases: tuple[Phrase, ...] = ()
    """Other phrases that can be said, which a name must not be: commands, and calls."""
    vocabulary: frozenset[str] | None = None
    """The words that the recogniser can write, which a name must be made of; None if not known."""
    learner: "Learner | None" = None
    """How the recogniser would pronounce other words; None where it cannot learn any."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The routines and programmes that can be chosen."""

    routines: Mapping[str, Routine]
    """The routines by id, the bundled ones first."""
    files: Mapping[str, Path]
    """The file of each routine, by id."""
    left_out: Mapping[Path, str] = field(default_factory=dict)
    """Why a file, or the whole folder, is not used, by its path: one plain sentence each."""
    programmes: Mapping[str, Programme] = field(default_factory=dict)
    """The programmes by id, the bundled ones first."""

    @property
    def own(self) -> dict[str, Path]:
        """The files of the person's own routines."""
        return {key: path for key, path in self.files.items() if path.parent != FOLDER}

    def find(self, path_or_id: str | Path) -> Path:
        """The file of a path, or of the id or the name of a routine here.

        Raises:
            RoutineError: it is neither; names the nearest id, or why that file is left out.
        """
        for path, why in self.left_out.items():
            if str(path_or_id) == path.stem:
                raise RoutineError(why)
        return find_file(path_or_id, self.files, lambda: self.routines)

    def load(self, path_or_id: str | Path) -> Routine:
        """The routine in a file, or the one here with this id or name.

        Raises:
            RoutineError: it cannot be used; one plain sentence with file, line and column.
        """
        path = self.find(path_or_id)
        for key, there in self.files.items():
            if there == path:
                return self.routines[key]
        return read_routine(path)

    def clash(self, routine: Routine, path: Path) -> str | None:
        """Why this routine, read from a file, cannot stand beside the others; None where it can."""
        others = {
            key: other
            for key, other in self.routines.items()
            if self.files[key].resolve() != path.resolve()
        }
        return clash_of(routine, others)

    def programme_clash(self, programme: Programme) -> str | None:
        """Why this programme, read from a file, cannot stand beside the others."""
        for key, other in self.programmes.items():
            if other == programme:
                continue
            if key == programme.id:
                return f"the id `{key}` is taken by another programme; give this one another"
            if other.name.casefold() == programme.name.casefold():
                return f"the name “{programme.name}” is that of the programme `{key}` already"
        return None

    def library(self, chosen: Routine | None = None) -> dict[str, Routine]:
        """The routines by id. A routine that was chosen by its file takes the place of those that
        have its id or one of its names.
        """
        if chosen is None or chosen in self.routines.values():
            return dict(self.routines)
        names = set(_names(chosen))
        others = {
            key: routine
            for key, routine in self.routines.items()
            if key != chosen.id and names.isdisjoint(_names(routine))
        }
        return others | {chosen.id: chosen}


def open_shelf(
    settings: Settings,
    settings_file: Path | None,
    environment: Mapping[str, str],
    model: str | None = None,
    given: Path | None = None,
) -> Shelf:
    """The bundled routines and those in the folder that the settings name.

    Args:
        settings_file: the file named on the command line; the folder ``routines`` lies beside it
            where the settings name no other.
        environment: may name a settings file too.
        model: the recogniser's model, if another than the settings name; it must know the names.
        given: a further folder, of routines that a fleet's keeper gave.

    Raises:
        RoutineError: the person's own phrase file is wrong.
    """
    named = settings.routines.own_folder
    folder = named or beside_settings("routines", settings_file, environment)
    sayable = partial(_sayable, settings, model)
    return fill_shelf(folder, sayable, is_wanted=named is not None, given=given)


def open_checker(settings: Settings, model: str | None = None) -> "Checker":
    """Opens what checks files: the person's own phrases, and the words of a recogniser.

    Args:
        model: the recogniser's model, if another than the settings name.

    Raises:
        ModelError: the model cannot be used.
        RoutineError: the phrase file cannot be used.
    """
    # Only files of one's own are checked, so not every start needs what checks them.
    from voiceguide.edge.files.routine_check import Checker
    from voiceguide.edge.files.vocabulary import read_vocabulary
    from voiceguide.edge.lexicon.pronouncing import pronounce

    spoken = load_phrase_file(settings.ears.language, settings.ears.phrases)
    folder = resolve_model(model or settings.ears.model)
    learner = partial(pronounce, own=spoken.pronunciations)
    grows = can_grow(folder / "graph")
    return Checker(spoken.book, read_vocabulary(folder), learner if grows else None)


def _sayable(settings: Settings, model: str | None) -> Sayable:
    from voiceguide.edge.files.routine_check import Checker

    try:
        checker = open_checker(settings, model)
    except ModelError:  # whoever needs the model says what is wrong with it
        checker = Checker(load_phrase_file(settings.ears.language, settings.ears.phrases).book)
    phrases = checker.book.with_wake(settings.wake.calls).phrases
    return Sayable(phrases, checker.vocabulary, checker.learner)


def fill_shelf(
    folder: Path,
    sayable: Callable[[], Sayable] = Sayable,
    *,
    is_wanted: bool = False,
    given: Path | None = None,
) -> Shelf:
    """The bundled routines and those in this folder; a file that cannot be used is left out.

    Args:
        folder: its ``*.yaml`` files are read, those of folders in it are not.
        sayable: what names must be made of, and must not be; asked only where there is a file.
        is_wanted: whether somebody named the folder, so that it should be there.
        given: a further folder; where both have a routine of a name, its one is left out.
    """
    routines, files = dict(load_bundled()), bundled_routines()
    left_out: dict[Path, str] = {}
    found = _listed(folder, is_wanted, left_out)
    found += _listed(given, True, left_out) if given else []
    programmes = dict(load_bundled_programmes())
    if not found:
        return Shelf(routines, files, left_out, programmes)
    from voiceguide.edge.files.programme_file import is_programme_file, read_programme

    rules = sayable()
    planned = [path for path in found if is_programme_file(path)]
    for path in (path for path in found if path not in planned):
        try:
            routine = read_routine(path)
            wrong = clash_of(routine, routines, rules.phrases) or _unheard(path, rules)
            if wrong:
                raise RoutineError(f"{path}: {wrong}.")
        except RoutineError as error:
            left_out[path] = f"{error} It is left out."
            continue
        routines[routine.id], files[routine.id] = routine, path
    for path in planned:
        try:
            programme = read_programme(path, routines)
            if programme.id in programmes:
                taken = f"the id `{programme.id}` is taken by another programme"
                raise RoutineError(f"{path}: {taken}; give this one another.")
        except RoutineError as error:
            left_out[path] = f"{error} It is left out."
            continue
        programmes[programme.id] = programme
    return Shelf(routines, files, left_out, programmes)


def clash_of(
    routine: Routine, routines: Mapping[str, Routine], phrases: Iterable[Phrase] = ()
) -> str | None:
    """Why a routine cannot stand beside others, such as a name that is taken; None where it can."""
    if routine.id in routines:
        return f"the id `{routine.id}` is taken by another routine; give this one another"
    taken = {phrase.text: "a command" for phrase in phrases}
    for key, other in routines.items():
        taken |= dict.fromkeys(_names(other), f"a name of the routine `{key}`")
    for name in _names(routine):
        if name in taken:
            return f"“{name}” is {taken[name]} already; call this routine something else"
    return None


def _listed(folder: Path, is_wanted: bool, left_out: dict[Path, str]) -> list[Path]:
    try:
        found = sorted(
            path
            for path in folder.iterdir()
            if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
        )
    except FileNotFoundError:
        if is_wanted:
            left_out[folder] = f"There is no folder {folder} with routines; make it."
        return []
    except OSError as error:
        left_out[folder] = f"The routines in {folder} cannot be read ({error.strerror})."
        return []
    for path in found[MOST_FILES:]:
        left_out[path] = f"{path}: only the first {MOST_FILES} files are read. It is left out."
    return found[:MOST_FILES]


def _names(routine: Routine) -> tuple[str, ...]:
    return tuple(" ".join(words(name)) for name in routine.spoken_names)


def _unheard(path: Path, sayable: Sayable) -> str | None:
    """Why nobody could choose the routine in this file by its name."""
    if sayable.vocabulary is None:
        return None
    from voiceguide.edge.files.vocabulary import unknown_names

    problem = next(unknown_names(path, sayable.vocabulary, sayable.learner), None)
    return problem.message if problem else None
