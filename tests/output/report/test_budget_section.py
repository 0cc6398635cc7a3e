"""What the page of a plan says of money: what small networks cost, and what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.output.maps.layers import map_layers
from pcn_group.output.report.budget_section import BudgetSection
from pcn_group.output.report.facts import Facts, facts_of
from pcn_group.output.report.plan_page import report_html
from pcn_group.plan.case import Case, open_case
from pcn_group.plan.inputs import PlanInputs

HEADER = (
    "practice_code,practice_name,list_size,network_id,network_name,easting,northing,list_date,"
    "current_network,current_network_name"
)
TODAY = {"A": "West", "B": "West", "C": "East", "D": "East", "E": "East"}
SIZES = {"A": 20_000, "B": 30_000, "C": 40_000, "D": 41_000, "E": 120_000}


def case(folder: Path, *overrides: str, day: str = "2019-01-01") -> Case:
    """A plan by hand in which each practice is a network."""
    rows = [
        f"{code},Practice {code},{size},M{code},Network {code},{500_000 + 1000 * k},200000,{day},"
        f"{TODAY[code]},{TODAY[code]} PCN"
        for k, (code, size) in enumerate(SIZES.items())
    ]
    path = folder / "plan.csv"
    path.write_text("\n".join([HEADER, *rows, ""]), "utf-8")
    return open_case(str(path), PlanInputs(overrides=overrides))


def section(folder: Path, *overrides: str) -> tuple[Facts, BudgetSection]:
    facts = facts_of(case(folder, *overrides))
    return facts, BudgetSection.of(facts)


def page(of: Case) -> str:
    facts = facts_of(of)
    return report_html(facts, map_layers(of.region, facts.described), of.region)


def test_pounds_a_head_by_network_and_what_of_them_is_per_network(tmp_path: Path) -> None:
    _, budget = section(tmp_path)
    heads = {name: str(paid.per_network_per_head) for name, paid in budget.paid.items()}
    assert heads == {  # £71,920 each, and twice that above 100,000 patients
        "MA": "3.5960",
        "MB": "2.3973",
        "MC": "1.7980",
        "MD": "1.7541",
        "ME": "1.1987",
    }
    assert str(budget.paid["MA"].per_head) == "5.6103"  # and £2.0143 a patient


def test_networks_are_added_up_by_size(tmp_path: Path) -> None:
    _, budget = section(tmp_path)
    assert {size: paid.networks for size, paid in budget.by_size.items()} == {
        "under 30,000": ("MA",),
        "30,000 to 40,000": ("MB", "MC"),
        "40,001 to 50,000": ("MD",),
        "over 50,000": ("ME",),
    }
    inside = budget.by_size["30,000 to 40,000"]
    assert (inside.patients, str(inside.per_network)) == (70_000, "143840.00")
    assert sum(paid.total for paid in budget.by_size.values()) == budget.paid_in_all.total


def test_the_lines_that_make_small_networks_dear_are_named(tmp_path: Path) -> None:
    _, budget = section(tmp_path)
    assert budget.small == (
        "Paid per network, whatever its size: clinical pharmacist (£37,810), social prescriber "
        "(£34,110). That is £3.5960 a head in MA, of 20,000 patients; £1.1987 a head in ME, of "
        "120,000 patients."
    )


def test_a_year_without_lines_per_network_says_so(tmp_path: Path) -> None:
    _, budget = section(tmp_path, "funding.year=2021/22")
    assert budget.small.startswith("No line that counts is paid per network")
    assert {str(paid.per_head) for paid in budget.paid.values()} == {"3.6620"}


def test_the_networks_of_the_contract_are_shown_where_these_are_paid(tmp_path: Path) -> None:
    facts, budget = section(tmp_path, "funding.networks=current")
    assert {name: paid.patients for name, paid in budget.paid.items()} == {
        "East": 201_000,
        "West": 50_000,
    }
    assert str(budget.paid_in_all.per_network) == "215760.00"  # the East counts as two
    assert [payee.name for _, payee in sorted(facts.payees.items())] == ["East PCN", "West PCN"]


def test_the_total_says_what_it_is_without(tmp_path: Path) -> None:
    html = page(case(tmp_path))
    assert (
        "<p>2019/20, lists of 1 January 2019: £937,109.30 in all, "
        "partial: without participation (1.761 a weighted patient).</p>"
    ) in html
    assert "<dd>£937,109<small>2019/20; partial</small></dd>" in html


def test_a_year_without_a_tariff_is_not_one_without_money(tmp_path: Path) -> None:
    html = page(case(tmp_path, day="2041-10-01"))
    assert "<dt>Budget</dt><dd>none<small>2041/42; no rates that count</small></dd>" in html
    assert "There is no tariff of 2041/42" in html
    assert "£0" not in html


@pytest.mark.parametrize("overrides", [(), ("funding.lines=all",)])
def test_the_page_of_undated_lists_has_no_budget(
    tmp_path: Path, overrides: tuple[str, ...]
) -> None:
    html = page(case(tmp_path, *overrides, day=""))
    assert "<dt>Budget</dt><dd>none<small>lists without a date</small></dd>" in html
    told = "No budget: the lists have no date. Say which year it is for"
    assert told in html
    assert "What networks are paid" not in html
