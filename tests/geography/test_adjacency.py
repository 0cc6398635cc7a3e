"""Who is whose neighbour."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pcn_group.base.errors import InputError
from pcn_group.config.model import Configuration
from pcn_group.geography.adjacency import build_adjacency, connected_parts
from pcn_group.geography.areas import alpha_shape
from pcn_group.practices import read_practices
from tests.depth import many
from tests.geography.regions import EAST, NORTH, neighbours, region
from tests.paths import ROOT

SQUARE = {"A": (0.0, 0.0), "B": (10.0, 0.0), "C": (10.0, 10.0), "D": (0.0, 10.0)}
ENGLAND = ROOT.parent / "shared" / "data" / "england-2021"
LAND = ENGLAND.parent / "land" / "gb-bsc-2024.geojson"


def faults(places: dict[str, tuple[float, float]], **adjacency: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        neighbours(places, **adjacency)
    return [str(fault) for fault in caught.value.faults]


def outline(folder: Path, *shapes: shapely.Geometry, crs: int | None = 27700) -> str:
    """A GeoPackage of shapes drawn in kilometres from the corner of the region."""
    moved = [
        shapely.transform(shape, lambda points: points * 1000 + [EAST, NORTH]) for shape in shapes
    ]
    path = folder / "outline.gpkg"
    frame = gpd.GeoDataFrame(geometry=moved, crs=crs)
    frame.to_file(path, driver="GPKG")
    return str(path)


def test_practices_whose_cells_share_an_edge_are_neighbours() -> None:
    ring = {"A": (0.0, 0.0), "B": (6.0, 0.0), "C": (9.0, 5.0), "D": (6.0, 10.0), "E": (0.0, 10.0)}
    assert neighbours(ring | {"F": (-3.0, 5.0), "G": (3.0, 5.0)}) == {
        "A": "B F G",
        "B": "A C G",
        "C": "B D G",
        "D": "C E G",
        "E": "D F G",
        "F": "A E G",
        "G": "A B C D E F",
    }


def test_the_alpha_shape_keeps_the_ends_of_a_bay_apart() -> None:
    inner = {"A": (0.0, 8.0), "B": (1.0, 4.0), "C": (3.0, 1.0), "D": (6.0, 0.0), "E": (9.0, 1.0)}
    inner |= {"F": (11.0, 4.0), "G": (12.0, 8.0)}
    outer = {"H": (-3.0, 7.0), "I": (-1.0, 2.0), "J": (3.0, -3.0), "K": (9.0, -3.0)}
    outer |= {"L": (13.0, 2.0), "M": (15.0, 7.0)}
    assert neighbours(inner | outer)["A"] == "B H"
    assert neighbours(inner | outer, method="gabriel")["A"] == "B G H"


def test_one_practice_has_no_neighbours() -> None:
    assert neighbours({"A": (0.0, 0.0)}) == {"A": ""}


def test_two_practices_are_neighbours() -> None:
    assert neighbours({"A": (0.0, 0.0), "B": (3.0, 4.0)}) == {"A": "B", "B": "A"}


def test_three_practices_in_a_triangle_are_all_neighbours() -> None:
    triangle = {"A": (0.0, 0.0), "B": (4.0, 0.0), "C": (2.0, 3.0)}
    assert neighbours(triangle) == {"A": "B C", "B": "A C", "C": "A B"}


@pytest.mark.parametrize("method", ["voronoi", "gabriel"])
def test_practices_along_a_road_are_neighbours_of_the_next(method: str) -> None:
    road = {"A": (0.0, 0.0), "C": (2.0, 2.0), "B": (5.0, 5.0), "D": (9.0, 9.0)}
    assert neighbours(road, method=method) == {"A": "C", "B": "C D", "C": "A B", "D": "B"}


def test_practices_in_one_building_are_all_neighbours() -> None:
    assert neighbours(dict.fromkeys("ABC", (1.0, 1.0))) == {"A": "B C", "B": "A C", "C": "A B"}


@pytest.mark.parametrize("method", ["voronoi", "gabriel", "knn"])
def test_practices_in_one_building_share_their_outside_neighbours(method: str) -> None:
    found = neighbours(SQUARE | {"E": (5.0, 4.0), "F": (5.0, 4.0)}, method=method)
    assert found["E"].replace("F", "E") == found["F"]
    assert "E F" in found["A"]


def test_gabriel_drops_a_pair_with_a_practice_between_them() -> None:
    places = {"A": (0.0, 0.0), "B": (10.0, 0.0), "C": (5.0, 4.0), "D": (5.0, -9.0)}
    assert neighbours(places, method="voronoi")["A"] == "B C D"
    assert neighbours(places, method="gabriel")["A"] == "C D"


def test_the_nearest_are_neighbours_in_both_directions() -> None:
    places = {"A": (0.0, 0.0), "B": (1.0, 0.0), "C": (3.0, 0.0)}
    assert neighbours(places, method="knn", nearest=1) == {"A": "B", "B": "A C", "C": "B"}


def test_more_nearest_than_there_are_gives_everybody() -> None:
    assert neighbours(SQUARE, method="knn", nearest=50)["A"] == "B C D"


def test_an_outline_separates_two_banks_of_an_estuary(tmp_path: Path) -> None:
    banks = [shapely.box(-1, -1, 11, 4), shapely.box(-1, 6, 11, 11)]
    found = neighbours(SQUARE, outline=outline(tmp_path, *banks))
    assert found == {"A": "B", "B": "A", "C": "D", "D": "C"}


def test_a_cell_in_several_parts_has_the_neighbours_of_each(tmp_path: Path) -> None:
    # The sea cuts E's cell in two: what is left of it touches A and B, and C and D.
    banks = [shapely.box(-1, -1, 11, 4.9), shapely.box(-1, 5.1, 11, 11)]
    found = neighbours(SQUARE | {"E": (5.0, 4.8)}, outline=outline(tmp_path, *banks))
    assert found["E"] == "A B C D"
    assert found["A"] == "E"


def test_an_island_has_no_neighbours_until_it_is_given_some(tmp_path: Path) -> None:
    places = SQUARE | {"E": (20.0, 5.0)}
    lands = outline(tmp_path, shapely.box(-1, -1, 11, 11), shapely.box(18, 3, 22, 7))
    assert neighbours(places, outline=lands)["E"] == ""
    assert neighbours(places, outline=lands, add=[("C", "E")])["E"] == "C"


def test_an_outline_in_latitude_and_longitude_is_projected(tmp_path: Path) -> None:
    grid = gpd.read_file(outline(tmp_path, shapely.box(-1, -1, 11, 4), shapely.box(-1, 6, 11, 11)))
    path = tmp_path / "outline.geojson"
    grid.to_crs(epsg=4326).to_file(path, driver="GeoJSON")
    assert neighbours(SQUARE, outline=str(path))["A"] == "B"


ARC = {f"P{k:02}": (20 * np.cos(k / 4), 20 * np.sin(k / 4)) for k in range(13)} | {"Q": (0.0, 1.0)}
"""Practices round the bend of a coast, and one in the middle of the bay."""

EVERYWHERE = shapely.box(-500, -500, 500, 500)


def test_an_outline_wider_than_the_region_changes_nothing(tmp_path: Path) -> None:
    wide = outline(tmp_path, EVERYWHERE)
    for places in (SQUARE, SQUARE | {"E": (5.0, 4.8)}, ARC):
        assert neighbours(places, outline=wide) == neighbours(places)


def test_a_wide_outline_still_takes_the_water_away(tmp_path: Path) -> None:
    strait = EVERYWHERE.difference(shapely.box(-500, 4, 500, 6))
    found = neighbours(SQUARE, outline=outline(tmp_path, strait))
    assert found == {"A": "B", "B": "A", "C": "D", "D": "C"}


def test_an_outline_inside_the_region_is_what_cuts(tmp_path: Path) -> None:
    ring = shapely.Point(0, 0).buffer(21).difference(shapely.Point(0, 0).buffer(19))
    found = neighbours(ARC | {"Q": (0.0, 19.5)}, outline=outline(tmp_path, ring))
    # From one end of the arc to the other there is no way but along it.
    assert found["P00"] == "P01"
    assert found["P12"] == "P11"


NEARLY_A_LINE = {"A": (0.0, 0.0), "B": (0.5, 0.002), "C": (1.0, 0.0)}
"""The cells of A and C meet 31 km south of them."""


@pytest.mark.parametrize(
    "places", [{"A": (0.0, 0.0)}, {"A": (0.0, 0.0), "B": (3.0, 4.0)}, NEARLY_A_LINE]
)
def test_along_a_road_a_wide_outline_changes_nothing(
    places: dict[str, tuple[float, float]], tmp_path: Path
) -> None:
    assert neighbours(places, outline=outline(tmp_path, EVERYWHERE)) == neighbours(places)


def test_along_a_road_water_separates_as_elsewhere(tmp_path: Path) -> None:
    road = {"A": (0.0, 0.0), "B": (2.0, 0.0), "C": (4.0, 0.0)}
    # The strait ends on land, but far from the road.
    banks = EVERYWHERE.difference(shapely.box(0.5, -50, 1.5, 50))
    assert neighbours(road, outline=outline(tmp_path, banks)) == {"A": "", "B": "C", "C": "B"}


def test_practices_beyond_others_off_the_land_are_nobodys_neighbours(tmp_path: Path) -> None:
    shore = {"A": (4.0, 9.2), "B": (6.0, 9.2), "C": (5.0, 5.0)}
    off = {"D": (4.0, 9.95), "E": (6.0, 9.95)}
    found = neighbours(shore | off, outline=outline(tmp_path, shapely.box(-1, -1, 11, 9.3)))
    assert found == {"A": "B C", "B": "A C", "C": "A B", "D": "", "E": ""}


def test_practices_far_outside_the_outline_are_a_fault(tmp_path: Path) -> None:
    found = faults(SQUARE, outline=outline(tmp_path, shapely.box(-1, -1, 11, 3)))
    assert len(found) == 2
    assert "leaves practice C 7 km outside" in found[0]


def test_an_outline_of_another_place_is_one_fault(tmp_path: Path) -> None:
    (found,) = faults(SQUARE, outline=outline(tmp_path, shapely.box(40, 0, 50, 10)))
    assert "leaves all practices outside, the nearest by 30 km" in found


def test_a_practice_just_outside_the_outline_is_not(tmp_path: Path) -> None:
    found = neighbours(SQUARE, outline=outline(tmp_path, shapely.box(0.5, 0.5, 9.5, 9.5)))
    assert all(found.values())


@pytest.mark.skipif(not LAND.exists(), reason="the official data is not beside the project")
def test_the_land_of_great_britain_joins_nobody_who_was_not_joined() -> None:
    england = read_practices([ENGLAND / "gp-reg-pat-prac-all.csv"], "15N").table
    before = build_adjacency(england, Configuration()).of
    land = Configuration.model_validate({"adjacency": {"outline": LAND}})
    after = build_adjacency(england, land).of
    assert all({*row} <= {*old} for row, old in zip(after, before, strict=True))
    assert sum(map(len, after)) >= 0.9 * sum(map(len, before))
    assert len(connected_parts(after)) == 1


def test_a_user_may_list_the_neighbours(tmp_path: Path) -> None:
    edges = tmp_path / "edges.csv"
    edges.write_text(
        "practice_code,neighbour_code\nA,C\nC,A\nB,D\nA,Z99999\n",
        encoding="utf-8",
    )
    found = neighbours(SQUARE, method="edges", edges=str(edges))
    assert found == {"A": "C", "B": "D", "C": "A", "D": "B"}


def test_a_neighbour_list_of_another_region_is_a_fault(tmp_path: Path) -> None:
    edges = tmp_path / "edges.csv"
    edges.write_text("practice_code,neighbour_code\nX,Y\n", encoding="utf-8")
    assert "no two practices" in faults(SQUARE, method="edges", edges=str(edges))[0]


def test_every_fault_of_a_neighbour_list_is_named_with_its_row(tmp_path: Path) -> None:
    edges = tmp_path / "edges.csv"
    rows = "A,A\nA,B\nB,B\nA,#N/A\n,B\nX,\nA,X\n"
    edges.write_text(f"practice_code,neighbour_code\n{rows}", encoding="utf-8")
    assert [fault.split(". ")[0] for fault in faults(SQUARE, method="edges", edges=str(edges))] == [
        "edges.csv, row 5, column neighbour_code: names nobody beside A ('#N/A')",
        "edges.csv, row 6, column practice_code: names nobody beside B ('')",
        "edges.csv, row 2, column neighbour_code: makes a practice its own neighbour ('A')",
        "edges.csv, row 4, column neighbour_code: makes a practice its own neighbour ('B')",
    ]


def test_a_bridge_is_added_and_a_river_removed() -> None:
    assert neighbours(SQUARE)["A"] == "B D"
    found = neighbours(SQUARE, add=[("C", "A")], remove=[("D", "A")])
    assert found["A"] == "B C"
    assert found["D"] == "C"


def test_what_to_add_and_remove_elsewhere_is_of_no_concern() -> None:
    found = neighbours(SQUARE, add=[("C", "A"), ("A", "X"), ("Y", "Z")], remove=[("X", "A")])
    assert found == neighbours(SQUARE, add=[("C", "A")])


def test_connected_parts_are_listed_by_their_first_practice() -> None:
    assert connected_parts([[2], [3], [0], [1], []]) == ((0, 2), (1, 3), (4,))


@settings(deadline=None, max_examples=many(150))
@given(
    places=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=30),
    metres=st.sampled_from([1, 25, 1000, 10_000]),
    method=st.sampled_from(["voronoi", "gabriel"]),
)
def test_any_region_is_connected_and_symmetric(
    places: list[tuple[int, int]], metres: int, method: str
) -> None:
    table = region(
        {f"P{k:02}": (x * metres / 1000, y * metres / 1000) for k, (x, y) in enumerate(places)}
    )
    configuration = Configuration.model_validate({"adjacency": {"method": method}})
    found = build_adjacency(table, configuration).of
    assert all(list(row) == sorted(set(row) - {i}) for i, row in enumerate(found))
    assert all(i in found[j] for i, row in enumerate(found) for j in row)
    assert len(connected_parts(found)) == 1
    for i, place in enumerate(places):
        for j, other in enumerate(places):
            if i != j and place == other:
                assert j in found[i]
                assert set(found[i]) - {j} == set(found[j]) - {i}


def test_on_a_grid_cells_that_meet_in_a_corner_are_not_neighbours() -> None:
    grid = {f"{row}{column}": (column, row) for row in range(3) for column in range(3)}
    for method in ("voronoi", "gabriel"):
        found = neighbours(grid, method=method)
        assert found["11"].split() == ["01", "10", "12", "21"]
        assert found["00"].split() == ["01", "10"]


@pytest.mark.parametrize("seed", range(4))
def test_neighbours_are_those_that_share_a_border_inside_the_alpha_shape(seed: int) -> None:
    sites = np.random.default_rng(seed).integers(0, 30_000, (40, 2)).astype(np.float64)
    found = found_pairs(sites, "voronoi")
    sites += np.array([EAST, NORTH])
    shape = alpha_shape(sites)
    borders = {pair: border_between(sites, *pair) for pair in combinations(range(40), 2)}
    assert found == {pair for pair, line in borders.items() if (line & shape).length > 0}


@pytest.mark.parametrize("seed", range(4))
def test_gabriel_neighbours_have_nobody_in_the_circle_between_them(seed: int) -> None:
    sites = np.random.default_rng(seed).integers(0, 12, (40, 2)).astype(np.float64) * 1000
    sites = np.unique(sites, axis=0)
    expected = set()
    for i, j in combinations(range(len(sites)), 2):
        from_middle = np.hypot(*(2 * sites - sites[i] - sites[j]).T)
        if from_middle.min() == from_middle[i]:
            expected.add((i, j))
    # Of two diagonals of a square with nobody in its circle, one at most is a side of a triangle.
    found = found_pairs(sites, "gabriel")
    assert found <= expected
    for i, j in expected - found:
        across = np.hypot(*(2 * sites - sites[i] - sites[j]).T) == np.hypot(*(sites[i] - sites[j]))
        assert across.sum() > 2


def found_pairs(sites: NDArray[np.float64], method: str) -> set[tuple[int, int]]:
    table = region({f"P{k:02}": (x / 1000, y / 1000) for k, (x, y) in enumerate(sites)})
    rules = Configuration.model_validate({"adjacency": {"method": method}})
    return {(i, j) for i, row in enumerate(build_adjacency(table, rules).of) for j in row if i < j}


def border_between(sites: NDArray[np.float64], i: int, j: int) -> shapely.Geometry:
    """The points as near to two sites as to each other and nearer than to any other, if any."""
    middle, along = (sites[i] + sites[j]) / 2, (sites[j] - sites[i])[::-1] * [-1, 1]
    start, end = -100.0, 100.0
    for other in np.delete(sites, [i, j], axis=0):
        # middle + t * along is nearer to i than to the other where slope * t <= room.
        slope = 2 * (other - sites[i]) @ along
        room = ((other - middle) ** 2).sum() - ((sites[i] - middle) ** 2).sum()
        if slope > 0:
            end = min(end, room / slope)
        elif slope < 0:
            start = max(start, room / slope)
        elif room < 0:
            return shapely.LineString()
    if start >= end:
        return shapely.LineString()
    return shapely.LineString([middle + start * along, middle + end * along])


@pytest.mark.skipif(not ENGLAND.exists(), reason="the official data is not beside the project")
@pytest.mark.deep
def test_every_region_of_england_is_connected() -> None:
    england = read_practices([ENGLAND / "gp-reg-pat-prac-all.csv"], several_regions=True).table
    regions: list[pd.DataFrame] = [
        table.reset_index(drop=True) for _, table in england.groupby("region_code")
    ]
    parts = [connected_parts(build_adjacency(table, Configuration()).of) for table in regions]
    assert len(parts) == 135
    assert all(len(part) == 1 for part in parts)


def test_neighbours_with_semicolons_and_other_headings(tmp_path: Path) -> None:
    edges = tmp_path / "edges.csv"
    text = "\ufeffPractice Code;Neighbour\r\nA;B\r\nB;C\r\n\r\nSource: a map\r\n"
    edges.write_text(text, encoding="utf-8")
    found = neighbours(SQUARE, method="edges", edges=str(edges))
    plain = tmp_path / "plain.csv"
    plain.write_text("practice_code,neighbour_code\nA,B\nB,C\n", encoding="utf-8")
    assert found == neighbours(SQUARE, method="edges", edges=str(plain))
