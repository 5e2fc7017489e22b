"""Finds, reads and loads routines: a person's own files, and the bundled ones by their id."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.core.errors import RoutineError
from voiceguide.core.routine.routine import Routine
from voiceguide.core.suggest import nearest
from voiceguide.edge.system.kept import kept

if TYPE_CHECKING:
    from voiceguide.edge.files.yaml_tree import Problem

FOLDER = Path(__file__).resolve().parents[2] / "routines"
SUFFIXES = (".yaml", ".yml")
LONGEST_SHOWN = 100
"""How many characters of a name are quoted in a message."""


def bundled_routines() -> dict[str, Path]:
    """The files of the bundled routines by id, in the order in which they are offered."""
    order = ("serum-ritual", "morning", "evening", "weekly", "quick")
    found = {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}
    return {name: found[name] for name in (*(n for n in order if n in found), *found)}


def load_bundled() -> dict[str, Routine]:
    """Every bundled routine by id, read once."""
    return {name: _bundled(path) for name, path in bundled_routines().items()}


def load_routine(path_or_id: str | Path) -> Routine:
    """The routine in a file, or the bundled one with this id.

    Raises:
        RoutineError: it cannot be used; one plain sentence with file, line and column.
    """
    path = find_routine(path_or_id)
    return _bundled(path) if is_bundled(path) else read_routine(path)


def is_bundled(path: Path) -> bool:
    """Whether this file ships with voiceguide."""
    return path.parent == FOLDER


def find_routine(path_or_id: str | Path) -> Path:
    """The file of a path, or of the id of a bundled routine; an id goes before a folder of its
    name.

    Raises:
        RoutineError: it is neither; names the nearest id.
    """
    return find_file(path_or_id, bundled_routines(), load_bundled)


def find_file(
    path_or_id: str | Path, files: Mapping[str, Path], routines: Callable[[], Mapping[str, Routine]]
) -> Path:
    """The file of a path, or of the id or a name of one of these routines; an id goes before a
    folder of its name.

    Args:
        files: the routines' files, by id.
        routines: gives the routines themselves; called only where the text may be a name.

    Raises:
        RoutineError: it is neither; names the nearest id.
    """
    text = str(path_or_id)
    if text in files:
        return files[text]
    named = _named(text, routines())
    if named:
        return files[named]
    if not text.strip():
        raise RoutineError(f"A routine was asked for without a name; there are {', '.join(files)}.")
    path = Path(path_or_id)
    if path.suffix.lower() in SUFFIXES or len(path.parts) > 1 or _exists(path):
        return path
    names = {key: key for key in files}
    for key, routine in routines().items():
        names |= dict.fromkeys(routine.spoken_names, key)
    guess = names.get(nearest(text, names) or "")
    hint = f"did you mean {guess}?" if guess else f"there are {', '.join(files)}."
    shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    raise RoutineError(f"There is no routine called {shown!r}; {hint}")


def _named(text: str, routines: Mapping[str, Routine]) -> str | None:
    """The id of the routine with this name, or that is asked for by these words."""
    wanted = " ".join(text.lower().replace("-", " ").replace("_", " ").split())
    if not wanted or "/" in wanted or "." in wanted:
        return None
    for key, routine in routines.items():
        names = (key.replace("-", " "), routine.name.lower(), *map(str.lower, routine.called))
        if wanted in names:
            return key
    return None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


@cache
def _bundled(path: Path) -> Routine:
    return kept(f"routine-{path.stem}", (path,), lambda: read_routine(path))


def read_routine(path: Path) -> Routine:
    """The routine in this file.

    Raises:
        RoutineError: it cannot be used; one plain sentence with file, line and column.
    """
    from voiceguide.edge.files.routine_build import to_routine
    from voiceguide.edge.files.routine_problems import validate
    from voiceguide.edge.files.yaml_tree import read_document

    file, problems = validate(read_document(path))
    if file is None:
        raise refusal(path, problems)
    return to_routine(file)


def refusal(path: Path, problems: "Sequence[Problem]") -> RoutineError:
    """Why a file cannot be used: its first problem, and how many more there are."""
    more = len(problems) - 1
    hint = f" ({more} more: voiceguide check {path})" if more else ""
    return RoutineError(f"{problems[0].located(path)}{hint}.")
