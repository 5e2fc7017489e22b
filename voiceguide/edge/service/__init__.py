"""A running guide as a service: logs, metrics, status, systemd, memory."""
