"""Neighbours by land: who is one no more, and who is joined again."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from pcn_group.config.model import Configuration
from pcn_group.geography.adjacency import Neighbours, build_adjacency, connected_parts
from pcn_group.geography.land import OUTLINE
from pcn_group.geography.ways import Way, build_ways
from pcn_group.practices import read_practices
from tests.geography.regions import EAST, NORTH, Place, region
from tests.paths import ROOT

ENGLAND = ROOT.parent / "shared" / "data" / "england-2021"

BAY = [(0, 0), (9, 0), (9, 12), (6, 12), (6, 2), (3, 2), (3, 12), (0, 12)]
ISLE = [(4, 13), (5, 13), (5, 14), (4, 14)]
PLACES = {
    "A": (2.0, 10.0),
    "B": (2.0, 5.0),
    "C": (2.0, 1.0),
    "D": (7.0, 1.0),
    "E": (7.0, 5.0),
    "F": (7.0, 10.0),
}


@pytest.fixture
def land(tmp_path: Path) -> Path:
    shapes = [
        shapely.Polygon([(EAST + 1e3 * x, NORTH + 1e3 * y) for x, y in r]) for r in (BAY, ISLE)
    ]
    path = tmp_path / "land.gpkg"
    gpd.GeoDataFrame(geometry=shapes, crs=27700).to_file(path, driver="GPKG")
    return path


def found(table: pd.DataFrame, **adjacency: object) -> Neighbours:
    rules = Configuration.model_validate({"adjacency": adjacency})
    return build_adjacency(table, rules, ways=build_ways(table, rules))


def pairs(table: pd.DataFrame, neighbours: Neighbours) -> str:
    """Pairs of neighbours, as in `A-B C-D`."""
    return shown(table, [(i, j) for i, row in enumerate(neighbours.of) for j in row if i < j])


def shown(table: pd.DataFrame, some: object) -> str:
    codes = table["practice_code"]
    return " ".join(sorted("-".join(sorted((codes[i], codes[j]))) for i, j in some))  # type: ignore[attr-defined]


def around(land: Path, places: dict[str, Place] = PLACES, **adjacency: object) -> str:
    table = region(places)
    return pairs(table, found(table, land=land, **adjacency))


def test_across_a_bay_nobody_is_a_neighbour(land: Path) -> None:
    assert around(land, detour=None) == "A-B A-F B-C B-E C-D D-E E-F"
    assert around(land) == "A-B B-C C-D D-E E-F"


def test_what_is_too_long_is_for_the_user_to_say(land: Path) -> None:
    # Straight across 5 km each; round the bay B and E are 9.3 km apart, A and F 19.1 km.
    for rules in ({"detour": 2}, {"detour_km": 5}, {"detour": 1, "detour_km": 5}):
        assert around(land, **rules) == "A-B B-C B-E C-D D-E E-F"
    for rules in ({"detour": 4}, {"detour_km": 15}):
        assert around(land, **rules) == around(land, detour=None)


def test_a_bridge_keeps_a_pair(land: Path, tmp_path: Path) -> None:
    path = tmp_path / "bridges.csv"
    path.write_text(
        "name,kind,from_easting,from_northing,to_easting,to_northing\n"
        "The Bridge,bridge,502900,230000,506100,230000\n"
    )
    assert around(land, crossings=path) == "A-B A-F B-C C-D D-E E-F"


def test_an_island_is_joined_where_the_way_is_shortest(land: Path) -> None:
    table = region(PLACES | {"I": (4.2, 13.5)})
    neighbours = found(table, land=land)
    assert shown(table, neighbours.joined) == "A-I"
    assert set(neighbours.of[6]) == {0}
    assert found(table, land=land, islands="leave").of[6] == ()


def test_practices_at_one_address_are_joined_together(land: Path) -> None:
    table = region(PLACES | {"I": (4.2, 13.5), "J": (4.2, 13.5), "G": PLACES["A"]})
    joined = found(table, land=land).joined
    assert shown(table, joined) == "A-I A-J G-I G-J"


def test_a_piece_that_falls_apart_is_joined_by_land_before_water(land: Path) -> None:
    # Without the inner end of the bay both sides hang together by A and F alone.
    places = {code: PLACES[code] for code in "AF"} | {"I": (4.2, 13.5)}
    table = region(places)
    neighbours = found(table, land=land)
    assert shown(table, neighbours.joined) == "A-F A-I"


def test_who_is_added_or_removed_has_the_last_word(land: Path) -> None:
    assert "A-F" in around(land, add=[("F", "A")])
    table = region(PLACES | {"I": (4.2, 13.5)})
    cut = found(table, land=land, remove=[("I", "A")], add=[("I", "F")])
    assert cut.of[6] == (5,)
    assert cut.joined == ()
    assert shown(table, cut.added) == "F-I"


def test_a_list_of_neighbours_is_taken_as_it_is(land: Path, tmp_path: Path) -> None:
    edges = tmp_path / "edges.csv"
    edges.write_text("practice_code,neighbour_code\nA,F\n")
    assert around(land, method="edges", edges=edges) == "A-F"


@pytest.mark.parametrize("method", ["voronoi", "gabriel", "knn"])
def test_the_order_of_rows_is_of_no_account(land: Path, method: str) -> None:
    table = region(PLACES | {"I": (4.2, 13.5)})
    turned = table.iloc[::-1].reset_index(drop=True)
    assert pairs(table, found(table, land=land, method=method)) == pairs(
        turned, found(turned, land=land, method=method)
    )


# --- England -------------------------------------------------------------------------------------

needs_england = pytest.mark.skipif(
    not ENGLAND.exists(), reason="the official data is not beside the project"
)


def region_of_england(code: str) -> pd.DataFrame:
    return read_practices([ENGLAND / "gp-reg-pat-prac-all.csv"], code).table


@needs_england
def test_cornwall_loses_seven_pairs_and_keeps_the_isles_of_scilly() -> None:
    table = region_of_england("11N")
    neighbours = found(table)
    assert shown(table, neighbours.dropped) == (
        "L82017-L82038 "  # St Mary's, Isles of Scilly, and Cape Cornwall
        "L82046-Y00969 "  # Saltash and Rame
        "L82048-L82049 "  # Roseland and Falmouth
        "L82048-L82622 "  # Roseland and Westover
        "L82052-L82057 "  # Trescobeas and St Keverne
        "L82057-L82622 "  # St Keverne and Westover
        "L82066-Y00969"  # Port View and Rame
    )
    (joined,) = neighbours.joined
    assert "L82017" in {table["practice_code"][i] for i in joined}
    assert len(connected_parts(neighbours.of)) == 1


@needs_england
def test_morecambe_bay_loses_eleven_pairs_and_millom_is_joined_by_land() -> None:
    table = region_of_england("01K")
    neighbours = found(table)
    assert len(neighbours.dropped) == 11
    assert shown(table, neighbours.joined) == "A82033-A82651"  # Millom and Broughton-in-Furness
    ways = build_ways(table, Configuration())
    assert ways is not None
    assert ways.kinds[neighbours.joined[0]] == Way.LAND


@needs_england
@pytest.mark.parametrize(
    ("code", "count"), [("15N", 5), ("03F", 0), ("12F", 0), ("99A", 0), ("72Q", 0)]
)
def test_how_many_pairs_other_regions_lose(code: str, count: int) -> None:
    neighbours = found(region_of_england(code))
    assert len(neighbours.dropped) == count
    assert neighbours.joined == ()


@needs_england
@pytest.mark.deep
def test_three_practices_of_england_lie_in_the_water() -> None:
    table = read_practices([ENGLAND / "gp-reg-pat-prac-all.csv"], several_regions=True).table
    off = pd.Series(dtype=float)
    for code in ("11N", "15N", "72Q"):
        own = table[table["region_code"] == code].reset_index(drop=True)
        ways = build_ways(own, Configuration())
        assert ways is not None
        metres = pd.Series(ways.off_land, own["practice_code"])
        off = pd.concat([off, metres[metres > 0]])
    assert off.round().to_dict() == {"L82022": 53, "L83106": 101, "G85705": 20}


@needs_england
def test_an_outline_of_great_britain_and_one_of_the_region_give_the_same_pairs(
    tmp_path: Path,
) -> None:
    table = region_of_england("11N")
    places = table[["easting", "northing"]].to_numpy()
    box = shapely.box(*(places.min(axis=0) - 20_000), *(places.max(axis=0) + 20_000))
    britain = gpd.read_file(OUTLINE)
    britain.clip(box).to_file(tmp_path / "cornwall.gpkg", driver="GPKG")
    ours, theirs = (found(table, outline=path) for path in (OUTLINE, tmp_path / "cornwall.gpkg"))
    assert ours.of == theirs.of
