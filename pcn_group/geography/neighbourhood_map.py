"""Maps of neighbourhoods: polygons, or a table that says in which neighbourhood each area is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pcn_group.base.codes import one_spelling
from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import listed, plural
from pcn_group.config.model import Configuration, Neighbourhoods
from pcn_group.geography.outline import read_polygons
from pcn_group.practices.kinds import is_streamed
from pcn_group.practices.layouts import recognise
from pcn_group.practices.map_columns import area_columns, map_columns, parent_columns
from pcn_group.practices.rows import Named
from pcn_group.tables.codes import in_one_form
from pcn_group.tables.findings import Finding
from pcn_group.tables.opening import open_input

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["NOWHERE", "NeighbourhoodMap", "read_map", "shapes_around"]

NOWHERE = -1
"""In place of the number of a neighbourhood"""

_SHARED = 10_000.0
"""Square metres that two neighbourhoods may have in common untold: borders are drawn by hand."""

_EXPECTED = (
    "Give polygons as GeoJSON, GeoPackage or shapefile with a code for each, or a table from LSOAs "
    "(LSOA21CD), MSOAs or wards to neighbourhoods (neighbourhood_code)."
)


@dataclass(frozen=True)
class NeighbourhoodMap:
    """A map of neighbourhoods as it was read.

    Attributes
    ----------
    source
        The file.
    codes
        Ascending.
    names
        In the order of the codes; empty where not known.
    shapes
        A polygon or multipolygon for each, on EPSG:27700; None for a table.
    areas
        The numbers of the neighbourhoods that each area is in, by a table: one, unless the table
        contradicts itself.
    findings
        What is odd about the map.
    """

    source: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    shapes: NDArray[np.object_] | None
    areas: Mapping[str, frozenset[int]]
    findings: tuple[Finding, ...] = ()

    def of_points(self, points: NDArray[np.float64], labels: Sequence[str]) -> NDArray[np.int64]:
        """Return the number of the neighbourhood that each point is in: int64 (k,).

        A point on a common border is in the neighbourhood that is first by code.

        Parameters
        ----------
        points
            float64 (k, 2): easting and northing; where one is not known it is in none.
        labels
            What is there, for faults.

        Raises
        ------
        InputError
            Where two neighbourhoods overlap and there is a point that both have.
        """
        number = np.full(len(points), NOWHERE)
        if self.shapes is None:
            return number
        known = np.flatnonzero(np.isfinite(points).all(axis=1))
        places, tree = shapely.points(points[known]), shapely.STRtree(self.shapes)
        for predicate in ("intersects", "within"):
            point, shape = tree.query(places, predicate=predicate)
            order = np.lexsort((-shape, point))
            number[known[point[order]]] = shape[order]
        twice = np.bincount(point, minlength=len(known)) > 1
        if twice.any():
            both = {k: shape[point == k].tolist() for k in np.flatnonzero(twice).tolist()}
            raise InputError(
                self._in_two(labels[known[k]], numbers, "Draw it so that none overlap there.")
                for k, numbers in both.items()
            )
        return number

    def of_areas(self, areas: Sequence[str], places: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the number of the neighbourhood of each area, by code or by its centroid.

        Parameters
        ----------
        areas
            Codes.
        places
            float64 (k, 2): their centroids, as far as they are known.

        Raises
        ------
        InputError
            Where an area is in two neighbourhoods, or none of them in any.
        """
        if self.shapes is not None:
            return self.of_points(places, areas)
        found = [self.areas.get(area, frozenset()) for area in areas]
        faults = [
            self._in_two(area, sorted(numbers), "Keep one row of the area.")
            for area, numbers in zip(areas, found, strict=True)
            if len(numbers) > 1
        ]
        if areas and not any(found):
            problem = f"has none of the {plural(len(areas), 'area')} where patients live"
            remedy = (
                f"It has {listed(sorted(self.areas), 3)}, and patients live in {listed(areas, 3)}: "
                "give a map with codes of the same kind and year."
            )
            faults.append(Fault(self.source, problem, remedy))
        if faults:
            raise InputError(faults)
        return np.array([next(iter(numbers), NOWHERE) for numbers in found], dtype=np.int64)

    def told(self, number: int) -> str:
        """Return a neighbourhood's name, if it has one, and its code."""
        name = self.names[number]
        return f"{name} ({self.codes[number]})" if name else self.codes[number]

    def _in_two(self, what: str, numbers: Iterable[int], remedy: str) -> Fault:
        both = " and in ".join(self.told(number) for number in numbers)
        return Fault(self.source, f"has {what} in {both}", remedy)


def read_map(
    path: Path, rules: Neighbourhoods, parents: pd.DataFrame, outlines: Path | None = None
) -> NeighbourhoodMap:
    """Read a map of neighbourhoods.

    Parameters
    ----------
    path
        Polygons as GeoJSON, GeoPackage or shapefile, or a table.
    rules
        May name the columns.
    parents
        `area_code` and `parent_code`: in which MSOAs and wards areas are, for a table that names
        these.
    outlines
        Polygons of the areas that a table is about, if there are any.

    Raises
    ------
    InputError
        With every fault found.
    """
    file = open_input(path, path.name, is_streamed)
    if file.has_shapes:
        return _of_shapes(path, rules)
    found = recognise([file], Configuration(neighbourhoods=rules))
    if found.faults:
        raise InputError(found.faults)
    if len(found.of("neighbourhoods")) != 1:
        raise InputError([Fault(path.name, "is no map of neighbourhoods", _EXPECTED)])
    (named,) = found.of("neighbourhoods")
    if outlines is None:
        return _of_table(named, rules, parents)
    frame = read_polygons(outlines, "neighbourhoods").reset_index(drop=True)
    properties = [str(name) for name in frame.columns.drop(frame.geometry.name)]
    of_areas = (*area_columns(properties), *parent_columns(properties))
    if of_areas and map_columns(properties, Neighbourhoods(), "").code is None:
        codes = {name: frame[name] for name in of_areas}
        return _of_areas(named, rules, outlines.name, codes, frame.geometry)
    if rules.map is not None:
        return _of_table(named, rules, parents)
    problem = f"is a map of neighbourhoods, and so is {path.name}"
    remedy = f"Keep one, or name it with --set neighbourhoods.map={path}."
    raise InputError([Fault(outlines.name, problem, remedy)])


def _of_shapes(path: Path, rules: Neighbourhoods) -> NeighbourhoodMap:
    frame = read_polygons(path, "neighbourhoods").reset_index(drop=True)
    properties = [str(name) for name in frame.columns.drop(frame.geometry.name)]
    columns = map_columns(properties, rules, path.name, of_shapes=True)
    if columns.faults:
        raise InputError(columns.faults)
    if columns.code is None:
        problem = f"has no code of the neighbourhoods, but {listed(properties, 12) or 'nothing'}"
        remedy = "Name the property that has it with --set neighbourhoods.code=NAME."
        raise InputError([Fault(path.name, problem, remedy)])
    codes = _spelt(frame[columns.code])
    names = codes.map(lambda _: "") if columns.name is None else _texts(frame[columns.name])
    faults = [
        Fault(path.name, "has a polygon without a code", "Give each a code.", row=number + 1)
        for number in codes.index[codes == ""].tolist()
    ]
    called, more = _called(codes, names, path.name)
    if faults or more:
        raise InputError([*faults, *more])
    findings = [*_mended(frame.geometry, codes, path.name)]
    shapes = frame.geometry.make_valid().to_numpy()
    order = sorted(called)
    joined = np.array([shapely.union_all(shapes[codes == code]) for code in order], dtype=object)
    findings += [*_joined(codes, path.name), *_overlaps(joined, order, path.name)]
    names_in_order = tuple(called[code] for code in order)
    return NeighbourhoodMap(path.name, tuple(order), names_in_order, joined, {}, tuple(findings))


def _of_areas(
    named: Named,
    rules: Neighbourhoods,
    source: str,
    properties: Mapping[str, pd.Series[str]],
    geometry: gpd.GeoSeries,
) -> NeighbourhoodMap:
    """Put the polygons of areas together to the neighbourhoods that a table has them in."""
    cells = named.table.cells
    called, numbers = _rows_of(named, rules)
    every = [in_one_form(_texts(values)) for values in properties.values()]
    for column in (*area_columns([*cells.columns]), *parent_columns([*cells.columns])):
        rows = dict(zip(in_one_form(cells[column][numbers.index]), numbers, strict=True))
        for codes in every:
            if codes.isin([*rows]).any():
                return _of_outlined(source, codes, geometry, rows, called)
    problem = f"has none of the areas that {named.table.label} is about"
    remedy = (
        f"It has {listed(every[0].tolist(), 3)}: give polygons with codes of the same kind and "
        "year."
    )
    raise InputError([Fault(source, problem, remedy)])


def _of_outlined(
    source: str,
    codes: pd.Series[str],
    geometry: gpd.GeoSeries,
    rows: Mapping[str, int],
    called: Mapping[str, str],
) -> NeighbourhoodMap:
    order, shapes = sorted(called), geometry.make_valid().to_numpy()
    owner = codes.map(rows).fillna(NOWHERE).to_numpy()
    joined = np.array([shapely.union_all(shapes[owner == k]) for k in range(len(order))])
    inside = codes[owner != NOWHERE]
    missing = sorted({*rows} - {*inside, ""})
    findings = [*_mended(geometry[inside.index], inside, source)]
    if missing:
        detail = f"{plural(len(missing), 'area')} of the table: {listed(missing, 8)}"
        findings.append(Finding("areas_without_outline", "", detail, source))
    findings += _overlaps(joined, order, source)
    names = tuple(called[code] for code in order)
    return NeighbourhoodMap(source, tuple(order), names, joined, {}, tuple(findings))


def _rows_of(named: Named, rules: Neighbourhoods) -> tuple[dict[str, str], pd.Series[int]]:
    """Return the names of a table's neighbourhoods, and the number of each row that has one."""
    table, source = named.table, named.table.label
    columns = map_columns([*table.cells.columns], rules, source)
    if columns.faults or columns.code is None:
        raise InputError(columns.faults)
    codes = _spelt(table.cells[columns.code])
    names = codes.map(lambda _: "") if columns.name is None else table.cells[columns.name]
    given = codes != ""
    called, faults = _called(codes[given], names[given], source)
    if faults:
        raise InputError(faults)
    number = {code: k for k, code in enumerate(sorted(called))}
    return called, codes[given].map(number)


def _of_table(named: Named, rules: Neighbourhoods, parents: pd.DataFrame) -> NeighbourhoodMap:
    table, source = named.table, named.table.label
    called, numbers = _rows_of(named, rules)
    order = sorted(called)
    areas: defaultdict[str, set[int]] = defaultdict(set)
    for column in area_columns([*table.cells.columns]):
        for area, number in zip(
            in_one_form(table.cells[column][numbers.index]), numbers, strict=True
        ):
            if area:
                areas[area].add(int(number))
    if not areas:
        areas = _by_parents(named, numbers, parents)
    return NeighbourhoodMap(
        source,
        tuple(order),
        tuple(called[code] for code in order),
        None,
        {area: frozenset(some) for area, some in areas.items()},
    )


def _by_parents(
    named: Named, numbers: pd.Series[int], parents: pd.DataFrame
) -> defaultdict[str, set[int]]:
    """Return the neighbourhoods of the areas in each of the MSOAs or wards that a table names."""
    cells, source = named.table.cells, named.table.label
    (column, *others) = parent_columns([*cells.columns])
    if others:
        problem = f"names larger areas twice: {listed([column, *others])}"
        raise InputError([Fault(source, problem, "Keep one of the columns, or add the LSOAs.")])
    neighbourhoods: defaultdict[str, set[int]] = defaultdict(set)
    for parent, number in zip(in_one_form(cells[column][numbers.index]), numbers, strict=True):
        neighbourhoods[parent].add(int(number))
    unknown = sorted({*neighbourhoods} - {*parents["parent_code"]})
    if unknown:
        problem = f"names {listed(unknown, 3)}, and no file says which LSOAs are there"
        remedy = (
            f"Give the look-up of LSOAs to them among the inputs, such as LSOA21CD and {column}, "
            "or add the LSOAs to the table."
        )
        raise InputError([Fault(source, problem, remedy, column=column)])
    areas: defaultdict[str, set[int]] = defaultdict(set)
    for area, parent in parents.itertuples(index=False):
        areas[area] |= neighbourhoods.get(parent, set())
    return areas


def _texts(values: pd.Series[str]) -> pd.Series[str]:
    """Return properties of shapes as text: whole numbers as such, unknown ones empty."""
    whole = [
        str(int(value)) if isinstance(value, float) and value.is_integer() else value
        for value in values
    ]
    texts = ["" if pd.isna(value) else " ".join(str(value).split()) for value in whole]
    return pd.Series(texts, index=values.index, dtype="str")


def _spelt(values: pd.Series[str]) -> pd.Series[str]:
    """Return codes, each in one spelling."""
    texts = _texts(values)
    spelling = one_spelling({*texts})
    return texts.map(lambda text: spelling.get(text, text))


def _called(
    codes: pd.Series[str], names: pd.Series[str], source: str
) -> tuple[dict[str, str], list[Fault]]:
    """Return the name of each neighbourhood; one with two names is a fault."""
    called: dict[str, str] = {}
    faults = {}
    for code, name in zip(codes, names, strict=True):
        before = called.setdefault(code, name)
        if name and before and name != before:
            problem = f"calls the neighbourhood {code} both {before} and {name}"
            faults[code] = Fault(source, problem, "Give two neighbourhoods two codes.")
        called[code] = before or name
    return called, [*faults.values()]


def _mended(shapes: gpd.GeoSeries, codes: pd.Series[str], source: str) -> Iterator[Finding]:
    """Say which polygons cross themselves, and which are empty."""
    for code, reason in zip(codes, shapely.is_valid_reason(shapes.to_numpy()), strict=True):
        if reason != "Valid Geometry":
            yield Finding("neighbourhood_mended", "", f"{code}: {reason}", source)
    for code in codes[shapes.is_empty.to_numpy()]:
        yield Finding("neighbourhood_empty", "", f"{code}: the polygon is empty", source)


def _joined(codes: pd.Series[str], source: str) -> Iterator[Finding]:
    for code, count in sorted(codes.value_counts().items()):
        if count > 1:
            detail = f"{code}: {plural(count, 'polygon')} of one code"
            yield Finding("neighbourhood_joined", "", detail, source)


def _overlaps(shapes: NDArray[np.object_], codes: Sequence[str], source: str) -> Iterator[Finding]:
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    for a, b, metres in zip(one.tolist(), other.tolist(), shared.tolist(), strict=True):
        if metres > _SHARED:
            detail = f"{codes[a]} and {codes[b]}: {metres / 1e6:,.2f} km2 in common"
            yield Finding("neighbourhood_overlap", "", detail, source)


def shapes_around(
    points: NDArray[np.float64],
    number: NDArray[np.int64],
    count: int,
    within: shapely.Geometry,
) -> NDArray[np.object_]:
    """Return the land of each neighbourhood by the centroids of its areas, for pictures.

    Every place belongs to the nearest centroid.

    Parameters
    ----------
    points
        float64 (k, 2): the centroids; of areas without one nothing is drawn.
    number
        int64 (k,): the neighbourhood of each, or `NOWHERE`.
    count
        How many neighbourhoods there are.
    within
        What to draw them in.
    """
    known = np.isfinite(points).all(axis=1)
    sites, first = np.unique(points[known], axis=0, return_index=True)
    of_site = number[known][first]
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=within)
    )
    site, cell = shapely.STRtree(cells).query(shapely.points(sites), predicate="intersects")
    shapes = [shapely.union_all(cells[cell[of_site[site] == k]]) for k in range(count)]
    drawn: NDArray[np.object_] = shapely.intersection(np.array(shapes, dtype=object), within)
    return drawn
