"""pyttsx3's driver for espeak-ng, in espeak's synchronous mode.

pyttsx3's own driver works in the asynchronous mode: a thread of the library calls back, and its
event MSG_TERMINATED is the end of the utterance. A library that is built without threads, like the
aarch64 one of espeakng-loader, never sends that event. In the synchronous mode every build is
alike: espeak_Synth returns when all of the utterance has been called back, so the end of the call
is the end of the utterance. Nothing is queued in it either: what is set is set at once.

pyttsx3 looks for a driver among its own modules, by name; `NAME` is put there.
"""

import ctypes
import os
import sys
from pathlib import Path
from typing import Any

from pyttsx3.drivers import _espeak
from pyttsx3.drivers.espeak import EspeakDriver

NAME = "voiceguide_espeak"
"""What `pyttsx3.init` is asked for."""
WORD = "word"
"""Topic that an engine can be connected to: ``first_letter``, ``letters`` and ``seconds``, from
the beginning of the utterance, of each word; pyttsx3's own ``started-word`` has no time."""
WORD_GAP = "word_gap"
"""Property: the pause between words, in units of 10 ms at espeak's own usual rate."""

_ESPEAK_WORD_GAP = 7  # espeakWORDGAP of speak_lib.h
_BUFFER_MILLISECONDS = 1000

sys.modules[f"pyttsx3.drivers.{NAME}"] = sys.modules[__name__]


def buildDriver(proxy: Any) -> "SynchronousDriver":  # noqa: N802  (pyttsx3 calls it so)
    """What pyttsx3 asks of a driver's module."""
    return SynchronousDriver(proxy)


def data_folder() -> Path:
    """Where the library has its voices and variants; known once it is initialised."""
    path = ctypes.c_char_p()
    _espeak.Info(ctypes.byref(path))
    return Path(os.fsdecode(path.value or b""))


class SynchronousDriver(EspeakDriver):  # type: ignore[misc]  # pyttsx3 has no types
    """pyttsx3's own, but the end of the call is the end of the utterance."""

    def __init__(self, proxy: Any) -> None:
        """Raises RuntimeError where espeak cannot begin."""
        # espeak can be initialised once in a process; pyttsx3's driver does it where nobody has.
        if not EspeakDriver._moduleInitialized:
            if _espeak.Initialize(_espeak.AUDIO_OUTPUT_SYNCHRONOUS, _BUFFER_MILLISECONDS) == -1:
                raise RuntimeError("espeak does not start")
            EspeakDriver._moduleInitialized = True
            EspeakDriver._defaultVoice = "gmw/en"
        super().__init__(proxy)

    @staticmethod
    def setProperty(name: str, value: Any) -> None:  # noqa: N802
        """Set what pyttsx3 knows, and the word gap."""
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
