"""Chooses voice and ears of the live guide: this machine's own, or those of a Wyoming server."""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from voiceguide.core.errors import SettingsError
from voiceguide.edge.ears.listener import LiveHearing
from voiceguide.edge.libraries.adding import how_to_add
from voiceguide.edge.voice.choice import engine_voice, local_voice
from voiceguide.live.vitals import Server
from voiceguide.settings.tables import Settings
from voiceguide.sound.voice_port import VoicePort


class Link(Protocol):
    """A link to a server."""

    uri: str
    is_there: bool
    times_away: int


@runtime_checkable
class ServedPart(Protocol):
    """Ears or a voice with a server behind them."""

    link: Link


def servers_of(ears: object, voice: object) -> tuple[Server, ...]:
    """The servers behind these, as they are now; ears and voice of this machine have none."""
    return tuple(
        Server(part, served.link.uri, not served.link.is_there, served.link.times_away)
        for part, served in (("ears", ears), ("voice", voice))
        if isinstance(served, ServedPart)
    )


def open_voice(
    name: str | None,
    settings: Settings,
    texts: Sequence[str] = (),
    spellings: Mapping[str, str] | None = None,
) -> tuple[VoicePort, str]:
    """(The voice, what the person should be told about it or an empty text).

    It is the voice of this name or, if a server is chosen, that of the server with this one in
    reserve.

    Args:
        name: ``auto`` or None: a pack that can say the whole session, or else the engine;
            ``engine``; the voice of a pack or its file; or a voice of the engine or of Piper.
        texts: everything that the session can say.
        spellings: by word, how the person wants it said.

    Raises:
        SettingsError: a server is chosen and the library for it is not installed.
        SpeechError: a Piper voice is named that is not here, or a pack that cannot say everything.
    """
    uri = settings.wyoming.voice_server
    if uri is None:
        return local_voice(name, texts, spellings)
    local = engine_voice(name, spellings=spellings)
    try:
        from voiceguide.edge.wyoming.remote_voice import open_remote_voice
    except ImportError as error:
        raise _missing("voice_server") from error
    return open_remote_voice(uri, local), ""


def with_server(ears: LiveHearing, settings: Settings) -> LiveHearing:
    """These ears or, if a server is chosen, ears for which the server decides.

    Raises:
        SettingsError: a server is chosen and the library for it is not installed.
    """
    uri = settings.wyoming.ears_server
    if uri is None:
        return ears
    try:
        from voiceguide.edge.wyoming.remote_ears import open_remote_ears
    except ImportError as error:
        raise _missing("ears_server") from error
    return open_remote_ears(uri, ears, settings.ears.language)


def _missing(key: str) -> SettingsError:
    return SettingsError(
        f"the setting wyoming.{key} needs a library of its own; install it with: "
        f"{how_to_add('wyoming')}"
    )
