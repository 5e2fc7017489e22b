"""From sentences to samples: the speech engines, their worker processes and the cache."""
