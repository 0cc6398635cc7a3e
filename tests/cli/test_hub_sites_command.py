"""Sites that may be hubs and branch surgeries as a user meets them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command
from tests.cli.test_further_bands_command import ROAD

# The road of docs/method/model.md, with a health centre at 2 km and another at 10.
SITES = """\
site_code,site_name,easting,northing,capacity
HC1,Riverside health centre,502000,220000,{capacity}
HC2,Station health centre,510000,220000,
"""


@pytest.fixture
def road(run: Command) -> Command:
    """Run a command on the road, where only sites may be hubs."""
    Path("practices.csv").write_text(ROAD, encoding="utf-8")
    Path("sites.csv").write_text(SITES.format(capacity=40_000), encoding="utf-8")

    def command(name: str, *arguments: str) -> str:
        done = run(name, "practices.csv", *arguments)
        assert done.code == 0, done.err
        return done.out

    return command


ONLY = ("--set", "hubs.sites=sites.csv", "--set", "hubs.only_sites=true")


def rows(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def solved(road: Command, *more: str) -> dict[str, Any]:
    told = json.loads(road("solve", *ONLY, *more, "--out", "plan", "--overwrite", "--json"))
    assert told["status"] == "optimal"
    return dict(told)


def test_the_site_is_what_travel_is_measured_to(road: Command) -> None:
    assert solved(road)["cost_patient_km"] == 114_000.0
    assert [
        (row["hub_practice_code"], row["hub_site_code"], row["hub_site_name"], row["mean_km"])
        for row in rows("plan/networks.csv")
    ] == [
        ("B", "HC1", "Riverside health centre", "1.375"),
        ("D", "HC2", "Station health centre", "1.750"),
    ]
    ways = {row["practice_code"]: row["km_to_hub"] for row in rows("plan/groupings.csv")}
    assert ways == {"A": "2.000", "B": "1.000", "C": "3.000", "D": "1.000", "E": "2.000"}
    assert {row["is_hub"] for row in rows("plan/groupings.csv")} == {"false"}


@pytest.mark.usefixtures("road")
def test_a_site_without_room_is_no_hub(run: Command) -> None:
    Path("sites.csv").write_text(SITES.format(capacity=31_999), encoding="utf-8")
    hard = ("--set", "band.below=forbid", "--set", "band.above=forbid")
    done = run("solve", "practices.csv", *ONLY, *hard, "--out", "plan")
    assert done.code == 4
    assert not Path("plan").exists()


def test_check_reads_the_sites_again_and_proves_the_bound(road: Command, run: Command) -> None:
    solved(road)
    judged = run("check", "plan", "--practices", "practices.csv")
    assert judged.code == 0
    assert "HC1 (Riverside health centre)" in judged.out
    assert "proves that no plan costs less than 114,000.0 patient-km" in judged.out
    Path("sites.csv").write_text(SITES.format(capacity=30_000), encoding="utf-8")
    smaller = run("check", "plan", "--practices", "practices.csv", *ONLY)
    assert smaller.code == 3
    assert "BROKEN: hub: B has no practice and no site that may be a hub" in smaller.out


def test_a_plan_with_another_site_in_its_files_is_found_out(road: Command, run: Command) -> None:
    solved(road)
    file = Path("plan/networks.csv")
    file.write_text(file.read_text("utf-8").replace("HC1", "HC9"), encoding="utf-8")
    judged = run("check", "plan", "--practices", "practices.csv")
    assert judged.code == 3
    assert "networks.csv" in judged.out


def test_other_commands_know_them(road: Command, run: Command) -> None:
    solved(road)
    told = json.loads(run("explain", "plan", "--network", "B", "--json").out)
    assert told["network"]["hub"] == "HC1"
    assert told["is_best"]
    asked = json.loads(run("explain", "plan", "--practice", "C", "--json").out)
    assert [(each["network_id"], each["hub"]) for each in asked["practice"]["options"]] == [
        ("B", "HC1")
    ]
    for command in ("compare", "repair", "alternatives"):
        several = ("plan", "plan") if command == "compare" else ("plan",)
        done = run(command, *several, "--out", f"{command}-out", "--quiet")
        assert done.code == 0, done.err
    assert {row["hub_site_code"] for row in rows("repair-out/networks.csv")} == {"HC1", "HC2"}
    refused = run("divide", "plan", "--out", "parts")
    assert "Traceback" not in refused.err


def test_branches_bring_practices_nearer(road: Command) -> None:
    Path("branches.csv").write_text(
        "practice_code,easting,northing\nC,510500,220000\n", encoding="utf-8"
    )
    assert solved(road, "--set", "hubs.branches=branches.csv")["cost_patient_km"] == 94_000.0
    ways = {row["practice_code"]: row["km_to_hub"] for row in rows("plan/groupings.csv")}
    assert ways["C"] == "0.500"


def test_pictures_have_sites_and_the_lines_lead_to_them(road: Command, run: Command) -> None:
    solved(road)
    assert run("report", "plan", "--out", "drawn").code == 0
    page = Path("drawn/report.html").read_text("utf-8")
    assert "Riverside health centre" in page
    assert "site that may be a hub" in page
    features = json.loads(Path("drawn/networks.geojson").read_text("utf-8"))["features"]
    sites = [each["properties"] for each in features if each["properties"]["kind"] == "site"]
    assert [(site["site_code"], site["network_id"]) for site in sites] == [
        ("HC1", "B"),
        ("HC2", "D"),
    ]


def test_the_document_for_the_board_names_them(road: Command, run: Command) -> None:
    docx = pytest.importorskip("docx")
    solved(road)
    assert run("paper", "plan", "--out", "paper.docx").code == 0
    tables = docx.Document("paper.docx").tables
    cells = {cell.text for table in tables for row in table.rows for cell in row.cells}
    assert {"Riverside health centre", "Station health centre"} <= cells
