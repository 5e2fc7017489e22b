"""The routines that a command may name: the bundled ones and the person's own."""

import os
import sys
from typing import TYPE_CHECKING

from voiceguide.show.lines import fitted

if TYPE_CHECKING:
    from voiceguide.edge.files.shelf import Shelf


def usual_shelf(model: str | None = None) -> "Shelf":
    """The shelf with the settings in their usual place.


    Args:
        model: a recogniser model to use instead of that of the settings.

    Raises:
        SettingsError: the settings are wrong.
        RoutineError: the person's own phrase file is wrong.
    """
    from voiceguide.edge.files.shelf import open_shelf
    from voiceguide.settings.load import load_settings

    return open_shelf(load_settings(None, os.environ), None, os.environ, model)


def tell_left_out(shelf: "Shelf") -> None:
    """Print on standard error why files of the person's own are not used."""
    for why in shelf.left_out.values():
        print(fitted(f"voiceguide: {why}", sys.stderr), file=sys.stderr)
