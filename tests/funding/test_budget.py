"""Budgets: exact to the penny, and adding up to the region's total."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pcn_group.funding.budget import Tariff, TariffLine, budget_lines, load_tariff, total

LINE = {
    "name": "core",
    "description": "Cash for each patient",
    "rate_gbp": "1.50",
    "basis": "registered patients",
    "paid_to": "network",
    "recurrent": True,
    "cash": True,
    "source": "A document of 2019",
    "confirmed": True,
}

patients = st.lists(st.integers(1, 2_000_000), min_size=1, max_size=50)
pence = st.integers(0, 100_000)


def tariff(*rates: str) -> Tariff:
    lines = tuple(TariffLine.model_validate(LINE | {"rate_gbp": rate}) for rate in rates)
    return Tariff(financial_year="2019/20", lines=lines)


def test_the_recurrent_payment_is_one_pound_fifty_for_each_patient() -> None:
    core = next(line for line in load_tariff().lines if line.name == "core")
    assert core.rate_gbp == Decimal("1.50")
    assert core.recurrent
    assert core.paid_to == "network"
    assert core.source


def test_each_network_is_paid_for_its_patients() -> None:
    lines = budget_lines(tariff("1.50"), [("N1", 34_567), ("N2", 41_001)])
    assert [(line.network_id, line.units, str(line.amount)) for line in lines] == [
        ("N1", 34_567, "51850.50"),
        ("N2", 41_001, "61501.50"),
    ]
    assert str(total(lines)) == "113352.00"


def test_lines_come_by_network_and_then_in_the_order_of_the_tariff() -> None:
    lines = budget_lines(tariff("1.50", "0.01"), [("N2", 100), ("N1", 10)])
    assert [(line.network_id, str(line.amount)) for line in lines] == [
        ("N2", "150.00"),
        ("N2", "1.00"),
        ("N1", "15.00"),
        ("N1", "0.10"),
    ]
    assert {line.financial_year for line in lines} == {"2019/20"}


@given(patients, st.lists(pence, min_size=1, max_size=4))
def test_networks_add_up_to_the_region_to_the_penny(sizes: list[int], rates: list[int]) -> None:
    prices = tariff(*(f"{rate // 100}.{rate % 100:02}" for rate in rates))
    lines = budget_lines(prices, [(f"N{k}", size) for k, size in enumerate(sizes)])
    assert total(lines) * 100 == sum(sizes) * sum(rates)
    region = budget_lines(prices, [("region", sum(sizes))])
    assert total(region) == total(lines)


@given(patients)
def test_amounts_are_in_whole_pence(sizes: list[int]) -> None:
    lines = budget_lines(tariff("1.5", "0.07"), [(f"N{k}", size) for k, size in enumerate(sizes)])
    assert all(line.amount.as_tuple().exponent == -2 for line in lines)


def test_nobody_is_paid_nothing() -> None:
    assert str(total(())) == "0.00"


@pytest.mark.parametrize("rate", ["1.505", "-1.50", "0.001", "free", "NaN"])
def test_a_rate_that_is_not_in_whole_pence_is_refused(rate: str) -> None:
    with pytest.raises(ValidationError):
        tariff(rate)


@pytest.mark.parametrize(("rate", "written"), [("1.5", "1.50"), ("2", "2.00"), ("0", "0.00")])
def test_rates_are_written_with_two_decimals(rate: str, written: str) -> None:
    assert str(tariff(rate).lines[0].rate_gbp) == written


def test_a_misspelt_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="ratte"):
        TariffLine.model_validate(LINE | {"ratte": "1.50"})
