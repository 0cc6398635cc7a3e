"""Small regions to try geography on."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pcn_group.config import Configuration
from pcn_group.geography.adjacency import build_adjacency

Place = tuple[float, float]

# A corner of the British National Grid, in Bedfordshire.
EAST, NORTH = 500_000, 220_000


def region(places: Mapping[str, Place]) -> pd.DataFrame:
    """A practice table of these places, in kilometres from a corner."""
    codes = sorted(places)
    return pd.DataFrame(
        {
            "practice_code": codes,
            "easting": [EAST + 1000.0 * places[code][0] for code in codes],
            "northing": [NORTH + 1000.0 * places[code][1] for code in codes],
        }
    )


def neighbours(places: Mapping[str, Place], **adjacency: object) -> dict[str, str]:
    """Each practice's neighbours, as in `{"A": "B C"}`."""
    table = region(places)
    codes = table["practice_code"].tolist()
    configuration = Configuration.model_validate({"adjacency": adjacency})
    found = build_adjacency(table, configuration)
    return {code: " ".join(codes[j] for j in row) for code, row in zip(codes, found, strict=True)}
