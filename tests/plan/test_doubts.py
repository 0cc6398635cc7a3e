"""What is worth a second look in a plan: links over water, ferries, and places that are split."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from pcn_group.config.model import Configuration
from pcn_group.plan.doubts import DOUBTS, doubt_lines, plan_report
from pcn_group.practices import read_practices
from pcn_group.region.region import Region, prepare_region
from tests.geography.regions import EAST, NORTH

# Three on a mainland, two of them at one place, and two on an island to the east.
PRACTICES = {"A": (1, 1), "B": (1, 1), "C": (1, 5), "K": (9, 1), "L": (9, 5)}
LAND = [shapely.box(0, 0, 3, 6), shapely.box(7, 0, 12, 6)]


def prepared(folder: Path, **adjacency: object) -> Region:
    table = folder / "practices.csv"
    rows = [
        f"{code},,15000,R,{EAST + 1000 * x},{NORTH + 1000 * y}"
        for code, (x, y) in PRACTICES.items()
    ]
    head = "practice_code,practice_name,list_size,region_code,easting,northing"
    table.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    land = folder / "land.gpkg"
    moved = [shapely.transform(shape, lambda at: at * 1000 + [EAST, NORTH]) for shape in LAND]
    gpd.GeoDataFrame(geometry=moved, crs=27700).to_file(land, driver="GPKG")
    rules = Configuration.model_validate({"adjacency": {"land": land, **adjacency}})
    return prepare_region(read_practices([table]), rules)


def crossing(folder: Path, kind: str) -> Path:
    path = folder / "crossings.csv"
    path.write_text(
        "name,kind,from_easting,from_northing,to_easting,to_northing\n"
        f"The Sound,{kind},{EAST + 3000},{NORTH + 1000},{EAST + 7000},{NORTH + 1000}\n",
        encoding="utf-8",
    )
    return path


def doubts(region: Region, networks: list[list[int]]) -> list[tuple[str, str, str]]:
    report = plan_report(region, networks)
    found = report[report["finding"].isin(DOUBTS)]
    return [*found[["finding", "practice_code", "detail"]].itertuples(index=False, name=None)]


def test_a_plan_without_water_or_shared_places_leaves_no_doubt(tmp_path: Path) -> None:
    assert doubts(prepared(tmp_path), [[0, 1, 2], [3, 4]]) == []


def test_a_place_that_is_split_is_told_of_each_of_its_practices(tmp_path: Path) -> None:
    assert doubts(prepared(tmp_path), [[0, 2], [1], [3, 4]]) == [
        ("place_split", "A", "than B"),
        ("place_split", "B", "than A"),
    ]


def test_a_network_that_only_a_link_over_water_holds_together(tmp_path: Path) -> None:
    region = prepared(tmp_path, add=[["A", "K"]])
    assert doubts(region, [[0, 1, 3], [2], [4]])[0] == ("link_over_water", "A", "to K")
    assert ("network_over_water", "K", "from A") in doubts(region, [[0, 1, 3], [2], [4]])


@pytest.mark.parametrize(("kind", "count"), [("bridge", 0), ("tunnel", 0), ("ferry", 1)])
def test_a_ferry_is_doubtful_and_a_bridge_is_not(tmp_path: Path, kind: str, count: int) -> None:
    region = prepared(tmp_path, crossings=crossing(tmp_path, kind))
    found = doubts(region, [[0, 1, 3], [2], [4]])
    assert [name for name, *_ in found] == ["network_over_water"] * count


def test_doubts_in_words(tmp_path: Path) -> None:
    report = plan_report(prepared(tmp_path), [[0, 2], [1], [3, 4]])
    assert doubt_lines(report)[0] == "A: at one place, in another network than B"
