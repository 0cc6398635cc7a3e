"""Rules in a CSV file: a row for each practice of a rule, added to those of the configuration."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pcn_group.base.codes import UNALLOCATED, ZERO, ZERO_OR_NONE, networks_of, one_form
from pcn_group.base.errors import Fault, InputError
from pcn_group.config.rules import Prefer, Rules

__all__ = ["Complete", "with_rules_of_file"]

_COLUMNS = ("rule", "group", "practice_code")
_PRICE = "price"
_OF_GROUPS = {"together": 2, "apart": 2, "fixed": 1, "prefer": 2, "bridge": 2, "barrier": 2}
"""The rules about groups, each with the fewest practices that a group of it must have."""
_OF_PAIRS = ("bridge", "barrier")
"""Those whose groups are pairs."""
_OF_PRACTICES = {"exclude": "exclude", "hub": "hubs", "free": "free"}
"""The rules about single practices, each with its key in the configuration."""
_MOST = 1000.0


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
    """Add the rules of their file to the rules.

    So the configuration that is stored with a plan says all, and does not need the file again.

    Raises
    ------
    InputError
        With every fault of the file, by row.
    """
    if rules.file is None:
        return Complete(rules)
    source = rules.file.name
    rows = _read(rules.file)
    faults = [fault for row in rows for fault in _faults_of_row(row, source)]
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
        remedy = f"Give a number from 0 to {_MOST:g}, in km (or minutes)."
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
    return math.isfinite(price) and 0 <= price <= _MOST


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
