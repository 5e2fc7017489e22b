"""How far a person can turn each setting, and by how much a word turns it."""

TEMPO_STEP = 1.15
TEMPO_RANGE = (0.5, 2.0)
BREATH_TEMPO_RANGE = (0.25, 4.0)
"""The widest range: the shortest pattern at its slowest to the longest at its fastest."""
RATE_STEP = 15
RATE_RANGE = (110, 220)
"""Words a minute. Most people find 150–200 comfortable; beside running water fewer are better."""
GAIN_STEP_DB = 3.0
GAIN_RANGE_DB = (-21.0, 9.0)
