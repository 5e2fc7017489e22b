"""pyttsx3's driver for espeak-ng, in espeak's synchronous mode.

pyttsx3's own driver works in the asynchronous mode: a thread of the library calls back, and its
event MSG_TERMINATED ends the utterance. A library that is built without threads, such as the
aarch64 one of espeakng-loader, never sends that event. In the synchronous mode all builds behave
alike: espeak_Synth returns after the last callback of the utterance. Nothing is queued there
either, so that what is set holds at once.

pyttsx3 looks for a driver among its own modules, by name. This module puts itself there as `NAME`.
"""

import ctypes
import os
import sys
from pathlib import Path
from typing import Any

from pyttsx3.drivers import _espeak
from pyttsx3.drivers.espeak import EspeakDriver

NAME = "voiceguide_espeak"
"""The name of the driver for `pyttsx3.init`."""
WORD = "word"
"""The topic to connect to for the times of words: ``first_letter`` and ``letters`` of each, and its
``seconds`` from the beginning of the utterance. pyttsx3's own ``started-word`` has no time."""
WORD_GAP = "word_gap"
"""The property for the pause between words, in units of 10 ms at espeak's usual rate."""

_ESPEAK_WORD_GAP = 7  # espeakWORDGAP of speak_lib.h
_BUFFER_MILLISECONDS = 1000

sys.modules[f"pyttsx3.drivers.{NAME}"] = sys.modules[__name__]


def buildDriver(proxy: Any) -> "SynchronousDriver":  # noqa: N802  (pyttsx3 calls it so)
    """Make the driver; pyttsx3 calls this."""
    return SynchronousDriver(proxy)


def data_folder() -> Path:
    """Where the library keeps its voices and variants; call it after the library is initialised."""
    path = ctypes.c_char_p()
    _espeak.Info(ctypes.byref(path))
    return Path(os.fsdecode(path.value or b""))


class SynchronousDriver(EspeakDriver):  # type: ignore[misc]  # pyttsx3 has no types
    """pyttsx3's own driver, in the synchronous mode."""

    def __init__(self, proxy: Any) -> None:
        """Raises RuntimeError where espeak does not start."""
        # espeak can be initialised only once in a process; pyttsx3's driver leaves out what is
        # done.
        if not EspeakDriver._moduleInitialized:
            if _espeak.Initialize(_espeak.AUDIO_OUTPUT_SYNCHRONOUS, _BUFFER_MILLISECONDS) == -1:
                raise RuntimeError("espeak does not start")
            EspeakDriver._moduleInitialized = True
            EspeakDriver._defaultVoice = "gmw/en"
        super().__init__(proxy)

    @staticmethod
    def setProperty(name: str, value: Any) -> None:  # noqa: N802
        """Set a property that pyttsx3 knows, or the word gap."""
        if name == WORD_GAP:
            _espeak.SetParameter(_ESPEAK_WORD_GAP, value, 0)
        else:
            EspeakDriver.setProperty(name, value)

    def _onSynth(self, wav: Any, numsamples: int, events: Any) -> int:  # noqa: N802
        number = 0
        while events[number].type != _espeak.EVENT_LIST_TERMINATED:
            event = events[number]
            if event.type == _espeak.EVENT_WORD:
                self._proxy.notify(
                    WORD,
                    first_letter=event.text_position - 1,
                    letters=event.length,
                    seconds=event.audio_position / 1000,
                )
            number += 1
        return int(super()._onSynth(wav, numsamples, events) or 0)

    def _start_synthesis(self, text: str) -> None:
        super()._start_synthesis(text)
        if self._speaking:  # no library says so by itself in this mode
            ended = (_espeak.EVENT * 2)()  # the second one is the end of the list
            ended[0].type = _espeak.EVENT_MSG_TERMINATED
            super()._onSynth(None, 0, ended)
