"""Rules about practices: the conflicts that their codes alone show, and groups joined."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations
from typing import TypeVar

from pcn_group.base.errors import Fault
from pcn_group.base.wording import named
from pcn_group.config.rules import Rules

__all__ = ["conflicts_of_codes", "groups_by_rule", "merged"]

T = TypeVar("T", int, str)


_ONE_OF_TWO = "Take one of the two rules away."


def merged(groups: Iterable[Collection[T]]) -> tuple[tuple[T, ...], ...]:
    """Join groups that have a member in common, and those with them; drop groups of one."""
    joined: list[set[T]] = []
    for group in groups:
        touched = [other for other in joined if not other.isdisjoint(group)]
        joined = [other for other in joined if other.isdisjoint(group)]
        joined.append(set(group).union(*touched))
    return tuple(sorted(tuple(sorted(group)) for group in joined if len(group) > 1))


def groups_by_rule(rules: Rules) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return every group of practices that a rule names, with the rule's key."""
    for key in ("together", "apart", "fixed"):
        for group in getattr(rules, key):
            yield f"rules.{key}", group
    for prefer in rules.prefer:
        yield "rules.prefer", prefer.practices
    for key in ("exclude", "hubs", "free"):
        for code in getattr(rules, key):
            yield f"rules.{key}", (code,)


def conflicts_of_codes(rules: Rules) -> list[Fault]:
    """Return the conflicts of rules in any region, each with the rules and the practices."""
    together, fixed = merged(rules.together), sorted({tuple(sorted(net)) for net in rules.fixed})
    return [
        *_apart_and_together(rules, together),
        *_twice_fixed(fixed),
        *_fixed_and_others(rules, together, fixed),
        *_excluded(rules),
    ]


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
