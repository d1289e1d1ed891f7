"""What all tests need."""

import signal

import pytest


@pytest.fixture(autouse=True)
def interruptible():
    """Ctrl-C is heard, also where a shell began the tests in the background, and so with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
