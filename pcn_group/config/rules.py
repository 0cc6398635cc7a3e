"""The section `rules` of the configuration: what a plan must do with practices, by their codes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, WithJsonSchema

from pcn_group.base.codes import one_form
from pcn_group.base.errors import Fault
from pcn_group.base.wording import named
from pcn_group.config.section import Price, Section

__all__ = ["Group", "Prefer", "Rules", "conflicts_of_codes", "groups_by_rule", "merged"]


def _different(written: tuple[str, ...]) -> tuple[str, ...]:
    """Return codes in one form, no two of them alike."""
    spellings: dict[str, list[str]] = {}
    for code in written:
        spellings.setdefault(one_form(code), []).append(code)
    twice = sorted(code for code, some in spellings.items() if len(some) > 1)
    if twice:
        others = [code for of in twice for code in spellings[of] if len({*spellings[of]}) > 1]
        spelt = f", spelt {' and '.join(others)}" if others else ""
        raise ValueError(f"names {', '.join(twice)} twice{spelt}")
    return tuple(spellings)


def _schema(least: int) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}, "minItems": least, "uniqueItems": True}


Codes = Annotated[tuple[str, ...], AfterValidator(_different), WithJsonSchema(_schema(0))]
Group = Annotated[
    tuple[str, ...], Field(min_length=2), AfterValidator(_different), WithJsonSchema(_schema(2))
]
Network = Annotated[
    tuple[str, ...], Field(min_length=1), AfterValidator(_different), WithJsonSchema(_schema(1))
]


class Prefer(Section):
    """Practices that had better stay together, at a price."""

    practices: Group
    """Codes of the practices."""

    price: Price
    """Cost of each of their patients whose hub is none of them, in km (or minutes)."""


class Rules(Section):
    """What a plan must do with certain practices, or had better do.

    Practices outside the region at hand are left aside, group by group. A group of which no more
    than one practice is in the region has no effect.
    """

    together: tuple[Group, ...] = ()
    """Groups that must be in one network each, such as split sites: [[A81001, A81002]]."""

    apart: tuple[Group, ...] = ()
    """Groups of which no two may be in one network: [[A81001, A81003]]."""

    fixed: tuple[Network, ...] = ()
    """Networks that stay exactly as they are, whatever their size: [[A81004, A81005, A81006]]."""

    exclude: Codes = ()
    """Practices left out of the plan: [A81007]."""

    hubs: Codes = ()
    """The practices that may be hubs: [A81001, A81008]; empty: any."""

    prefer: tuple[Prefer, ...] = ()
    """Groups that had better be together: [{practices: [A81001, A81002], price: 2}], where each
    patient whose hub is none of them costs the price."""

    free: Codes = ()
    """Practices that may change their network at no cost under prices.change: [A81009]."""

    file: Path | None = None
    """CSV with rule, group, practice_code, price: more of the above, a row for each practice;
    null: none."""


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
