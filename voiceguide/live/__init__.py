"""The live guide: its threads, what passes between them, and what stays between sessions."""
