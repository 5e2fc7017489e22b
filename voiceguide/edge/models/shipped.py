"""What ships with voiceguide and where: its models, its sounds."""

from pathlib import Path
from typing import Literal

from voiceguide.core.errors import VoiceguideError

_PACKAGE = Path(__file__).resolve().parents[2]


def shipped_folder(name: Literal["models", "audio"]) -> Path:
    """The folder ``models`` or ``audio``, the same in a checkout and in an installed package.

    They lie at the top of the repository; a wheel carries them as ``voiceguide/_shipped/<name>``
    (``wheel.sources`` in ``pyproject.toml``).

    Raises:
        VoiceguideError: the folder is in neither place, so the installation is incomplete.
    """
    in_wheel = _PACKAGE / "_shipped" / name
    if in_wheel.is_dir():
        return in_wheel
    in_checkout = _PACKAGE.parent / name
    if in_checkout.is_dir() and (_PACKAGE.parent / "pyproject.toml").is_file():
        return in_checkout
    raise VoiceguideError(
        f"this installation of voiceguide lacks its folder {name} (looked in {in_wheel} and "
        f"{in_checkout}); install voiceguide again"
    )
