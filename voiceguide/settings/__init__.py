"""What a person can set: one frozen `Settings` from a TOML file and variables."""
