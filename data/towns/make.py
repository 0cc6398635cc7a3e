"""Makes `pcn_group/output/maps/towns.csv`, the towns of Great Britain that maps name.

    python data/towns/make.py cities5000.json

See README.md beside this file for where the towns are from.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from pcn_group.geography.land import OUTLINE
from pcn_group.geography.ways import OFF_LAND
from pcn_group.output.maps.backdrop import TOWNS
from pcn_group.practices.grid import GRID_WITH_SHIFT

_NORTHERN_IRELAND = "NIR"
_NO_TOWNS = ("City of ", "Borough of ", "Royal Borough ", "London Borough ", "Metropolitan ")
"""How areas are called that GeoNames lists among places"""


def towns(cities: dict[str, dict[str, Any]]) -> list[tuple[str, int, int]]:
    """Return name, easting and northing of each town of Great Britain, the largest first."""
    found = [
        city
        for city in cities.values()
        if city["countrycode"] == "GB"
        and city["admin1code"] != _NORTHERN_IRELAND
        and not city["name"].startswith(_NO_TOWNS)
    ]
    found.sort(key=lambda city: (-city["population"], city["geonameid"]))
    degrees = gpd.GeoSeries.from_xy(
        [city["longitude"] for city in found],
        [city["latitude"] for city in found],
        crs="EPSG:4326",
    )
    places = degrees.to_crs(GRID_WITH_SHIFT)
    land = gpd.read_file(OUTLINE).union_all()
    return [
        (city["name"], round(place.x), round(place.y))
        for city, place in zip(found, places, strict=True)
        if shapely.dwithin(land, place, OFF_LAND)
    ]


def main(source: Path) -> None:
    """Write the towns, whose rank is the number of their row."""
    cities = json.loads(source.read_text(encoding="utf-8"))
    with TOWNS.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("name", "easting", "northing"))
        rows.writerows(towns(cities))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
