"""Lines that are paid for a part of a year, or for parts of several."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pcn_group.funding.budget import budget_of
from pcn_group.funding.scope import Scope
from pcn_group.funding.tariff import TariffLine, month_range, months_of
from tests.funding.payees import LINE, member, tariff

YEARS = ("2018/19", "2019/20", "2020/21")
MONTHS = month_range("2018-04..2021-03")
PERIODS = (
    st.tuples(st.integers(0, 35), st.integers(0, 35))
    .map(sorted)
    .map(lambda ends: f"{MONTHS[ends[0]]}..{MONTHS[ends[1]]}")
)
RATES = st.decimals(0, 40_000, places=5).map(str)


def line(rate: str, months: str, rate_is_for: str) -> TariffLine:
    own = {"rate_gbp": rate, "months": months, "rate_is_for": rate_is_for}
    return TariffLine.model_validate(LINE | own)


@given(RATES, PERIODS)
def test_the_years_of_a_period_add_up_to_its_rate(rate: str, months: str) -> None:
    shared = line(rate, months, "period")
    assert sum(shared.rate_in(year) for year in YEARS) == Fraction(rate)


@given(RATES, PERIODS)
def test_a_rate_of_each_month_is_paid_for_each_month(rate: str, months: str) -> None:
    monthly = line(rate, months, "month")
    for year in YEARS:
        assert monthly.rate_in(year) == Fraction(rate) * len(monthly.months_in(year))


@given(RATES, PERIODS, st.sampled_from(["period", "month"]), st.integers(0, 9))
def test_a_later_year_has_the_same_months_at_the_same_rate(
    rate: str, months: str, rate_is_for: str, years: int
) -> None:
    now = line(rate, months, rate_is_for)
    later = now.later(years)
    for year in YEARS:
        then = f"{int(year[:4]) + years}/{(int(year[:4]) + years + 1) % 100:02}"
        assert later.rate_in(then) == now.rate_in(year)
        assert [m[5:] for m in later.months_in(then)] == [m[5:] for m in now.months_in(year)]


@given(
    RATES,
    st.tuples(st.integers(0, 11), st.integers(0, 11)).map(sorted),
    st.sampled_from(["period", "month"]),
    st.lists(st.integers(0, 90_000), min_size=1, max_size=5),
)
def test_money_flows_in_the_months_of_the_line_and_adds_up(
    rate: str, ends: list[int], rate_is_for: str, sizes: list[int]
) -> None:
    year = months_of("2019/20")
    inside = year[ends[0] : ends[1] + 1]
    own = {"rate_gbp": rate, "months": f"{inside[0]}..{inside[-1]}", "rate_is_for": rate_is_for}
    members = tuple(member(f"P{k}", f"N{k}", size) for k, size in enumerate(sizes))
    (found,) = budget_of(members, Scope((tariff(own),), "all")).years
    for payment in found.networks:
        assert tuple(month for month, _ in payment.by_month) == inside
        assert sum(amount for _, amount in payment.by_month) == payment.amount
        amounts = [amount for _, amount in payment.by_month]
        assert max(amounts) - min(amounts) <= Decimal("0.01")
