"""How words are pronounced, and the recogniser's graph that is built from it."""
