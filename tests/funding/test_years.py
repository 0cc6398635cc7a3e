"""Financial years and their months."""

from __future__ import annotations

import pytest

from pcn_group.funding.tariff import (
    is_financial_year,
    month_range,
    months_of,
    year_paid_by,
    years_after,
    years_between,
)


@pytest.mark.parametrize("text", ["2019/20", "2099/00"])
def test_a_financial_year_is_two_in_a_row(text: str) -> None:
    assert is_financial_year(text)


@pytest.mark.parametrize("text", ["2019/21", "2019-20", "2019", "2019/2020", "1999/00", ""])
def test_what_is_no_financial_year(text: str) -> None:
    assert not is_financial_year(text)


def test_a_year_goes_from_april_to_march() -> None:
    months = months_of("2019/20")
    assert (len(months), months[0], months[8], months[-1]) == (12, "2019-04", "2019-12", "2020-03")


@pytest.mark.parametrize(
    ("day", "year"),
    [
        ("2018-12-31", "2018/19"),
        ("2019-01-01", "2019/20"),
        ("2019-03-31", "2019/20"),
        ("2019-04-01", "2019/20"),
        ("2021-01-01", "2021/22"),
        ("2099-12-01", "2099/00"),
    ],
)
def test_the_year_that_lists_of_a_day_are_paid_in(day: str, year: str) -> None:
    assert year_paid_by(day) == year


def test_years_from_one_to_another() -> None:
    assert years_between("2018/19..2020/21") == ("2018/19", "2019/20", "2020/21")
    assert years_between("2019/20") == ("2019/20",)
    assert years_after("2018/19", "2020/21") == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2020/21..2019/20", "ends before"),
        ("2019..2021", "no financial year"),
        ("2000/01..2050/51", "more than 30"),
    ],
)
def test_years_that_make_no_sense(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        years_between(text)


def test_months_from_one_to_another() -> None:
    assert month_range("2019-11..2020-02") == ("2019-11", "2019-12", "2020-01", "2020-02")
    assert month_range("2019-11..2019-11") == ("2019-11",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2019-07", "first and last month"),
        ("2019-13..2020-01", "first and last month"),
        ("2020-01..2019-12", "ends before"),
    ],
)
def test_months_that_make_no_sense(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        month_range(text)
