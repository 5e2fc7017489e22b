"""Takes the guide's own voice out of what the microphone hears."""
