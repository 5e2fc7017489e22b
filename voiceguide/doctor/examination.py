"""The checks of the doctor, one finding for each part.

They run from the inside out, so that the first one that fails is the one to mend first. They reach
devices through `Instruments`, so that tests need none.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from voiceguide.doctor.echo import check_echo
from voiceguide.doctor.finding import Finding, Instruments
from voiceguide.doctor.parts import (
    check_cache,
    check_journal,
    check_programmes,
    check_routines,
    check_settings,
    system,
)
from voiceguide.doctor.sound import (
    check_devices,
    check_hearing,
    check_model,
    check_sound,
    check_voice,
)
from voiceguide.settings.tables import Settings


def examine(
    settings_file: Path | None,
    environment: Mapping[str, str],
    instruments: Instruments,
    libraries: Finding,
    *,
    change: Callable[[Settings], Settings] = lambda settings: settings,
    quiet: bool = False,
    headphones: bool = False,
) -> Iterator[Finding]:
    """The findings, each as soon as it is known.

    Args:
        libraries: what `libraries.check_libraries` found.
        change: applied to the settings, for options that override them.
        quiet: whether to play and record nothing, so that no devices are needed.
        headphones: whether the person wears headphones, so that the microphone hears no echo.
    """
    yield system()
    yield libraries
    finding, settings = check_settings(settings_file, environment)
    settings = change(settings)
    yield finding
    finding, routines, programmes = check_routines(settings, settings_file, environment)
    yield finding
    yield check_programmes(settings, programmes)
    yield check_journal(settings)
    yield check_cache(instruments.cache_folder())
    finding, spoken = check_voice(settings, instruments)
    yield finding
    finding, recogniser, book = check_model(settings, routines)
    yield finding
    if recogniser and book and spoken:
        yield check_hearing(recogniser, book, spoken.word)
    finding, complete = check_devices(settings, instruments, needed=not quiet)
    yield finding
    if complete and spoken and not quiet:
        heard = check_sound(settings, instruments, spoken, recogniser, book, headphones=headphones)
        yield heard
        if heard.ok and not headphones:
            yield check_echo(settings, instruments, spoken.sentence)
