"""The simulated bathroom: the same ports as the edge, with samples as the clock."""
