"""The section `funding` of the configuration: its faults are those of the run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.config.loading import load_configuration, stored_configuration
from pcn_group.config.model import Configuration
from pcn_group.output.data.plan_files import plan_files
from pcn_group.pipeline import solve
from tests.funding.test_tariff_files import OWN
from tests.solver.regions import region


def faults(path: Path | None, *overrides: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_configuration(path, overrides)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("lines", ["registered", "all"])
def test_lines_by_a_word(lines: str) -> None:
    assert load_configuration(None, (f"funding.lines={lines}",)).funding.lines == lines


def test_lines_by_name() -> None:
    funding = load_configuration(None, ("funding.lines=[core, participation]",)).funding
    assert funding.lines == ("core", "participation")
    again = Configuration.model_validate({"funding": funding.model_dump(mode="json")})
    assert again.funding == funding


@pytest.mark.parametrize(
    ("override", "problem"),
    [
        ("funding.year=2019", "funding.year: "),
        ("funding.year=2019/21", "is neither from_list nor a financial year such as 2019/20"),
        ("funding.lines=some", "is none of registered, all, or a list of lines"),
        ("funding.lines=[]", "is none of registered, all, or a list of lines"),
        (
            "funding.lines=[coree]",
            "is no line of 2017/18 to 2026/27 ('coree'). Did you mean",
        ),
        ("funding.tariffs=[nowhere.yaml]", "nowhere.yaml: cannot be read"),
        ("funding.lins=all", "Did you mean funding.lines?"),
    ],
)
def test_what_it_may_not_say(override: str, problem: str) -> None:
    (told,) = faults(None, override)
    assert problem in told


TWO = {"A": (0.0, 0.0, 20_000), "B": (1.0, 0.0, 15_000)}


def plan_of(day: str, *overrides: str) -> tuple[dict[str, object], dict[str, str]]:
    """The summary and the files of a plan by lists of a day."""
    practices = region(TWO, list_date=[day] * 2)
    files = plan_files(solve(practices, load_configuration(None, overrides), lambda _: None))
    return json.loads(files["summary.json"]), files


@pytest.mark.parametrize(
    ("day", "overrides", "year"),
    [
        ("2021-01-01", (), "2021/22"),
        ("2020-12-01", (), "2020/21"),
        ("2021-01-01", ("funding.year=2019/20",), "2019/20"),
        ("", ("funding.year=2019/20",), "2019/20"),
    ],
)
def test_the_year_is_that_of_the_lists_unless_it_is_said(
    day: str, overrides: tuple[str, ...], year: str
) -> None:
    summary, files = plan_of(day, *overrides)
    assert (summary["budget_year"], summary["list_date"]) == (year, day)
    assert f",{year},core," in files["budgets.csv"]


def test_lists_without_a_date_are_planned_without_a_budget() -> None:
    summary, files = plan_of("")
    assert summary["networks"] == 1
    assert (summary["budget_year"], summary["budget_gbp"]) == (None, None)
    assert len(files["budgets.csv"].splitlines()) == 1


@pytest.mark.parametrize("overrides", [(), ("funding.lines=all",), ("funding.lines=[core]",)])
def test_a_year_without_a_tariff_does_not_stop_a_plan(overrides: tuple[str, ...]) -> None:
    rules = load_configuration(None, overrides)
    result = solve(region(TWO, list_date=["2031-01-01"] * 2), rules, lambda _: None)
    (year,) = result.budget.years
    assert year.year == "2031/32"
    assert "There is no tariff of 2031/32, but of 2017/18" in year.without[0]


def test_a_line_that_the_lists_year_lacks_does_not_stop_a_plan() -> None:
    rules = load_configuration(None, ("funding.lines=[core, enhanced_access]",))
    result = solve(region(TWO, list_date=["2020-01-01"] * 2), rules, lambda _: None)
    (year,) = result.budget.years
    assert [line.name for line in year.lines] == ["core"]
    assert "No line of 2020/21: enhanced_access." in year.without


def test_a_plan_that_says_no_year_is_of_the_year_that_was_the_default() -> None:
    assert stored_configuration({}, "summary.json").funding.year == "2019/20"


def test_tariffs_are_beside_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN, "utf-8")
    path = tmp_path / "rules.yaml"
    path.write_text("funding: {year: 2026/27, tariffs: [own.yaml]}\n", "utf-8")
    rules = load_configuration(path)
    assert rules.files() == {"funding.tariffs.0": tmp_path / "own.yaml"}
    moved = Configuration.model_validate({"funding": {"tariffs": ["own.yaml"]}})
    assert moved.anchored(tmp_path).files() == rules.files()
    (tmp_path / "own.yaml").write_text(OWN.replace("core", "Core"), "utf-8")
    (told,) = faults(path)
    assert told.startswith("own.yaml, row 3: lines.0.name: is no name")


def test_a_column_that_is_missing_stops_the_run_before_it_starts() -> None:
    practices = region({"A": (0, 0, 20_000), "B": (1, 0, 15_000)})
    rules = load_configuration(None, ("funding.lines=[participation]",))
    seen: list[object] = []
    with pytest.raises(InputError, match="weighted_list_size: is needed for participation"):
        solve(practices, rules, seen.append)
    assert seen == []


def test_a_plan_has_the_budget_that_is_asked_for() -> None:
    practices = region({"A": (0, 0, 20_000), "B": (1, 0, 15_000)})
    rules = load_configuration(None, ("funding.year=2025/26", "funding.lines=[core_registered]"))
    texts = plan_files(solve(practices, rules))
    assert (
        texts["budgets.csv"]
        .splitlines()[1]
        .startswith(",A,2025/26,core_registered,networks,registered,35000,2.266,79310.00,")
    )
