"""Asks a person on the terminal before something is done that cannot be taken back."""

import sys

from voiceguide.core.errors import SettingsError


def is_sure(question: str, what: str) -> bool:
    """Whether the person who is asked types yes.

    Args:
        question: ends with a question mark, such as "Delete the history for good?".
        what: what would be done, such as "delete the history for good".

    Raises:
        SettingsError: there is no terminal to ask on; the sentence names ``--yes``.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise SettingsError(f"nobody can be asked here; to {what} add --yes")
    try:
        return input(f"{question} Type yes or no: ").strip().lower() in ("y", "yes")
    except EOFError:
        return False
