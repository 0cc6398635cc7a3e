"""Figures of areas, weighted by where patients live."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np
import pandas as pd

from pcn_group.base.errors import Fault
from pcn_group.base.wording import listed, plural
from pcn_group.config.profile import ProfileFigure
from pcn_group.practices.layouts import Recognised
from pcn_group.practices.profile.area_years import (
    YEARS,
    area_changes,
    carried_over,
    is_of_other_year,
    year_apart,
)
from pcn_group.practices.profile.figures import MILLION, as_rows
from pcn_group.practices.profile.source import Source, numbers_of
from pcn_group.practices.residents import on_lists, patients_by_area
from pcn_group.practices.rows import Named, Rows
from pcn_group.tables.codes import in_one_form
from pcn_group.tables.findings import Finding

__all__ = ["areas_concerned", "areas_with_figures", "of_areas"]

_KINDS = ("area_figures", "centroids", "lookup")
_SAME_YEAR = (
    "Give the file of the other year, or a look-up with LSOA11CD and LSOA21CD among the inputs."
)
_WHO_LIVES_WHERE = (
    "Give gp-reg-pat-prac-lsoa-all.csv as well: where a practice stands does not say who its "
    "patients are."
)


def of_areas(
    figure: ProfileFigure,
    column: str,
    found: Recognised,
    lists: Mapping[str, int],
    homes: pd.DataFrame,
) -> Source | None:
    """Return a figure of the areas where patients live; None where no table of areas has it.

    Parameters
    ----------
    column
        What the heading means, by `figure_columns`.
    lists
        Patients by practice.
    homes
        `practice_code`, `area_code` and `patients`; of each practice they stand for its list.
    """
    tables = [
        named
        for kind in _KINDS
        for named in found.of(kind)
        if column in named.table.headings(named.names)
    ]
    if not tables:
        return None
    label = listed(named.table.label for named in tables)
    nothing = as_rows(figure.name, [], [], [])
    homes = homes[homes["practice_code"].isin([*lists])]
    there, values, faults = _values(figure, column, tables)
    if homes.empty:
        problem = "has figures of areas, and nothing says where patients live"
        faults.append(Fault(label, problem, _WHO_LIVES_WHERE))
    if faults:
        return Source(label, nothing, tuple(faults))
    living = homes.groupby("area_code")["patients"].sum()
    apart = (year_apart(there, [*named.table.cells.columns], living.index) for named in tables)
    year = next((year for year in apart if year is not None), None)
    missing = living.index.difference([*there])
    lacking = [area for area in missing if year is not None and is_of_other_year(area, year)]
    if year is not None and lacking:
        changes = area_changes(found)
        if changes.empty:
            return Source(label, nothing, (_of_another_year(label, year, living, lacking),))
        values = carried_over(values, changes, year)
    return _weighted(figure, label, values, homes, lists)


def _values(
    figure: ProfileFigure, column: str, tables: list[Named]
) -> tuple[set[str], dict[str, int], list[Fault]]:
    """Return the areas, and of those that have one the value in millionths."""
    rows = Rows.from_tables(tables, ("area_code", column))
    areas = in_one_form(rows.cells["area_code"])
    numbers, faults = numbers_of(rows, column)
    places = numbers.index[areas[numbers.index] != ""]
    values: dict[str, int] = {}
    differing = [
        place
        for place, area, number in zip(places, areas[places], numbers[places], strict=True)
        if values.setdefault(area, number) != number
    ]
    outside = [place for place in places if not 0 <= numbers[place] <= MILLION]
    told = ("area_code", column)
    faults += rows.faults(
        rows.cells.index.to_series().isin(differing),
        told,
        "is another number of the same area",
        "Keep one row of the area.",
    )
    if figure.adds != "mean":
        faults += rows.faults(
            rows.cells.index.to_series().isin(outside),
            told,
            f"is no share of those who live there, which {figure.name} adds up",
            "Give numbers from 0 to 1, or say adds: mean.",
        )
    return {*areas}, values, faults


def _of_another_year(
    label: str, year: int, living: pd.Series[int], lacking: Collection[str]
) -> Fault:
    (theirs,) = {*YEARS} - {year}
    problem = (
        f"is about LSOAs of {year}, and patients are counted in those of {theirs}: "
        f"{int(living[[*lacking]].sum()):,} of {int(living.sum()):,} live in "
        f"{plural(len(lacking), 'LSOA')} that it does not have"
    )
    return Fault(label, problem, _SAME_YEAR)


def _weighted(
    figure: ProfileFigure,
    label: str,
    values: Mapping[str, int],
    homes: pd.DataFrame,
    lists: Mapping[str, int],
) -> Source:
    """Weigh the values by where the patients of each practice live."""
    codes = pd.Series(sorted({*homes["practice_code"]}))
    sizes = np.array([lists[code] for code in codes], dtype=np.int64)
    counts = on_lists(patients_by_area(homes, codes), sizes).tocoo()
    areas = sorted({*homes["area_code"]})
    value = np.array([values.get(area, 0) for area in areas], dtype=object)
    known = np.array([area in values for area in areas])
    laid_out = pd.DataFrame(
        {
            "practice": counts.row,
            "millionths": counts.data.astype(object) * value[counts.col],
            "patients": counts.data * known[counts.col],
        }
    )
    totals = laid_out.groupby("practice").sum()
    missing = sizes[totals.index] - totals["patients"].to_numpy(dtype=np.int64)
    findings = tuple(_unknown(figure, label, codes[totals.index], missing, sizes[totals.index]))
    totals = totals[totals["patients"] > 0]
    rows = as_rows(
        figure.name,
        codes[totals.index].tolist(),
        totals["millionths"].tolist(),
        totals["patients"].tolist(),
    )
    return Source(label, rows, findings=findings)


def _unknown(
    figure: ProfileFigure,
    label: str,
    codes: Collection[str],
    missing: np.ndarray,
    sizes: np.ndarray,
) -> Iterator[Finding]:
    for code, count, size in zip(codes, missing.tolist(), sizes.tolist(), strict=True):
        if count:
            detail = f"{figure.name}: {count:,} of {plural(size, 'patient')} live where it has none"
            yield Finding("figure_unknown", code, detail, label)


def areas_with_figures(found: Recognised) -> set[str]:
    """Return the areas of tables of figures, and those that these may be carried over to."""
    tables = [
        (named.table, named.table.headings(named.names)) for named in found.of("area_figures")
    ]
    areas = {
        area for table, names in tables for area in in_one_form(table.cells[names["area_code"]])
    }
    return areas | _counterparts(areas, found)


def areas_concerned(found: Recognised, homes: Collection[str]) -> set[str]:
    """Return the areas whose rows are about patients who live in these areas."""
    return {*homes} | _counterparts(homes, found) if found.of("area_figures") else set()


def _counterparts(areas: Collection[str], found: Recognised) -> set[str]:
    changes = area_changes(found)
    first, second = (changes[year] for year in YEARS)
    return {*second[first.isin([*areas])]} | {*first[second.isin([*areas])]}
