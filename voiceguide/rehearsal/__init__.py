"""A session in the simulated bathroom: the same ports as the edge, with samples as the clock."""
