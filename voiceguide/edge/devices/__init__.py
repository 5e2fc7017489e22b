"""Microphone, loudspeaker and keyboard: opened, watched, lost and found again."""
