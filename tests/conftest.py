"""What all tests share. It also lets them be run from any folder: the root goes on the path."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.depth import many

# Compiled code is loaded on first use, so the first example takes longer than the others; and a
# machine that is busy with something else takes longer for all of them. Runs at the same time
# share no database of examples.
settings.register_profile(
    "tests",
    max_examples=many(100),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tests")
