"""What commands say of how plans fit neighbourhoods."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from pcn_group.cli import group
from tests.region.mapped import CENTROIDS, FILES, PRACTICES, RESIDENTS, SHAPES, written

RULES = ("--set", "band.min=1000", "--set", "band.max=3000", "--set", "travel.way=straight")


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(group, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def given(folder: Path, *names: str) -> list[Path]:
    return written(folder, {name: FILES[name] for name in names})


def by_hand(folder: Path) -> Path:
    plan = folder / "by-hand.csv"
    plan.write_text("practice_code,network_id\nE81001,A\nE81002,A\nE81003,B\n")
    return plan


def with_practices(paths: list[Path]) -> list[object]:
    return [word for path in paths for word in ("--practices", path)]


def test_check_says_how_any_plan_fits_and_who_has_to_talk(tmp_path: Path) -> None:
    paths = given(tmp_path, PRACTICES, RESIDENTS, CENTROIDS, SHAPES)
    told = run("check", by_hand(tmp_path), *with_practices(paths), *RULES).stdout

    assert (
        "Fit: 4,900 patients (83.1%) in the neighbourhood that their network serves, 1,000 in "
        "another, 100 in none.\n"
        "Straddling: 1 practice with under 60% of the patients in any one neighbourhood: E81002 "
        "(Market Place), 52.6% in N2.\n"
        "Living elsewhere: 1 practice with more patients in another neighbourhood than in that of "
        "their network: E81002 (Market Place), 52.6% in N2 while A serves N1.\n"
    ) in told


def test_check_has_the_fit_as_json(tmp_path: Path) -> None:
    paths = given(tmp_path, PRACTICES, SHAPES)
    told = run("check", by_hand(tmp_path), *with_practices(paths), *RULES, "--json").stdout
    fit = json.loads(told)["fit"]

    assert (fit["by"], fit["aligned"], fit["unserved"]) == ("practices", 6000, [])
    assert fit["networks"][0] == {
        "network_id": "A",
        "serves": "N1",
        "aligned": 3000,
        "misaligned": 0,
        "in_none": 0,
    }


def test_check_says_where_patients_count_if_it_is_not_where_they_live(tmp_path: Path) -> None:
    paths = given(tmp_path, PRACTICES, SHAPES)
    told = run("check", by_hand(tmp_path), *with_practices(paths), *RULES).stdout

    assert "0 in another, 0 in none; all counted where their practice stands." in told


def test_neighbourhoods_that_no_network_serves_are_named(tmp_path: Path) -> None:
    paths = given(tmp_path, PRACTICES, SHAPES)
    plan = by_hand(tmp_path)
    plan.write_text("practice_code,network_id\nE81001,A\nE81002,A\nE81003,A\n")
    told = run("check", plan, *with_practices(paths), *RULES, "--set", "band.max=9000").stdout

    # Of two with as many the first is served.
    assert "No network serves 1 neighbourhood: N2 (East), 3,000 patients." in told


def test_a_plan_holds_with_its_inputs_and_without(tmp_path: Path) -> None:
    paths = given(tmp_path, PRACTICES, RESIDENTS, CENTROIDS, SHAPES)
    plan = tmp_path / "plan"
    solved = run("solve", *paths, *RULES, "--out", plan)
    assert solved.exit_code == 0, solved.output
    assert "Fit: " in solved.stdout
    assert json.loads((plan / "summary.json").read_text())["fit"]["by"] == "residents"
    assert (plan / "residents.csv").is_file()

    assert run("check", plan, *with_practices(paths)).exit_code == 0
    assert run("check", plan).exit_code == 0


def test_a_plan_alone_is_not_judged_by_where_practices_stand(tmp_path: Path) -> None:
    *paths, shapes = given(tmp_path, PRACTICES, RESIDENTS, CENTROIDS, SHAPES)
    plan, named = tmp_path / "plan", ("--set", f"neighbourhoods.map={shapes}")
    assert run("solve", *paths, *RULES, *named, "--out", plan).exit_code == 0

    alone = run("check", plan)
    assert alone.exit_code == 0
    assert "Fit: " not in alone.stdout
    assert "Fit: " in run("check", plan, *with_practices(paths)).stdout


def test_a_false_figure_of_the_fit_is_noticed(tmp_path: Path) -> None:
    paths = given(tmp_path, PRACTICES, RESIDENTS, CENTROIDS, SHAPES)
    plan = tmp_path / "plan"
    run("solve", *paths, *RULES, "--out", plan)
    rows = (plan / "networks_fit.csv").read_text()
    (plan / "networks_fit.csv").write_text(rows.replace(",residents", ",practices"))

    told = run("check", plan, *with_practices(paths)).stdout
    assert "networks_fit.csv, row 2, column by says practices, and residents is right" in told
    assert "networks_fit.csv is not as it was written" in run("check", plan).stdout
