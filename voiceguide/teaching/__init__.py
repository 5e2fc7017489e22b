"""``voiceguide train-me``: finds the scores that a person's own words need."""
