"""The section `rules` of the configuration: what a plan must do with practices, by their codes.

A CSV file may add to them: it has a row for each practice of a rule.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, WithJsonSchema

from pcn_group.base.codes import UNALLOCATED, ZERO, ZERO_OR_NONE, networks_of, one_form
from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import named
from pcn_group.config.names import Names, read_names
from pcn_group.config.section import HIGHEST_PRICE, Price, Section

__all__ = [
    "Complete",
    "Group",
    "Prefer",
    "Rules",
    "conflicts_of_codes",
    "groups_by_rule",
    "merged",
    "with_rules_of_file",
]


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

    names: Path | Names | None = None
    """Names of networks: CSV with code (of a network of today, or of a practice in the network) and
    name, or {A81001: Riverside} itself; null: none."""

    file: Path | None = None
    """CSV with rule, group, practice_code, price: more of the above, a row for each practice;
    null: none."""

    @property
    def given_names(self) -> Mapping[str, str]:
        """The names of networks by code; those of a file are among them once it is read."""
        return self.names if isinstance(self.names, dict) else {}


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


_COLUMNS = ("rule", "group", "practice_code")
_PRICE = "price"
_OF_GROUPS = {"together": 2, "apart": 2, "fixed": 1, "prefer": 2, "bridge": 2, "barrier": 2}
"""The rules about groups, each with the fewest practices that a group of it must have."""
_OF_PAIRS = ("bridge", "barrier")
"""Those whose groups are pairs."""
_OF_PRACTICES = {"exclude": "exclude", "hub": "hubs", "free": "free"}
"""The rules about single practices, each with its key in the configuration."""


@dataclass(frozen=True)
class _Row:
    line: int
    rule: str
    group: str
    code: str
    price: str
    written: str


@dataclass(frozen=True)
class Complete:
    """Rules with those of their file, and no file any more.

    Attributes
    ----------
    bridges, barriers
        Pairs that the file makes neighbours, and that it makes none.
    """

    rules: Rules
    bridges: tuple[tuple[str, str], ...] = ()
    barriers: tuple[tuple[str, str], ...] = ()


def with_rules_of_file(rules: Rules) -> Complete:
    """Add the rules of their files to the rules.

    So the configuration that is stored with a plan says all, and does not need the file again.

    Raises
    ------
    InputError
        With every fault of a file, by row.
    """
    names, faults = _names(rules)
    if rules.file is None and faults:
        raise InputError(faults)
    rules = rules.model_copy(update={"names": names})
    if rules.file is None:
        return Complete(rules)
    source = rules.file.name
    rows = _read(rules.file)
    faults += [fault for row in rows for fault in _faults_of_row(row, source)]
    faults += _no_networks([row for row in rows if row.rule == "fixed" and row.group], source)
    groups = _groups(rows)
    if not faults:
        faults = [fault for some in groups.values() for fault in _faults_of_group(some, source)]
    if faults:
        raise InputError(faults)
    pairs = {
        rule: tuple((some[0].code, some[1].code) for key, some in groups.items() if key[0] == rule)
        for rule in _OF_PAIRS
    }
    update = {**_joined(rules, rows, groups), "file": None}
    return Complete(rules.model_copy(update=update), pairs["bridge"], pairs["barrier"])


def _names(rules: Rules) -> tuple[Mapping[str, str] | None, list[Fault]]:
    """Return the names of networks, those of a file read, and what is wrong with that."""
    if not isinstance(rules.names, Path):
        return rules.names, []
    try:
        return read_names(rules.names), []
    except InputError as error:
        return None, list(error.faults)


def _joined(
    rules: Rules, rows: list[_Row], groups: dict[tuple[str, str], list[_Row]]
) -> dict[str, tuple[object, ...]]:
    """Return each key of the rules with what the file adds to it."""
    joined: dict[str, tuple[object, ...]] = {}
    for key in ("together", "apart", "fixed"):
        added = (_codes(some) for (rule, _), some in groups.items() if rule == key)
        joined[key] = (*getattr(rules, key), *added)
    prefer = (
        Prefer(practices=_codes(some), price=next(float(row.price) for row in some if row.price))
        for (rule, _), some in groups.items()
        if rule == "prefer"
    )
    joined["prefer"] = (*rules.prefer, *prefer)
    for rule, key in _OF_PRACTICES.items():
        named = (row.code for row in rows if row.rule == rule)
        joined[key] = tuple(dict.fromkeys([*getattr(rules, key), *named]))
    return joined


def _codes(rows: list[_Row]) -> tuple[str, ...]:
    return tuple(row.code for row in rows)


def _groups(rows: list[_Row]) -> dict[tuple[str, str], list[_Row]]:
    """Collect the rows of each group, in the order of the file."""
    groups: dict[tuple[str, str], list[_Row]] = {}
    for row in rows:
        if row.rule in _OF_GROUPS:
            groups.setdefault((row.rule, row.group), []).append(row)
    return groups


def _read(path: Path) -> list[_Row]:
    from pcn_group.tables.columns import read_columns  # noqa: PLC0415 - slow, seldom needed

    rows = read_columns(path, _COLUMNS, (_PRICE,), may_be_empty=True)
    return [
        _Row(int(str(line)), rule.lower(), one_form(group), code, price, written)
        for line, rule, group, code, price, written in rows.itertuples(name=None)
    ]


def _faults_of_row(row: _Row, source: str) -> Iterator[Fault]:
    if row.rule not in {*_OF_GROUPS, *_OF_PRACTICES}:
        remedy = f"Write one of {', '.join([*_OF_GROUPS, *_OF_PRACTICES])}."
        yield Fault(source, "is no rule", remedy, row.line, "rule", row.rule)
    if not row.code:
        yield Fault(source, "is empty", "Give the practice's code.", row.line, "practice_code")
    if row.rule in _OF_GROUPS and not row.group:
        remedy = "Give the practices of a group the same name or number."
        yield Fault(source, "is empty", remedy, row.line, "group")
    if row.price and row.rule != "prefer":
        yield Fault(source, "is for prefer only", "Leave it empty.", row.line, _PRICE, row.price)
    elif row.price and not _is_price(row.price):
        remedy = f"Give a number from 0 to {HIGHEST_PRICE:g}, in km (or minutes)."
        yield Fault(source, "is no price", remedy, row.line, _PRICE, row.price)


def _no_networks(rows: list[_Row], source: str) -> Iterator[Fault]:
    """Refuse networks that stay as they are and are none, such as the unallocated of a map."""
    networks = networks_of([row.group for row in rows])
    remedy = "Take the row out, or call the network something else."
    for row in rows:
        if networks[row.group] in {"", UNALLOCATED}:
            yield Fault(source, "means no network", remedy, row.line, "group", row.group)
        elif ZERO.fullmatch(networks[row.group]):
            yield Fault(source, *ZERO_OR_NONE, row.line, "group", row.group)


def _is_price(text: str) -> bool:
    try:
        price = float(text)
    except ValueError:
        return False
    return math.isfinite(price) and 0 <= price <= HIGHEST_PRICE


def _faults_of_group(rows: list[_Row], source: str) -> Iterator[Fault]:
    first, seen = rows[0], dict[str, _Row]()
    for row in rows:
        before = seen.setdefault(row.code, row)
        if before is not row:
            spelt = "" if before.written == row.written else f": {before.written!r}"
            problem = f"is in group {row.group} of {row.rule} already (row {before.line}{spelt})"
            yield Fault(source, problem, "Keep one row.", row.line, "practice_code", row.written)
    if len(rows) < _OF_GROUPS[first.rule]:
        problem = f"is the only practice of group {first.group} of {first.rule}"
        remedy = "Give the group a second row."
        yield Fault(source, problem, remedy, first.line, "practice_code", first.code)
    if first.rule in _OF_PAIRS and len(rows) > 2:
        third = rows[2]
        problem = f"is the third of group {third.group}, and a {third.rule} is between two"
        remedy = "Give each pair a group of its own."
        yield Fault(source, problem, remedy, third.line, "practice_code", third.code)
    prices = {float(row.price) for row in rows if row.price}
    if first.rule == "prefer" and len(prices) != 1:
        problem = f"of group {first.group} is {'not one' if prices else 'missing'}"
        yield Fault(source, problem, "Give it in one row of the group.", first.line, _PRICE)
