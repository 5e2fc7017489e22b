"""The Wyoming protocol: ears and voice for other programs, or from another machine."""
