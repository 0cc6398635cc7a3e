"""What is drawn of a plan: networks, practices and neighbours, described as in the CSV files.

The same layers are files for mapping programs, as GeoJSON and GeoPackage.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray

from pcn_group.geography.areas import network_areas
from pcn_group.geography.neighbourhood_map import shapes_around
from pcn_group.output.data.plan_files import grouping_rows, network_rows
from pcn_group.output.data.region_tables import neighbour_rows
from pcn_group.output.data.rows import ADJACENCY, GROUPINGS, NETWORKS
from pcn_group.output.data.table import Table
from pcn_group.output.maps.backdrop import Backdrop, backdrop_of
from pcn_group.output.maps.colours import network_colours
from pcn_group.plan.network import Network
from pcn_group.practices.grid import GRID, GRID_WITH_SHIFT
from pcn_group.region.region import Region

__all__ = ["SCHEME", "MapLayers", "borders", "map_files", "map_layers"]

_DTYPES = {str: "str", bool: "bool", int: "int64", Decimal: "float64"}
"""Of columns, by the type of their values"""

SCHEME = "A scheme, not a map: places are not known. Near means little travel."
"""What is said of a plan that is drawn without places"""

Row = TypeVar("Row")


@dataclass(frozen=True)
class MapLayers:
    """What there is to draw of a plan, on EPSG:27700.

    Attributes
    ----------
    networks
        A polygon or multipolygon for each row of `networks.csv`, with `colour` besides.
    practices
        A point for each row of `groupings.csv`.
    neighbours
        A line for each row of `adjacency.csv` but those of practices at one place: a line needs a
        length.
    neighbourhoods
        `neighbourhood` and `neighbourhood_name`, and the polygon of each in sight; none without a
        map of them. Those of a table are drawn around the centroids of their areas.
    backdrop
        Land, sea and towns; of a scheme there are none, and the credit says that it is one.
    is_scheme
        Whether practices have no places but those that are made up from travel.
    hubs
        A point for each row of `networks.csv`: where travel is measured to.
    sites
        A point for each site that may be a hub: `site_code`, `site_name`, and `network_id` of the
        network whose hub it is, empty for none.
    """

    networks: gpd.GeoDataFrame
    practices: gpd.GeoDataFrame
    neighbours: gpd.GeoDataFrame
    neighbourhoods: gpd.GeoDataFrame
    backdrop: Backdrop
    hubs: gpd.GeoSeries
    sites: gpd.GeoDataFrame
    is_scheme: bool = False


def map_layers(region: Region, networks: Sequence[Network]) -> MapLayers:
    """Return what there is to draw of a plan.

    The columns have the names and values of the CSV files; numbers are numbers, and flags are
    booleans.

    Parameters
    ----------
    region
        The region and rules.
    networks
        The plan, described; positions are in `region.units`.

    Raises
    ------
    InputError
        As `read_outline`.
    """
    region, is_scheme = region.drawn, not region.has_places
    areas = _networks(region, networks)
    backdrop = backdrop_of(region.units, region.configuration.adjacency)
    return MapLayers(
        areas,
        _practices(region, networks),
        _neighbours(region),
        _neighbourhoods(region, areas.geometry),
        replace(backdrop, credit=SCHEME) if is_scheme else backdrop,
        _hubs(region, networks),
        _sites(region, networks),
        is_scheme,
    )


def _hubs(region: Region, networks: Sequence[Network]) -> gpd.GeoSeries:
    places = region.hub_metres[[network.centre for network in networks]]
    return gpd.GeoSeries(gpd.points_from_xy(*places.T), crs=GRID)


def _sites(region: Region, networks: Sequence[Network]) -> gpd.GeoDataFrame:
    own = {network.centre: network.network_id for network in networks if network.is_at_site}
    n, sites = len(region.problem.codes), region.hub_places
    return gpd.GeoDataFrame(
        {
            "site_code": pd.Series([site.code for site in sites], dtype="str"),
            "site_name": pd.Series([site.name for site in sites], dtype="str"),
            "network_id": pd.Series([own.get(n + k, "") for k in range(len(sites))], dtype="str"),
        },
        geometry=gpd.points_from_xy(*region.hub_metres[n:].T),
        crs=GRID,
    )


def _networks(region: Region, networks: Sequence[Network]) -> gpd.GeoDataFrame:
    members = [network.members for network in networks]
    areas = network_areas(region.units, members, region.configuration.adjacency)
    rows = _frame(NETWORKS, network_rows(networks, region), region.travel.unit)
    return gpd.GeoDataFrame(rows.assign(colour=network_colours(areas)), geometry=areas)


def _practices(region: Region, networks: Sequence[Network]) -> gpd.GeoDataFrame:
    rows = _frame(
        GROUPINGS, grouping_rows(networks, region.table, region.travel), region.travel.unit
    )
    points = gpd.points_from_xy(rows["easting"], rows["northing"], crs=GRID)
    return gpd.GeoDataFrame(rows, geometry=points)


def _neighbours(region: Region) -> gpd.GeoDataFrame:
    rows = _frame(ADJACENCY, neighbour_rows(region), region.travel.unit)
    places = region.units.set_index("practice_code")[["easting", "northing"]]
    ends = [places.loc[rows[name]].to_numpy() for name in ("practice_code", "neighbour_code")]
    lines = shapely.linestrings(np.stack(ends, axis=1))
    apart = (ends[0] != ends[1]).any(axis=1)
    return gpd.GeoDataFrame(rows[apart], geometry=lines[apart], crs=GRID)


def _neighbourhoods(region: Region, areas: gpd.GeoSeries) -> gpd.GeoDataFrame:
    every, living = region.neighbourhoods, region.living
    codes, names = ((), ()) if every is None else (every.codes, every.names)
    shapes = np.array([], dtype=object)
    if every is not None and living is not None:
        shapes = np.full(len(codes), shapely.Polygon())
        if living.shapes is not None:
            shapes = living.shapes
        elif np.isfinite(living.places).all(axis=1).sum() > 1:
            land = shapely.union_all(areas.to_numpy())
            shapes = shapes_around(living.places, living.neighbourhood_of, len(codes), land)
    frame = gpd.GeoDataFrame(
        {
            "neighbourhood": pd.Series(codes, dtype="str"),
            "neighbourhood_name": pd.Series(names, dtype="str"),
        },
        geometry=shapes,
        crs=GRID,
    )
    in_sight = shapely.intersects(shapes, shapely.box(*areas.total_bounds))
    return frame[in_sight].reset_index(drop=True)


def borders(shapes: NDArray[np.object_]) -> list[shapely.Geometry]:
    """Return the borders of shapes as lines, one that two have in common once."""
    lines = shapely.line_merge(shapely.union_all(shapely.boundary(shapes)))
    return list(shapely.get_parts(lines))


def _frame(table: Table[Row], rows: Sequence[Row], unit: str) -> pd.DataFrame:
    """Return rows as a data frame: texts stay as they are, an unknown number is missing."""
    return pd.DataFrame(
        {
            column.heading.format(unit=unit): pd.Series(
                [getattr(row, column.field) for row in rows],
                dtype="Int64"
                if column.kind is int and column.is_optional
                else _DTYPES[column.kind],
            )
            for column in table.fields
        }
    )


_DECIMALS = 7
"""Of degrees: a centimetre"""

_WRITTEN = "2000-01-01T00:00:00.000Z"
"""What a GeoPackage must say of when it was written: always the same, so that its bytes are"""

_LAYERS = {
    "networks": "MultiPolygon",
    "practices": "Point",
    "neighbours": "LineString",
    "neighbourhoods": "MultiPolygon",
    "sites": "Point",
    "land": "MultiPolygon",
    "towns": "Point",
}
"""Of the GeoPackage"""


def map_files(layers: MapLayers) -> dict[str, str | bytes]:
    """Return the content of `networks.geojson` (degrees) and `networks.gpkg` (EPSG:27700).

    There is none of a scheme, which is nowhere on the earth.
    """
    if layers.is_scheme:
        return {}
    return {"networks.geojson": _geojson(layers), "networks.gpkg": _geopackage(layers)}


def _geojson(layers: MapLayers) -> str:
    """Write features as RFC 7946 has them, one a line: degrees, outer rings counter-clockwise."""
    features = [
        json.dumps(feature, ensure_ascii=False, allow_nan=False)
        for kind, layer in (
            ("network", layers.networks),
            ("practice", layers.practices),
            ("neighbourhood", layers.neighbourhoods),
            ("site", layers.sites),
        )
        for feature in _features(kind, layer)
    ]
    lines = ",\n".join(features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'


def _features(kind: str, layer: gpd.GeoDataFrame) -> Iterator[dict[str, Any]]:
    # Normalised outer rings are clockwise, and holes the other way.
    grid = layer.geometry.set_crs(GRID_WITH_SHIFT, allow_override=True)
    ordered = grid.to_crs("EPSG:4326").normalize().reverse()
    rows = layer.drop(columns="geometry").to_dict("records")
    for row, shape in zip(rows, ordered, strict=True):
        known = {str(name): None if pd.isna(value) else value for name, value in row.items()}
        yield {
            "type": "Feature",
            "properties": {"kind": kind, **known},
            "geometry": _rounded(shapely.geometry.mapping(shape)),
        }


def _rounded(values: Any) -> Any:  # noqa: ANN401 - whatever a geometry is made of
    """Round all coordinates; borders stay common, since both sides are rounded alike."""
    if isinstance(values, dict):
        return {key: _rounded(value) for key, value in values.items()}
    if isinstance(values, float):
        return round(values, _DECIMALS)
    return values if isinstance(values, str) else [_rounded(value) for value in values]


def _geopackage(layers: MapLayers) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "networks.gpkg"
        # Read again at once, and gone then: no disk need have it.
        unsynced = {"OGR_CURRENT_DATE": _WRITTEN, "OGR_SQLITE_SYNCHRONOUS": "OFF"}
        pyogrio.set_gdal_config_options(unsynced)
        try:
            for name, kind in _LAYERS.items():
                is_around = name in {"land", "towns"}
                if name in {"neighbourhoods", "sites"} and getattr(layers, name).empty:
                    continue
                pyogrio.write_dataframe(
                    getattr(layers.backdrop if is_around else layers, name),
                    path,
                    layer_options={"DESCRIPTION": layers.backdrop.credit} if is_around else None,
                    layer=name,
                    driver="GPKG",
                    geometry_type=kind,
                    promote_to_multi=kind.startswith("Multi"),
                    append=path.exists(),
                )
        finally:
            pyogrio.set_gdal_config_options(dict.fromkeys(unsynced))
        return path.read_bytes()
