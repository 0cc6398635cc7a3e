"""The towns that maps name: those of Great Britain with 5,000 inhabitants and more.

`towns.csv` is made by `data/towns/make.py` of data of GeoNames (geonames.org), licensed under
CC BY 4.0.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

__all__ = ["TOWNS", "towns"]

TOWNS = Path(__file__).with_name("towns.csv")


@cache
def towns() -> pd.DataFrame:
    """Return `name`, `easting` and `northing` of each town, the largest first."""
    return pd.read_csv(TOWNS, keep_default_na=False)
