"""Reading practices: any mix of files in, one clean table and a data report or every fault out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from pcn_group.config.model import Configuration
from pcn_group.config.places import refused_without_places
from pcn_group.practices.coordinates import Located, far_from_postcodes, locate
from pcn_group.practices.directories import LookUp, PostcodeFinder, compact, look_up_in
from pcn_group.practices.joining import Input, as_error, read_input
from pcn_group.practices.oddities import findings_about_region
from pcn_group.practices.profile.of_areas import areas_concerned
from pcn_group.practices.regions import (
    ALL,
    Regions,
    meant_regions,
    no_regions,
    nobody_left,
    regions_around,
    rows_of_regions,
)
from pcn_group.practices.residents import Residents
from pcn_group.practices.rows import Rows, faults_of
from pcn_group.practices.table import (
    OPTIONAL_COLUMNS,
    REQUIRED_COLUMNS,
    Practices,
    Source,
    has_places,
)
from pcn_group.tables.findings import NOT_HERE, Account, Finding, report_of
from pcn_group.tables.numbers import decimals, whole_numbers
from pcn_group.tables.opening import Opened

__all__ = ["read_practices", "read_regions"]


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
    wanted = meant_regions(given, region) or regions_around(given, around)
    rows, faults, notes = rows_of_regions(given, wanted, several_regions=several_regions)
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
    faults = [*given.faults, *faults_of(rows), *(nobody_left(given, code) for code in emptied)]
    if not codes:
        raise as_error(faults if emptied else [no_regions(by), *faults])
    wanted = meant_regions(given, region)
    if wanted not in {(), (ALL,)}:
        rows, unknown, _ = rows_of_regions(given, wanted, several_regions=True)
        if unknown:
            raise as_error([*unknown, *given.faults])
        codes, faults = list(wanted), [*given.faults, *faults_of(rows)]
    finder = _finder(given, rows)
    regions = {}
    for code in codes:
        own, _, notes = rows_of_regions(given, (code,), several_regions=False)
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
