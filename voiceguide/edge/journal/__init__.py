"""What is kept of a session, in one small SQLite file: the place, the preferences, the history."""
