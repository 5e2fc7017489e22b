"""When a word that the recogniser writes becomes a command. Pure: no sound, no clock."""
