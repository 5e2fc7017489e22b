"""What the fleet gave a room, on the disk: applied as a whole or not at all.

The folder holds ``pieces/SUM/N`` while files come, ``DIGEST/`` with everything that the room is to
have, and ``current``, a link to the ``DIGEST`` that counts, which is replaced in one step.
"""

import hashlib
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from voiceguide.core.errors import VoiceguideError
from voiceguide.edge.files.phrase_reading import read_phrase_file
from voiceguide.edge.files.routine_file import read_routine
from voiceguide.edge.system.log import Log
from voiceguide.edge.voice.pack import VoicePack
from voiceguide.home.wanted import PIECE_BYTES, Content, Wanted, WantedError, parse_wanted
from voiceguide.settings.load import load_settings

_log = Log("home")

WANTED_FILE = "wanted.json"
LEFT_OUT_FILE = "left-out.txt"
"""The file that says why the last start left out what the fleet gave; missing if it did not."""


def judge(path: Path) -> None:
    """Read a file as the guide will.

    Raises:
        VoiceguideError: the guide could not use it; one plain sentence.
    """
    if path.suffix == ".pack":
        VoicePack(path).close()
    elif path.name == "phrases.yaml":
        read_phrase_file(path)
    else:
        read_routine(path)


class FleetStore:
    """One room's folder.

    Args:
        folder: made when the first piece comes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._current = folder / "current"

    @property
    def digest(self) -> str:
        """The digest of what counts now; empty if the fleet gave nothing."""
        with suppress(OSError):
            return self._current.readlink().name
        return ""

    def variables(
        self, settings_file: Path | None, environment: Mapping[str, str]
    ) -> dict[str, str]:
        """The environment, with the settings and files of the fleet where it does not set them.

        Where these cannot be used, or contradict the room's own settings, all of them are left
        out, for a room must start; the reason is logged and kept in `left_out`.

        Args:
            settings_file: the file named on the command line; the fleet's settings override it.
        """
        folder = self._current.resolve()
        if not folder.is_dir():
            return dict(environment)
        try:
            wanted = parse_wanted((folder / WANTED_FILE).read_bytes())
            given = wanted.variables | _paths(folder) | dict(environment)
            load_settings(settings_file, given)
            judge_all(folder)
        except (OSError, WantedError, VoiceguideError) as error:
            _log.warning("fleet", "left out", reason=error)
            self._note_left_out(str(error).replace(f"{folder}/", ""))
            return dict(environment)
        self._note_left_out("")
        return given

    @property
    def left_out(self) -> str:
        """Why the last start left out what the fleet gave; empty if it did not."""
        with suppress(OSError):
            return (self._current / LEFT_OUT_FILE).read_text(encoding="utf-8")
        return ""

    def _note_left_out(self, why: str) -> None:
        path = self._current / LEFT_OUT_FILE
        # On a full disk only the log tells it.
        with suppress(OSError):
            if why:
                path.write_text(why, encoding="utf-8")
            else:
                path.unlink(missing_ok=True)

    @property
    def routines(self) -> Path | None:
        """The folder with the fleet's routines; None if there are none."""
        folder = self._current / "routines"
        return folder if folder.is_dir() else None

    def missing(self, content: Content) -> list[int]:
        """The pieces of a file that have not come yet."""
        if self._whole(content):
            return []
        folder = self._pieces(content)
        there = {each.name for each in folder.iterdir()} if folder.is_dir() else set()
        return [number for number in range(content.pieces) if str(number) not in there]

    def keep(self, content: Content, number: int, piece: bytes) -> None:
        """Keep one piece; its content is checked once all are there.

        Raises:
            WantedError: it does not have the length of that piece.
            OSError: the disk is full, or cannot be written to.
        """
        last = content.pieces - 1
        wanted = PIECE_BYTES if number < last else content.size_bytes - last * PIECE_BYTES
        if not 0 <= number <= last or len(piece) != wanted:
            raise WantedError(f"piece {number} of a file has {len(piece)} bytes, not {wanted}")
        folder = self._pieces(content)
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{number}"
        part.write_bytes(piece)
        part.replace(folder / str(number))

    def apply(self, wanted: Wanted) -> None:
        """Make this what counts; every piece must be there.

        Raises:
            WantedError: a file does not match its sum (then its pieces are thrown away), or the
                guide could not use it. What counted before still counts.
            OSError: the disk is full, or cannot be written to.
        """
        fresh = self._folder / f".{wanted.digest}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        try:
            for name, content in wanted.files.items():
                target = fresh / name
                target.parent.mkdir(exist_ok=True)
                self._put_together(content, target)
            (fresh / WANTED_FILE).write_text(wanted.as_json(), encoding="utf-8")
            wanted.check_settings()
            judge_all(fresh)
        except VoiceguideError as error:
            shutil.rmtree(fresh)
            told = str(error).replace(f"{fresh}/", "")
            raise WantedError(told) from error
        except WantedError:
            shutil.rmtree(fresh)
            raise
        self._count(fresh, wanted.digest)

    def _put_together(self, content: Content, target: Path) -> None:
        whole = self._whole(content)
        if whole:
            os.link(whole, target)
            return
        digest = hashlib.sha256()
        with target.open("wb") as out:
            for number in range(content.pieces):
                piece = (self._pieces(content) / str(number)).read_bytes()
                digest.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        if digest.hexdigest() != content.sha256:
            shutil.rmtree(self._pieces(content))
            raise WantedError(
                f"{target.name} does not have its sum; it is fetched anew when the room comes to "
                "the broker again"
            )

    def _count(self, fresh: Path, digest: str) -> None:
        """Make it count, and remove what counted before, with its pieces."""
        final = self._folder / digest
        if self.digest != digest:
            shutil.rmtree(final, ignore_errors=True)
            fresh.rename(final)
            link = self._folder / ".current.new"
            link.unlink(missing_ok=True)
            link.symlink_to(digest)
            link.replace(self._current)
        for other in self._folder.iterdir():
            if other.name not in (digest, "current"):
                shutil.rmtree(other, ignore_errors=True)

    def _pieces(self, content: Content) -> Path:
        return self._folder / "pieces" / content.sha256

    def _whole(self, content: Content) -> Path | None:
        """The file with this content among those that count; None if there is none."""
        try:
            wanted = parse_wanted((self._current / WANTED_FILE).read_bytes())
        except (OSError, WantedError):
            return None
        for name, there in wanted.files.items():
            path = (self._current / name).resolve()
            if there == content and path.is_file():
                return path
        return None


def judge_all(folder: Path) -> None:
    """Read every file in a folder as the guide will.

    Raises:
        VoiceguideError: the guide could not use one of them.
    """
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".yaml", ".pack"):
            judge(path)


def _paths(folder: Path) -> dict[str, str]:
    named = {"VOICEGUIDE_EARS_PHRASES": "phrases.yaml", "VOICEGUIDE_VOICE_NAME": "voice.pack"}
    return {key: str(folder / name) for key, name in named.items() if (folder / name).is_file()}
