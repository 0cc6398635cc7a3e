"""The fastest ways on little maps, each for a rule of the road."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from pcn_group.geography.roads.extract import Segments, read_segments
from pcn_group.geography.roads.network import network_of
from pcn_group.geography.roads.search import nearest_spots, to_rim, ways_between
from pcn_group.geography.roads.storage import read_extracts
from tests.geography.roads.osm import PRIMARY, Drive, metres, osm, spots
from tests.paths import ROOT

ROADS = ROOT.parent / "shared" / "data" / "roads"

SQUARE = {"A": (0.0, 0.0), "B": (6.5, 0.0), "C": (6.5, 6.5), "D": (0.0, 6.5)}
"""Each side takes six minutes at 65 km/h."""

RING = ("ABCDA", PRIMARY)


def test_a_way_takes_what_its_length_and_speed_say(tmp_path: Path) -> None:
    drive = Drive(tmp_path, SQUARE, [RING])
    assert [drive.seconds(pair) for pair in ("AB", "BA", "AC", "AA")] == [360, 360, 720, 0]
    assert drive.km("AC") == 13


def test_a_one_way_street_leads_the_other_way_round(tmp_path: Path) -> None:
    drive = Drive(tmp_path, SQUARE, [("ABCDA", {**PRIMARY, "oneway": "yes"})])
    assert [drive.seconds(pair) for pair in ("AB", "BA")] == [360, 1080]
    assert [drive.km(pair) for pair in ("AB", "BA")] == [6.5, 19.5]
    drive = Drive(tmp_path, SQUARE, [("ABCDA", {**PRIMARY, "oneway": "-1"})])
    assert [drive.seconds(pair) for pair in ("AB", "BA")] == [1080, 360]


def test_a_roundabout_is_one_way_without_saying_so(tmp_path: Path) -> None:
    nodes = {**SQUARE, "W": (-6.5, 0.0), "E": (13.0, 0.0)}
    ways = [("ABCDA", {**PRIMARY, "junction": "roundabout"}), ("WA", PRIMARY), ("BE", PRIMARY)]
    drive = Drive(tmp_path, nodes, ways)
    assert drive.seconds("WE") == 3 * 360
    assert drive.seconds("EW") == 5 * 360


def test_a_speed_limit_in_miles_counts(tmp_path: Path) -> None:
    ways = [("ABC", {**PRIMARY, "maxspeed": "30 mph"}), ("CDA", {**PRIMARY, "maxspeed": "20 mph"})]
    drive = Drive(tmp_path, SQUARE, ways)
    assert drive.seconds("AB") == round(6500 / (0.8 * 30 * 1609.344 / 3600))
    assert drive.seconds("AD") == round(6500 / (0.8 * 20 * 1609.344 / 3600))


@pytest.mark.parametrize("closed", [{"access": "private"}, {"motor_vehicle": "no"}])
def test_a_closed_road_is_gone_round(tmp_path: Path, closed: dict[str, str]) -> None:
    drive = Drive(tmp_path, SQUARE, [("BCDA", PRIMARY), ("AB", {**PRIMARY, **closed})])
    assert drive.seconds("AB") == 1080


def test_a_bollard_closes_a_road_where_it_stands(tmp_path: Path) -> None:
    nodes = {**SQUARE, "M": (3.25, 0.0)}
    bollard = {"barrier": "bollard"}
    drive = Drive(tmp_path, nodes, [("AMB", PRIMARY), ("BCDA", PRIMARY)], M=bollard)
    assert drive.seconds("AB") == 1080
    gate = {"barrier": "gate"}
    drive = Drive(tmp_path, nodes, [("AMB", PRIMARY), ("BCDA", PRIMARY)], M=gate)
    assert drive.seconds("AB") == 360


def test_a_ferry_takes_as_long_as_it_says(tmp_path: Path) -> None:
    ferry = {"route": "ferry", "motor_vehicle": "yes", "duration": "00:10"}
    nodes = {**SQUARE, "S": (3.0, -1.0)}
    drive = Drive(tmp_path, nodes, [("BCDA", PRIMARY), ("ASB", ferry)])
    assert drive.seconds("AB") == 600
    straight = (3**2 + 1) ** 0.5 + (3.5**2 + 1) ** 0.5
    assert drive.km("AB") == pytest.approx(straight, abs=0.01)
    foot = {"route": "ferry", "foot": "yes", "duration": "00:10"}
    assert Drive(tmp_path, nodes, [("BCDA", PRIMARY), ("ASB", foot)]).seconds("AB") == 1080


def test_a_way_begins_at_the_nearest_place_of_a_road_and_not_at_a_node(tmp_path: Path) -> None:
    drive = Drive(tmp_path, SQUARE, [RING])
    here = nearest_spots(drive.roads, metres({"P": (3.25, 0.05)}, "P"), 100)
    assert here.off[0] == pytest.approx(50, abs=0.1)
    for end in "AB":
        there = spots(drive.roads, SQUARE, end)
        assert ways_between(drive.roads, here, there, "seconds")[0, 0] == pytest.approx(180, 0.001)
        assert ways_between(drive.roads, there, here, "seconds")[0, 0] == pytest.approx(180, 0.001)


def test_two_on_one_road_need_not_go_to_its_ends(tmp_path: Path) -> None:
    drive = Drive(tmp_path, SQUARE, [("ABCDA", {**PRIMARY, "oneway": "yes"})])
    both = nearest_spots(drive.roads, metres({"P": (2.0, 0.0), "Q": (3.0, 0.0)}, "PQ"), 100)
    metres_ = ways_between(drive.roads, both, both, "metres")
    assert metres_.round().tolist() == [[0, 1000], [25_000, 0]]


def test_nobody_starts_on_a_motorway_or_a_ferry(tmp_path: Path) -> None:
    nodes = {**SQUARE, "P": (3.0, 0.0)}
    motorway = {"highway": "motorway", "oneway": "no"}
    ferry = {"route": "ferry", "motor_vehicle": "yes"}
    for other in (motorway, ferry):
        drive = Drive(tmp_path, nodes, [("AB", other), ("BCDA", PRIMARY)])
        assert not spots(drive.roads, nodes, "P").is_found[0]
        assert spots(drive.roads, nodes, "A").is_found[0]


def test_roads_apart_from_the_others_are_left_out(tmp_path: Path) -> None:
    nodes = {**SQUARE, "X": (20.0, 0.0), "Y": (21.0, 0.0), "Z": (3.0, 3.0)}
    trap = ("AZ", {**PRIMARY, "oneway": "yes"})
    drive = Drive(tmp_path, nodes, [RING, ("XY", PRIMARY), trap])
    assert spots(drive.roads, nodes, "ABXZ").is_found.tolist() == [True, True, False, False]
    assert drive.roads.kilometres == pytest.approx(26, 0.001)


def test_what_several_extracts_share_counts_once(tmp_path: Path) -> None:
    west = {"A": (0.0, 0.0), "B": (6.5, 0.0), "C": (6.5, 6.5)}
    east = {"B": (6.5, 0.0), "C": (6.5, 6.5), "D": (13.0, 0.0)}
    files = [
        osm(tmp_path / "west.osm", west, [("ABC", PRIMARY)]),
        osm(tmp_path / "east.osm", east, [("CBD", PRIMARY)]),
    ]
    roads, nodes = read_extracts(files), {**west, **east}
    assert roads.kilometres == pytest.approx(19.5, 0.001)
    start, end = spots(roads, nodes, "A"), spots(roads, nodes, "D")
    assert ways_between(roads, start, end, "seconds")[0, 0] == pytest.approx(720, 0.001)


def test_a_road_that_an_extract_cuts_off_is_whole_with_the_next_one(tmp_path: Path) -> None:
    way = ("ABD", PRIMARY)
    west, east = {"A": (0.0, 0.0), "B": (6.5, 0.0)}, {"D": (13.0, 0.0)}
    files = [
        osm(tmp_path / "west.osm", west, [way]),
        osm(tmp_path / "east.osm", east, [way]),
    ]
    assert read_extracts(files[:1]).kilometres == pytest.approx(6.5, 0.001)
    assert read_extracts(files).kilometres == pytest.approx(13, 0.001)


def test_the_rim_is_where_main_roads_end_in_nothing(tmp_path: Path) -> None:
    nodes = {**SQUARE, "M": (-5.0, 0.0), "T": (0.0, -5.0), "R": (9.0, 9.0), "U": (0.0, -6.0)}
    ways = [RING, ("AM", PRIMARY), ("AT", PRIMARY), ("TU", {"highway": "track"})]
    drive = Drive(tmp_path, nodes, [*ways, ("CR", {"highway": "residential"})])
    assert to_rim(drive.roads, metres(nodes, "MA")).round().tolist() == [0, 5000]
    assert len(drive.roads.rim) == 1
    drive = Drive(tmp_path, SQUARE, [RING])
    assert np.isinf(to_rim(drive.roads, metres(SQUARE, "A"))).all()


def test_places_that_are_passed_are_no_junctions(tmp_path: Path) -> None:
    nodes = {**SQUARE, "M": (3.0, 0.1), "N": (4.0, 0.2), "X": (9.0, 0.0)}
    drive = Drive(tmp_path, nodes, [("AMNBCDA", PRIMARY), ("BX", PRIMARY)])
    assert drive.roads.number_of_junctions == 2
    assert len(drive.roads.first) - 1 == 2
    assert [drive.seconds(pair) for pair in ("AB", "MX")] == [361, drive.seconds("XM")]


def plain_graph(segments: Segments) -> nx.DiGraph:
    """The same roads, nothing contracted."""
    graph = nx.DiGraph()
    for k, (a, b) in enumerate(segments.ends.tolist()):
        for (tail, head), seconds in zip(((a, b), (b, a)), segments.seconds[k], strict=True):
            old = graph.get_edge_data(tail, head, {"seconds": np.inf, "metres": np.inf})
            if np.isfinite(seconds):
                least = min(seconds, old["seconds"])
                graph.add_edge(tail, head, seconds=least, metres=segments.metres[k])
    return graph


def test_ways_are_those_of_another_program_on_the_same_roads(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    names = [chr(0x4E00 + k) for k in range(60)]
    nodes = {name: (rng.uniform(0, 9), rng.uniform(0, 9)) for name in names}
    kinds = [{"highway": kind} for kind in ("primary", "tertiary", "residential", "service")]
    ways = [("".join(names), kinds[0])]
    for _ in range(25):
        passed = "".join(rng.choice(names, 5, replace=False))
        oneway = {"oneway": "yes"} if rng.random() < 0.5 else {}
        ways.append((passed, kinds[rng.integers(4)] | oneway))
    compare(osm(tmp_path / "map.osm", nodes, ways), 60)


@pytest.mark.parametrize("name", ["rutland-2018", "isle-of-man-2020"])
def test_ways_in_real_counties_are_those_of_another_program(name: str) -> None:
    path = ROADS / f"{name}.osm.pbf"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    compare(path, 20)


def compare(path: Path, count: int) -> None:
    """Compare ways between some nodes with those of networkx on all segments."""
    segments = read_segments([path])
    roads, graph = network_of(segments), plain_graph(segments)
    part = max(nx.strongly_connected_components(graph), key=len)
    entries = np.unique(segments.ends[segments.is_entry])
    inside = [node for node in entries.tolist() if node in part]
    picked = np.random.default_rng(1).choice(inside, min(count, len(inside)), replace=False)
    here = nearest_spots(roads, segments.places[picked], 100)
    assert here.off.max() < 0.1
    for least in ("seconds", "metres"):
        found = ways_between(roads, here, here, least)
        for row, start in zip(found[:10], picked, strict=False):
            away = nx.single_source_dijkstra_path_length(graph, start, weight=least)
            assert row == pytest.approx([away[end] for end in picked], abs=0.05)


def test_the_way_does_not_depend_on_how_a_road_is_cut_into_ways(tmp_path: Path) -> None:
    nodes = {**SQUARE, "M": (3.0, 0.1)}
    one = Drive(tmp_path, nodes, [("AMBCDA", PRIMARY)])
    pieces = [(a + b, PRIMARY) for a, b in pairwise("AMBCDA")]
    other = Drive(tmp_path, nodes, pieces)
    assert [one.seconds(p) for p in ("AC", "MD")] == [other.seconds(p) for p in ("AC", "MD")]
