"""How long random tests go on: enough to notice, or in `make test-deep` many times that."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

__all__ = ["DEEP", "many", "some_of"]

DEEP = os.environ.get("PCN_GROUP_TESTS") == "deep"

T = TypeVar("T")


def many(examples: int) -> int:
    """Return how many examples to try of those that a deep run tries."""
    return examples if DEEP else max(5, examples // 12)


def some_of(cases: Iterable[T]) -> Iterator[T]:
    """Return all cases of a deep run, or every seventh: sevens fall on all columns of a table."""
    return islice(cases, 0, None, 1 if DEEP else 7)
