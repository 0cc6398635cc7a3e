"""Numbers in text: only what can be read in one way, so neither `5,903` nor `5.3E+05` nor `NaN`."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["decimals", "whole_numbers"]

_DECIMAL = r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})"
_WHOLE = r"[+-]?[0-9]{1,18}(?:\.0*)?"


def decimals(cells: pd.Series[str]) -> pd.Series[float]:
    """Give cells as float64; NaN where a cell is not a plain number."""
    return _numbers(cells, _DECIMAL)


def whole_numbers(cells: pd.Series[str]) -> pd.Series[float]:
    """Give cells as float64 without fraction; NaN where a cell is not a whole number.

    `5903.0`, as spreadsheets and data frames write whole numbers, is one.
    """
    return _numbers(cells, _WHOLE)


def _numbers(cells: pd.Series[str], pattern: str) -> pd.Series[float]:
    return cells.where(cells.str.fullmatch(pattern).astype(bool), "nan").astype(np.float64)
