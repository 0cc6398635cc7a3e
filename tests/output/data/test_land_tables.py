"""What a plan's folder says of ways over land: neighbours with theirs, and travel on request."""

from __future__ import annotations

import json
import shutil
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pcn_group.cli.check import command as check
from pcn_group.cli.solve import command as solve

PRACTICES = """\
practice_code,practice_name,list_size,easting,northing
FAL,Falmouth,20000,180400,32500
PEN,Penryn,20000,178400,34300
ROS,Roseland,20000,187500,37200
TRU,Truro,20000,182600,44800
"""
"""Towns round Carrick Roads, an estuary that the King Harry Ferry crosses."""

RULES = ("--set", "band.min=30000", "--time-limit", "60")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(solve, ["practices.csv", *RULES, *arguments, "--out", "plan"])
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan with its travel, which holds."""
    with chdir(tmp_path_factory.mktemp("written")):
        Path("practices.csv").write_text(PRACTICES, encoding="utf-8")
        run("--set", "output.travel=true")
        assert checked()[0] == 0
        return Path("plan").resolve()


def text(name: str) -> str:
    return Path("plan", name).read_text(encoding="utf-8")


def change(name: str, old: str, new: str) -> None:
    assert old in text(name)
    Path("plan", name).write_text(text(name).replace(old, new), encoding="utf-8")


def checked() -> tuple[int, str]:
    result = CliRunner().invoke(check, ["plan"], terminal_width=200)
    return result.exit_code, result.output


def test_neighbours_have_their_straight_line_their_way_and_the_water_between() -> None:
    run()
    head, *rows = text("adjacency.csv").splitlines()
    assert head == ("practice_code,neighbour_code,straight_km,way_km,water_km,reason")
    pairs = [row.split(",") for row in rows]
    assert ["-".join(pair[:2]) for pair in pairs] == ["FAL-PEN", "PEN-ROS", "PEN-TRU", "ROS-TRU"]
    assert {pair[5] for pair in pairs} == {"voronoi"}
    for _, _, straight, way, water, _ in pairs:
        assert 0 <= float(water) < float(straight) <= float(way)


def test_travel_is_written_only_on_request() -> None:
    run()
    assert not Path("plan/travel.csv").exists()
    run("--set", "output.travel=true")
    assert Path("plan/travel.csv").exists()
    run()
    assert not Path("plan/travel.csv").exists()


def test_what_is_written_can_be_taken_as_a_matrix_and_costs_the_same() -> None:
    run("--set", "output.travel=true")
    head, *rows = text("travel.csv").splitlines()
    assert head == "from,to,value,way"
    ways = {(start, end): way for start, end, _, way in (row.split(",") for row in rows)}
    assert len(ways) == 12
    assert ways["FAL", "PEN"] == "straight"
    assert ways["FAL", "ROS"] == ways["ROS", "FAL"] == "crossing"
    Path("plan/travel.csv").rename("matrix.csv")
    cost = json.loads(text("summary.json"))["cost_integer"]
    run("--set", "travel.matrix=matrix.csv", "--set", "output.travel=true")
    assert json.loads(text("summary.json"))["cost_integer"] == cost
    assert {row.rpartition(",")[2] for row in text("travel.csv").splitlines()[1:]} == {"matrix"}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("adjacency.csv", "FAL,PEN,2.691,2.691,", "FAL,PEN,2.691,2.692,"),
        ("adjacency.csv", ",voronoi\n", ",added\n"),
        ("adjacency.csv", "PEN,TRU", "FAL,ROS"),
        ("travel.csv", "FAL,PEN,2690.7", "FAL,PEN,2690.8"),
        ("travel.csv", ",crossing", ",straight"),
    ],
)
def test_check_works_it_all_out_again(written: Path, name: str, old: str, new: str) -> None:
    shutil.copytree(written, "plan")
    change(name, old, new)
    code, output = checked()
    assert code == 3
    assert name in output.replace("\n", "")


def as_before(summary: dict[str, object]) -> dict[str, object]:
    """What a version left that knew nothing of ways over land: no key of them, and no digests."""
    rules = dict(summary["configuration"])  # type: ignore[call-overload]
    rules["travel"] = {key: rules["travel"][key] for key in rules["travel"] if key != "way"}
    later = ("detour", "detour_km", "islands", "land", "crossings", "barriers")
    rules["data"] = {key: rules["data"][key] for key in rules["data"] if key != "shared"}
    rules["adjacency"] = {k: v for k, v in rules["adjacency"].items() if k not in later}
    return {key: summary[key] for key in summary if key != "sha256"} | {"configuration": rules}


def test_a_plan_of_before_has_straight_ways_and_all_neighbours() -> None:
    run("--set", "travel.way=straight", "--set", "adjacency.detour=null")
    rows = [row.split(",") for row in text("adjacency.csv").splitlines()]
    assert ["FAL", "ROS"] in [row[:2] for row in rows]
    assert {row[3] for row in rows[1:]} == {""}
    old = "".join(f"{row[0]},{row[1]}\n" for row in rows)
    Path("plan/adjacency.csv").write_text(old, encoding="utf-8")
    summary = as_before(json.loads(text("summary.json")))
    Path("plan/summary.json").write_text(json.dumps(summary), encoding="utf-8")
    code, output = checked()
    assert (code, "BROKEN" in output) == (0, False)
