"""Whether everything that a session needs works here: one finding a part.

Nothing is imported here: `libraries` must be able to tell why the rest cannot be.
"""
