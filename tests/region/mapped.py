"""A small region on a map: two neighbourhoods side by side, four areas, three practices."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pcn_group.config.model import Configuration
from pcn_group.practices import read_practices
from pcn_group.region.region import Region, prepare_region

EAST, NORTH = 500_000, 220_000
"""The corner of the map: West is 4 km wide and so is East, both 4 km high."""

PRACTICES = "practices.csv"
LISTS = """practice_code,practice_name,list_size,easting,northing,region_code
E81001,Westgate,1000,501000,221000,06P
E81002,Market Place,2000,503900,222000,06P
E81003,Eastfield,3000,506000,221000,06P
"""

RESIDENTS = "gp-reg-pat-prac-lsoa-all.csv"
LIVING = """PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,LSOA_CODE,SEX,NUMBER_OF_PATIENTS
GP_PRAC_PAT_LIST,01JAN2021,E81001,WESTGATE,E01000001,ALL,700
GP_PRAC_PAT_LIST,01JAN2021,E81001,WESTGATE,E01000002,ALL,300
GP_PRAC_PAT_LIST,01JAN2021,E81002,MARKET PLACE,E01000002,ALL,900
GP_PRAC_PAT_LIST,01JAN2021,E81002,MARKET PLACE,E01000003,ALL,1000
GP_PRAC_PAT_LIST,01JAN2021,E81002,MARKET PLACE,NO2011,ALL,100
GP_PRAC_PAT_LIST,01JAN2021,E81003,EASTFIELD,E01000003,ALL,1000
GP_PRAC_PAT_LIST,01JAN2021,E81003,EASTFIELD,E01000004,ALL,2000
"""

CENTROIDS = "lsoa-centroids.csv"
PLACES = """lsoa_code,easting,northing
E01000001,501000,221000
E01000002,503000,222000
E01000003,505000,222000
E01000004,507000,221000
"""

TABLE = "lsoa-to-neighbourhood.csv"
AS_TABLE = """LSOA21CD,neighbourhood_code,neighbourhood_name
E01000001,N1,West
E01000002,N1,West
E01000003,N2,East
E01000004,N2,East
"""

SHAPES = "neighbourhoods.geojson"
WEST, EAST_SIDE = (0, 0, 4000, 4000), (4000, 0, 8000, 4000)

Box = tuple[int, int, int, int]


def ring(box: Box) -> list[list[int]]:
    west, south, east, north = box
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return [[EAST + x, NORTH + y] for x, y in corners]


def polygon(box: Box) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring(box)]}


def shapes(*features: tuple[Mapping[str, object], object]) -> str:
    """Return GeoJSON, on the British National Grid, of properties and geometries."""
    return json.dumps(
        {
            "type": "FeatureCollection",
            "crs": {"type": "name", "properties": {"name": "EPSG:27700"}},
            "features": [
                {"type": "Feature", "properties": properties, "geometry": geometry}
                for properties, geometry in features
            ],
        }
    )


AS_SHAPES = shapes(
    ({"neighbourhood_code": "N1", "neighbourhood_name": "West"}, polygon(WEST)),
    ({"neighbourhood_code": "N2", "neighbourhood_name": "East"}, polygon(EAST_SIDE)),
)

FILES = {
    PRACTICES: LISTS,
    RESIDENTS: LIVING,
    CENTROIDS: PLACES,
    TABLE: AS_TABLE,
    SHAPES: AS_SHAPES,
}


def written(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    for name, text in texts.items():
        (folder / name).write_text(text)
    return [folder / name for name in texts]


def mapped(
    folder: Path, names: Sequence[str], changed: Mapping[str, str] | None = None, **rules: object
) -> Region:
    """Prepare the region of some of the files, of which some may be changed."""
    texts = {**{name: FILES.get(name, "") for name in names}, **(changed or {})}
    configuration = Configuration.model_validate(
        {
            "band": {"min": 1000, "max": 5000},
            "travel": {"way": "straight"},
            "adjacency": {"detour": None},
            "neighbourhoods": rules,
        }
    )
    practices = read_practices(written(folder, texts), rules=configuration)
    return prepare_region(practices, configuration)


def told(region: Region) -> dict[str, list[str]]:
    """The findings about neighbourhoods, by kind: the practice, if any, and the detail."""
    report = region.practices.data_report
    found = report[report["finding"].str.contains("neighbourhood|areas_in_none")]
    rows: dict[str, list[str]] = {}
    for kind, code, detail in found[["finding", "practice_code", "detail"]].itertuples(index=False):
        rows.setdefault(kind, []).append(f"{code} {detail}".strip())
    return rows
