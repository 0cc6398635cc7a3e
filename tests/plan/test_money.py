"""What two plans differ in, in money: networks of 30,000 cost more a head than one of 60,000."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pcn_group.plan.compare import compare_plans
from pcn_group.plan.inputs import PlanInputs
from pcn_group.plan.money import Money, pounds_a_head
from pcn_group.plan.placed import open_plans
from tests.plan.compared import write_by_hand

PRACTICES = """\
practice_code,practice_name,list_size,easting,northing,list_date
A,Abbey,30000,500000,200000,2019-01-01
B,Brook,30000,501000,200000,2019-01-01
"""


@pytest.fixture(scope="module")
def moneys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Money, Money]:
    """Of two networks of 30,000 patients, and of one of 60,000."""
    folder = tmp_path_factory.mktemp("money")
    (folder / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    small = write_by_hand(folder / "small.csv", {"x": "A", "y": "B"})
    large = write_by_hand(folder / "large.csv", {"z": "AB"})
    given = PlanInputs(files=(folder / "practices.csv",))
    two, one = compare_plans(*open_plans([small, large], given)).figures
    return two.money, one.money


def test_lines_by_patients_are_the_same_and_lines_by_network_are_not(
    moneys: tuple[Money, Money],
) -> None:
    two, one = ({total.line: str(total.amount) for total in each.lines} for each in moneys)
    assert two == {
        "core": "90000.00",  # 60,000 at £1.50
        "clinical_director": "30858.00",  # 60,000 at £0.5143
        "extended_hours": "65940.00",  # 60,000 at £1.099, not confirmed and so not counted
        "clinical_pharmacist": "75620.00",  # 2 at £37,810
        "social_prescriber": "68220.00",  # 2 at £34,110
        "total": "264698.00",
    }
    assert one == two | {
        "clinical_pharmacist": "37810.00",
        "social_prescriber": "34110.00",
        "total": "192778.00",
    }


def test_so_small_networks_cost_more_a_head(moneys: tuple[Money, Money]) -> None:
    two, one = moneys
    assert (two.count, one.count) == (2, 1)
    assert [str(pounds_a_head(each.in_all)) for each in moneys] == ["4.41", "3.21"]
    assert [str(each.in_all.per_head) for each in moneys] == ["4.4116", "3.2130"]
    assert two.paid_per_network - one.paid_per_network == Decimal("71920.00")
    assert two.in_all.amount - one.in_all.amount == Decimal("71920.00")


def test_of_equal_networks_the_first_has_least_and_most(moneys: tuple[Money, Money]) -> None:
    two, one = moneys
    assert two.least.code == two.most.code == "x"
    assert one.least.code == one.most.code == "z"
    assert [(total.code, total.patients) for total in two.networks if total.line == "total"] == [
        ("x", 30_000),
        ("y", 30_000),
    ]
