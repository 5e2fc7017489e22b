"""Pure functions and classes on sample arrays."""
