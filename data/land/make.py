"""Make the outline of Great Britain that the package ships, its mesh, and try its crossings.

    python data/land/make.py countries.geojson

See README.md beside this file for where the boundaries are from. Without a file only the crossings
are tried.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pcn_group.config.model import Adjacency
from pcn_group.geography.land import CROSSINGS, MESH, OUTLINE, Land, great_britain, land_parts
from pcn_group.geography.mesh import write_mesh

GRID = "urn:ogc:def:crs:EPSG::27700"


def outline(boundaries: Path) -> str:
    """Return the land of all countries in one, as GeoJSON in whole metres."""
    countries = gpd.read_file(boundaries).geometry.to_crs(epsg=27700)
    rounded = shapely.transform(countries.to_numpy(), np.rint)
    land = shapely.normalize(shapely.union_all(shapely.make_valid(rounded)))
    polygons = [part for part in shapely.get_parts(land) if part.geom_type == "Polygon"]
    rings = [
        [np.rint(shapely.get_coordinates(polygon.exterior)).astype(int).tolist()]
        for polygon in polygons
    ]
    feature = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "MultiPolygon", "coordinates": rings},
    }
    crs = {"type": "name", "properties": {"name": GRID}}
    collection = {"type": "FeatureCollection", "crs": crs, "features": [feature]}
    return json.dumps(collection, separators=(",", ":")) + "\n"


def main(boundaries: Path | None) -> int:
    """Write outline and mesh, if there are boundaries to make them from; name false crossings."""
    if boundaries is not None:
        OUTLINE.write_text(outline(boundaries), encoding="utf-8")
        write_mesh(Land.of(land_parts(Adjacency(), pd.DataFrame())).mesh, MESH)
    land = great_britain()
    faults = [f"{crossing.name}: {land.fault_of(crossing)}" for crossing in land.crossings]
    faults = [fault for fault in faults if not fault.endswith("None")]
    print(*faults, f"{len(land.crossings)} crossings in {CROSSINGS.name}", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
