"""Makes the root importable for tests (samples, docs, benchmarks stand beside the installed packages).

Property tests draw new examples at every run on a developer's machine; on CI they are the same every time, so that a
run fails by what changed and not by chance.
"""

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
