"""Makes the root importable for tests (samples, docs, benchmarks stand beside the installed packages).

Property tests draw new examples at every run on a developer's machine; on CI they are the same every time, so that a
run fails by what changed and not by chance.
"""

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# No example is failed by the clock, nor a test because examples are slow to draw: a busy machine is no bug.
_PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("here", **_PATIENT)
settings.register_profile("ci", derandomize=True, **_PATIENT)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture
def ctrl_c_is_heard() -> Iterator[None]:
    """Also where the tests themselves are a job in the background, which a shell lets ignore Ctrl-C (`... &`)."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
