"""How do the tests draw their examples? The same ones on every run, unless a deeper search is asked for.

``pytest --hypothesis-profile=deep`` draws many new examples; what it finds goes into an ordinary test.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

os.environ.setdefault("MPLBACKEND", "Agg")  # figures are drawn, never shown

SLOW_START = [HealthCheck.too_slow]  # a kernel compiles inside the first example

settings.register_profile("ci", derandomize=True, deadline=None, database=None, suppress_health_check=SLOW_START)
settings.register_profile("deep", max_examples=5_000, deadline=None, print_blob=True, suppress_health_check=SLOW_START)
settings.load_profile("ci")
