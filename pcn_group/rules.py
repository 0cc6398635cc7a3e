"""Rules about practices: what contradicts what by their codes alone, and what is of a region."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from pcn_group.config_rules import Rules
from pcn_group.errors import Fault

__all__ = ["RegionRules", "contradictions_of_codes", "groups_by_rule", "merged", "named"]

T = TypeVar("T", int, str)

_NAMED = 8
"""How many practices a message names before it only counts them."""

_ONE_OF_TWO = "Take one of the two rules away."


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


def merged(groups: Iterable[Collection[T]]) -> tuple[tuple[T, ...], ...]:
    """Join groups that have a member in common, and those with them; drop groups of one."""
    joined: list[set[T]] = []
    for group in groups:
        touched = [other for other in joined if not other.isdisjoint(group)]
        joined = [other for other in joined if other.isdisjoint(group)]
        joined.append(set(group).union(*touched))
    return tuple(sorted(tuple(sorted(group)) for group in joined if len(group) > 1))


def groups_by_rule(rules: Rules) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give every group of practices that a rule names, with the rule's key."""
    for key in ("together", "apart", "fixed"):
        for group in getattr(rules, key):
            yield f"rules.{key}", group
    for prefer in rules.prefer:
        yield "rules.prefer", prefer.practices
    for key in ("exclude", "hubs", "free"):
        for code in getattr(rules, key):
            yield f"rules.{key}", (code,)


def contradictions_of_codes(rules: Rules) -> list[Fault]:
    """Give what contradicts what in any region, each with the rules and the practices."""
    together, fixed = merged(rules.together), sorted({tuple(sorted(net)) for net in rules.fixed})
    return [
        *_apart_and_together(rules, together),
        *_twice_fixed(fixed),
        *_fixed_and_others(rules, together, fixed),
        *_excluded(rules),
    ]


def named(codes: Sequence[str]) -> str:
    """Name practices: some of them, and how many more."""
    if len(codes) > _NAMED:
        return f"{', '.join(codes[:_NAMED])} and {len(codes) - _NAMED:,} more"
    return " and ".join([", ".join(codes[:-1]), codes[-1]]) if len(codes) > 1 else "".join(codes)


def _apart_and_together(rules: Rules, together: Sequence[tuple[str, ...]]) -> Iterator[Fault]:
    for a, b in _pairs(rules.apart):
        for group in together:
            if a in group and b in group:
                problem = f"{a} and {b} are not to be in one network, but rules.together has "
                yield Fault("rules.apart", f"{problem}{named(group)} in one", _ONE_OF_TWO)


def _twice_fixed(fixed: Sequence[tuple[str, ...]]) -> Iterator[Fault]:
    for one, other in combinations(fixed, 2):
        both = sorted({*one} & {*other})
        if both:
            are = "is" if len(both) == 1 else "are"
            problem = f"{named(both)} {are} in two networks: {named(one)}; {named(other)}"
            yield Fault("rules.fixed", problem, "Keep each practice in one of them.")


def _fixed_and_others(
    rules: Rules, together: Sequence[tuple[str, ...]], fixed: Sequence[tuple[str, ...]]
) -> Iterator[Fault]:
    for network in fixed:
        for group in together:
            left = sorted({*group} - {*network})
            if left and len(left) < len(group):
                own = named(sorted({*group} & {*network}))
                problem = f"the network {named(network)} is without {named(left)}"
                problem += f", which rules.together has with {own}"
                yield Fault("rules.fixed", problem, _ONE_OF_TWO)
        for a, b in _pairs(rules.apart):
            if a in network and b in network:
                problem = f"the network {named(network)} has {a} and {b}, not to be in one network"
                yield Fault("rules.fixed", f"{problem} by rules.apart", _ONE_OF_TWO)


def _excluded(rules: Rules) -> Iterator[Fault]:
    for key, group in groups_by_rule(rules):
        out = sorted({*group} & {*rules.exclude})
        if out and key in {"rules.together", "rules.fixed"}:
            problem = f"{named(out)} cannot be left out: {key} has {named(sorted(group))}"
            yield Fault("rules.exclude", problem, _ONE_OF_TWO)


def _pairs(groups: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    return sorted({(min(p), max(p)) for group in groups for p in combinations(group, 2)})
