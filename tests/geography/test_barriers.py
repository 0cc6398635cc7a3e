"""Barriers: who is no neighbour any more, where a crossing lies, and what bars nobody."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from pcn_group.base.errors import InputError
from pcn_group.config.model import Configuration
from pcn_group.geography.adjacency import Neighbours, build_adjacency
from pcn_group.geography.ways import build_ways
from tests.geography.regions import EAST, NORTH, Place, region
from tests.geography.test_detours import pairs, shown

# A row on each side of a river that runs from south to north.
PLACES = {
    "A": (0.0, 0.0),
    "B": (0.0, 4.0),
    "C": (0.0, 8.0),
    "D": (3.0, 0.0),
    "E": (3.0, 4.0),
    "F": (3.0, 8.0),
}
RIVER = [(1.5, -9.0), (1.5, 20.0)]


def lines(folder: Path, *barriers: list[Place], name: str = "barriers.geojson") -> Path:
    """A file of barriers, drawn in kilometres from the corner of the region."""
    moved = [
        shapely.LineString([(EAST + 1000 * x, NORTH + 1000 * y) for x, y in line])
        for line in barriers
    ]
    path = folder / name
    gpd.GeoDataFrame(geometry=moved, crs=27700).to_file(path)
    return path


def crossing(folder: Path, *ends: float, kind: str = "bridge") -> Path:
    east, north, far_east, far_north = ends
    path = folder / "crossings.csv"
    path.write_text(
        "name,kind,from_easting,from_northing,to_easting,to_northing\n"
        f"Bridge,{kind},{EAST + 1000 * east},{NORTH + 1000 * north},"
        f"{EAST + 1000 * far_east},{NORTH + 1000 * far_north}\n",
        encoding="utf-8",
    )
    return path


def found(places: dict[str, Place] = PLACES, **adjacency: object) -> Neighbours:
    table = region(places)
    rules = Configuration.model_validate({"adjacency": adjacency})
    return build_adjacency(table, rules, ways=build_ways(table, rules))


def neighbours(**adjacency: object) -> str:
    return pairs(region(PLACES), found(**adjacency))


@pytest.mark.parametrize("name", ["barriers.geojson", "barriers.gpkg"])
def test_nobody_is_a_neighbour_across_a_barrier(tmp_path: Path, name: str) -> None:
    assert "A-D" in neighbours().split()
    river = lines(tmp_path, RIVER, name=name)
    assert neighbours(barriers=river) == "A-B B-C D-E E-F"


@pytest.mark.parametrize("method", ["gabriel", "knn"])
def test_whatever_finds_the_neighbours(tmp_path: Path, method: str) -> None:
    river = lines(tmp_path, RIVER)
    across = {"A-D", "B-E", "C-F"}
    assert across <= {*neighbours(method=method).split()}
    assert not across & {*neighbours(method=method, barriers=river).split()}


def test_who_has_a_crossing_near_stays(tmp_path: Path) -> None:
    river, bridge = lines(tmp_path, RIVER), crossing(tmp_path, 1, 0, 2, 0)
    kept = neighbours(barriers=river, crossings=bridge, detour_km=0)
    assert kept == "A-B A-D B-C D-E E-F"


def test_how_far_away_a_crossing_may_be_is_what_a_detour_may_be(tmp_path: Path) -> None:
    river, bridge = lines(tmp_path, RIVER), crossing(tmp_path, 1, 0, 2, 0)
    # From B to E it is 3 km straight, and 9.2 km over the bridge.
    near = neighbours(barriers=river, crossings=bridge, detour_km=6.5)
    assert {"A-D", "B-E"} <= {*near.split()}
    assert "C-F" not in near.split()


def test_a_crossing_of_another_barrier_is_none_of_this_one(tmp_path: Path) -> None:
    river = lines(tmp_path, RIVER, [(-9.0, 6.0), (20.0, 6.0)])
    bridge = crossing(tmp_path, 0.5, 5.5, 0.5, 6.5)
    kept = neighbours(barriers=river, crossings=bridge, detour_km=0)
    assert kept == "A-B B-C D-E"


def test_add_has_the_last_word(tmp_path: Path) -> None:
    river = lines(tmp_path, RIVER)
    assert "A-D" in neighbours(barriers=river, add=[["A", "D"]]).split()
    told = shown(region(PLACES), found(barriers=river, add=[["A", "D"]]).barred)
    assert "B-E" in told
    assert "A-D" not in told


def test_a_barrier_between_nobody_is_told_with_who_is_nearest(tmp_path: Path) -> None:
    aside = lines(tmp_path, RIVER, [(5.0, 3.0), (5.0, 5.0)])
    (futile,) = found(barriers=aside).futile
    assert (futile.what, futile.is_bridged) == (2, False)
    assert "E" in {region(PLACES)["practice_code"][i] for pair in futile.pairs for i in pair}


def test_a_barrier_with_crossings_everywhere_is_told_with_who_stays(tmp_path: Path) -> None:
    short = lines(tmp_path, [(1.5, -0.5), (1.5, 0.5)])
    bridge = crossing(tmp_path, 1, 0, 2, 0)
    (futile,) = found(barriers=short, crossings=bridge).futile
    assert futile.is_bridged
    assert shown(region(PLACES), futile.pairs) == "A-D"


def test_a_pair_to_remove_that_is_none_is_told_with_who_is_across() -> None:
    (absent,) = found(remove=[["A", "F"], ["A", "B"]]).futile
    assert shown(region(PLACES), [absent.what]) == "A-F"
    assert "B-E" in shown(region(PLACES), absent.pairs).split()


def test_where_places_are_not_known_nobody_is_across(tmp_path: Path) -> None:
    edges = tmp_path / "edges.csv"
    edges.write_text("practice_code,neighbour_code\nA,B\nB,C\n", "utf-8")
    rules = {"method": "edges", "edges": edges, "remove": [["A", "C"], ["A", "B"]]}
    table = region({"A": (0.0, 0.0), "B": (1.0, 1.0), "C": (2.0, 0.0)})
    table[["easting", "northing"]] = np.nan
    told = build_adjacency(table, Configuration.model_validate({"adjacency": rules}))
    assert told.of == ((), (2,), (1,))
    assert [(each.what, each.pairs) for each in told.futile] == [((0, 2), ())]


def test_a_file_without_lines_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "areas.geojson"
    gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs=4326).to_file(path)
    with pytest.raises(InputError, match="has no lines"):
        found(barriers=path)


def test_a_crossing_is_a_bridge_a_tunnel_or_a_ferry(tmp_path: Path) -> None:
    path = crossing(tmp_path, 1, 0, 2, 0, kind="footpath")
    with pytest.raises(InputError, match="no kind of crossing") as error:
        found(barriers=lines(tmp_path, RIVER), crossings=path)
    (fault,) = error.value.faults
    assert (fault.row, fault.column, fault.value) == (2, "kind", "footpath")
    assert "bridge, tunnel, ferry" in fault.remedy


def test_a_crossing_over_neither_water_nor_barrier_is_still_refused(tmp_path: Path) -> None:
    aside = crossing(tmp_path, 6, 0, 7, 0)
    with pytest.raises(InputError, match="the way round over land only"):
        found(barriers=lines(tmp_path, RIVER), crossings=aside)
