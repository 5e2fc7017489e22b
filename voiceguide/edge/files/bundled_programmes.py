"""The programmes that ship."""

from functools import cache
from pathlib import Path

from voiceguide.core.routine.programme import Programme
from voiceguide.edge.system.kept import kept

PROGRAMMES_FOLDER = Path(__file__).resolve().parents[2] / "programmes"


def bundled_programmes() -> dict[str, Path]:
    """The files of the bundled programmes, by id."""
    return {path.stem: path for path in sorted(PROGRAMMES_FOLDER.glob("*.yaml"))}


@cache
def load_bundled_programmes() -> dict[str, Programme]:
    """Every bundled programme by id, read once."""
    files = bundled_programmes()

    def read() -> dict[str, Programme]:
        from voiceguide.edge.files.programme_file import read_programme

        return {key: read_programme(path) for key, path in files.items()}

    return kept("programmes", files.values(), read)
