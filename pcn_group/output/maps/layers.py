"""What is drawn of a plan: networks, practices and neighbours, described as in the CSV files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pcn_group.geography.areas import network_areas
from pcn_group.output.data.rows import ADJACENCY, GROUPINGS, NETWORKS
from pcn_group.output.data.table import Table
from pcn_group.output.data.tables import grouping_rows, neighbour_rows, network_rows
from pcn_group.output.maps.colours import network_colours
from pcn_group.plan.network import Network
from pcn_group.practices.grid import GRID
from pcn_group.region.region import Region

__all__ = ["MapLayers", "map_layers"]

_DTYPES = {str: "str", bool: "bool", int: "int64", Decimal: "float64"}
"""Of columns, by the type of their values"""

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
    """

    networks: gpd.GeoDataFrame
    practices: gpd.GeoDataFrame
    neighbours: gpd.GeoDataFrame


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
    return MapLayers(_networks(region, networks), _practices(region, networks), _neighbours(region))


def _networks(region: Region, networks: Sequence[Network]) -> gpd.GeoDataFrame:
    outline = region.configuration.adjacency.outline
    areas = network_areas(region.units, [network.members for network in networks], outline)
    rows = _frame(
        NETWORKS, network_rows(networks, region.units, region.problem), region.travel.unit
    )
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
