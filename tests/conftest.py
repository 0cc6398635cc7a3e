"""What all tests share. It also lets them be run from any folder: the root goes on the path."""

from __future__ import annotations

from hypothesis import settings

# Compiled code is loaded on first use, so the first example takes longer than the others.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")
