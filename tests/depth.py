"""How long random tests go on: enough to notice, or in `make test-deep` many times that."""

from __future__ import annotations

import os

__all__ = ["DEEP", "many"]

DEEP = os.environ.get("PCN_GROUP_TESTS") == "deep"


def many(examples: int) -> int:
    """Return how many examples to try of those that a deep run tries."""
    return examples if DEEP else max(8, examples // 6)
