"""Coordinates that contradict the postcode: which practices may be somewhere else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pcn_group.base.errors import InputError
from pcn_group.practices.postcodes import NORTHERN_IRELAND, LookUp, compact
from pcn_group.practices.rows import Rows
from pcn_group.tables.findings import Finding

__all__ = ["far_from_postcodes"]

_FAR_METRES = 5_000
"""Farther than any postcode reaches, and than centroids of areas of a few thousand people are from
who lives there. Practices that have moved stay nearer: of the lists of January 2021 and a register
two years older, 4 postcodes of 6,651 are as far apart."""


def far_from_postcodes(rows: Rows, points: pd.DataFrame, look_up: LookUp) -> Iterator[Finding]:
    """Find the practices whose coordinates are far from their postcode.

    Parameters
    ----------
    rows
        Practices, some of which have both.
    points
        Indexed as the rows: where each was located, `easting` and `northing`, NaN if nowhere.
    look_up
        Locates postcodes. Where it cannot, as without a directory, nothing is known to be far.
    """
    with_both = rows.given("postcode") & (rows.given("easting") | rows.given("latitude"))
    cells = rows.cells[with_both & points["easting"].notna()]
    postcodes = compact(cells["postcode"])
    postcodes = postcodes[~postcodes.str.startswith(NORTHERN_IRELAND)]
    if postcodes.empty:
        return
    try:
        known = look_up(postcodes)
    except InputError:
        return
    theirs = known.reindex(postcodes)[["easting", "northing"]].to_numpy(dtype=float)
    own = points.loc[postcodes.index, ["easting", "northing"]].to_numpy(dtype=float)
    metres = np.hypot(*(own - theirs).T)
    mirrored = np.hypot(*(own[:, ::-1] - theirs).T)
    for i, away, swapped in zip(postcodes.index, metres, mirrored, strict=True):
        if away >= _FAR_METRES:
            detail = f"{away / 1000:,.0f} km from {cells.loc[i, 'postcode']}"
            if swapped < _FAR_METRES:
                detail += ": easting and northing are swapped"
            yield Finding("postcode_far", str(cells.loc[i, "practice_code"]), detail)
