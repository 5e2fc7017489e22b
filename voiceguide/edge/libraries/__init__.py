"""Native libraries that Python packages load: which are missing, what brings them, espeak-ng."""
