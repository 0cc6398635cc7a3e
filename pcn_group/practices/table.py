"""The practice table that every later stage works from, and its `practices.csv`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from pcn_group.base.days import day_in_words
from pcn_group.practices.profile.figures import Figures
from pcn_group.practices.residents import Residents
from pcn_group.tables.findings import REPORT_COLUMNS

__all__ = [
    "LOCATING_COLUMNS",
    "OPTIONAL_COLUMNS",
    "REGION_COLUMNS",
    "REQUIRED_COLUMNS",
    "Practices",
    "Source",
    "has_places",
    "practices_csv",
    "report_csv",
]

REQUIRED_COLUMNS: Mapping[str, str] = {
    "practice_code": "ODS code, as text; each once",
    "practice_name": "the column must be there, a cell may be empty",
    "list_size": "registered patients, 1 or more",
    "easting": "metres on the British National Grid (EPSG:27700); not needed where all travel and "
    "all neighbours are given, by `travel.matrix` and `adjacency.edges`",
    "northing": "likewise",
}
"""The columns that every practice has in the end, with what they mean."""

LOCATING_COLUMNS: Mapping[str, str] = {
    "latitude": "in place of `easting`: degrees, WGS 84",
    "longitude": "in place of `northing`: likewise",
    "postcode": "in place of both: needs the extra `postcodes`, or the ONS Postcode Directory "
    "among the inputs",
}
"""What may locate a practice in place of `easting` and `northing`."""

OPTIONAL_COLUMNS: Mapping[str, str] = {
    "region_code": "region of the practice; `--region` chooses one where the file has several",
    "region_name": "its name",
    "icb_code": "ICB or STP, for roll-ups and for `--by`",
    "icb_name": "its name",
    "nhs_region_code": "NHS region, likewise",
    "nhs_region_name": "its name",
    "local_authority": "for `prices.authority`; taken from the postcode where that locates the "
    "practice",
    "current_network": "its network today: for `repair`, limits on what moves, `prices.change`, "
    "names, and `check current`",
    "current_network_name": "name of that network",
    "weighted_list_size": "contractor-weighted list, for budgets, to two decimals",
    "adjusted_list_size": "PCN adjusted population, likewise",
    "care_home_beds": "beds in the care homes that the practice looks after, for budgets",
    "list_date": "day of the list, such as `2021-01-01`: it says which year a budget is for",
}


REGION_COLUMNS = {
    "region_code": "region_name",
    "icb_code": "icb_name",
    "nhs_region_code": "nhs_region_name",
    "local_authority": None,
}
"""What practices can be divided into regions by, each with the column of the region's name."""


@dataclass(frozen=True)
class Source:
    """An input file as it was read.

    Attributes
    ----------
    name
        File name without folders, so that a summary does not depend on where a file lay.
    sha256
        Of the file's bytes, lower-case hexadecimal.
    rows
        Rows of data read from it, header excluded.
    """

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class Practices:
    """A validated region.

    Attributes
    ----------
    table
        One row per practice, sorted by `practice_code`, index 0..n-1, with all of
        `REQUIRED_COLUMNS` and `OPTIONAL_COLUMNS`. `region_code` is the region of the run, whatever
        column it was taken from. `list_size` is int64 (1 or more); `easting` and
        `northing` are float64 metres on EPSG:27700, NaN throughout where `has_places` says so; the
        text columns are str, empty where unknown;
        `weighted_list_size` and `adjusted_list_size` (with two decimals) and `care_home_beds`
        (whole) are float64, NaN where unknown; `list_date` is an ISO date. Once `attach_atypical`
        has said so, a last column `attached_to` (str) has the code of the practice that this one
        counts as part of, empty for nearly all.
    sources
        The files it was read from, in order of name.
    notes
        Oddities that did not stop the run, one sentence each, for the user to read.
    elsewhere
        The codes of the input's practices outside the region: rules for all regions may name them.
    closed
        The codes of practices that have closed since a plan was made whose rules may name them.
    beside
        The input's practices outside the region that are in a network of today with practices of
        it: `practice_name` and `current_network` by practice code.
    networks
        The name of every network of today of the input by its code, empty for one without.
    catchments
        Where the patients of each practice live: one row per practice and area (LSOA) with
        `practice_code`, `area_code`, `patients` (int64, 1 or more) and the area's centroid
        `easting`, `northing` (float64 metres), sorted by the two codes. None where the input does
        not say; a practice may be missing.
    residents
        Where patients live, and the map of neighbourhoods that says in which of these; None where
        neither the input nor the rules have a map.
    figures
        Those of the profile that the rules had when the practices were read.
    data_report
        The data report: what is odd about the practices, and what became of every row of the files.
        The columns of `REPORT_COLUMNS`, all text.
    """

    table: pd.DataFrame
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()
    elsewhere: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    beside: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            columns=["practice_name", "current_network"], dtype=str
        )
    )
    networks: Mapping[str, str] = field(default_factory=dict)
    catchments: pd.DataFrame | None = None
    residents: Residents | None = None
    figures: Figures = field(default_factory=Figures)
    data_report: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=[*REPORT_COLUMNS])
    )

    @property
    def list_date(self) -> str:
        """The day of the lists, ISO, of several the latest; empty where no file says so."""
        return max(self.table["list_date"], default="")

    @property
    def about(self) -> str:
        """The regions by name and code, the ICBs they are in, and the day of the lists.

        Empty where only codes are known.
        """
        regions = _regions_told(self.table, "region_code", "region_name")
        icbs = _regions_told(self.table, "icb_code", "icb_name")
        parts = [", ".join(regions) if (self.table["region_name"] != "").any() else ""]
        if (self.table["icb_name"] != "").any() and icbs != regions:
            parts.append(f"in {', '.join(icbs)}")
        if self.list_date:
            parts.append(f"lists of {day_in_words(self.list_date)}")
        return "; ".join(part for part in parts if part)

    @property
    def known(self) -> frozenset[str]:
        """The codes of all practices of the input."""
        return self.elsewhere.union(self.table["practice_code"])


def _regions_told(table: pd.DataFrame, code: str, name: str) -> list[str]:
    """Return the regions of a kind that practices are in, each as its name and its code."""
    pairs = sorted(set(zip(table[code], table[name], strict=True)))
    return [f"{name}, {code}" if name else code for code, name in pairs if code]


def has_places(table: pd.DataFrame) -> bool:
    """Tell whether the practices of a table, or its units, say where they are: all, or none."""
    return bool(table["easting"].notna().all())


def practices_csv(table: pd.DataFrame, figures: Sequence[str] = ()) -> str:
    """Return a practice table as CSV text; optional columns, and places, are left out if empty.

    Parameters
    ----------
    figures
        Further columns to write.
    """
    text = table[[*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS, *figures]].copy()
    for column in text.columns[text.dtypes == "float64"]:
        text[column] = [_plain(value) for value in text[column]]
    may_be_empty = (*OPTIONAL_COLUMNS, "easting", "northing")
    empty = [column for column in may_be_empty if (text[column] == "").all()]
    return text.drop(columns=empty).to_csv(index=False, lineterminator="\n")


def _plain(value: float) -> str:
    """Return a number with up to three decimals, and nothing for an unknown one."""
    return "" if pd.isna(value) else f"{value:.3f}".rstrip("0").rstrip(".")


def report_csv(report: pd.DataFrame) -> str:
    """Return a data report as CSV text."""
    return report.to_csv(index=False, lineterminator="\n")
