"""Checks whether everything that a session needs works here: one finding for each part.

Nothing is imported here, because `libraries` must be able to tell why something cannot be imported.
"""
