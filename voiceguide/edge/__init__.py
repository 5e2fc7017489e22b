"""The outside world: one thing a file, one third-party import each."""
