"""``voiceguide train-me``: a person's own voice teaches the ears what its words score."""
