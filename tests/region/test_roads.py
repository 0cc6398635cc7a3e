"""A region whose ways are along roads: minutes, neighbours, and what is told of them."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from pcn_group.base.errors import InputError
from pcn_group.cli import group
from pcn_group.config.loading import load_configuration
from pcn_group.config.model import Configuration
from pcn_group.geography.roads.storage import ATTRIBUTION, origin_of, read_extracts, stored
from pcn_group.geography.travel import build_travel
from pcn_group.geography.ways import Way, build_ways
from pcn_group.practices import read_practices
from pcn_group.region.region import Region, prepare_region
from tests.geography.regions import Place, catchments, region
from tests.geography.roads.osm import PRIMARY, osm

NODES = {"A": (0.0, 0.0), "B": (6.5, 0.0), "C": (6.5, 6.5), "D": (0.0, 6.5)}
HORSESHOE = ("ABCD", PRIMARY)
"""Three sides of a square, six minutes each: between A and D there is no road."""

AT_CORNERS = {"A": (0.0, 0.1), "B": (6.5, 0.0), "C": (6.5, 6.5), "D": (0.0, 6.4)}


def roads(folder: Path, *ways: tuple[str, Mapping[str, str]]) -> str:
    extract = osm(folder / "map.osm", NODES, ways or [HORSESHOE])
    path = folder / "roads.npz"
    path.write_bytes(stored(read_extracts([extract]), origin_of([extract])))
    return str(path)


def rules(file: str, **more: Mapping[str, object]) -> Configuration:
    travel = {"way": "roads", "roads": file, **more.pop("travel", {})}
    return Configuration.model_validate({"travel": travel, **more})


def practices(folder: Path, places: Mapping[str, Place] = AT_CORNERS) -> Path:
    path = folder / "practices.csv"
    region(places).assign(practice_name="Surgery", list_size=20_000).to_csv(path, index=False)
    return path


def prepared(folder: Path, configuration: Configuration, **places: Place) -> Region:
    return prepare_region(read_practices([practices(folder, places or AT_CORNERS)]), configuration)


def told(found: Region, kind: str) -> dict[str, str]:
    report = found.practices.data_report
    rows = report[report["finding"] == kind]
    return dict(zip(rows["practice_code"], rows["detail"], strict=True))


def test_travel_is_in_minutes_and_the_way_to_the_hub_counts(tmp_path: Path) -> None:
    ring = roads(tmp_path, ("ABCDA", {**PRIMARY, "oneway": "yes"}))
    places = {"A": (0.0, 0.0), "B": (6.5, 0.0)}
    travel = prepared(tmp_path, rules(ring), **places).travel
    assert travel.unit == "minutes"
    assert travel.to_unit(travel.values[0, 1]) == pytest.approx(6, 0.001)
    assert travel.to_unit(travel.values[1, 0]) == pytest.approx(18, 0.001)


def test_who_has_a_long_way_round_by_road_is_no_neighbour(tmp_path: Path) -> None:
    found = prepared(tmp_path, rules(roads(tmp_path)))
    assert found.problem.neighbours == ((1,), (0, 2), (1, 3), (2,))
    assert told(found, "neighbours_dropped") == {"A": "and D: 6.3 km straight, 19.5 km by road"}
    assert found.ways is not None
    assert (found.ways.kinds == Way.ROAD).all()


def test_by_road_a_way_may_be_twice_as_long_and_by_land_half_as_long_again(
    tmp_path: Path,
) -> None:
    assert Configuration().detour == (1.5, 2.0)
    file = roads(tmp_path)
    assert rules(file).detour == (2.0, 3.0)
    assert rules(file, adjacency={"detour": 4}).detour == (4.0, 3.0)
    assert rules(file, adjacency={"detour": None}).detour is None
    for kept in ({"detour": 4}, {"detour_km": 14}, {"detour": None}):
        found = prepared(tmp_path, rules(file, adjacency=kept))
        assert 3 in found.problem.neighbours[0]


def test_whoever_falls_apart_is_joined_by_road(tmp_path: Path) -> None:
    file, places = roads(tmp_path), {"A": (0.0, 0.0), "D": (0.0, 6.5)}
    assert told(prepared(tmp_path, rules(file), **places), "piece_joined") == {"A": "to D: 19.5 km"}


def test_distances_from_roads_and_whose_they_are_are_told(tmp_path: Path) -> None:
    places = {"A": (1.0, 0.03), "B": (3.0, -0.05), "C": (6.8, 3.0)}
    found = prepared(tmp_path, rules(roads(tmp_path)), **places)
    assert found.practices.notes == (
        "Roads: © OpenStreetMap contributors (ODbL 1.0).",
        "Practices are 50 m from the nearest road in the median, 300 m at most.",
    )
    assert told(found, "off_road") == {"C": "300 m from the nearest road"}


def test_who_is_near_where_the_file_ends_is_warned(tmp_path: Path) -> None:
    places = {"A": (2.5, 0.0), "B": (6.5, 0.0), "C": (6.5, 6.5)}
    found = prepared(tmp_path, rules(roads(tmp_path)), **places)
    assert told(found, "near_rim") == {"A": "2.5 km from where a main road ends"}
    ring = roads(tmp_path, ("ABCDA", PRIMARY))
    assert not told(prepared(tmp_path, rules(ring), **places), "near_rim")


def test_a_practice_too_far_from_any_road_is_a_fault(tmp_path: Path) -> None:
    places = {**AT_CORNERS, "E": (8.0, 3.0), "F": (30.0, 0.0)}
    file = roads(tmp_path)
    with pytest.raises(InputError) as caught:
        prepared(tmp_path, rules(file), **places)
    first, second = map(str, caught.value.faults)
    assert first.startswith("roads.npz: has no road within 1 km of practice E.")
    assert "practice F" in second
    farther = rules(file, travel={"snap_max": 25})
    assert told(prepared(tmp_path, farther, **places), "off_road").keys() == {"E", "F"}


def test_minutes_may_be_from_where_patients_live(tmp_path: Path) -> None:
    places = {"A": (0.0, 0.0), "B": (6.5, 0.0), "C": (6.5, 6.5)}
    areas = {"L1": (3.25, 0.0), "L2": (6.5, 3.25), "FAR": (90.0, 90.0)}
    homes = catchments(areas, {"A": {"L1": 30, "L2": 10, "FAR": 7}, "B": {"FAR": 5}})
    configuration = rules(roads(tmp_path), travel={"origin": "patients"})
    table = region(places)
    travel = build_travel(table, configuration, homes, build_ways(table, configuration))
    minutes = travel.values / 60
    # Of A's patients 30 live halfway to B, and 10 halfway from B to C; B's where B is.
    assert minutes[0] == pytest.approx([(30 * 3 + 10 * 9) / 40, 3, (30 * 9 + 10 * 3) / 40], 0.001)
    assert minutes[1] == pytest.approx([6, 0, 6], 0.001)
    assert travel.left_out == 12


def test_a_matrix_counts_for_travel_and_roads_for_neighbours(tmp_path: Path) -> None:
    matrix = tmp_path / "matrix.csv"
    rows = [f"{a},{b},1000" for a in "ABCD" for b in "ABCD" if a < b]
    matrix.write_text("\n".join(["from,to,value", *rows]))
    found = prepared(tmp_path, rules(roads(tmp_path), travel={"matrix": matrix}))
    assert found.travel.unit == "km"
    assert found.travel.values[0, 3] == 1000
    assert found.problem.neighbours == ((1,), (0, 2), (1, 3), (2,))


@pytest.mark.parametrize("given", [("travel.way=roads",), ("travel.roads=roads.npz",)])
def test_roads_and_their_file_go_together(given: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="a file of roads go together"):
        load_configuration(None, given)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A plan with minutes on the horseshoe, its page and its travel."""
    out, given = tmp_path / "plan", ["travel.way=roads", f"travel.roads={roads(tmp_path)}"]
    settings = [part for each in (*given, "output.travel=true") for part in ("--set", each)]
    run = command("solve", practices(tmp_path), "--out", out, "--report", *settings)
    assert run.exit_code == 0, run.output
    assert f"Note: Roads: {ATTRIBUTION}." in run.output
    return out


def command(*arguments: object) -> Result:
    return CliRunner().invoke(group, [*map(str, arguments)])


def test_whose_the_roads_are_stands_wherever_minutes_are_shown(plan: Path, tmp_path: Path) -> None:
    assert f"Roads: {ATTRIBUTION}." in json.loads((plan / "summary.json").read_text())["notes"]
    page = (plan / "report.html").read_text(encoding="utf-8")
    assert f"Roads: {ATTRIBUTION}.</p></footer>" in page
    copy = shutil.copytree(plan, tmp_path / "copy")
    for arguments in (("check", plan), ("explain", plan), ("compare", plan, copy)):
        told_too = command(*arguments)
        assert told_too.exit_code == 0, told_too.output
        assert f"Roads: {ATTRIBUTION}." in told_too.output


def test_the_minutes_that_are_written_can_be_given_back_as_a_matrix(
    plan: Path, tmp_path: Path
) -> None:
    with (plan / "travel.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert {row["way"] for row in rows} == {f"road {ATTRIBUTION}"}
    assert (rows[0]["from"], rows[0]["to"]) == ("A", "B")
    assert float(rows[0]["value"]) == pytest.approx(6, 0.001)
    adjacency = pd.read_csv(plan / "adjacency.csv")
    assert adjacency["way_km"].tolist() == pytest.approx([6.5, 6.5, 6.5], 0.001)
    assert adjacency["water_km"].isna().all()

    file, matrix = tmp_path / "practices.csv", plan / "travel.csv"
    given = {"matrix": matrix, "unit": "minutes"}
    again = prepare_region(
        read_practices([file]), Configuration.model_validate({"travel": given})
    ).travel
    before = prepared(tmp_path, rules(str(tmp_path / "roads.npz"))).travel
    assert again.unit == before.unit
    assert again.values == pytest.approx(before.values, abs=0.001)


def test_check_works_out_travel_again_from_the_roads(plan: Path, tmp_path: Path) -> None:
    assert command("check", plan).exit_code == 0
    roads(tmp_path, ("ABCD", {**PRIMARY, "maxspeed": "20 mph"}))
    run = command("check", plan)
    assert run.exit_code == 3
    assert "cost" in run.output
    (tmp_path / "roads.npz").unlink()
    run = command("check", plan)
    assert isinstance(run.exception, InputError)
    assert "names roads.npz for travel.roads, which is not found" in str(run.exception)
