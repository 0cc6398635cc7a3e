"""What is told of land and water: once, in the data report or in a note."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from pcn_group.config.model import Configuration
from pcn_group.practices import read_practices
from pcn_group.region.region import Region, prepare_region
from tests.geography.regions import EAST, NORTH, Place, region

U_SHAPE = [(0, 0), (9, 0), (9, 8), (6, 8), (6, 2), (3, 2), (3, 8), (0, 8)]
BAY = {"A": (2.0, 7.0), "B": (2.0, 1.0), "C": (7.0, 1.0), "D": (7.0, 7.0)}
AT_SEA = {"A": (110.0, 400.0), "B": (113.0, 404.0)}
"""In the North Sea, more than 100 km off the coast of Northumberland."""


def land(folder: Path, *rings: list[Place]) -> str:
    shapes = [
        shapely.Polygon([(EAST + 1000 * x, NORTH + 1000 * y) for x, y in ring]) for ring in rings
    ]
    path = folder / "land.gpkg"
    gpd.GeoDataFrame(geometry=shapes, crs=27700).to_file(path, driver="GPKG")
    return str(path)


def prepared(folder: Path, places: dict[str, Place], **adjacency: object) -> Region:
    path = folder / "practices.csv"
    table = region(places).assign(practice_name="Surgery", list_size=20_000)
    table.to_csv(path, index=False)
    rules = Configuration.model_validate({"adjacency": adjacency})
    return prepare_region(read_practices([path]), rules)


def told(report: pd.DataFrame) -> list[tuple[str, str, str]]:
    about_land = report["finding"].isin(["off_land", "neighbours_dropped", "piece_joined"])
    columns = report.loc[about_land, ["finding", "practice_code", "detail"]]
    return [*columns.itertuples(index=False, name=None)]


def test_a_region_far_from_the_land_has_one_note_and_no_findings(tmp_path: Path) -> None:
    at_sea = prepared(tmp_path, AT_SEA)
    again = prepare_region(at_sea.practices, at_sea.configuration)
    for practices in (at_sea.practices, again.practices):
        assert practices.notes == (
            "No practice is near the land of Great Britain: all ways are straight lines.",
        )
        assert not told(practices.data_report)


def test_where_straight_lines_are_asked_for_nothing_is_told(tmp_path: Path) -> None:
    rules = Configuration.model_validate(
        {"travel": {"way": "straight"}, "adjacency": {"detour": None}}
    )
    assert prepare_region(prepared(tmp_path, AT_SEA).practices, rules).ways is None


def test_practices_at_sea_are_findings_where_others_are_on_land(tmp_path: Path) -> None:
    found = told(prepared(tmp_path, {"A": (0.0, 0.0), "B": (113.0, 404.0)}).practices.data_report)
    (only,) = [row for row in found if row[0] == "off_land"]
    assert only[:2] == ("off_land", "B")
    assert only[2].endswith(" km from land")


def test_a_pair_that_is_dropped_is_told_with_its_way(tmp_path: Path) -> None:
    region = prepared(tmp_path, BAY, land=land(tmp_path, U_SHAPE))
    assert region.problem.neighbours == ((1,), (0, 2), (1, 3), (2,))
    assert told(region.practices.data_report) == [
        ("neighbours_dropped", "A", "and D: 5.0 km straight, 13.2 km by land")
    ]
    again = prepare_region(region.practices, region.configuration)
    assert told(again.practices.data_report) == told(region.practices.data_report)


def test_a_piece_that_is_joined_over_water_is_told(tmp_path: Path) -> None:
    isle = [(4.0, 9.0), (5.0, 9.0), (5.0, 10.0), (4.0, 10.0)]
    region = prepared(tmp_path, BAY | {"E": (4.5, 9.5)}, land=land(tmp_path, U_SHAPE, isle))
    joined = [row for row in told(region.practices.data_report) if row[0] == "piece_joined"]
    ((_, code, detail),) = joined
    assert code == "A"
    assert detail == "to E: 3.5 km, over water (1.4 km of the straight line)"


@pytest.mark.parametrize("islands", ["join", "leave"])
def test_an_island_may_be_left(islands: str, tmp_path: Path) -> None:
    isle = [(4.0, 9.0), (5.0, 9.0), (5.0, 10.0), (4.0, 10.0)]
    places, path = BAY | {"E": (4.5, 9.5)}, land(tmp_path, U_SHAPE, isle)
    found = prepared(tmp_path, places, land=path, islands=islands).problem.neighbours[4]
    assert found == ((0,) if islands == "join" else ())
