"""Maps drawn of real wards and MSOAs, with the practices and areas that are there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from pcn_group.config.model import Configuration, Neighbourhoods
from pcn_group.geography.neighbourhood_map import NOWHERE, read_map
from pcn_group.practices import read_practices
from pcn_group.practices.residents import Residents
from pcn_group.region.region import Region, prepare_region
from tests.practices.practice_inputs import OFFICIAL, needs_official_data
from tests.region.mapped import told

AREAS = OFFICIAL.parent / "areas"
LISTS = OFFICIAL / "gp-reg-pat-prac-all.csv"

pytestmark = [
    needs_official_data,
    pytest.mark.skipif(not AREAS.is_dir(), reason="the areas are not at ../shared/data/areas"),
]

TEES_VALLEY = [f"E0600000{number}" for number in range(1, 6)]


def features(kind: str, *authorities: str) -> list[dict[str, Any]]:
    texts = [(AREAS / f"{kind}-{code}.geojson").read_text("utf-8") for code in authorities]
    return [feature for text in texts for feature in json.loads(text)["features"]]


def grouped(found: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Group shapes into so many neighbourhoods by their direction from the middle of all."""
    middles = shapely.get_coordinates(
        [shapely.geometry.shape(feature["geometry"]).centroid for feature in found]
    )
    angles = np.arctan2(*(middles - middles.mean(axis=0)).T)
    rank = np.empty(len(found), dtype=int)
    rank[angles.argsort(kind="stable")] = np.arange(len(found)) * count // len(found)
    return [
        feature | {"properties": {"neighbourhood_code": f"N{number + 1}"}}
        for feature, number in zip(found, rank.tolist(), strict=True)
    ]


def drawn(folder: Path, found: list[dict[str, Any]]) -> Path:
    path = folder / "neighbourhoods.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": found}))
    return path


def region_of(region: str, *files: Path) -> Region:
    rules = Configuration()
    return prepare_region(read_practices([LISTS, *files], region, rules=rules), rules)


def centroids(authority: str) -> tuple[list[str], np.ndarray[Any, np.dtype[np.float64]]]:
    """The LSOAs of an authority by their own shapes, with the centroids that are published."""
    codes = sorted(f["properties"]["LSOA21CD"] for f in features("lsoa", authority))
    residents = read_practices([LISTS, AREAS / "lsoa_latlong.csv"], "06P", rules=with_a_map())
    assert residents.residents is not None
    return codes, residents.residents.places.loc[codes].to_numpy()


def with_a_map() -> Configuration:
    """Rules that name a map, which is not read with the practices: all centroids are."""
    return Configuration(neighbourhoods=Neighbourhoods(map=Path("later.geojson")))


@pytest.fixture
def luton(tmp_path: Path) -> Path:
    return drawn(tmp_path, grouped(features("ward", "E06000032"), 6))


def test_luton_has_six_neighbourhoods_of_its_wards(luton: Path) -> None:
    region = region_of("06P", luton)

    assert region.neighbourhoods is not None
    assert region.neighbourhoods.codes == ("N1", "N2", "N3", "N4", "N5", "N6")
    assert region.neighbourhoods.by == "practices"
    assert region.neighbourhoods.patients.shape == (26, 6)
    placed = region.neighbourhoods.patients.sum(axis=1)
    assert (placed == region.units["list_size"]).all()
    assert not told(region).get("neighbourhood_overlap")
    assert len(told(region)["neighbourhood_joined"]) == 6


def test_every_lsoa_of_luton_is_in_one_of_them(luton: Path) -> None:
    codes, places = centroids("E06000032")
    of_area = read_map(luton, Neighbourhoods(), Residents.of_nobody().parents).of_areas(
        codes, places
    )

    assert (of_area != NOWHERE).all()
    wards = {f["properties"]["WD25CD"] for f in features("ward", "E06000032")}
    assert np.bincount(of_area, minlength=6).min() > len(codes) / len(wards)


def test_the_same_map_as_a_table_gives_the_same(luton: Path, tmp_path: Path) -> None:
    codes, places = centroids("E06000032")
    shapes = read_map(luton, Neighbourhoods(), Residents.of_nobody().parents)
    table = tmp_path / "lsoas.csv"
    numbers = shapes.of_areas(codes, places)
    pd.DataFrame({"LSOA21CD": codes, "neighbourhood": [shapes.codes[k] for k in numbers]}).to_csv(
        table, index=False
    )
    again = read_map(table, Neighbourhoods(), Residents.of_nobody().parents)

    assert again.codes == shapes.codes
    assert again.of_areas(codes, places).tolist() == numbers.tolist()


def test_practices_count_in_tees_valley_by_groups_of_msoas(tmp_path: Path) -> None:
    region = region_of("16C", drawn(tmp_path, grouped(features("msoa", *TEES_VALLEY), 12)))

    assert region.neighbourhoods is not None
    assert len(region.neighbourhoods.codes) == 12
    placed = region.neighbourhoods.patients.sum(axis=1)
    assert ((placed == 0) | (placed == region.units["list_size"])).all()
    assert (placed > 0).sum() >= 80
    assert len(told(region).get("no_neighbourhood", [])) == (placed == 0).sum()
