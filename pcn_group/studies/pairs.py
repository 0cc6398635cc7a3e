"""What plans say about two practices: together or apart, and what it costs to decide otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pcn_group.config.rules import merged

__all__ = ["Pair", "Verdict", "cores"]

Verdict = Literal["always together", "always apart", "open", "not settled"]


@dataclass(frozen=True)
class Pair:
    """Two practices, and what the best plan costs that has them together, or apart.

    Attributes
    ----------
    first, second
        Their codes, in order.
    in_best
        Whether they are together in the best plan.
    together, apart
        The least cost of a plan within the tolerance, in the problem's integers; None where there
        is none.
    is_settled
        Whether both are proven; else a plan that costs less may exist.
    """

    first: str
    second: str
    in_best: bool
    together: int | None
    apart: int | None
    is_settled: bool

    @property
    def verdict(self) -> Verdict:
        """What the plans within the tolerance say."""
        if self.together is not None and self.apart is not None:
            return "open"
        if not self.is_settled:
            return "not settled"
        return "always apart" if self.together is None else "always together"

    @property
    def otherwise(self) -> int | None:
        """The least cost of a plan that decides otherwise than the best; None as for the others."""
        return self.apart if self.in_best else self.together


def cores(pairs: Iterable[Pair]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of practices that are together in every plan, each in order of code."""
    return merged(_always_together(pairs))


def _always_together(pairs: Iterable[Pair]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        if pair.verdict == "always together":
            yield pair.first, pair.second
