"""From samples to decisions: the recogniser, the ears around it and the thread that feeds them."""
