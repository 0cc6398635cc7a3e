"""The page for whoever audits: every total of the CSV files beside what the formulas come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pcn_group.funding.budget import Budget, YearBudget
from pcn_group.funding.totals import TOTAL, Level, Total, footprints_of
from pcn_group.output.workbook.lists import Places
from pcn_group.output.workbook.sheets import (
    AUDIT,
    BUDGETS,
    FIRST_ROW,
    ICBS,
    NETWORKS,
    REGIONS,
    TOTALS,
    Cell,
    Formula,
    Sheet,
    summed,
)
from pcn_group.output.workbook.totals import by_line

__all__ = ["audit_rows"]

_Place = tuple[str, str]


def audit_rows(budget: Budget, places: Places) -> Iterator[Sequence[Cell]]:
    """Return the rows of `budget_totals.csv`, each with its amount as written and by formula."""
    added_up = _added_up(budget, places)
    row = FIRST_ROW
    for year in budget.years:
        inside = _networks_of(year)
        for total in places.totals[year.year]:
            written, found = AUDIT.here("csv_gbp", row), AUDIT.here("workbook_gbp", row)
            refer = _reference(total, places, inside, added_up)
            yield (
                total.year,
                total.level,
                total.region_code,
                total.code,
                places.names.get((total.year, total.region_code, total.code), "")
                if total.level == "network"
                else "",
                total.line,
                total.amount,
                Formula(refer, total.amount),
                Formula(f"ROUND({written}-{found},2)", 0),
            )
            row += 1


def _added_up(budget: Budget, places: Places) -> Mapping[tuple[str, str, str, str], str]:
    """Return the cells of ICBs and of all, by level, year, line and code."""
    cells: dict[tuple[str, str, str, str], str] = {}
    for sheet, level in _SUMS.items():
        rows = (total for year in budget.years for total in by_line(year, level, places))
        for row, total in enumerate(rows, FIRST_ROW):
            cells[level, total.year, total.line, total.code] = sheet.at("amount_gbp", row)
    return cells


_SUMS: Mapping[Sheet, Level] = {ICBS: "icb", TOTALS: "all"}
"""The sheets that have a row for each total of a level, after one another."""


def _networks_of(year: YearBudget) -> Mapping[_Place, Sequence[str]]:
    """Return the networks of each footprint, by region and identifier."""
    inside: dict[_Place, list[str]] = defaultdict(list)
    for (region, network), footprint in footprints_of(year.members).items():
        inside[region, footprint].append(network)
    return inside


def _reference(
    total: Total,
    places: Places,
    inside: Mapping[_Place, Sequence[str]],
    added_up: Mapping[tuple[str, str, str, str], str],
) -> str:
    """Refer to the cell that a total is worked out in, or to those that it is the sum of."""
    region = total.region_code
    if total.level == "network":
        return _of_network(total, total.code, places)
    if total.level == "footprint":
        networks = inside[region, total.code]
        return summed([_of_network(total, network, places) for network in networks])
    if total.level == "region":
        return REGIONS.at("amount_gbp", places.region[total.year, total.line, region])
    return added_up[total.level, total.year, total.line, total.code]


def _of_network(total: Total, network: str, places: Places) -> str:
    key = (total.region_code, network)
    if total.line == TOTAL:
        return NETWORKS.at("counted_gbp", places.network[total.year, *key])
    return BUDGETS.at("amount_gbp", places.payment[total.year, total.line, *key])
