"""`limits.networks` and `limits.authorities` as a user meets them, from solve to check."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.conftest import Command

ROAD = """\
practice_code,practice_name,list_size,easting,northing,local_authority,current_network
A,Abbey,15000,500000,220000,North,N
B,Bridge,15000,501000,220000,North,N
C,Church,15000,502000,220000,North,N
D,Dale,15000,503000,220000,South,S
E,Elm,15000,504000,220000,South,S
F,Ford,15000,505000,220000,South,S
"""
BAND = ("--set", "band.min=15000", "--set", "band.max=45000")
FORBID = ("--set", "band.below=forbid", "--set", "band.above=forbid")


@pytest.fixture(autouse=True)
def _road(run: Command) -> None:
    """The folder it runs in has a road of six practices."""
    assert run
    Path("road.csv").write_text(ROAD, encoding="utf-8")


def networks(folder: str) -> int:
    summary = json.loads(Path(folder, "summary.json").read_text("utf-8"))
    assert summary["status"] == "optimal"
    count: int = summary["networks"]
    return count


@pytest.mark.parametrize(("asked", "expected"), [("2", 2), ("4", 4), ("3..5", 5)])
def test_a_plan_has_the_number_of_networks_asked_for(
    run: Command, asked: str, expected: int
) -> None:
    assert run("solve", "road.csv", *BAND, "--set", f"limits.networks={asked}")[0] == 0
    assert networks("plan") == expected
    code, out, _ = run("check", "plan")
    assert code == 0
    assert "Every rule holds." in out


def test_repair_alternatives_and_tradeoff_keep_the_number(run: Command) -> None:
    three = (*BAND, "--set", "limits.networks=3")
    assert run("solve", "road.csv", *three)[0] == 0
    assert run("repair", "road.csv", *three)[0] == 0
    assert networks("repaired") == 3
    assert run("alternatives", "plan", "--within", "100%")[0] == 0
    plans = [str(folder) for folder in Path("alternatives").glob("plan-*")]
    assert len(plans) > 1
    for folder in plans:
        assert len(Path(folder, "networks.csv").read_text("utf-8").splitlines()) == 1 + 3
    assert run("tradeoff", "road.csv", *three, "--against", "moves")[0] == 0
    plans = [pd.read_csv(path) for path in Path("tradeoff").glob("plan-*.csv")]
    assert {plan["network_id"].nunique() for plan in plans} == {3}


def test_check_says_that_a_plan_has_another_number(run: Command) -> None:
    assert run("solve", "road.csv", *BAND)[0] == 0
    code, out, _ = run("check", "plan", *BAND, "--set", "limits.networks=4")
    assert code == 3
    assert "has 6 networks, and is to have at most 4 (limits.networks)" in out


def test_no_plan_has_so_few_and_what_would_help(run: Command) -> None:
    code, _, err = run("solve", "road.csv", *BAND, *FORBID, "--set", "limits.networks=1")
    assert code == 4
    assert "Proven: no plan of these 6 practices has 1 network, each between" in err
    assert "- limits.networks=2, the nearest that does" in err
    assert not Path("plan").exists()


def test_no_network_crosses_the_border(run: Command) -> None:
    two = (*BAND, "--set", "band.min=30000", "--set", "limits.networks=2..3")
    assert run("solve", "road.csv", *two)[0] == 0
    code, out, _ = run("check", "plan", *two, "--set", "limits.authorities=0")
    assert code == 3
    assert "has 1 network with practices in two or more local authorities, and may have 0" in out
    assert run("solve", "road.csv", *two, "--set", "limits.authorities=0", "--overwrite")[0] == 0
    assert run("check", "plan")[0] == 0


def test_a_certificate_that_says_less_of_the_number_is_found_out(run: Command) -> None:
    assert run("solve", "road.csv", *BAND, "--set", "limits.networks=2")[0] == 0
    path = Path("plan", "certificate.json")
    values = json.loads(path.read_text("utf-8"))
    assert values["limits"]["most_networks"] > 0
    values["limits"]["most_networks"] = 0
    path.write_text(json.dumps(values), encoding="utf-8")
    code, out, _ = run("check", "plan")
    assert code == 3
    assert "add up to a bound of" in out
