"""voiceguide: an offline, hands-free guide through body routines."""

__version__ = "0.2.0"
