"""What is drawn of a plan: networks, practices and neighbours, described as in the CSV files."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pcn_group.geography.areas import network_areas
from pcn_group.output.data.tables import adjacency_csv, groupings_csv, networks_csv
from pcn_group.output.maps.colours import network_colours
from pcn_group.plan.network import Network
from pcn_group.practices.coordinates import GRID
from pcn_group.region.region import Region

__all__ = ["MapLayers", "map_layers"]

_FLAGS, _COUNTS = {"is_hub", "in_band"}, {"list_size", "practices", "patients"}
_COUNTS |= {"patients_outside_band"}
_COUNTS_IF_KNOWN = {"care_home_beds"}
_MEASURES = {f"{which}_{unit}" for which in ("mean", "max") for unit in ("km", "minutes")}
_MEASURES |= {"km_to_hub", "minutes_to_hub", "easting", "northing"}
_MEASURES |= {"weighted_list_size", "adjusted_list_size"}


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
    rows = _typed(networks_csv(networks, region.units, region.travel, region.problem))
    return gpd.GeoDataFrame(rows.assign(colour=network_colours(areas)), geometry=areas)


def _practices(region: Region, networks: Sequence[Network]) -> gpd.GeoDataFrame:
    rows = _typed(groupings_csv(networks, region.table, region.travel))
    points = gpd.points_from_xy(rows["easting"], rows["northing"], crs=GRID)
    return gpd.GeoDataFrame(rows, geometry=points)


def _neighbours(region: Region) -> gpd.GeoDataFrame:
    rows = _typed(adjacency_csv(region.problem))
    places = region.units.set_index("practice_code")[["easting", "northing"]]
    ends = [places.loc[rows[name]].to_numpy() for name in ("practice_code", "neighbour_code")]
    lines = shapely.linestrings(np.stack(ends, axis=1))
    apart = (ends[0] != ends[1]).any(axis=1)
    return gpd.GeoDataFrame(rows[apart], geometry=lines[apart], crs=GRID)


def _typed(table: str) -> pd.DataFrame:
    """Read one of our own CSV files back; texts stay as they are, an unknown number is missing."""
    frame = pd.read_csv(io.StringIO(table), dtype="str", keep_default_na=False)
    for name in frame:
        if name in _FLAGS:
            frame[name] = frame[name] == "true"
        elif name in _COUNTS:
            frame[name] = frame[name].astype("int64")
        elif name in _COUNTS_IF_KNOWN:
            frame[name] = pd.to_numeric(frame[name]).astype("Int64")
        elif name in _MEASURES:
            frame[name] = pd.to_numeric(frame[name]).astype("float64")
    return frame
