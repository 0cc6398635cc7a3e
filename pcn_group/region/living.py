"""Where the patients of a region live, in areas and in neighbourhoods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.spatial import KDTree

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import listed, plural
from pcn_group.config.model import Neighbourhoods as Rules
from pcn_group.geography.neighbourhood_map import NOWHERE, NeighbourhoodMap, read_map
from pcn_group.practices.residents import Residents, on_lists, patients_by_area
from pcn_group.practices.table import Practices
from pcn_group.practices.units import hosts, unit_numbers
from pcn_group.region.neighbourhoods import Neighbourhoods
from pcn_group.tables.findings import Finding, with_more

__all__ = ["Living", "with_neighbourhoods"]

_BY_PRACTICES = (
    "The input does not say where patients live: all of a practice's count in the neighbourhood "
    "where it stands."
)
_FAR_METRES = 20_000
"""So far from every area of a table a practice stands in none of its neighbourhoods."""
_SHOWN = 8
"""Areas and neighbourhoods named in a finding"""


@dataclass(frozen=True)
class Living:
    """In which areas the patients of a region live.

    Attributes
    ----------
    areas
        The codes of the areas that patients live in, ascending; none where these are not known.
    places
        float64 (k, 2): easting and northing of each area's centroid; NaN where it is not known.
    neighbourhood_of
        int64 (k,): the number of the neighbourhood of each area, or `NOWHERE`.
    patients
        Sparse int64 (n, k): patients of each practice, in the order of the table of units, in each
        area. They add up to the list size, but for practices that no area is known of.
    standing
        int64 (n,): the number of the neighbourhood that each practice stands in, or `NOWHERE`,
        also where it is not known.
    shapes
        The polygon of each neighbourhood on EPSG:27700; None where the map is a table.
    """

    areas: tuple[str, ...]
    places: NDArray[np.float64]
    neighbourhood_of: NDArray[np.int64]
    patients: csr_matrix
    standing: NDArray[np.int64]
    shapes: NDArray[np.object_] | None


def with_neighbourhoods(
    practices: Practices, rules: Rules
) -> tuple[Practices, Neighbourhoods | None, Living | None]:
    """Return practices with what is odd about where patients live, and where they do.

    There are none without a map, or where it is not told who lives where. Neighbourhoods where
    nobody lives are left out.

    Parameters
    ----------
    practices
        Their table says which are attached to which.
    rules
        May name a map in place of the one among the input.

    Raises
    ------
    InputError
        With the faults of the map, or if practices cannot be placed on it.
    """
    table = practices.table
    residents = (practices.residents or Residents.of_nobody()).among(table["practice_code"])
    path = rules.map or residents.map
    if path is None or not residents.is_told:
        return practices, None, None
    drawn = read_map(path, rules, residents.parents, residents.outlines)
    areas = tuple(residents.patients["area_code"].drop_duplicates().sort_values())
    places = residents.places.reindex(list(areas)).to_numpy(dtype=np.float64)
    number = drawn.of_areas(areas, places)
    counts = on_lists(
        patients_by_area(residents.patients, table["practice_code"]), table["list_size"].to_numpy()
    )
    patients = np.zeros((len(table), len(drawn.codes) + 1), dtype=np.int64)
    owner, area = counts.nonzero()
    np.add.at(patients, (owner, number[area]), counts.data)
    standing = _standing(table, drawn, residents)
    placed = np.flatnonzero(np.diff(counts.indptr) == 0)
    if placed.size and standing is None:
        raise InputError([_nobody_placed(drawn)])
    standing = np.full(len(table), NOWHERE) if standing is None else standing
    patients[placed, standing[placed]] = table["list_size"].to_numpy()[placed]
    if not patients[:, :NOWHERE].any():
        raise InputError([_nobody_there(drawn)])
    findings = [
        *drawn.findings,
        *_areas_in_none(drawn, areas, number, counts),
        *_practices_in_none(table, patients[:, NOWHERE]),
        *_unused(drawn, patients),
    ]
    units = unit_numbers(table)
    adding = csr_matrix((np.ones_like(units), (units, np.arange(len(units)))))
    kept = np.flatnonzero(patients[:, :NOWHERE].any(axis=0))
    renumbered = np.full(len(drawn.codes) + 1, NOWHERE)
    renumbered[kept] = np.arange(len(kept))
    neighbourhoods = Neighbourhoods(
        codes=tuple(drawn.codes[k] for k in kept),
        names=tuple(drawn.names[k] for k in kept),
        patients=adding @ patients[:, kept],
        by="residents" if areas else "practices",
    )
    shapes = None if drawn.shapes is None else drawn.shapes[kept]
    own = hosts(table) == table["practice_code"]
    living = Living(
        areas=areas,
        places=places,
        neighbourhood_of=renumbered[number],
        patients=csr_matrix(adding @ counts),
        standing=renumbered[standing[own]],
        shapes=shapes,
    )
    notes = tuple(dict.fromkeys((*practices.notes, *(() if areas else (_BY_PRACTICES,)))))
    report = with_more(practices.data_report, findings, table)
    return replace(practices, notes=notes, data_report=report), neighbourhoods, living


def _standing(
    table: pd.DataFrame, drawn: NeighbourhoodMap, residents: Residents
) -> NDArray[np.int64] | None:
    """Return the neighbourhood that each practice stands in; by a table, that of its nearest area.

    Where that is far away, as on a map of another region, it stands in none. There is nothing to
    return where the map is a table, and nothing says where its areas are.
    """
    points = table[["easting", "northing"]].to_numpy(dtype=np.float64)
    if drawn.shapes is not None:
        return drawn.of_points(points, table["practice_code"].tolist())
    places = residents.places[residents.places.index.isin([*drawn.areas])]
    if places.empty:
        return None
    away, nearest = KDTree(places.to_numpy()).query(points)
    standing = drawn.of_areas(places.index[nearest].tolist(), points)
    return np.where(away < _FAR_METRES, standing, NOWHERE)


def _nobody_there(drawn: NeighbourhoodMap) -> Fault:
    shown = listed((drawn.told(k) for k in range(len(drawn.codes))), 3)
    problem = f"has no neighbourhood where a patient of the region lives, but {shown}"
    return Fault(drawn.source, problem, "Give the map of this region.")


def _nobody_placed(drawn: NeighbourhoodMap) -> Fault:
    problem = "says in which neighbourhood areas are, and nothing says who lives there"
    remedy = (
        "Give gp-reg-pat-prac-lsoa-all.csv, or centroids of the areas to have patients count "
        "where their practice stands, or polygons."
    )
    return Fault(drawn.source, problem, remedy)


def _areas_in_none(
    drawn: NeighbourhoodMap, areas: tuple[str, ...], number: NDArray[np.int64], counts: csr_matrix
) -> Iterator[Finding]:
    """Say which areas no neighbourhood has, those with most patients first."""
    without = np.flatnonzero(number == NOWHERE)
    if without.size:
        patients = np.asarray(counts.sum(axis=0)).ravel()[without]
        order = without[np.lexsort((without, -patients))].tolist()
        most = ", ".join(areas[k] for k in order[:_SHOWN])
        more = f" and {len(order) - _SHOWN:,} more" if len(order) > _SHOWN else ""
        detail = f"{plural(len(order), 'area')}, {plural(int(patients.sum()), 'patient')}: "
        yield Finding("areas_in_none", "", f"{detail}{most}{more}", drawn.source)


def _practices_in_none(table: pd.DataFrame, nowhere: NDArray[np.int64]) -> Iterator[Finding]:
    for code, size, count in zip(
        table["practice_code"], table["list_size"], nowhere.tolist(), strict=True
    ):
        if count:
            yield Finding("no_neighbourhood", code, f"{count:,} of {plural(size, 'patient')}")


def _unused(drawn: NeighbourhoodMap, patients: NDArray[np.int64]) -> Iterator[Finding]:
    unused = np.flatnonzero(~patients[:, :NOWHERE].any(axis=0)).tolist()
    if unused:
        some = ", ".join(drawn.told(k) for k in unused[:_SHOWN])
        more = f" and {len(unused) - _SHOWN:,} more" if len(unused) > _SHOWN else ""
        detail = f"{plural(len(unused), 'neighbourhood')}: {some}{more}"
        yield Finding("neighbourhoods_unused", "", detail, drawn.source)
