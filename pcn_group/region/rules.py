"""The rules of a region, by position."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from pcn_group.config.rules import Rules, merged

__all__ = ["RegionRules"]


@dataclass(frozen=True)
class RegionRules:
    """The rules that have an effect in a region, by position among its practices.

    Every group is in ascending order, and so are the groups.

    Attributes
    ----------
    together
        Groups in one network each, no practice in two of them.
    apart
        Pairs that are never in one network.
    fixed
        Networks that stay as they are.
    hubs
        The practices that may be hubs; None means any.
    prefer
        Groups with the price, in the configuration's unit, of each patient whose hub is in none.
    free
        Practices that change their network at no cost.
    """

    together: tuple[tuple[int, ...], ...]
    apart: tuple[tuple[int, int], ...]
    fixed: tuple[tuple[int, ...], ...]
    hubs: tuple[int, ...] | None
    prefer: tuple[tuple[tuple[int, ...], float], ...]
    free: tuple[int, ...]

    @classmethod
    def of(cls, rules: Rules, codes: Sequence[str]) -> RegionRules:
        """Keep of each rule what is about a region's practices.

        Parameters
        ----------
        codes
            The practices of the region, in order. A group with fewer than two of them has no
            effect, save a network of one that is fixed.
        """
        places = {code: i for i, code in enumerate(codes)}

        def inside(group: Iterable[str]) -> tuple[int, ...]:
            return tuple(sorted(places[code] for code in group if code in places))

        fixed = {
            inside(group) for group in rules.fixed if len(group) == 1 or len(inside(group)) > 1
        }
        pairs = (pair for group in rules.apart for pair in combinations(inside(group), 2))
        prefer = ((inside(each.practices), each.price) for each in rules.prefer)
        return cls(
            together=merged(inside(group) for group in rules.together),
            apart=tuple(sorted({(a, b) for a, b in pairs})),
            fixed=tuple(sorted(fixed - {()})),
            hubs=inside(rules.hubs) or None,
            prefer=tuple(sorted((group, price) for group, price in prefer if len(group) > 1)),
            free=inside(rules.free),
        )
