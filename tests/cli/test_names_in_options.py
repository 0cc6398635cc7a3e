"""Names work where codes do: practices, networks and regions, and who else may be meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pcn_group.cli import group
from pcn_group.cli.screens.meeting import asked_first
from pcn_group.config.model import Configuration
from pcn_group.pipeline import prices_of, solve
from tests.solver.regions import region

ROAD = """\
practice_code,practice_name,list_size,easting,northing,region_code,region_name,icb_code,icb_name,\
local_authority,current_network,current_network_name
A,Abbey Road Surgery,16000,500000,220000,11N,NHS Kernow CCG,QT6,Cornwall,E06000052,U1,Abbey PCN
B,Bridge Surgery,16000,501000,220000,11N,NHS Kernow CCG,QT6,Cornwall,E06000053,U1,Abbey PCN
C,Church Surgery,16000,502000,220000,11N,NHS Kernow CCG,QT6,Cornwall,E06000052,U2,Church PCN
D,Dale Surgery,16500,503000,220000,11N,NHS Kernow CCG,QT6,Cornwall,E06000052,U2,Church PCN
X,Xanadu Surgery,31000,600000,220000,15N,NHS Devon CCG,QJK,Devon,E06000026,U3,Xanadu PCN
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "road.csv").write_text(ROAD, "utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, arguments)


def refused(*arguments: str) -> str:
    return str(run(*arguments).exception)


@pytest.mark.usefixtures("folder")
def test_a_region_a_network_and_a_practice_by_name() -> None:
    solved = run("solve", "road.csv", "--region", "kernow", "--out", "plan")
    assert solved.exit_code == 0, solved.output
    assert solved.stdout.startswith("NHS Kernow CCG, 11N; in Cornwall, QT6\n")
    assert run("explain", "plan", "--practice", "abbey").stdout.count("A (Abbey Road Surgery")
    assert "U2 (2 practices" in run("explain", "plan", "--network", "church pcn").stdout
    told = refused("explain", "plan", "--practice", "surgery")
    assert "may mean 4 ('surgery'). Say which: A (Abbey Road Surgery), B (Bridge Surgery)" in told


@pytest.mark.usefixtures("folder")
def test_a_region_of_another_kind_is_told_for_what_it_is() -> None:
    told = refused("solve", "road.csv", "--region", "qt6")
    assert "QT6 (Cornwall) is an ICB (or STP): use --by icb_code." in told
    assert "may mean 2 ('nhs'). Say which: 11N" in refused("solve", "road.csv", "--region", "nhs")


@pytest.mark.usefixtures("folder")
def test_a_fixed_network_by_name_and_what_check_says_of_it() -> None:
    rules = ("--set", "rules.fixed=[[abbey pcn]]")
    assert run("solve", "road.csv", "--region", "11N", *rules, "--out", "plan").exit_code == 0
    shown = run("check", "plan").stdout
    assert "rule: rules.fixed A, B (by default none)" in shown
    assert "Abbey PCN" in shown
    assert "A (Abbey Road Surgery)" in shown


def test_what_a_meeting_asks_first() -> None:
    practices = region(
        {"A": (0, 0, 16_000), "B": (1, 0, 16_500), "C": (1, 0, 17_000), "D": (3, 0, 16_000)},
        current_network=["U1", "U1", "U1", "U2"],
        current_network_name=["Penryn"] * 3 + ["Mylor"],
        local_authority=["E06000052", "E06000052", "E06000052", "E06000053"],
    )
    assert asked_first(solve(practices)) == [
        "1 practice of 17,000 patients moves; 2 of 2 networks continue one of today.",
        "Split: 1 building: B (Practice B) and C (Practice C).",
        "Across a border of local authorities: 1 network: U2 (Mylor: Cornwall, Isles of Scilly).",
        "1 of 2 networks is under 33,000; U1 (Penryn) has the fewest to spare: 2,500.",
    ]


def test_a_name_that_is_only_partly_true_is_told() -> None:
    practices = region(
        {"A": (0, 0, 16_000), "B": (1, 0, 16_500), "C": (1, 0, 17_000), "D": (3, 0, 16_000)},
        practice_name=["Mylor", "Mylor Bridge", "Penryn", "Flushing"],
        current_network=["U1", "U1", "U1", "U2"],
        current_network_name=["Penryn and Mylor PCN"] * 3 + ["Flushing"],
    )
    told = "U1 is called Penryn and Mylor PCN without Penryn; rules.names gives it another name."
    assert f"Today's name is only partly true: {told}" in asked_first(solve(practices))


def test_travel_stands_apart_from_prices() -> None:
    places = {"A": (0.0, 0.0, 20_000), "B": (1.0, 0.0, 15_000)}
    practices = region(places, local_authority=["x", "y"])
    rules = Configuration.model_validate({"prices": {"authority": 2}})
    solved = solve(practices, rules)
    cost = solved.solution.cost
    assert prices_of(solved.region, solved.solution.networks, cost) == pytest.approx(30_000)
    free = solve(practices)
    assert prices_of(free.region, free.solution.networks, free.solution.cost) is None
