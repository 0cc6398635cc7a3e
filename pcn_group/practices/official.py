"""The official files of "Patients Registered at a GP Practice" (NHS England, formerly NHS Digital).

The list-size file says how many patients each practice has, and its postcode; the practice map says
what practices are called, which primary care network each is in, and what the regions belong to.
Their dates differ: a practice that opened since the map was drawn is not in it.
"""

from __future__ import annotations

import pandas as pd

from pcn_group.practices.rows import Rows, listed, plural
from pcn_group.practices.text import TextTable

__all__ = ["LIST_HEADER", "LIST_NAMES", "MAP_HEADER", "PracticeMap", "partial_counts"]

LIST_HEADER = frozenset({"publication", "code", "postcode", "number_of_patients"})
"""The headings that tell a list-size file."""

LIST_NAMES = {
    "code": "practice_code",
    "number_of_patients": "list_size",
    "postcode": "postcode",
    "ccg_code": "region_code",
    "sub_icb_location_code": "region_code",  # the heading since July 2022
}
"""What its headings mean."""

MAP_HEADER = frozenset({"publication", "practice_code", "practice_name", "pcn_code"})
"""The headings that tell a practice map."""

_MAP_NAMES = {
    "practice_code": "practice_code",
    "practice_name": "practice_name",
    "pcn_code": "current_network",
    "pcn_name": "current_network_name",
    "ccg_code": "region_code",
    "ccg_name": "region_name",
    "stp_code": "icb_code",
    "stp_name": "icb_name",
    # the headings since July 2022
    "sub_icb_location_code": "region_code",
    "sub_icb_location_name": "region_name",
    "icb_code": "icb_code",
    "icb_name": "icb_name",
    "comm_region_code": "nhs_region_code",
    "comm_region_name": "nhs_region_name",
}
_OF_PRACTICES = ("practice_name", "region_code", "current_network")
_OF_REGIONS = ("icb_code", "nhs_region_code")
_NAMES = {
    "current_network": "current_network_name",
    "region_code": "region_name",
    "icb_code": "icb_name",
    "nhs_region_code": "nhs_region_name",
}
"""Names, by the code each comes with."""
_UNALLOCATED = "U"
_WHOLE_COUNT = {"type": "GP", "sex": "ALL", "age": "ALL"}


def partial_counts(table: TextTable) -> pd.Series[bool]:
    """Tell the rows of a list-size file that count only some patients, or not those of a practice.

    Siblings of the file split the same patients by sex and age: adding those up as well would
    count everybody twice.
    """
    partial = pd.Series(data=False, index=table.cells.index)
    for heading in table.cells.columns:
        whole = _WHOLE_COUNT.get(heading.casefold())
        if whole is not None:
            partial |= table.cells[heading].str.upper() != whole
    return partial


class PracticeMap:
    """What the practice maps among the input say of each practice.

    Parameters
    ----------
    tables
        The map files; usually one or none.

    Attributes
    ----------
    faults
        Rows without a practice code, or with one that is in the maps already.
    """

    def __init__(self, tables: list[TextTable]) -> None:
        self._label = listed(table.label for table in tables)
        rows = Rows.from_tables([(table, _MAP_NAMES) for table in tables])
        column = ("practice_code",)
        code = rows.cells["practice_code"]
        empty, twice = code == "", code.duplicated() & (code != "")
        self.faults = [
            *rows.faults(empty, column, "has no practice code", "Fill it in."),
            *rows.faults(twice, column, "is in the map already", "Keep one row of it."),
        ]
        unallocated = rows.cells["current_network"].str.upper() == _UNALLOCATED
        rows.cells.loc[unallocated, ["current_network", "current_network_name"]] = ""
        self._practices = rows.cells[~empty & ~twice].set_index("practice_code")

    def fill(self, rows: Rows) -> Rows:
        """Give the rows with names, regions and networks from the map where they have none.

        What a region belongs to is told by the map's other practices of the region, so that one
        that is not in the map belongs to the same. A name comes with its code: a row with another
        network than the map has keeps its own.
        """
        if self._practices.empty:
            return rows
        cells = rows.cells.copy()
        for column in _OF_PRACTICES:
            _fill(cells, column, "practice_code", self._practices[column])
        for column in _OF_REGIONS:
            _fill(cells, column, "region_code", self._of_region(column))
            _fill(cells, column, "practice_code", self._practices[column])
        for code, name in _NAMES.items():
            _fill(cells, name, code, self._practices.drop_duplicates(code).set_index(code)[name])
        return Rows(cells, rows.headings)

    def _of_region(self, column: str) -> pd.Series[str]:
        """Give what each region of the map belongs to, where all its practices agree."""
        pairs = self._practices[["region_code", column]].drop_duplicates()
        agreed = pairs[~pairs["region_code"].duplicated(keep=False)]
        return agreed.set_index("region_code")[column]

    def notes(self, rows: Rows, by: str) -> list[str]:
        """Say where the map and the practices of a region do not match.

        Parameters
        ----------
        rows
            Practices with their region in `region_code`.
        by
            The column of the map with what counts as a region.
        """
        if self._practices.empty:
            return []
        codes = rows.cells["practice_code"]
        regions = set(rows.cells["region_code"]) - {""}
        inside = self._practices[by].isin(regions)
        unlisted = sorted(set(self._practices.index[inside]) - set(codes))
        unmapped = sorted(set(codes) - set(self._practices.index) - {""})
        networks = self._practices["current_network"].reindex(codes)
        notes = []
        if unmapped:
            which = f"{plural(len(unmapped), 'practice')} not in the map ({listed(unmapped, 5)})"
            notes.append(f"{self._label}: {which}: current network unknown.")
        if (networks == "").any():
            count = plural(int((networks == "").sum()), "practice")
            notes.append(f"{self._label}: {count} unallocated: in no current network.")
        if unlisted:
            which = f"{plural(len(unlisted), 'practice')} of the map ({listed(unlisted, 5)})"
            notes.append(f"{self._label}: {which} without a list size: left out.")
        return notes


def _fill(cells: pd.DataFrame, column: str, code: str, known: pd.Series[str]) -> None:
    """Fill the empty cells of a column with what is known of the code in another column."""
    told = dict(zip(known.index, known, strict=True))
    empty = (cells[column] == "") & (cells[code] != "")
    cells.loc[empty, column] = [told.get(value, "") for value in cells.loc[empty, code]]
