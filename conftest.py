"""Makes the root importable for tests (samples, docs, benchmarks stand beside the installed packages).

Property tests draw new examples at every run on a developer's machine; on CI they are the same every time, so that a
run fails by what changed and not by chance.
"""

import os

from hypothesis import settings

# No example is failed by the clock: a busy machine is no bug.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", derandomize=True, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")
