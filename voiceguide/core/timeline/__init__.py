"""When things happen: strokes as absolute positions, the plan of a session, where one is in it."""
