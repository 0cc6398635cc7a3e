"""Travel from every practice to every possible hub: the shortest way, minutes by car, or a matrix.

A way begins at the practice, or where its patients live. Tables about pairs of practices,
matrices and lists of neighbours, are read here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcn_group.base.codes import is_spreadsheet_error
from pcn_group.base.errors import Fault, InputError
from pcn_group.config.model import Configuration
from pcn_group.geography.catchments import Homes, homes_of, need_catchments
from pcn_group.geography.land import Land, straight_metres
from pcn_group.geography.roads.places import OnRoads
from pcn_group.geography.ways import Ways, shortest_ways
from pcn_group.tables.codes import in_one_form
from pcn_group.tables.columns import column_pieces

__all__ = [
    "LARGEST",
    "LARGEST_REGION",
    "TravelTable",
    "build_travel",
    "faulty_rows",
    "patient_travel",
    "read_matrix",
    "read_pairs",
    "refuse_too_many",
    "straight_line",
]

_SHOWN = 50


def read_pairs(
    path: Path, columns: Sequence[str], codes: Sequence[str]
) -> tuple[pd.DataFrame, list[Fault]]:
    """Read the rows of a table whose first two columns both name practices of the region.

    A national file is normal, so other rows are dropped, a piece at a time: one of all English
    practices has 44 million rows.

    Parameters
    ----------
    path
        The file.
    columns
        The columns needed, as for `read_columns`; the first two hold practice codes.
    codes
        The practices of the region.

    Returns
    -------
    rows
        The columns as text, codes in one form, indexed by line number.
    faults
        Of rows that name nobody beside a practice of the region.

    Raises
    ------
    InputError
        For a file that cannot be read as such a table.
    """
    first, second = columns[:2]
    pieces, halves = [], []
    for chunk in column_pieces(path, columns):
        rows = chunk.assign(**{name: in_one_form(chunk[name]) for name in (first, second)})
        inside = [rows[name].isin(codes) for name in (first, second)]
        pieces.append(rows[inside[0] & inside[1]])
        one = rows[inside[0] ^ inside[1]]
        halves.append(one[_is_nobody(one[first]) | _is_nobody(one[second])])
    half = partial(_half, path.name, (first, second))
    return pd.concat(pieces), faulty_rows(pd.concat(halves), half)


def _is_nobody(codes: pd.Series[str]) -> pd.Series[bool]:
    return codes.map(lambda code: not code or is_spreadsheet_error(code)).astype(bool)


def _half(source: str, columns: tuple[str, str], line: int, row: pd.Series[str]) -> Fault:
    """Return the fault of a row that has a practice of the region and, beside it, nobody."""
    empty, other = columns if _is_nobody(row)[columns[0]] else columns[::-1]
    problem = f"names nobody beside {row[other]}"
    return Fault(source, problem, "Give a code, or take the row out.", line, empty, row[empty])


def faulty_rows(rows: pd.DataFrame, fault: Callable[[int, pd.Series[str]], Fault]) -> list[Fault]:
    """Return a fault for each row, and after the first fifty only how many more there are."""
    faults = [fault(int(str(line)), row) for line, row in rows.head(_SHOWN).iterrows()]
    if len(rows) > _SHOWN:
        more = f"has {len(rows) - _SHOWN:,} more faults like the one above"
        faults.append(Fault(faults[-1].source, more, faults[-1].remedy))
    return faults


LARGEST_REGION = 10_000
"""Practices that a region may have. Travel and cost have a value for every pair, 0.8 GB each at
this size, and several GB in all while they are worked out; all of England has 6,658."""

_STEPS = {"km": 1000, "minutes": 60, "units": 1000}
"""How many small steps a reporting unit has: metres, seconds, and thousandths of a plain number."""

LARGEST = {"metres": 4_000_000, "minutes": 30_000, "none": 4_000_000}
"""The largest value in a matrix, by unit: farther than across most countries, and little enough
for all patients of a large region to travel as far with every sum exact. Of plain numbers it is
also the most steps, which are made to fit."""

_OUT_OF_REACH = {"", "inf", "infinity"}
_NAMED_PAIRS = 5
_DISTANCES_AT_ONCE = 8_000_000
"""All of England has 200 million from areas to hubs, which is too much memory at once."""


@dataclass(frozen=True)
class TravelTable:
    """Travel between practices.

    Attributes
    ----------
    values
        float64 (n, n): from practice `i` (row) to hub `h` (column), in metres or seconds. Zero from
        a practice to itself, but not where travel is from the patients' homes. Infinite where the
        hub is out of reach.
    unit
        What reports use: `km` (values are metres), `minutes` (values are seconds), or `units`,
        those of a matrix of plain numbers (values are thousandths, or coarser).
    left_out
        How many patients live too far from any road, and count for nothing.
    coarser
        How many thousandths of a plain number count as one step: 1, 10, 100 or 1000.
    to_sites
        float64 (n, m): likewise to the sites that may be hubs.
    anchors
        int64 (m,): the practice that each site is nearest to, in whose area it lies.
    """

    values: NDArray[np.float64]
    unit: Literal["km", "minutes", "units"]
    left_out: int = 0
    coarser: int = 1
    to_sites: NDArray[np.float64] | None = None
    anchors: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @property
    def _per_unit(self) -> int:
        return _STEPS[self.unit] // self.coarser

    @cached_property
    def to_hubs(self) -> NDArray[np.float64]:
        """Travel to practices, then sites: float64 (n, n + m)."""
        return self.values if self.to_sites is None else np.hstack([self.values, self.to_sites])

    def steps(self, amount: float) -> float:
        """Convert kilometres to metres, minutes to seconds, or plain numbers to their steps."""
        return amount * self._per_unit

    def price(self, amount: float) -> int:
        """Convert a price per patient in the reporting unit to an integer in the small one."""
        return round(self.steps(amount))

    def to_unit(self, amount: float) -> float:
        """Convert what `steps` returns back."""
        return amount / self._per_unit


def build_travel(
    table: pd.DataFrame,
    configuration: Configuration,
    catchments: pd.DataFrame | None = None,
    ways: Ways | None = None,
) -> TravelTable:
    """Return the travel the configuration asks for.

    Parameters
    ----------
    table
        The `Practices.table`, sorted by code.
    configuration
        Its `travel` section names the matrix, if any, or the origin of ways.
    catchments
        The `Practices.catchments`, for ways from where patients live.
    ways
        Between the practices, over land or along roads; without them travel is straight.

    Raises
    ------
    InputError
        Where the practices are too many, with every fault of the matrix, or where catchments are
        needed and not there.
    """
    refuse_too_many(len(table))
    rules = configuration.travel
    if rules.matrix is not None:
        return read_matrix(rules.matrix, tuple(table["practice_code"]), rules.unit)
    if rules.way == "straight":
        ways = None
    if ways is not None and ways.on_roads is not None:
        homes = None
        if rules.origin == "patients":
            homes = homes_of(table, need_catchments(catchments, "travel.origin"))
        return _road_travel(ways.on_roads, homes)
    if rules.origin == "patients":
        land = ways.land if ways is not None else None
        return patient_travel(table, need_catchments(catchments, "travel.origin"), land)
    return straight_line(table) if ways is None else TravelTable(ways.metres, "km")


def refuse_too_many(practices: int, region: str = "the region") -> None:
    """Stop where a region has more practices than can be worked with, before memory is spent.

    Raises
    ------
    InputError
        With the limit, and what to do.
    """
    if practices > LARGEST_REGION:
        problem = f"has {practices:,} practices, and {LARGEST_REGION:,} is the most"
        remedy = (
            "Name a smaller region with --region, or divide the input by another column with --by, "
            "such as local_authority; batch does every region."
        )
        raise InputError([Fault(region, problem, remedy)])


def straight_line(table: pd.DataFrame) -> TravelTable:
    """Measure straight lines on the British National Grid.

    Parameters
    ----------
    table
        With `easting` and `northing` in metres (EPSG:27700).
    """
    places = table[["easting", "northing"]].to_numpy(dtype=np.float64)
    return TravelTable(values=straight_metres(places, places), unit="km")


def patient_travel(
    table: pd.DataFrame, catchments: pd.DataFrame, land: Land | None = None
) -> TravelTable:
    """Measure ways from where patients live, their mean for each practice and hub.

    Every patient counts alike, as living at the centroid of the area. The patients of a practice
    without catchment count as living at the practice.

    Parameters
    ----------
    table
        With `easting` and `northing` in metres (EPSG:27700), sorted by code.
    catchments
        The `Practices.catchments`, in metres as well.
    land
        What the ways lead over; without it they are straight lines.
    """
    places = table[["easting", "northing"]].to_numpy(dtype=np.float64)

    def away(starts: NDArray[np.float64], ends: NDArray[np.float64]) -> NDArray[np.float64]:
        if land is None:
            return straight_metres(starts, ends)
        return shortest_ways(land, starts, ends).metres

    metres = away(places, places)
    homes = homes_of(table, catchments)
    step = max(1, _DISTANCES_AT_ONCE // len(homes.areas))
    for start in range(0, len(places), step):
        block = slice(start, start + step)
        metres[homes.located, block] = homes.mean(away(homes.areas, places[block]))
    return TravelTable(values=metres, unit="km")


def _road_travel(on_roads: OnRoads, homes: Homes | None = None) -> TravelTable:
    """Return the seconds by car to each hub: the way there counts, not the way back.

    Parameters
    ----------
    on_roads
        The practices on the roads.
    homes
        Where their patients live, if travel is from there. Those too far from any road are left
        out; a practice with no others is where its patients live.
    """
    seconds = on_roads.seconds()
    if homes is None:
        return TravelTable(seconds, "minutes")
    spots = on_roads.spots_of(homes.areas)
    near = homes.among(spots.is_found)
    seconds[near.located] = near.mean(on_roads.seconds(spots[spots.is_found]))
    left_out = round(homes.patients.sum() - near.patients.sum())
    return TravelTable(seconds, "minutes", left_out)


def read_matrix(
    path: Path, codes: Sequence[str], unit: Literal["metres", "minutes", "none"]
) -> TravelTable:
    """Read a user's travel matrix, a CSV with the columns `from`, `to` and `value`.

    Rows about practices outside the region are ignored. A pair given in one direction only counts
    for both: many tools write each pair once. A practice's travel to itself is zero, whatever the
    file says. A value that is empty or `inf` means that the hub is out of reach.

    Parameters
    ----------
    path
        The file.
    codes
        The practices of the region, in the order of the result.
    unit
        What the values are in. Minutes are kept as seconds, and numbers of no known unit as
        thousandths; where the largest are too large for that, as hundredths, tenths or whole ones.

    Raises
    ------
    InputError
        With every fault: values that are not numbers of zero or more, or larger than the largest,
        pairs given twice, pairs missing, or a file that cannot be read at all.
    """
    rows, faults = read_pairs(path, ("from", "to", "value"), codes)
    amounts = pd.to_numeric(rows["value"], errors="coerce").to_numpy(dtype=np.float64, copy=True)
    never = rows["value"].str.lower().isin(_OUT_OF_REACH).to_numpy()
    wrong = ~never & ~(np.isfinite(amounts) & (amounts >= 0))
    large = ~never & ~wrong & (amounts > LARGEST[unit])
    amounts[wrong] = 0.0  # reported below as wrong, and so not again as missing
    amounts[never] = np.inf
    places = {code: i for i, code in enumerate(codes)}
    values = np.full((len(codes), len(codes)), np.nan)
    values[rows["from"].map(places), rows["to"].map(places)] = amounts
    values = np.where(np.isnan(values), values.T, values)
    np.fill_diagonal(values, 0.0)
    faults += _wrong_values(rows[wrong], path.name)
    faults += _large_values(rows[large], path.name, unit)
    faults += _repeated_pairs(rows[rows.duplicated(["from", "to"])], path.name)
    faults += _missing_pairs(values, codes, path.name)
    if faults:
        raise InputError(faults)
    if unit == "none":
        return _plain_numbers(values)
    if unit == "minutes":
        return TravelTable(values=values * _STEPS["minutes"], unit="minutes")
    return TravelTable(values=values, unit="km")


def _plain_numbers(values: NDArray[np.float64]) -> TravelTable:
    """Return numbers of no known unit in the finest steps that leave every sum exact."""
    largest = values[np.isfinite(values)].max(initial=0.0)
    coarser = next(
        (tens for tens in (1, 10, 100) if largest * _STEPS["units"] / tens <= LARGEST["none"]),
        _STEPS["units"],
    )
    return TravelTable(values * (_STEPS["units"] // coarser), "units", coarser=coarser)


def _wrong_values(rows: pd.DataFrame, source: str) -> list[Fault]:
    remedy = "Give a number, zero or more; for a hub out of reach leave the value empty."
    with_comma = rows["value"].str.fullmatch(r"[0-9]+(?:,[0-9]+)+").astype(bool)
    others = faulty_rows(
        rows[~with_comma],
        lambda line, row: Fault(
            source, "is not a travel distance or time", remedy, line, "value", row["value"]
        ),
    )
    return [*_commas(rows[with_comma], source), *others]


def _commas(rows: pd.DataFrame, source: str) -> list[Fault]:
    """Refuse numbers with commas: `5,903` may be either of two."""
    problem = "has a comma, which may be a decimal one or one of thousands"
    remedy = "Write 5.5 for five and a half, and 5500 without a comma."
    return faulty_rows(
        rows, lambda line, row: Fault(source, problem, remedy, line, "value", row["value"])
    )


def _large_values(rows: pd.DataFrame, source: str, unit: str) -> list[Fault]:
    problem = f"is more than the largest value, {LARGEST[unit]:,} {unit}"
    remedy = f"For a hub out of reach leave the value empty; else give {unit}."
    if unit == "none":
        problem = f"is more than the largest value, {LARGEST[unit]:,}"
        remedy = "For a hub out of reach leave the value empty; else divide all values by 1,000."
    return faulty_rows(
        rows, lambda line, row: Fault(source, problem, remedy, line, "value", row["value"])
    )


def _repeated_pairs(rows: pd.DataFrame, source: str) -> list[Fault]:
    remedy = "Keep one row for each pair and direction."
    return faulty_rows(
        rows,
        lambda line, row: Fault(
            source, "gives a pair again", remedy, line, "to", f"{row['from']} to {row['to']}"
        ),
    )


def _missing_pairs(values: NDArray[np.float64], codes: Sequence[str], source: str) -> list[Fault]:
    missing = [(codes[i], codes[h]) for i, h in np.argwhere(np.isnan(values)) if i < h]
    if not missing:
        return []
    named = ", ".join(f"{start} to {end}" for start, end in missing[:_NAMED_PAIRS])
    more = ", ..." if len(missing) > _NAMED_PAIRS else ""
    problem = f"lacks {len(missing):,} pairs of practices" if len(missing) > 1 else "lacks a pair"
    remedy = "Give every pair of practices of the region in at least one direction."
    return [Fault(source, problem, remedy, value=named + more)]
