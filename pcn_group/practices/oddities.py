"""The rules of the data report: what about practices is odd enough to be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from pcn_group.base.codes import UNALLOCATED
from pcn_group.base.wording import listed
from pcn_group.config.model import Configuration, Data
from pcn_group.practices.areas import Areas
from pcn_group.practices.lists import Lists
from pcn_group.practices.official import Facts
from pcn_group.practices.rows import Rows
from pcn_group.practices.table import has_places
from pcn_group.practices.units import attach_atypical
from pcn_group.tables.codes import distinct
from pcn_group.tables.findings import Finding
from pcn_group.tables.numbers import ambiguous, whole_numbers

__all__ = ["Files", "atypical", "findings_about_region", "findings_in_files"]

_MOVED = 0.2
_FAR_METRES = 20_000
_GP_PRACTICE = "4"
"""The prescribing setting of GP practices in the register."""

_STATUS_KINDS = {"C": "register_closed", "D": "register_dormant", "P": "register_proposed"}


@dataclass(frozen=True)
class Files:
    """What the files beside the lists say."""

    practice_map: Facts
    memberships: Facts
    register: Facts
    areas: Areas

    @property
    def about_practices(self) -> dict[str, Facts]:
        """Those that are given of the first three, in the order in which what they say counts."""
        every = {name: getattr(self, name) for name in ("practice_map", "register", "memberships")}
        return {name: facts for name, facts in every.items() if facts.are_given}

    def with_cells(self, cells: Mapping[str, pd.DataFrame]) -> Files:
        """Return the same with other cells for some of those, by name and indexed afresh."""
        of_code = {name: own.set_index("practice_code") for name, own in cells.items()}
        changed: dict[str, Any] = {
            name: replace(facts, cells=of_code[name])
            for name, facts in self.about_practices.items()
        }
        return replace(self, **changed)


def atypical(rows: Rows, rules: Configuration) -> pd.Series[bool]:
    """Tell the practices whose list is so small that they hardly are practices like others."""
    return whole_numbers(rows.cells["list_size"]) < rules.data.atypical_below


def findings_in_files(rows: Rows, lists: Lists, files: Files) -> list[Finding]:
    """Return what is odd about practices from one file to another.

    Parameters
    ----------
    rows
        All practices with a list, filled in from the files.
    """
    return [
        *lists.findings,
        *_in_register(rows, files.register, lists.date),
        *_missing(rows, files),
        *_without_list(rows, files),
        *_networks(rows, files),
        *_moved(rows, lists),
        *_by_area(rows, files.areas),
        *_ambiguous(rows),
    ]


def _in_register(rows: Rows, register: Facts, on: str) -> Iterator[Finding]:
    """Return what the register has of practices; one may have closed since the day of the list."""
    if not register.are_given:
        return
    known = register.cells.reindex(rows.cells["practice_code"]).dropna(subset="status")
    columns = ("status", "closed", "setting", "source")
    for code, status, closed, setting, source in zip(
        known.index, *(known[name] for name in columns), strict=True
    ):
        if status in _STATUS_KINDS:
            since = f", open until {closed}" if on and closed >= on else ""
            yield Finding(_STATUS_KINDS[status], str(code), f"status {status}{since}", source)
        elif setting not in ("", _GP_PRACTICE):
            detail = f"prescribing setting {setting}"
            yield Finding("register_not_gp", str(code), detail, source)


def _missing(rows: Rows, files: Files) -> Iterator[Finding]:
    cells = rows.cells
    for kind, facts in (("not_in_map", files.practice_map), ("not_in_register", files.register)):
        if facts.are_given:
            for code in cells.loc[~cells["practice_code"].isin(facts.cells.index), "practice_code"]:
                yield Finding(kind, code, "", facts.label)
    for code in cells["practice_code"][~rows.given("practice_name")]:
        yield Finding("no_name", code)


def _without_list(rows: Rows, files: Files) -> Iterator[Finding]:
    """Return the practices that other files have, open where they say so, and no list has."""
    register = files.register.cells
    is_open = (register["status"] == "A") & (register["setting"] == _GP_PRACTICE)
    listed_ones = distinct(rows.cells["practice_code"])
    said: dict[str, list[str]] = {}
    for known, words in (
        (files.practice_map.cells.index, "in the practice map"),
        (files.memberships.cells.index, "a member of a network"),
        (register.index[is_open], "an active GP practice in the register"),
    ):
        for code in known.tolist():
            if code not in listed_ones:
                said.setdefault(code, []).append(words)
    for code, places in said.items():
        yield Finding("no_list", code, ", ".join(places))


def _networks(rows: Rows, files: Files) -> Iterator[Finding]:
    """Return the practices in no network, in two, and in one of another region."""
    cells = rows.cells
    if not rows.given("current_network").any():
        return
    allocated = files.practice_map.cells["current_network"]
    unallocated = frozenset(allocated.index[allocated == UNALLOCATED])
    for code in cells.loc[~rows.given("current_network"), "practice_code"]:
        yield Finding("no_network", code, "unallocated" if code in unallocated else "")
    theirs = files.memberships.cells["current_network"].reindex(cells["practice_code"])
    for code, network, other in zip(
        cells["practice_code"], cells["current_network"], theirs, strict=True
    ):
        if isinstance(other, str) and other not in ("", network):
            detail = f"{network or 'none'} counts, {other} here"
            yield Finding("network_differs", code, detail, files.memberships.label)
    yield from _across_regions(rows)


def _across_regions(rows: Rows) -> Iterator[Finding]:
    """Return the practices whose network has most of its patients in another region."""
    members = rows.cells[rows.given("current_network") & rows.given("region_code")]
    members = members.assign(patients=whole_numbers(members["list_size"]))
    shares = members.groupby(["current_network", "region_code"])["patients"].sum().reset_index()
    shares = shares.sort_values(["patients", "region_code"], ascending=[False, True])
    homes = shares.drop_duplicates("current_network").set_index("current_network")["region_code"]
    members = members.assign(home=homes.reindex(members["current_network"]).to_numpy())
    strays = members[members["region_code"] != members["home"]]
    for code, network, home in zip(
        strays["practice_code"], strays["current_network"], strays["home"], strict=True
    ):
        yield Finding("network_across_regions", code, f"{network} is mostly in {home}")


def _moved(rows: Rows, lists: Lists) -> Iterator[Finding]:
    """Compare with the extract before, where there is one."""
    if lists.earlier.cells.empty:
        return
    earlier, now = (
        whole_numbers(some.cells["list_size"]).set_axis(pd.Index(some.cells["practice_code"]))
        for some in (lists.earlier, rows)
    )
    for code, size in now.items():
        before = earlier.get(str(code))
        if before is None:
            yield Finding("list_new", str(code))
        elif abs(size - before) > _MOVED * before:
            yield Finding("list_moved", str(code), f"from {before:,.0f} to {size:,.0f}")
    for code in earlier.index.difference(now.index):
        yield Finding("list_gone", str(code), f"{earlier[code]:,.0f} patients then")


def _by_area(rows: Rows, areas: Areas) -> Iterator[Finding]:
    if areas.patients is None:
        return
    located = frozenset(areas.patients["practice_code"])
    sizes = whole_numbers(rows.cells["list_size"])
    for code, size in zip(rows.cells["practice_code"], sizes, strict=True):
        total = float(areas.totals.get(code, 0))
        if code not in located:
            yield Finding("no_areas", code)
        elif abs(total - size) > _MOVED * size:
            yield Finding("areas_differ", code, f"{total:,.0f} by area, {size:,.0f} on the list")


def _ambiguous(rows: Rows) -> Iterator[Finding]:
    """Return the weighted lists that may be thousands: `16.000`."""
    for column in ("weighted_list_size", "adjusted_list_size"):
        unclear = rows.cells[ambiguous(rows.cells[column])]
        for code, size in zip(unclear["practice_code"], unclear[column], strict=True):
            yield Finding("number_ambiguous", code, f"{column} {size}")


def findings_about_region(
    table: pd.DataFrame, rules: Configuration, excluded: pd.DataFrame
) -> list[Finding]:
    """Return what is odd about the practices of each region among themselves.

    Parameters
    ----------
    table
        As `Practices.table`, of one region or of several.
    excluded
        Rows of the practices left out, for their small lists or by a rule: `practice_code`.
    """
    regions = [table]
    if len(set(table["region_code"]) - {""}) > 1:
        regions = [own.reset_index(drop=True) for _, own in table.groupby("region_code")]
    findings = [*_excluded(excluded, rules)]
    for region in regions:
        findings += [*_oversize(region, rules), *_atypical(region, rules.data)]
        findings += _still_open(region, rules.data)
        if has_places(region):
            findings += [*_together(region), *_far(region)]
    return findings


def _oversize(table: pd.DataFrame, rules: Configuration) -> Iterator[Finding]:
    for code in table.loc[table["list_size"] > rules.band.max, "practice_code"]:
        yield Finding("over_maximum", code, f"the maximum is {rules.band.max:,}")


def _excluded(excluded: pd.DataFrame, rules: Configuration) -> Iterator[Finding]:
    for code in excluded["practice_code"]:
        if code in rules.rules.exclude:
            yield Finding("excluded_by_rule", code)
        else:
            yield Finding("atypical_list", code, _limit(rules.data), treatment="excluded")


def _atypical(table: pd.DataFrame, rules: Data) -> Iterator[Finding]:
    if not (table["list_size"] < rules.atypical_below).any():
        return
    attached = attach_atypical(table, rules)
    small = attached[attached["list_size"] < rules.atypical_below]
    for code, host in zip(small["practice_code"], small["attached_to"], strict=True):
        treatment = f"attached to {host}" if host else "kept"
        yield Finding("atypical_list", code, _limit(rules), treatment=treatment)


def _limit(rules: Data) -> str:
    return f"under {rules.atypical_below:,} patients"


def _still_open(table: pd.DataFrame, rules: Data) -> Iterator[Finding]:
    """Return the practices that have a successor, and are there all the same."""
    for code in table["practice_code"][table["practice_code"].isin(rules.given_successors)]:
        yield Finding("still_open", code, f"its successor is {rules.given_successors[code]}")


def _together(table: pd.DataFrame) -> Iterator[Finding]:
    at: dict[tuple[float, ...], list[str]] = {}
    places = table[["easting", "northing"]].to_numpy().round().tolist()
    for code, place in zip(table["practice_code"], places, strict=True):
        at.setdefault(tuple(place), []).append(code)
    for codes in at.values():
        if len(codes) > 1:
            for code in codes:
                others = listed(sorted(set(codes) - {code}), 5)
                yield Finding("shared_address", code, f"with {others}")


def _far(table: pd.DataFrame) -> Iterator[Finding]:
    """Return the practices with no other place of their region near."""
    points = table[["easting", "northing"]].to_numpy()
    places, place = np.unique(points, axis=0, return_inverse=True)
    if len(places) < 3:
        return  # of two places neither is the odd one
    nearest = KDTree(places).query(places, k=2)[0][:, 1]
    for code, metres in zip(table["practice_code"], nearest[place.ravel()], strict=True):
        if metres >= _FAR_METRES:
            yield Finding("far_from_region", code, f"{metres / 1000:.0f} km from the next one")
