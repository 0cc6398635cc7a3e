"""PCN adjusted populations, which are published by network: shared among the practices of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pcn_group.base.errors import Fault
from pcn_group.base.wording import plural
from pcn_group.funding.members import shared
from pcn_group.practices.rows import Named, Rows
from pcn_group.tables.numbers import decimals, whole_numbers

__all__ = ["ADJUSTED", "adjusted_heading", "share_adjusted"]

ADJUSTED = "adjusted_list_size"

_BEGINS = "pcn_adjusted_population"
"""How the heading begins, in the spelling in which headings are compared; the date follows."""

_HUNDREDTHS = 100


def adjusted_heading(keys: Sequence[str]) -> str:
    """Return the heading that has adjusted populations by network; empty where there is none."""
    if "pcn_code" not in keys:
        return ""
    return next((key for key in keys if key.startswith(_BEGINS)), "")


def share_adjusted(rows: Rows, tables: Sequence[Named]) -> tuple[Rows, list[Fault], list[str]]:
    """Share the population of each network among its practices by their registered lists.

    By largest remainder, to two decimals, so that they add up. A practice that has a list of its
    own keeps it.

    Parameters
    ----------
    rows
        All practices of the input, with their networks of today.
    tables
        Those with a row for each network.

    Returns
    -------
    tuple
        The practices; what is wrong; and for each table a note with the heading of its column,
        which says what day, and so which version of the formula, the populations are of.
    """
    if not tables:
        return rows, [], []
    told = Rows.from_tables(tables)
    networks = told.cells["current_network"]
    populations = decimals(told.cells[ADJUSTED])
    about = networks != ""
    faults = [
        *told.faults(
            about & populations.isna(),
            (ADJUSTED,),
            "is not a number of patients",
            "Give the population as digits.",
        ),
        *told.faults(
            about & networks.duplicated(),
            ("current_network",),
            "has a second row",
            "Keep one row for each network.",
        ),
    ]
    if faults:
        return rows, faults, []
    by_code = dict(zip(networks[about], populations[about], strict=True))
    parts = _parts(rows, by_code)
    cells = rows.cells.copy()
    cells[ADJUSTED] = cells[ADJUSTED].mask(
        cells[ADJUSTED] == "", cells["practice_code"].map(parts).fillna("")
    )
    notes = [_note(named) for named in tables]
    return replace(rows, cells=cells), [], notes


def _parts(rows: Rows, populations: Mapping[str, float]) -> dict[str, str]:
    """Return the part of each practice, as text."""
    cells = rows.cells.assign(size=whole_numbers(rows.cells["list_size"]).fillna(0).astype(int))
    parts: dict[str, str] = {}
    for network, inside in cells.sort_values("practice_code").groupby("current_network"):
        patients = int(inside["size"].sum())
        if network not in populations or not patients:
            continue
        total = round(Decimal(str(populations[str(network)])) * _HUNDREDTHS)
        exact = [total * size for size in inside["size"].tolist()]
        hundredths = shared(total, exact, patients)
        for code, part in zip(inside["practice_code"], hundredths, strict=True):
            parts[code] = f"{Decimal(part) / _HUNDREDTHS:.2f}"
    return parts


def _note(named: Named) -> str:
    table = named.table
    heading = table.headings(named.names)[ADJUSTED]
    return (
        f"{table.label}: {heading} of {plural(table.rows, 'network')}, shared among the practices "
        "of each by their registered lists."
    )
