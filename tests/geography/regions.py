"""Small regions to try geography on."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pcn_group.config.model import Configuration
from pcn_group.geography.adjacency import build_adjacency
from pcn_group.practices.sample_areas import make_sample_areas

Place = tuple[float, float]
Patients = Mapping[str, Mapping[str, int]]

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


def catchments(areas: Mapping[str, Place], patients: Patients) -> pd.DataFrame:
    """Where patients live: areas in kilometres from the corner, and who has how many in which."""
    rows = [
        (practice, area, count, EAST + 1000.0 * areas[area][0], NORTH + 1000.0 * areas[area][1])
        for practice, homes in sorted(patients.items())
        for area, count in sorted(homes.items())
    ]
    columns = ["practice_code", "area_code", "patients", "easting", "northing"]
    return pd.DataFrame(rows, columns=columns)


def sample_catchments(practices: int, seed: int) -> pd.DataFrame:
    """Where the patients of a synthetic region live."""
    registered, centroids = make_sample_areas(practices, seed)
    names = {"PRACTICE_CODE": "practice_code", "NUMBER_OF_PATIENTS": "patients"}
    located = registered.rename(columns=names).merge(
        centroids.astype({"easting": float, "northing": float}),
        left_on="LSOA_CODE",
        right_on="lsoa_code",
    )
    located["area_code"] = located["LSOA_CODE"]
    columns = ["practice_code", "area_code", "patients", "easting", "northing"]
    return located.sort_values(columns[:2], ignore_index=True)[columns]


def neighbours(
    places: Mapping[str, Place], homes: pd.DataFrame | None = None, **adjacency: object
) -> dict[str, str]:
    """Each practice's neighbours, as in `{"A": "B C"}`."""
    table = region(places)
    codes = table["practice_code"].tolist()
    configuration = Configuration.model_validate({"adjacency": adjacency})
    found = build_adjacency(table, configuration, homes).of
    return {code: " ".join(codes[j] for j in row) for code, row in zip(codes, found, strict=True)}
