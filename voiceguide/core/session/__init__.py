"""One session: the state machine, what it says, what it remembers and what it waits for."""
