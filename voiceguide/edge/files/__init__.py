"""Reads the files that people write (routines, phrases, programmes, sounds), and says plainly what
is wrong with them."""
