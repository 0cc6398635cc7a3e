"""Where patients live: their number by practice and area, and where the areas are.

`gp-reg-pat-prac-lsoa-all.csv` counts the patients of each practice by lower layer super output area
(LSOA) of 2011 or 2021. Its siblings do so by sex, so that together they count everybody twice.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from pcn_group.base.errors import Fault, InputError
from pcn_group.config.model import Neighbourhoods
from pcn_group.practices.coordinates import locate
from pcn_group.practices.directories import locate_postcodes
from pcn_group.practices.kinds import AREA_NAMES
from pcn_group.practices.layouts import Recognised
from pcn_group.practices.map_columns import parent_columns
from pcn_group.practices.profile.of_areas import areas_with_figures
from pcn_group.practices.residents import Residents
from pcn_group.practices.rows import Named, Rows, mistaken
from pcn_group.tables.codes import in_one_form, respelt
from pcn_group.tables.findings import Account, Finding
from pcn_group.tables.numbers import AMBIGUOUS, ambiguous, as_dates, two_days, whole_numbers
from pcn_group.tables.sheets import Pieces, key

__all__ = ["Areas", "read_areas"]

_KEYS = ["date", "sex", "practice_code", "area_code"]
_ALL = "ALL"
_EARLIER = "an earlier extract"
_BY_SEX = "by sex, and counted in the rows of all sexes already"
_NOWHERE = "in an area without a centroid"
_NOBODY = "without a patient"
_SHOWN = 20


@dataclass(frozen=True)
class Areas:
    """Patients by practice and area.

    Attributes
    ----------
    patients
        `practice_code`, `area_code`, `patients` (int64) and where the area is, `easting` and
        `northing` (metres), for the areas that have a centroid; sorted by the two codes. None
        without such files.
    totals
        Index: practice codes. Their patients in the files, in whatever area.
    accounts
        Of the rows of the files of patients, and for each file of centroids its label, its number
        of rows, and the codes of its areas.
    findings
        Codes of practices that are read otherwise than the files of patients have them.
    residents
        What is needed beside them where there is a map of neighbourhoods; None where there is none.
    homes
        `practice_code`, `area_code`, `patients` (int64) for all areas, sorted by the two codes.
    """

    patients: pd.DataFrame | None = None
    totals: pd.Series[float] = field(default_factory=lambda: pd.Series(dtype=float))
    accounts: tuple[Account, ...] = ()
    centroids: tuple[Account, ...] = ()
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()
    residents: Residents | None = None
    homes: pd.DataFrame = field(default_factory=lambda: Residents.of_nobody().patients)


def read_areas(found: Recognised, rules: Neighbourhoods) -> Areas:
    """Read patients by area, locate the areas, and find the map of neighbourhoods.

    Parameters
    ----------
    rules
        May name a map that is not among the input.
    """
    maps = [rules.map] if rules.map is not None else found.maps
    outlines = None
    if len(found.shapes) == 1 and len(maps) == (2 if rules.map is None else 1):
        (outlines,) = found.shapes
        maps = [path for path in maps if path != outlines] or maps
    has_map = bool(maps)
    if not any((has_map, found.areas, found.of("centroids"), found.of("area_figures"))):
        return Areas()
    counts, faults, findings = _counts(found.areas)
    if faults:
        return Areas(faults=tuple(faults))
    latest = counts["date"].max()
    counts["reason"] = counts["reason"].mask(counts["date"] != latest, _EARLIER)
    used = counts["reason"] == ""
    whole = counts["practice_code"][used & (counts["sex"] == _ALL)].unique()
    by_sex = used & (counts["sex"] != _ALL) & counts["practice_code"].isin(whole)
    counts["reason"] = counts["reason"].mask(by_sex, _BY_SEX)
    used &= ~by_sex
    faults = [*_twice(counts[used]), *_several(maps)]
    totals = counts[used].groupby("practice_code")["patients"].sum().astype(float)
    mapped = _areas_of(found.of("neighbourhoods"))
    living = set(counts.loc[used, "area_code"])
    places, more = _places(found.of("centroids"), living, all_of_them=has_map)
    keys = ["practice_code", "area_code"]
    summed = counts[used].groupby(keys)["patients"].sum().reset_index()
    figured = areas_with_figures(found)
    located = used & counts["area_code"].isin({*places.index, *mapped, *figured})
    counts["reason"] = counts["reason"].mask(used & ~located, _NOWHERE)
    patients = None
    if found.areas and found.of("centroids"):
        is_placed = summed["area_code"].isin(places.index)
        patients = summed[is_placed].reset_index(drop=True).join(places, on="area_code")
    placed = {*places.index} & living if living or not has_map else {*places.index}
    residents = None
    if has_map:
        residents = Residents(maps[0], summed, places, _parents(found), outlines)
    return Areas(
        patients,
        totals,
        tuple(_account(str(label), rows) for label, rows in counts.groupby("source", sort=True)),
        tuple(
            Account.of(named.table.label, *_area_rows(named, placed))
            for named in found.of("centroids")
        )
        + tuple(
            Account.of(named.table.label, *_area_rows(named))
            for kind in ("neighbourhoods", "lookup", "area_figures")
            for named in found.of(kind)
        ),
        (*faults, *more),
        findings,
        residents,
        summed,
    )


def _account(label: str, rows: pd.DataFrame) -> Account:
    used = rows[rows["reason"] == ""].groupby("practice_code")["rows"].sum()
    aside = rows[rows["reason"] != ""].groupby("reason")["rows"].sum()
    return Account(
        label,
        {str(code): int(count) for code, count in used.items()},
        {str(reason): int(count) for reason, count in aside.items()},
    )


def _counts(
    files: Sequence[Pieces],
) -> tuple[pd.DataFrame, list[Fault], tuple[Finding, ...]]:
    """Read the files piece by piece: patients and rows by practice, area, sex and date."""
    pieces = [_counted(pd.DataFrame(columns=[*_KEYS, "patients"], dtype=str)).assign(source="")]
    faults: list[Fault] = []
    findings: dict[Finding, None] = {}
    for file in files:
        names = {h: AREA_NAMES[key(h)] for h in file.headings if key(h) in AREA_NAMES}
        try:
            for chunk in file.chunks(list(names)):
                rows = chunk.rename(columns=names).reindex(
                    columns=[*_KEYS, "patients"], fill_value=""
                )
                faults += _broken(rows, file, names)
                practices = rows[["practice_code"]].drop_duplicates().assign(source=file.label)
                findings |= dict.fromkeys(respelt(practices))
                pieces.append(_counted(rows).assign(source=file.label))
        except InputError as error:
            faults += error.faults
    return pd.concat(pieces[1:] or pieces, ignore_index=True), faults, tuple(findings)


def _counted(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.assign(patients=whole_numbers(rows["patients"]).fillna(0), rows=1)
    for column in ("practice_code", "area_code"):
        rows[column] = in_one_form(rows[column])
    for column in _KEYS[1:]:
        rows[column] = rows[column].map(sys.intern)  # a million rows of some thousand codes
    rows["date"] = as_dates(rows["date"])
    rows["sex"] = rows["sex"].map({sex: sex.upper() or _ALL for sex in rows["sex"].unique()})
    rows["reason"] = rows["patients"].eq(0).map({True: _NOBODY, False: ""})
    rows["patients"] = rows["patients"].astype("int64")
    return rows.reset_index(drop=True)


def _broken(rows: pd.DataFrame, file: Pieces, names: dict[str, str]) -> list[Fault]:
    headings = {name: heading for heading, name in names.items()}
    codes = in_one_form(rows["practice_code"].drop_duplicates())
    unclear = ambiguous(rows["patients"])
    checks = (
        ("practice_code", rows["practice_code"] == "", "is empty", "Give the practice's code."),
        *(
            ("practice_code", wrong.reindex(rows.index, fill_value=False), problem, remedy)
            for wrong, problem, remedy in mistaken(codes, official=True)
        ),
        ("area_code", rows["area_code"] == "", "is empty", "Give the area's code."),
        (
            "patients",
            (whole_numbers(rows["patients"]).isna() & ~unclear)
            | rows["patients"].str.startswith("-"),
            "is not a number of patients",
            "Give it as digits.",
        ),
        ("patients", unclear, *AMBIGUOUS),
        (
            "date",
            (rows["date"] != "") & (as_dates(rows["date"]) == "") & ~two_days(rows["date"]),
            "is not a date",
            "Write it as 2021-01-31.",
        ),
        ("date", two_days(rows["date"]), "may be either of two days", "Write it as 2021-01-31."),
    )
    return [
        Fault(file.label, problem, remedy, int(str(row)), headings[column], value)
        for column, wrong, problem, remedy in checks
        for row, value in rows.loc[wrong, column].head(_SHOWN).items()
    ]


def _twice(counts: pd.DataFrame) -> list[Fault]:
    again = counts[counts.duplicated(["sex", "practice_code", "area_code"])]
    remedy = "Keep one of the rows, or give each file once."
    columns = (again[name].head(_SHOWN) for name in ("source", "practice_code", "area_code"))
    return [
        Fault(label, "counts a practice and area again", remedy, value=f"{code}, {area}")
        for label, code, area in zip(*columns, strict=True)
    ]


def _several(maps: Sequence[Path]) -> list[Fault]:
    remedy = f"Keep one, or name it with --set neighbourhoods.map={maps[0]}." if maps else ""
    return [
        Fault(other.name, f"is a map of neighbourhoods, and so is {maps[0].name}", remedy)
        for other in maps[1:]
    ]


def _places(
    tables: Sequence[Named], wanted: set[str], *, all_of_them: bool
) -> tuple[pd.DataFrame, list[Fault]]:
    """Locate areas by the centroids given: those wanted, or all of them."""
    rows = Rows.from_tables(tables, ("area_code",))
    rows.cells["area_code"] = in_one_form(rows.cells["area_code"])
    if not all_of_them:
        rows = rows.where(rows.cells["area_code"].isin(wanted))
    remedy = "Keep one row of the area."
    twice = rows.cells["area_code"].duplicated()
    faults = rows.faults(twice, ("area_code",), "is the code of another row too", remedy)
    located = locate(rows, lambda _: locate_postcodes(()))
    places = located.points[["easting", "northing"]].set_axis(pd.Index(rows.cells["area_code"]))
    return places[~places.index.duplicated()].dropna(), [*faults, *located.faults]


def _areas_of(tables: Sequence[Named]) -> set[str]:
    """Return the areas that tables are about."""
    columns = [named.table.headings(named.names).get("area_code") for named in tables]
    return {
        area
        for named, column in zip(tables, columns, strict=True)
        if column is not None
        for area in in_one_form(named.table.cells[column])
    }


def _parents(found: Recognised) -> pd.DataFrame:
    """Return in which larger areas areas are, by all tables that say so."""
    pairs = [pd.DataFrame(columns=["area_code", "parent_code"], dtype=str)]
    for named in (*found.of("centroids"), *found.of("lookup")):
        cells = named.table.cells
        area = named.table.headings(named.names)["area_code"]
        pairs += [
            pd.DataFrame(
                {
                    "area_code": in_one_form(cells[area]),
                    "parent_code": in_one_form(cells[parent]),
                }
            )
            for parent in parent_columns([*cells.columns])
        ]
    return pd.concat(pairs).drop_duplicates().reset_index(drop=True)


def _area_rows(named: Named, known: set[str] | None = None) -> tuple[list[str], list[str]]:
    """Return the area that each row is about, and why a row is set aside; None keeps all."""
    headings = named.table.headings(named.names)
    column = headings.get("area_code") or headings["parent_code"]
    areas = in_one_form(named.table.cells[column]).tolist()
    used = set(areas) if known is None else known
    return areas, ["" if area in used else "no patient lives there" for area in areas]
