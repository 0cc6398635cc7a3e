"""Numbers in text: only what can be read in one way, so neither `5.3E+05` nor `NaN`.

`5,903` is a number of people, who come whole. As a distance it could be either of two.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["decimals", "whole_numbers"]

_DECIMAL = r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})"
_WHOLE = r"[+-]?(?:[0-9]{1,18}(?:\.0*)?|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,5})"


def decimals(cells: pd.Series[str]) -> pd.Series[float]:
    """Give cells as float64; NaN where a cell is not a plain number."""
    return _numbers(cells, _DECIMAL)


def whole_numbers(cells: pd.Series[str]) -> pd.Series[float]:
    """Give cells as float64 without fraction; NaN where a cell is not a whole number.

    `5903.0`, as spreadsheets and data frames write whole numbers, is one, and so is `5,903`.
    """
    return _numbers(cells, _WHOLE)


def _numbers(cells: pd.Series[str], pattern: str) -> pd.Series[float]:
    plain = cells.where(cells.str.fullmatch(pattern).astype(bool), "nan")
    return plain.str.replace(",", "", regex=False).astype(np.float64)
