"""What can go wrong, one class for each situation; it carries the exit code of the command line.

A message is one plain sentence: what failed, the value, and what to do next.
"""


class VoiceguideError(Exception):
    """Anything voiceguide reports to a person instead of a traceback."""

    exit_code = 1


class SettingsError(VoiceguideError):
    """A wrong key or value in the settings, or a wrong argument."""

    exit_code = 2


class DiskError(VoiceguideError):
    """A full disk, or a folder that nothing can be written into."""


class RoutineError(VoiceguideError):
    """A routine (or phrase, or screenplay) file that cannot be used."""

    exit_code = 2


class DeviceError(VoiceguideError):
    """A sound device, or a sound file, that cannot be opened or read."""

    exit_code = 3


class ModelError(VoiceguideError):
    """A recogniser model that is missing, broken, or lacks a word."""

    exit_code = 4


class SpeechError(VoiceguideError):
    """Speech synthesis that is missing or failed."""

    exit_code = 5


class JournalError(VoiceguideError):
    """The journal cannot be opened, read or written; a session goes on without it."""


class JournalLockedError(JournalError):
    """Another program holds the journal at the moment."""
