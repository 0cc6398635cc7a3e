"""The tariffs that come with the program, figure by figure against what was published."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from pcn_group.funding.scope import packaged_years, tariffs_of
from pcn_group.funding.tariff import TariffLine

R, W, A, BED, NETWORK = "registered", "weighted", "adjusted", "bed", "network"
YES, NO = True, False

PUBLISHED = [
    # Year, line, pounds for each unit in the year, basis, months, confirmed.
    ("2017/18", "transformation_support", "1.50", R, 12, YES),  # half of £3 over two years
    ("2018/19", "transformation_support", "1.50", R, 12, YES),
    ("2019/20", "core", "1.50", R, 12, YES),
    ("2019/20", "clinical_director", "0.51430", R, 9, YES),
    ("2019/20", "extended_hours", "1.099", R, 9, NO),
    ("2019/20", "participation", "1.761", W, 12, YES),
    ("2019/20", "clinical_pharmacist", "37810", NETWORK, 12, YES),
    ("2019/20", "social_prescriber", "34110", NETWORK, 12, YES),
    ("2020/21", "core", "1.50", R, 12, YES),
    ("2020/21", "clinical_director", "0.722", R, 12, YES),
    ("2020/21", "extended_hours", "1.45", R, 12, YES),
    ("2020/21", "support", "0.27", W, 6, YES),
    ("2020/21", "care_home", "60.00", BED, 8, YES),  # 7.50 a month from August
    ("2020/21", "roles", "7.131", W, 12, YES),
    ("2020/21", "participation", "1.761", W, 12, YES),
    ("2021/22", "core", "1.50", R, 12, YES),
    ("2021/22", "clinical_director", "0.722", R, 12, YES),
    ("2021/22", "extended_hours", "1.44", R, 12, YES),
    ("2021/22", "care_home", "120", BED, 12, YES),
    ("2021/22", "roles", "12.30", W, 12, NO),
    ("2021/22", "participation", "1.761", W, 12, YES),
    ("2022/23", "core", "1.50", R, 12, YES),
    ("2022/23", "clinical_director", "0.736", R, 12, NO),
    ("2022/23", "extended_hours", "0.720", R, 6, YES),
    ("2022/23", "enhanced_access", "3.764", A, 6, NO),
    ("2022/23", "leadership", "0.699", A, 12, YES),
    ("2022/23", "care_home", "120", BED, 12, YES),
    ("2022/23", "roles", "16.696", W, 12, NO),
    ("2022/23", "participation", "1.761", W, 12, YES),
    ("2023/24", "core", "1.50", R, 12, YES),
    ("2023/24", "clinical_director", "0.729", R, 12, YES),
    ("2023/24", "enhanced_access", "7.578", A, 12, YES),
    ("2023/24", "leadership", "0.684", A, 12, YES),
    ("2023/24", "care_home", "120", BED, 12, YES),
    ("2023/24", "roles", "22.671", W, 12, YES),
    ("2023/24", "capacity_access_support", "2.765", A, 12, YES),
    ("2023/24", "capacity_access_improvement", "1.185", R, 12, NO),
    ("2023/24", "participation", "1.76", W, 12, NO),
    ("2024/25", "core_registered", "2.218", R, 12, YES),
    ("2024/25", "core_adjusted", "0.698", A, 12, YES),
    ("2024/25", "core_uplift", "0.051", R, 12, NO),
    ("2024/25", "enhanced_access", "7.975", A, 12, YES),
    ("2024/25", "care_home", "127.20", BED, 12, YES),
    ("2024/25", "roles", "22.894", W, 12, YES),
    ("2024/25", "roles_general_practitioners", "1.303", W, 6, NO),
    ("2024/25", "capacity_access_support", "3.248", A, 12, YES),
    ("2024/25", "capacity_access_improvement", "1.392", A, 12, NO),
    ("2025/26", "core_registered", "2.266", R, 12, YES),
    ("2025/26", "core_adjusted", "0.733", A, 12, YES),
    ("2025/26", "enhanced_access", "8.427", A, 12, YES),
    ("2025/26", "care_home", "130.253", BED, 12, YES),
    ("2025/26", "roles", "26.631", W, 12, YES),
    ("2025/26", "capacity_access_support", "3.208", A, 12, YES),
    ("2025/26", "capacity_access_improvement", "1.375", A, 12, NO),
    ("2025/26", "participation", "1.761", W, 12, NO),
    ("2026/27", "general_practitioners", "4.57", A, 12, NO),
]

EARLIER = {
    # What was paid in 2024/25 until the rates of September took its place for the whole year.
    ("2024/25", "enhanced_access"): ("7.674", "2024-04-01..2024-09-25", YES),
    ("2024/25", "care_home"): ("120", "2024-04-01..2024-09-25", YES),
}

TO_PRACTICES = ("participation", "general_practitioners")


def packaged() -> dict[tuple[str, str], TariffLine]:
    return {
        (tariff.financial_year, line.name): line
        for tariff in tariffs_of(packaged_years())
        for line in tariff.lines
    }


def test_there_are_no_other_lines_and_they_are_in_this_order() -> None:
    assert list(packaged()) == [(year, name) for year, name, *_ in PUBLISHED]


@pytest.mark.parametrize(
    ("year", "name", "rate", "basis", "months", "confirmed"),
    PUBLISHED,
    ids=[f"{year}-{name}" for year, name, *_ in PUBLISHED],
)
def test_a_line_is_as_published(
    year: str, name: str, rate: str, basis: str, months: int, confirmed: object
) -> None:
    line = packaged()[year, name]
    assert line.rate_in(year) == Fraction(rate)
    assert line.per == basis
    assert len(line.months_in(year)) == months
    assert line.confirmed is confirmed
    assert line.source
    assert line.paid_to == ("practices" if name in TO_PRACTICES else "networks")


@pytest.mark.parametrize(
    ("year", "name", "first", "last"),
    [
        ("2019/20", "clinical_director", "2019-07", "2020-03"),
        ("2019/20", "extended_hours", "2019-07", "2020-03"),
        ("2020/21", "support", "2020-04", "2020-09"),
        ("2020/21", "care_home", "2020-08", "2021-03"),
        ("2022/23", "extended_hours", "2022-04", "2022-09"),
        ("2022/23", "enhanced_access", "2022-10", "2023-03"),
        ("2024/25", "roles_general_practitioners", "2024-10", "2025-03"),
    ],
)
def test_lines_of_a_part_of_the_year(year: str, name: str, first: str, last: str) -> None:
    months = packaged()[year, name].months_in(year)
    assert (months[0], months[-1]) == (first, last)


def test_what_a_full_year_of_2019_comes_to() -> None:
    full = {name: line.full_year for (_, name), line in packaged().items() if line.full_year}
    assert {name: (str(own.rate_gbp), own.confirmed) for name, own in full.items()} == {
        "clinical_director": ("0.69", True),
        "extended_hours": ("1.45", True),
    }
    line = packaged()["2019/20", "extended_hours"].for_full_year()
    assert (line.rate_gbp, line.confirmed) == (Decimal("1.45"), True)
    assert len(line.months_in("2019/20")) == 12


def test_the_core_payment_is_recurrent_and_in_cash_and_the_first_support_was_not() -> None:
    lines = packaged()
    core = [line for (_, name), line in lines.items() if name.startswith("core")]
    assert len(core) == 10
    assert all(line.recurrent and line.cash for line in core)
    assert not lines["2017/18", "transformation_support"].recurrent
    assert str(lines["2017/18", "transformation_support"].rate_gbp) == "3.00"


def test_what_could_not_be_confirmed_says_so() -> None:
    lines = packaged()
    for role in ("clinical_pharmacist", "social_prescriber"):
        assert lines["2019/20", role].doubled_above == 100_000
        assert "exactly 100,000" in lines["2019/20", role].note
    assert "base is unconfirmed" in lines["2022/23", "enhanced_access"].note
    assert "base is not known" in lines["2024/25", "core_uplift"].note


@pytest.mark.parametrize(
    ("year", "name", "source"),
    [
        ("2021/22", "roles", "Management in Practice, April 2022"),
        ("2022/23", "roles", "Management in Practice, April 2022"),
        ("2023/24", "capacity_access_improvement", "BMA"),
        ("2024/25", "core_uplift", "PCNs can claim more for ARRS staff"),
        ("2024/25", "enhanced_access", "PCNs can claim more for ARRS staff"),
        ("2024/25", "care_home", "PCNs can claim more for ARRS staff"),
        ("2024/25", "roles_general_practitioners", "Pulse"),
        ("2024/25", "capacity_access_improvement", "Pulse"),
        ("2025/26", "capacity_access_improvement", "Management in Practice"),
        ("2025/26", "participation", "Management in Practice"),
        ("2026/27", "general_practitioners", "supplementary information of 20 May 2026"),
    ],
)
def test_where_later_figures_are_from(year: str, name: str, source: str) -> None:
    assert source in packaged()[year, name].source


def test_backdated_rates_keep_the_earlier_ones_and_their_dates_beside_them() -> None:
    earlier = {key: line.earlier for key, line in packaged().items() if line.earlier}
    assert {
        key: (str(rate.rate_gbp), rate.in_force, rate.confirmed) for key, rate in earlier.items()
    } == EARLIER
    assert all("DES 2024/25" in rate.source for rate in earlier.values())


def test_the_core_payment_of_2024_is_its_two_parts_and_the_uplift() -> None:
    parts = ("core_registered", "core_adjusted", "core_uplift")
    assert sum(packaged()["2024/25", name].rate_gbp for name in parts) == Decimal("2.967")


def test_the_tariff_of_2026_says_what_is_not_known_of_it() -> None:
    tariffs = {tariff.financial_year: tariff for tariff in tariffs_of(packaged_years())}
    not_known = {year: tariff.not_known for year, tariff in tariffs.items() if tariff.not_known}
    assert not_known == {
        "2026/27": (
            "core_registered",
            "core_adjusted",
            "enhanced_access",
            "care_home",
            "roles",
            "participation",
        )
    }
    assert "ended with 2025/26" in tariffs["2026/27"].note
    line = packaged()["2026/27", "general_practitioners"]
    assert (line.recurrent, line.cash) == (True, False)
