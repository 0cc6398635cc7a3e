"""`--report` of every command that searches, and pictures that go with an earlier plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command

ROAD = """\
practice_code,practice_name,list_size,easting,northing,region_code,current_network
A,Abbey,20000,500000,220000,R1,N
B,Bridge,15000,501000,221000,R1,N
C,Church,25000,502000,220000,R1,S
D,Dale,20000,503000,221000,R1,S
"""


@pytest.fixture(autouse=True)
def _road(run: Command) -> None:
    """The folder it runs in has a road of four practices."""
    assert run
    Path("road.csv").write_text(ROAD, encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "page"),
    [
        (("repair", "road.csv"), "repaired/report.html"),
        (("tradeoff", "road.csv", "--against", "moves"), "tradeoff/curve.html"),
        (("alternatives", "plan", "--within", "50%"), "alternatives/alternatives.html"),
    ],
)
def test_what_is_found_is_drawn_too(run: Command, arguments: tuple[str, ...], page: str) -> None:
    assert run("solve", "road.csv")[0] == 0
    code, out, _ = run(*arguments, "--report")
    assert code == 0
    assert f"Drawn in {Path(page)}" in out
    assert Path(page).is_file()


def test_pictures_that_are_gone_with_an_earlier_plan_are_told(run: Command) -> None:
    assert run("solve", "road.csv", "--report")[0] == 0
    assert Path("plan", "report.html").exists()
    code, _, err = run("solve", "road.csv")
    assert code == 0
    assert not Path("plan", "report.html").exists()
    assert "The pictures in plan were of the earlier plan and are gone" in err
    assert "are gone" not in run("solve", "road.csv")[2]


@pytest.mark.usefixtures("in_this_process")
def test_pictures_that_are_gone_from_a_batch_are_told(run: Command) -> None:
    batch = ("batch", "road.csv", "--out", "all", "--workers", "1")
    assert run(*batch, "--report")[0] == 0
    code, _, err = run(*batch, "--resume")
    assert code == 0
    assert not Path("all", "R1", "report.html").exists()
    assert "The pictures in all were of the earlier run and are gone" in err
    assert run(*batch, "--resume", "--report")[0] == 0
    assert Path("all", "R1", "report.html").exists()
