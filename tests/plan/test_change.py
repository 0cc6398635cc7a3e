"""What the difference between the money of two plans follows."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pcn_group import write_plan
from pcn_group.config.loading import load_configuration
from pcn_group.pipeline import solve
from pcn_group.plan.change import changes, split
from pcn_group.plan.compare import compare_plans
from pcn_group.plan.inputs import CURRENT, PlanInputs
from pcn_group.plan.money import Money
from pcn_group.plan.placed import open_plans
from pcn_group.practices import read_practices
from tests.paths import ROOT
from tests.plan.compared import write_by_hand

OFFICIAL = ROOT.parent / "shared" / "data" / "england-2021"
OFFICIAL_FILES = tuple(OFFICIAL / f"gp-reg-pat-prac-{name}.csv" for name in ("all", "map"))

PRACTICES = """\
practice_code,practice_name,list_size,easting,northing,weighted_list_size,list_date
A,Abbey,30000,500000,200000,31000.00,2019-01-01
B,Brook,30000,501000,200000,29000.00,2019-01-01
C,Court,1000,502000,200000,,2019-01-01
"""


def moneys(folder: Path, plans: list[dict[str, str]], *overrides: str) -> list[Money]:
    """What each of some plans by hand pays."""
    (folder / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    names = [write_by_hand(folder / f"{k}.csv", plan) for k, plan in enumerate(plans)]
    given = PlanInputs(files=(folder / "practices.csv",), overrides=overrides)
    figures = compare_plans(*open_plans(names, given)).figures
    found = [each.money for each in figures]
    assert None not in found
    return [each for each in found if each is not None]


def test_it_is_split_by_number_of_networks_and_who_is_in_one(tmp_path: Path) -> None:
    one, two = moneys(tmp_path, [{"x": "AB"}, {"x": "A", "y": "BC"}])
    assert split(one, two) == {
        "networks": Decimal("71920.00"),  # one more, at £37,810 and £34,110
        "members": Decimal("2014.30"),  # C's 1,000 patients at £1.50 and £0.5143
        "columns": Decimal("0.00"),
    }
    assert sum(split(one, two).values()) == two.in_all.amount - one.in_all.amount


def test_a_line_that_columns_settle_in_one_plan_alone_is_told_apart(tmp_path: Path) -> None:
    one, two = moneys(tmp_path, [{"x": "AB"}, {"x": "ABC"}], "funding.lines=all")
    parts = split(one, two)
    assert parts["columns"] == Decimal("-105660.00")  # 60,000 weighted patients at £1.761
    assert parts["members"] == Decimal("2014.30")
    assert sum(parts.values()) == two.in_all.amount - one.in_all.amount
    assert [change.shown.line for change in changes(one, two) if change.follows == "columns"] == [
        "participation"
    ]
    assert (one.remark, two.remark) == (
        "",
        "partial: without participation (1.761 a weighted patient)",
    )


def test_what_does_not_count_is_in_no_part(tmp_path: Path) -> None:
    """Extended hours of 2019/20 are not confirmed."""
    one, two = moneys(tmp_path, [{"x": "AB"}, {"x": "ABC"}], "funding.lines=[extended_hours]")
    assert set(split(one, two).values()) == {Decimal("0.00")}
    (hours, _) = changes(one, two)
    assert hours.more == Decimal("1099.00")


@pytest.fixture(scope="module")
def nottingham(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The best plan of Nottingham and Nottinghamshire, lists of January 2021."""
    folder = tmp_path_factory.mktemp("nottingham") / "plan"
    rules = load_configuration(None, ())
    practices = read_practices(OFFICIAL_FILES, ("52R",), rules=rules)
    write_plan(folder, solve(practices, rules))
    return folder


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official lists are not at ../shared/data")
@pytest.mark.parametrize(
    ("year", "networks", "members"),
    [
        # Two of today's 20 networks are over 100,000 patients and paid as two: ten are added.
        # Three practices with 10,660 patients are in none.
        ("2019/20", "719200.00", "21472.44"),  # £71,920 a network, £2.0143 a head
        ("2021/22", "0.00", "39036.92"),  # the lists' own year: £3.662
        ("2023/24", "0.00", "23761.14"),  # £2.229
    ],
)
def test_what_a_plan_of_nottingham_costs_more_than_today(
    nottingham: Path, year: str, networks: str, members: str
) -> None:
    given = PlanInputs(OFFICIAL_FILES, ("52R",), overrides=(f"funding.year={year}",))
    today, plan = compare_plans(*open_plans([CURRENT, str(nottingham)], given)).figures
    assert (today.networks, plan.networks) == (20, 32)
    assert today.money is not None
    assert plan.money is not None
    parts = split(today.money, plan.money)
    told = {name: str(part) for name, part in parts.items()}
    assert told == {"networks": networks, "members": members, "columns": "0.00"}
    assert sum(parts.values()) == plan.money.in_all.amount - today.money.in_all.amount
    assert "partial: without" in plan.money.remark
