"""Files read and written whole, and what programs that are started are given."""
