"""What is told of settings that are wrong."""

import pytest

from voiceguide.core.errors import SettingsError
from voiceguide.settings.load import load_settings


def problems(path, environment=None):
    """The lines of the error, each without the folder of the file."""
    with pytest.raises(SettingsError) as caught:
        load_settings(path, environment or {})
    assert caught.value.exit_code == 2
    return [line.replace(f"{path.parent}/", "") for line in str(caught.value).split("\n")]
