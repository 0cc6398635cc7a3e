"""Numbers in text: only what can be read in one way, so neither `5.3E+05` nor `NaN`.

`5,903` is a number of people, who come whole. As a distance it could be either of two. `16.000`
could be sixteen or sixteen thousand people: it is no whole number.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["AMBIGUOUS", "ambiguous", "decimals", "whole_numbers"]

AMBIGUOUS = (
    "is ambiguous: the dot may be for decimals or for thousands",
    "Write it as digits alone: 16 for sixteen, 16000 for sixteen thousand.",
)
"""What is wrong with such a whole number, and what to do about it."""

_AMBIGUOUS = r"[+-]?[0-9]{1,3}\.[0-9]{3}"
_NAUGHT = r"[+-]?0{1,3}\.000"
"""None, whatever the dot is for."""

_DECIMAL = r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})"
_WHOLE = r"[+-]?(?:[0-9]{1,18}(?:\.0*)?|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,5})"


def decimals(cells: pd.Series[str]) -> pd.Series[float]:
    """Return cells as float64; NaN where a cell is not a plain number."""
    return _numbers(cells, _DECIMAL)


def whole_numbers(cells: pd.Series[str]) -> pd.Series[float]:
    """Return cells as float64 without fraction; NaN where a cell is not a whole number.

    `5903.0`, as spreadsheets and data frames write whole numbers, is one, and so is `5,903`.
    """
    return _numbers(cells, _WHOLE).mask(ambiguous(cells))


def ambiguous(cells: pd.Series[str]) -> pd.Series[bool]:
    """Tell the cells that are one number if the dot is for decimals, another if for thousands."""
    in_doubt = cells.str.fullmatch(_AMBIGUOUS) & ~cells.str.fullmatch(_NAUGHT)
    return in_doubt.astype(bool)


def _numbers(cells: pd.Series[str], pattern: str) -> pd.Series[float]:
    plain = cells.where(cells.str.fullmatch(pattern).astype(bool), "nan")
    return plain.str.replace(",", "", regex=False).astype(np.float64)
