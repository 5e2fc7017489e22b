"""The outside world: one thing for each file, and one third-party import."""
