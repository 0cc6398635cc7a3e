"""Reading practices: any mix of files in, one clean table and a data report or every fault out."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from pcn_group.base.codes import one_form
from pcn_group.base.errors import Fault
from pcn_group.base.lookup import CANDIDATES, matching, several, told
from pcn_group.base.wording import listed, plural
from pcn_group.config.model import Configuration
from pcn_group.config.places import refused_without_places
from pcn_group.practices.coordinates import Located, far_from_postcodes, locate
from pcn_group.practices.directories import LookUp, PostcodeFinder, compact, look_up_in
from pcn_group.practices.joining import Input, as_error, read_input
from pcn_group.practices.oddities import findings_about_region
from pcn_group.practices.profile.of_areas import areas_concerned
from pcn_group.practices.residents import Residents
from pcn_group.practices.rows import Rows, faults_of
from pcn_group.practices.table import (
    OPTIONAL_COLUMNS,
    REGION_COLUMNS,
    REQUIRED_COLUMNS,
    Practices,
    Source,
    has_places,
)
from pcn_group.tables.findings import NOT_HERE, Account, Finding, report_of
from pcn_group.tables.numbers import decimals, whole_numbers
from pcn_group.tables.opening import Opened

__all__ = ["ALL", "Regions", "read_practices", "read_regions"]

ALL = "all"
"""The region that is all of the input."""

Regions = str | Sequence[str] | None
"""Which regions of an input are asked for; None for whatever there is."""


@dataclass(frozen=True)
class _Finder:
    """Locates the postcodes of practices, by the directories given and else by the package.

    Attributes
    ----------
    look_up
        Gives what is known of some of the postcodes that the practices at hand have in any file.
    accounts
        Of the directories: rows of postcodes that were found, and all others.
    """

    look_up: LookUp
    accounts: tuple[Account, ...]


@dataclass(frozen=True)
class _Place:
    """The practices of a region with where they are.

    Attributes
    ----------
    rows
        Their postcodes are those that located them.
    findings
        What was odd about postcodes.
    """

    rows: Rows
    located: Located
    findings: list[Finding]


def read_practices(
    paths: Sequence[Path],
    region: Regions = None,
    *,
    by: str = "region_code",
    several_regions: bool = False,
    rules: Configuration | None = None,
    around: Collection[str] = (),
    otherwise: Sequence[Path] = (),
) -> Practices:
    """Read, join, validate and locate the practices of one region.

    Parameters
    ----------
    paths
        A `practices.csv`, official files, postcode directories, in any mix and order; told apart by
        their content.
    region
        Keep only the practices of this region, or of several, which are then taken as one; a text
        may name several with commas between them. `all` takes the whole input as one region.
    by
        Which of `REGION_COLUMNS` says what region a practice is in.
    several_regions
        Whether several regions may be read at once, and stay several.
    rules
        The section `data` says what to make of odd practices; None means the defaults.
    around
        Where no region is asked for and there are several, those that these practices are in.
    otherwise
        Files with the practices where those of `paths` are about areas alone, such as a map.

    Raises
    ------
    InputError
        With every fault found, each with file, row, column, value and remedy.
    """
    given = read_input(paths, by, rules or Configuration(), otherwise)
    wanted = _meant(given, region) or _regions_around(given, around)
    rows, faults, notes = _of_regions(given, wanted, several_regions=several_regions)
    if faults:
        raise as_error([*faults, *given.faults])
    finder = _finder(given, rows)
    place = _placed(given, rows, finder)
    # A practice of the region may have a second row, which need not be in the region.
    concerned = given.rows.cells["practice_code"].isin(rows.cells["practice_code"])
    faults = [*given.faults, *faults_of(given.rows.where(concerned)), *place.located.faults]
    if faults:
        raise as_error(faults)
    is_one = wanted == (ALL,) or (len(wanted) > 1 and not several_regions)
    practices = _practices(given, place, finder, wanted, as_one=",".join(wanted) if is_one else "")
    return replace(practices, notes=(*practices.notes, *notes))


def read_regions(
    paths: Sequence[Path],
    *,
    region: Regions = None,
    by: str = "region_code",
    rules: Configuration | None = None,
) -> dict[str, Practices]:
    """Read the practices of every region at once.

    Parameters
    ----------
    region
        Which regions, where not all of them.
    paths, by, rules
        As for `read_practices`.

    Returns
    -------
    dict
        In order of code. Each region is exactly what `read_practices` gives for it.

    Raises
    ------
    InputError
        With every fault of every region.
    """
    given = read_input(paths, by, rules or Configuration())
    rows = given.rows.where(given.rows.given("region_code"))
    codes = sorted(set(rows.cells["region_code"]))
    emptied = sorted(set(given.excluded["region_code"]) - {"", *codes})
    faults = [*given.faults, *faults_of(rows), *(_nobody_left(given, code) for code in emptied)]
    if not codes:
        raise as_error(faults if emptied else [_no_regions(by), *faults])
    wanted = _meant(given, region)
    if wanted not in {(), (ALL,)}:
        rows, unknown, _ = _of_regions(given, wanted, several_regions=True)
        if unknown:
            raise as_error([*unknown, *given.faults])
        codes, faults = list(wanted), [*given.faults, *faults_of(rows)]
    finder = _finder(given, rows)
    regions = {}
    for code in codes:
        own, _, notes = _of_regions(given, (code,), several_regions=False)
        place = _placed(given, own, finder)
        faults += place.located.faults
        if not faults:
            practices = _practices(given, place, finder, (code,))
            regions[code] = replace(practices, notes=(*practices.notes, *notes))
    if faults:
        raise as_error(faults)
    return regions


def _finder(given: Input, rows: Rows) -> _Finder:
    """Return what locates these practices' postcodes, and those other files have for them."""
    files = (given.files.practice_map, given.files.register)
    others = (
        facts.cells.loc[facts.cells.index.isin(rows.cells["practice_code"]), "postcode"]
        for facts in files
    )
    postcodes = set(compact(pd.concat([rows.cells["postcode"], *others]))) - {""}
    told = look_up_in(given.found.directories, postcodes)
    accounts = [
        Account.of(
            label, told.sources.index[told.sources == label], ("" for _ in range(rows_used))
        ).with_rows(rows_read - rows_used, NOT_HERE)
        for label, (rows_read, rows_used) in told.rows.items()
    ]
    return _Finder(PostcodeFinder(postcodes, told.points).look_up, tuple(accounts))


def _placed(given: Input, rows: Rows, finder: _Finder) -> _Place:
    """Locate practices; where a postcode is not found, by the one that another file has."""
    rows, findings = _with_known_postcodes(given, rows, finder)
    located = locate(rows, finder.look_up, given.rules)
    if not located.faults and not has_places(located.points):
        refused = refused_without_places(given.rules, given.found.maps)
        located = replace(located, faults=refused)
    ended = located.points["terminated"] != ""
    findings += far_from_postcodes(rows, located.points, finder.look_up)
    findings += [
        Finding("postcode_terminated", code, f"{postcode}, ended {when}")
        for code, postcode, when in zip(
            rows.cells.loc[ended, "practice_code"],
            rows.cells.loc[ended, "postcode"],
            located.points.loc[ended, "terminated"],
            strict=True,
        )
    ]
    return _Place(rows, located, findings)


def _with_known_postcodes(given: Input, rows: Rows, finder: _Finder) -> tuple[Rows, list[Finding]]:
    """Find the rows whose postcode nobody knows, and give them the map's or the register's."""
    cells = rows.cells
    placed = rows.given("easting") | rows.given("latitude")
    own = compact(cells.loc[~placed & rows.given("postcode"), "postcode"])
    missing = cells.loc[own.index[~own.isin(finder.look_up(own).index)], "practice_code"]
    if missing.empty:
        return rows, []
    others = pd.concat(
        facts.cells.loc[facts.cells.index.isin(missing), ["postcode", "source"]]
        for facts in (given.files.practice_map, given.files.register)
    )
    others = others.assign(compact=compact(others["postcode"]))
    others = others[others["compact"].isin(finder.look_up(others["compact"]).index)]
    others = others[~others.index.duplicated()]
    instead = others["postcode"].reindex(missing).set_axis(missing.index).dropna()
    findings = [
        Finding(
            "postcode_replaced",
            str(missing[i]),
            f"{cells.loc[i, 'postcode']}: {postcode} instead",
            str(others.loc[missing[i], "source"]),
        )
        for i, postcode in zip(instead.index.tolist(), instead, strict=True)
    ]
    located = cells["postcode"].mask(cells.index.isin(instead.index), instead.reindex(cells.index))
    return replace(rows, cells=cells.assign(postcode=located)), findings


def _practices(
    given: Input, place: _Place, finder: _Finder, wanted: tuple[str, ...], as_one: str = ""
) -> Practices:
    """Put regions together, under one name if any; without any asked for, all of the input.

    What is odd about practices of other regions, such as those of a national file that have no list
    here, is nothing about these.
    """
    table = _table(place.rows, place.located.points)
    excluded, regions = given.excluded, {*wanted}
    if wanted in {(), (ALL,)}:
        regions = {*table["region_code"], *excluded["region_code"], ""}
    excluded = excluded[excluded["region_code"].isin(regions)]
    if as_one:
        names = dict(sorted(zip(table["region_code"], table["region_name"], strict=True))).values()
        name = " and ".join(names) if all(names) else ""
        table = table.assign(region_code=as_one, region_name=name)
    found = (
        finding for code, some in given.findings.items() if code in regions for finding in some
    )
    findings = [*found, *_odd_totals(given), *place.findings]
    findings += [*findings_about_region(table, given.rules, excluded)]
    codes = set(table["practice_code"])
    catchments = _catchments(given, codes)
    areas = set() if catchments is None else set(catchments["area_code"])
    residents = _residents(given, codes)
    if residents is not None:
        areas |= residents.concerned
    areas |= areas_concerned(given.found, _homes(given, codes))
    concerned = {*codes, *areas, *compact(place.rows.cells["postcode"])}
    accounts = [*given.accounts, *finder.accounts]
    beside = given.in_networks[~given.in_networks.index.isin(codes)]
    return Practices(
        table=table,
        sources=_sources(given.opened, accounts),
        notes=(*given.notes, *place.located.notes),
        elsewhere=given.listed - codes,
        beside=beside[beside["current_network"].isin(table["current_network"])],
        networks=given.networks,
        catchments=catchments,
        residents=residents,
        figures=given.figures.among(codes),
        data_report=report_of(
            findings, accounts, concerned, given.known, wanted[0] if len(wanted) == 1 else ""
        ),
    )


def _odd_totals(given: Input) -> list[Finding]:
    """Return what is odd about totals in files, which are about no practice of their own."""
    return [Finding("total_differs", "", total, label) for label, total in given.found.odd_totals]


def _catchments(given: Input, codes: set[str]) -> pd.DataFrame | None:
    patients = given.files.areas.patients
    if patients is None:
        return None
    return patients[patients["practice_code"].isin(codes)].reset_index(drop=True)


def _homes(given: Input, codes: set[str]) -> set[str]:
    homes = given.files.areas.homes
    return {*homes.loc[homes["practice_code"].isin(codes), "area_code"]}


def _residents(given: Input, codes: set[str]) -> Residents | None:
    residents = given.files.areas.residents
    return None if residents is None else residents.among(codes)


def _sources(opened: Sequence[Opened], accounts: Sequence[Account]) -> tuple[Source, ...]:
    """Return the files with the rows that the accounts of their tables are about."""
    rows = {account.label: account.rows for account in accounts}
    return tuple(
        Source(file.name, file.sha256, sum(rows.get(label, 0) for label in file.labels))
        for file in opened
    )


def _no_regions(by: str) -> Fault:
    remedy = "Fill it in, or choose another column with --by."
    if by == "local_authority":
        remedy = "Run prepare on the input: it fills the column in from postcodes."
    return Fault("input", "does not say which practices are in which region", remedy, column=by)


def _meant(given: Input, region: Regions) -> tuple[str, ...]:
    """Return the regions of the input that are meant, by code or name; sorted.

    A text that names no region by itself, as `Bristol, City of` does, names several with commas
    between them.

    Raises
    ------
    InputError
        Where one text may mean several.
    """
    names = _regions_of(given, "region_code", "region_name")
    found = set[str]()
    for text in [region] if isinstance(region, str) else region or ():
        whole = _one_meant(text, names)
        parts = [whole] if whole in {ALL, *names} else text.split(",")
        found |= {_one_meant(part.strip(), names) for part in parts if part.strip()}
    return (ALL,) if ALL in found else tuple(sorted(found))


def _one_meant(text: str, names: dict[str, str]) -> str:
    if one_form(text) == one_form(ALL):
        return ALL
    found = matching(text, names)
    if len(found) > 1:
        raise as_error([several("--region", text, found, names)])
    return found[0] if found else text


def _regions_of(given: Input, code: str, name: str | None) -> dict[str, str]:
    """Return the name of each region of a kind that the input has, by code."""
    names = given.every[name] if name else [""] * len(given.every)
    pairs = sorted(set(zip(given.every[code], names, strict=True)), reverse=True)
    return {code: name for code, name in pairs if code}


def _other_kind(given: Input, region: str) -> str:
    """Say that a region is one of another kind, if it is."""
    for column, name in REGION_COLUMNS.items():
        if column != given.by:
            names = _regions_of(given, column, name)
            found = matching(region, names)
            if found and column != "region_code":
                one = told(found[0], names)
                return f"{one} is {_KINDS[column]}: use --by {column}."
    return ""


_KINDS = {
    "icb_code": "an ICB (or STP)",
    "nhs_region_code": "an NHS region",
    "local_authority": "a local authority",
}


def _nobody_left(given: Input, region: str = ALL) -> Fault:
    """Return the fault of rules that exclude every practice of a region, or of the input."""
    by_size = given.rules.data.atypical == "exclude"
    where = "the input" if region == ALL else region
    return Fault(
        "data.atypical" if by_size else "rules.exclude",
        f"leaves no practice in {where}",
        "Exclude fewer, or attach them instead." if by_size else "Exclude fewer.",
    )


def _of_regions(
    given: Input, wanted: tuple[str, ...], *, several_regions: bool
) -> tuple[Rows, list[Fault], list[str]]:
    """Keep the rows of some regions; with none asked for, make sure that there is only one."""
    rows = given.rows
    codes = sorted({*rows.cells["region_code"].unique()} - {""})
    if rows.cells.empty:
        return rows, [_nobody_left(given, *wanted[:1])], []
    if wanted == (ALL,):
        return rows, [], []
    unknown = ~rows.given("region_code")
    count = plural(int(unknown.sum()), "practice")
    column = "" if given.by == "region_code" else f" ({given.by})"
    notes = [f"{count} without a region code{column}."] if unknown.any() and codes else []
    if not wanted:
        if len(codes) < 2 or several_regions:
            return rows, [], notes
        remedy = f"Choose with --region: {_there(given, codes)}."
        return rows, [Fault("input", f"holds {len(codes):,} regions", remedy)], notes
    faults = [_unknown(given, region, codes) for region in wanted if region not in codes]
    notes = [f"{note[:-1]} left out." for note in notes]
    return rows.where(rows.cells["region_code"].isin(wanted)), faults, notes


def _regions_around(given: Input, practices: Collection[str]) -> tuple[str, ...]:
    """Return the regions that practices are in, where there are others as well."""
    cells = given.rows.cells
    own = set(cells["region_code"][cells["practice_code"].isin(practices)]) - {""}
    return tuple(sorted(own)) if own < set(cells["region_code"]) - {""} else ()


def _unknown(given: Input, region: str, codes: Sequence[str]) -> Fault:
    """Return the fault of a region that no practice is left of."""
    if region in set(given.excluded["region_code"]):
        return _nobody_left(given, region)
    if other := _other_kind(given, region):
        return Fault("--region", "is no region of this kind", other, value=region)
    near = difflib.get_close_matches(one_form(region), codes, n=3, cutoff=0.5)
    names = _regions_of(given, "region_code", "region_name")
    meant = " or ".join(told(code, names) for code in near)
    remedy = f"Did you mean {meant}? " if near else ""
    there = f"The input has {_there(given, codes)}."
    remedy += there if codes else "The input has no region codes."
    return Fault("--region", "is not in the input", remedy, value=region)


def _there(given: Input, codes: Sequence[str]) -> str:
    """Return the first few regions of the input with their names."""
    names = _regions_of(given, "region_code", "region_name")
    return listed((told(code, names) for code in codes), CANDIDATES)


def _table(rows: Rows, points: pd.DataFrame) -> pd.DataFrame:
    """Turn faultless text into the practice table."""
    table = rows.cells.assign(easting=points["easting"], northing=points["northing"])
    table["list_size"] = whole_numbers(rows.cells["list_size"]).astype(np.int64)
    for column in ("weighted_list_size", "adjusted_list_size"):
        table[column] = decimals(rows.cells[column]).round(2)
    table["care_home_beds"] = whole_numbers(rows.cells["care_home_beds"])
    for column, stand_in in (
        ("practice_name", rows.cells["practice_code"]),
        ("local_authority", points["local_authority"]),
    ):
        table[column] = table[column].where(table[column] != "", stand_in)
    table = table[[*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS]]
    return table.sort_values("practice_code", ignore_index=True)
