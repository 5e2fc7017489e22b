"""Asks on the terminal before something is done that cannot be taken back."""

import sys

from voiceguide.core.errors import SettingsError


def is_sure(question: str, what: str) -> bool:
    """Whether the person answers the question with yes.

    Args:
        question: such as "Delete the history for good?".
        what: the same as a phrase, such as "delete the history for good".

    Raises:
        SettingsError: there is no terminal to ask on; the sentence names ``--yes``.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise SettingsError(f"nobody can be asked here; to {what} add --yes")
    try:
        return input(f"{question} Type yes or no: ").strip().lower() in ("y", "yes")
    except EOFError:
        return False
