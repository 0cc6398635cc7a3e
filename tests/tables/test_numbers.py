"""Numbers in text: what can be read in one way, and nothing else."""

from __future__ import annotations

import pandas as pd
import pytest

from pcn_group.tables.numbers import decimals, whole_numbers


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("5903", 5903),
        ("+5903", 5903),
        ("-12", -12),
        ("5903.0", 5903),
        ("5903.", 5903),
        ("16000.000", 16_000),
        ("16.00", 16),
        ("16.0000", 16),
        ("0.000", 0),
        ("5,903", 5903),
        ("12,345,678", 12_345_678),
        ("-1,000", -1000),
    ],
)
def test_whole_numbers(cell: str, number: float) -> None:
    assert whole_numbers(pd.Series([cell])).tolist() == [number]


@pytest.mark.parametrize(
    "cell",
    [
        *("", "5,90", "59,03", ",903", "0,903", "5,903,", "1234,567", "5,903.0", "5 903", "5.5"),
        *("16.000", "1.000", "160.000", "+16.000", "-16.000", "016.000", "16.500", "1.234.567"),
    ],
)
def test_what_is_no_whole_number(cell: str) -> None:
    assert whole_numbers(pd.Series([cell])).isna().all()


@pytest.mark.parametrize("cell", ["5,903", "51,88", "1e5", "NaN", "inf", "-", "."])
def test_what_is_no_decimal(cell: str) -> None:
    assert decimals(pd.Series([cell])).isna().all()


def test_decimals() -> None:
    cells = pd.Series(["51.8787", "-.5", "7", "5.", "-0.0033455077990075348", "-4.7392e-05"])
    assert decimals(cells).tolist() == [51.8787, -0.5, 7, 5, -0.0033455077990075348, -4.7392e-05]
