"""The user's folders: for settings, for what is kept, and for what can be made again."""

import os
from pathlib import Path

import platformdirs

CACHE_VARIABLE = "VOICEGUIDE_CACHE_DIR"


def config_folder() -> Path:
    """The folder of a person's settings."""
    return platformdirs.user_config_path("voiceguide", appauthor=False)


def data_folder() -> Path:
    """The folder of what must not be lost."""
    return platformdirs.user_data_path("voiceguide", appauthor=False)


def cache_folder() -> Path:
    """The folder of what can be made again: ``VOICEGUIDE_CACHE_DIR``, or the user's cache."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else platformdirs.user_cache_path("voiceguide", appauthor=False)
