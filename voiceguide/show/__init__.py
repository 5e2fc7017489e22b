"""What can be seen of a session: terminal, page, card."""
