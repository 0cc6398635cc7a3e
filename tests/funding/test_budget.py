"""Budgets: exact to the penny, and adding up at every level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.base.errors import InputError
from pcn_group.config.funding import Funding, scope_of
from pcn_group.funding.budget import Budget, Payment, budget_of, total
from pcn_group.funding.members import Member
from pcn_group.funding.scope import Scope, scope_between
from pcn_group.funding.tariff import month_range
from pcn_group.funding.totals import TOTAL, per_head, totals_of
from tests.funding.payees import member, scope, tariff

PENNY = Fraction(1, 100)


def amounts(payments: tuple[Payment, ...]) -> dict[str, str]:
    return {p.practice_code or p.network_id: str(p.amount) for p in payments}


# --- by hand -----------------------------------------------------------------------------------


def test_each_network_is_paid_for_its_patients() -> None:
    members = (member("A", "N1", 34_567), member("B", "N2", 41_001))
    (year,) = budget_of(members, scope({})).years
    assert amounts(year.networks) == {"N1": "51850.50", "N2": "61501.50"}
    assert (year.practices, str(year.total)) == ((), "113352.00")


def test_the_odd_penny_goes_to_the_largest_remainder() -> None:
    # 0.5143 x 3, 5 and 6 patients: 1.5429, 2.5715 and 3.0858, in all 7.2002.
    members = (member("A", "N1", 3), member("B", "N2", 5), member("C", "N3", 6))
    (year,) = budget_of(members, scope({"rate_gbp": "0.51430"})).years
    assert amounts(year.networks) == {"N1": "1.54", "N2": "2.57", "N3": "3.09"}
    assert str(year.total) == "7.20"


def test_of_equal_remainders_the_first_network_gets_the_penny() -> None:
    members = (member("A", "N2", 1), member("B", "N1", 1))
    (year,) = budget_of(members, scope({"rate_gbp": "0.005"})).years
    assert amounts(year.networks) == {"N1": "0.01", "N2": "0.00"}


def test_practices_share_what_their_network_is_paid() -> None:
    # 1.761 x 10.50, 20.25 and 5.00: 18.4905, 35.66025 and 8.805. The network of the first two is
    # due 54.15075 and the other 8.805, in all 62.95575: 62.96.
    members = (
        member("A", "N1", 9, weighted="10.50"),
        member("B", "N1", 9, weighted="20.25"),
        member("C", "N2", 9, weighted="5.00"),
    )
    line = {"rate_gbp": "1.761", "per": "weighted", "paid_to": "practices"}
    (year,) = budget_of(members, scope(line)).years
    assert amounts(year.regions) == {"": "62.96"}
    assert amounts(year.networks) == {"N1": "54.15", "N2": "8.81"}
    assert amounts(year.practices) == {"A": "18.49", "B": "35.66", "C": "8.81"}


@pytest.mark.parametrize(("patients", "units"), [(99_999, 1), (100_000, 1), (100_001, 2)])
def test_roles_are_doubled_above_100_000_patients(patients: int, units: int) -> None:
    line = {"per": "network", "rate_gbp": "37810", "doubled_above": 100_000}
    members = (member("A", "N", 50_000), member("B", "N", patients - 50_000))
    (year,) = budget_of(members, scope(line)).years
    assert (int(year.networks[0].units), year.total) == (units, Decimal(37_810 * units))


def test_beds_are_paid_by_the_month() -> None:
    line = {
        "per": "bed",
        "rate_gbp": "7.50",
        "rate_is_for": "month",
        "months": "2019-08..2020-03",
    }
    (year,) = budget_of((member("A", "N", 1, beds=4),), scope(line)).years
    months = month_range("2019-08..2020-03")
    assert year.networks[0].by_month == tuple((month, Decimal("30.00")) for month in months)


def test_a_rate_for_two_years_is_half_of_it_in_each() -> None:
    line = {"rate_gbp": "3.00", "months": "2017-04..2019-03"}
    own = Scope((tariff(line, year="2017/18"), tariff(line, year="2018/19")), lines="all")
    first, second = budget_of((member("A", "N", 101),), own).years
    assert (str(first.total), str(second.total)) == ("151.50", "151.50")


def test_the_odd_pence_of_a_year_are_in_its_first_months() -> None:
    (year,) = budget_of((member("A", "N", 1),), scope({"rate_gbp": "1.50"})).years
    assert [str(amount) for _, amount in year.networks[0].by_month] == ["0.13"] * 6 + ["0.12"] * 6


def test_unconfirmed_lines_are_shown_and_counted_only_if_asked_for() -> None:
    lines = ({}, {"name": "doubtful", "confirmed": False})
    members = (member("A", "N", 100),)
    (aside,) = budget_of(members, scope(*lines)).years
    assert [p.counted for p in aside.networks] == [True, False]
    assert (str(aside.total), str(total(aside.networks))) == ("150.00", "150.00")
    assert str(budget_of(members, scope(*lines, unconfirmed=True)).total) == "300.00"


def test_practices_in_no_network_are_paid_nothing_and_named() -> None:
    (year,) = budget_of((member("A", "N", 100), member("B", "", 70)), scope({})).years
    assert str(year.total) == "150.00"
    assert [m.practice_code for m in year.unpaid] == ["B"]


def test_nobody_at_all() -> None:
    (year,) = budget_of((member("A", "", 100),), scope({})).years
    assert (year.networks, str(year.total), totals_of(year)) == ((), "0.00", ())


def test_the_oracle_of_2019() -> None:
    """Published as 4.59 and 3.62 a head; the second is rounded down there."""
    lines = ("core", "clinical_director", "clinical_pharmacist", "social_prescriber")
    asked = scope_between(("2019/20",), (), lines, full_year=True)
    for patients, head in ((30_000, "4.587"), (50_000, "3.628")):
        whole = budget_of((member("A", "N", patients),), asked).total
        assert (whole / patients).quantize(Decimal("0.001")) == Decimal(head)


def test_three_years_with_growth_by_hand() -> None:
    # 2 % of 10,025 and of 20,025: 30,651 in all in the second year (10,225.5 and 20,425.5, the half
    # to the first), and 31,264.02 -> 31,264 in the third (10,430.01 and 20,834.01).
    members = (member("A", "N1", 10_025), member("B", "N2", 20_025))
    asked = scope_between(("2019/20", "2020/21", "2021/22"), (), ("core",), growth=Fraction(2, 100))
    budget = budget_of(members, asked)
    assert [amounts(year.networks) for year in budget.years] == [
        {"N1": "15037.50", "N2": "30037.50"},
        {"N1": "15339.00", "N2": "30637.50"},
        {"N1": "15645.00", "N2": "31251.00"},
    ]
    assert str(budget.total) == "137947.50"


# --- what a budget is about --------------------------------------------------------------------


def test_registered_lists_settle_lines_by_patient_and_by_network() -> None:
    (year,) = budget_of((member("A", "N", 100),), scope_of(Funding(), "2019-01-01")).years
    assert [line.name for line in year.lines] == [
        "core",
        "clinical_director",
        "extended_hours",
        "clinical_pharmacist",
        "social_prescriber",
    ]
    (participation,) = year.absent
    assert (participation.name, participation.column) == ("participation", "weighted_list_size")
    assert year.remark == "partial: without participation (1.761 a weighted patient)"
    assert year.without == (
        (
            "Left out for want of weighted_list_size, published in NHS Payments to General "
            "Practice: participation."
        ),
    )


def test_all_are_the_lines_that_the_columns_at_hand_settle() -> None:
    members = (member("A", "N", 100, weighted="90.00"), member("B", "", 100))
    (year,) = budget_of(members, scope_between(("2020/21",), (), "all")).years
    assert [line.name for line in year.lines] == [
        "core",
        "clinical_director",
        "extended_hours",
        "support",
        "roles",
        "participation",
    ]
    assert year.remark == "partial: without care_home (7.50 a bed a month)"


def test_of_several_years_a_total_says_how_many_are_without_a_line() -> None:
    members = (member("A", "N", 100),)
    budget = budget_of(members, scope_between(("2019/20", "2020/21"), (), "all"))
    assert budget.remark == (
        "partial: without participation (2 of 2 years), support (2020/21), care_home (2020/21), "
        "roles (2020/21)"
    )


def test_a_line_may_be_named_beside_those_of_registered_lists() -> None:
    members = (member("A", "N", 100, weighted="90.00"),)
    asked = scope_between(("2019/20",), (), ("registered", "participation"))
    (year,) = budget_of(members, asked).years
    assert len(year.lines) == 6
    assert year.remark == ""


def test_what_nobody_asked_for_makes_a_total_partial_too() -> None:
    members = (member("A", "N", 100, weighted="90.00"),)
    (year,) = budget_of(members, scope_between(("2023/24",), (), ("core", "roles"))).years
    assert year.remark.startswith("partial: without clinical_director (0.729 a patient), ")
    assert "participation (1.76 a weighted patient, not confirmed)" in year.remark
    assert "Left out, since not asked for: clinical_director, " in year.without[-1]


def test_a_rate_that_is_not_known_makes_a_total_partial() -> None:
    (year,) = budget_of((member("A", "N", 100),), scope_between(("2026/27",), (), "all")).years
    assert "enhanced_access (rate not known)" in year.remark
    assert "general_practitioners (4.57 an adjusted patient, not confirmed)" in year.remark


def test_the_latest_earlier_tariff_is_taken_only_when_asked() -> None:
    winter = tariff(
        {}, {"name": "winter", "rate_gbp": "0.60", "months": "2019-10..2020-03"}, year="2019/20"
    )
    later = winter.for_later("2021/22")
    assert [line.months_in("2021/22")[0] for line in later.lines] == ["2021-04", "2021-10"]
    with pytest.raises(InputError, match="--earlier-tariff"):
        scope_between(("2031/32",), (), "all")
    asked = scope_between(("2031/32",), (), "registered", earlier_tariff=True)
    (year,) = budget_of((member("A", "N", 100),), asked).years
    assert year.remark.startswith("by the rates of 2026/27; partial: without ")


def test_before_the_first_tariff_there_is_none_to_take() -> None:
    with pytest.raises(InputError, match="there is none of this year"):
        scope_between(("2012/13",), (), "all", earlier_tariff=True)


def test_a_missing_column_is_named_with_the_lines_that_need_it() -> None:
    members = (
        member("A", "N", 100, weighted="90.00"),
        member("B", "N", 100),
        member("C", "", 100),
    )
    named = ("roles", "participation", "leadership", "care_home")
    asked = scope_between(("2022/23",), (), named, asked_by="--lines")
    with pytest.raises(InputError) as caught:
        budget_of(members, asked)
    told = [str(fault) for fault in caught.value.faults]
    assert told[0] == (
        "practices, column weighted_list_size: is needed for roles, participation, and unknown for "
        "1 practice: B. Fill it in for every practice (published in NHS Payments to General "
        "Practice), or choose other lines with --lines, such as all: those that the columns at "
        "hand settle."
    )
    assert [fault.column for fault in caught.value.faults] == [
        "weighted_list_size",
        "adjusted_list_size",
        "care_home_beds",
    ]


def test_an_unknown_line_is_told_which_there_are() -> None:
    with pytest.raises(InputError) as caught:
        scope_between(("2019/20", "2020/21"), (), ("core", "care_homes"))
    (fault,) = caught.value.faults
    assert (fault.source, fault.value) == ("funding.lines", "care_homes")
    assert fault.remedy.startswith("Did you mean care_home?")


def test_a_line_of_one_of_several_years_will_do() -> None:
    asked = scope_between(("2023/24", "2024/25"), (), ("core", "core_registered"))
    assert [[line.name for line in asked.lines_of(t, ())] for t in asked.tariffs] == [
        ["core"],
        ["core_registered"],
    ]


# --- any lists, any tariff ---------------------------------------------------------------------


@st.composite
def lines(draw: st.DrawFn, name: str) -> dict[str, Any]:
    rate = draw(st.decimals(0, 40_000, places=5))
    first, last = sorted(draw(st.tuples(st.integers(0, 11), st.integers(0, 11))))
    months = [f"{2019 + (k + 3) // 12}-{(k + 3) % 12 + 1:02}" for k in range(12)]
    per = draw(st.sampled_from(["registered", "weighted", "adjusted", "bed", "network"]))
    return {
        "name": name,
        "rate_gbp": str(rate),
        "rate_is_for": draw(st.sampled_from(["period", "month"])),
        "per": per,
        "paid_to": "networks"
        if per == "network"
        else draw(st.sampled_from(["networks", "practices"])),
        "months": draw(st.sampled_from([f"{months[first]}..{months[last]}", "2018-10..2019-12"])),
        "confirmed": draw(st.booleans()),
    }


@st.composite
def budgets(draw: st.DrawFn) -> tuple[Budget, tuple[Member, ...]]:
    hundredths = st.integers(0, 9_000_000).map(lambda value: str(Decimal(value).scaleb(-2)))
    networks = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["", "N1", "N2", "N3"]),
                st.sampled_from(["R1", "R2", "R3"]),
                st.integers(1, 90_000),
                hundredths,
                hundredths,
                st.integers(0, 500),
            ),
            min_size=1,
            max_size=14,
        )
    )
    members = tuple(
        member(
            f"P{k:02}",
            network,
            patients,
            region_code=region,
            icb_code={"R1": "Q1", "R2": "Q1", "R3": ""}[region],
            weighted=weighted,
            adjusted=adjusted,
            beds=beds,
        )
        for k, (network, region, patients, weighted, adjusted, beds) in enumerate(networks)
    )
    several = [draw(lines(f"line{k}")) for k in range(draw(st.integers(1, 3)))]
    return budget_of(members, scope(*several)), members


def sums(payments: tuple[Payment, ...], *names: str) -> dict[Any, Decimal]:
    """The amounts by line and some other attributes."""
    found: dict[Any, Decimal] = defaultdict(Decimal)
    for payment in payments:
        found[(payment.line.name, *(getattr(payment, name) for name in names))] += payment.amount
    return dict(found)


@given(budgets())
def test_parts_make_the_whole_at_every_level(made: tuple[Budget, tuple[Member, ...]]) -> None:
    (year,), _ = made[0].years, made[1]
    assert sums(year.networks, "region_code") == sums(year.regions, "region_code")
    own = [p for p in year.networks if p.line.paid_to == "practices"]
    place = ("region_code", "network_id")
    assert sums(year.practices, *place) == sums(tuple(own), *place)
    for payment in (*year.regions, *year.networks, *year.practices):
        assert sum(amount for _, amount in payment.by_month) == payment.amount
    assert {total.difference for total in totals_of(year)} <= {Decimal(0)}


@given(budgets())
def test_nobody_is_a_penny_off(made: tuple[Budget, tuple[Member, ...]]) -> None:
    (year,) = made[0].years
    for payment in (*year.regions, *year.networks, *year.practices):
        exact = payment.line.rate_in(year.year) * Fraction(payment.units)
        assert abs(Fraction(payment.amount) - exact) < PENNY
        months = payment.by_month
        assert all(
            abs(Fraction(amount) - Fraction(payment.amount) / len(months)) < PENNY
            for _, amount in months
        )
    for payment in year.regions:
        exact = payment.line.rate_in(year.year) * Fraction(payment.units)
        assert abs(Fraction(payment.amount) - exact) <= PENNY / 2


@given(budgets())
def test_everybody_in_a_network_counts_once(made: tuple[Budget, tuple[Member, ...]]) -> None:
    (year,), members = made[0].years, made[1]
    size: dict[str, Callable[[Member], Decimal | int | None]] = {
        "registered": lambda m: m.registered,
        "weighted": lambda m: m.weighted,
        "adjusted": lambda m: m.adjusted,
        "bed": lambda m: m.beds,
    }
    for line in year.lines:
        if line.per != "network":
            whole = sum(size[line.per](m) or 0 for m in members if m.network_id)
            for level in (year.regions, year.networks):
                assert sum(p.units for p in level if p.line == line) == whole


# --- totals ------------------------------------------------------------------------------------


def test_a_visitor_from_another_icb_leaves_a_region_in_its_own() -> None:
    at_home = {"region_code": "R1", "icb_code": "Q1"}
    budget = budget_of(
        [
            member("A", "N1", 1_000, **at_home),
            member("B", "N1", 200, region_code="R1", icb_code="Q2"),
            member("C", "N2", 500, region_code="R2", icb_code="Q2"),
            member("D", "N3", 300, region_code="R3"),
        ],
        scope({}),
    )
    totals = [t for t in totals_of(budget.years[0]) if t.line == TOTAL]
    icbs = {t.code: t.amount for t in totals if t.level == "icb"}
    assert icbs == {"Q1": Decimal("1800.00"), "Q2": Decimal("750.00"), "": Decimal("450.00")}
    assert sum(icbs.values()) == budget.total


def test_totals_of_networks_regions_icbs_and_all() -> None:
    members = (
        member("A", "N1", 1_000, region_code="R1", icb_code="Q1"),
        member("B", "N2", 2_000, region_code="R2", icb_code="Q1"),
        member("C", "N3", 4_000, region_code="R3"),
        member("D", "", 9_999, region_code="R3"),
    )
    lines_ = ({}, {"name": "doubtful", "confirmed": False, "rate_gbp": "0.10"})
    (year,) = budget_of(members, scope(*lines_)).years
    shown = [
        (t.level, t.region_code, t.code, t.line, str(t.amount), t.patients, str(t.per_head))
        for t in totals_of(year)
    ]
    assert shown[:3] == [
        ("network", "R1", "N1", "core", "1500.00", 1_000, "1.5000"),
        ("network", "R1", "N1", "doubtful", "100.00", 1_000, "0.1000"),
        ("network", "R1", "N1", "total", "1500.00", 1_000, "1.5000"),
    ]
    assert [row for row in shown if row[0] != "network" and row[3] == "total"] == [
        ("region", "R1", "R1", "total", "1500.00", 1_000, "1.5000"),
        ("region", "R2", "R2", "total", "3000.00", 2_000, "1.5000"),
        ("region", "R3", "R3", "total", "6000.00", 4_000, "1.5000"),
        ("icb", "", "", "total", "6000.00", 4_000, "1.5000"),
        ("icb", "", "Q1", "total", "4500.00", 3_000, "1.5000"),
        ("all", "", "all", "total", "10500.00", 7_000, "1.5000"),
    ]


def test_footprints_that_split_a_network_have_no_totals() -> None:
    places = (("A", "East", 1_000), ("A", "West", 2_500), ("B", "West", 4_000))
    members = [
        member(f"P{k}", network, patients, footprint=footprint)
        for k, (network, footprint, patients) in enumerate(places)
    ]
    (year,) = budget_of(members, scope({})).years
    assert "footprint" not in {t.level for t in totals_of(year)}
    (note,) = year.without
    assert note == (
        "No totals of footprints, which 1 network is split among: A; 1,000 of their 3,500 patients "
        "are in another footprint than most of their network."
    )
    whole = budget_of([m for m in members if m.footprint == "West"], scope({})).years[0]
    assert [t.code for t in totals_of(whole) if t.level == "footprint"] == ["West", "West"]
    assert whole.without == ()


def test_pounds_a_head_are_rounded_half_up() -> None:
    assert str(per_head(Decimal("0.01"), 8)) == "0.0013"  # 0.00125
    assert per_head(Decimal("1.00"), 0) is None
