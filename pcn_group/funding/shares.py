"""Sharing a whole amount out in whole pence, so that the parts add up to it exactly.

Everything is an integer: an exact part is a numerator over a denominator that all parts have in
common. No part is a whole penny or more away from what it exactly is.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["equal_parts", "half_up", "shared"]


def half_up(numerator: int, denominator: int) -> int:
    """Round a fraction that is 0 or more to the nearest whole, and a half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def shared(total: int, numerators: Sequence[int], denominator: int) -> list[int]:
    """Share a total out by largest remainder (Hamilton's method).

    Each part gets what it exactly is, rounded down. What is left goes, one each, to the parts that
    lost the largest fraction; of equal ones to the first.

    Parameters
    ----------
    total
        The exact parts' sum rounded to a whole, whether up or down.
    numerators
        Of the exact parts, 0 or more.
    """
    parts = [numerator // denominator for numerator in numerators]
    left = total - sum(parts)
    by_loss = sorted(range(len(parts)), key=lambda k: (-(numerators[k] % denominator), k))
    for k in by_loss[:left]:
        parts[k] += 1
    return parts


def equal_parts(total: int, count: int) -> list[int]:
    """Split a total into equal parts; what is left over goes, one each, to the first."""
    each, left = divmod(total, count)
    return [each + (k < left) for k in range(count)]
