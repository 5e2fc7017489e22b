"""Fixtures of the house."""

import pytest
from support import brokers


@pytest.fixture
def mosquitto(tmp_path):
    """A real broker; skipped where there is none."""
    reason = brokers.missing()
    if reason:
        pytest.skip(reason)
    with brokers.broker(tmp_path) as made:
        yield made
