"""What official files say of practices beside their lists: map, register, memberships, weights.

Each kind of file becomes `Facts`: at most one row for each practice. What is missing in the list is
filled in from the facts, kind by kind, and where two disagree the first to say counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from pcn_group.base.codes import one_form
from pcn_group.base.errors import Fault
from pcn_group.base.wording import listed
from pcn_group.practices.rows import (
    AGAIN,
    Named,
    Rows,
    faults_of_codes,
    faults_of_dates,
    find_copies,
    is_no_code,
    repeated,
)
from pcn_group.tables.codes import CODES, distinct, without_errors
from pcn_group.tables.findings import Account, Finding, accounts_of
from pcn_group.tables.numbers import as_dates

__all__ = [
    "Facts",
    "fill",
    "map_facts",
    "membership_facts",
    "register_facts",
    "weight_facts",
]

_NAMES = {
    "current_network": "current_network_name",
    "region_code": "region_name",
    "icb_code": "icb_name",
    "nhs_region_code": "nhs_region_name",
}
"""Names, by the code each comes with."""

_OF_REGIONS = ("icb_code", "nhs_region_code")
_STATUSES = ("A", "C", "D", "P")
_DAY = "Write it as 2021-01-31."
_UNKNOWN = ("NULL", "N/A", "-")
"""What official files write where they have nothing to say."""
_OF_THE_ROW = ("source", "row", "written")


@dataclass(frozen=True)
class Facts:
    """What the files of one kind say of practices.

    Attributes
    ----------
    label
        What the files are called.
    cells
        Index: practice codes, each once. The columns of `Rows.cells`, as text.
    booked
        Every row of the files: `source`, `practice_code`, and the `reason` it was set aside for,
        empty where it is in `cells`.
    names
        By the column of a code and the code: what it is called, by any row of the files.
    faults
        Rows that cannot be used, and should be.
    findings
        What was read otherwise than the files have it.
    """

    label: str
    cells: pd.DataFrame
    booked: pd.DataFrame
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __contains__(self, code: str) -> bool:
        """Whether the files say anything of a practice."""
        return code in self.cells.index

    @property
    def are_given(self) -> bool:
        """Whether there is any such file."""
        return bool(self.label)

    @property
    def accounts(self) -> list[Account]:
        """What became of the rows of each file."""
        return accounts_of(self.booked)


_NOTHING = Facts(
    label="",
    cells=Rows.from_tables([], ("status", "setting", "closed")).cells.set_index("practice_code"),
    booked=pd.DataFrame(columns=["source", "practice_code", "reason"], dtype=str),
)
"""What no files say."""


def map_facts(tables: Sequence[Named]) -> Facts:
    """Read practice maps of "Patients Registered at a GP Practice": names, networks, regions.

    Of maps of several dates the latest that names a practice counts. Unallocated is no network.
    """
    if not tables:
        return _NOTHING
    rows = _rows(tables, "date")
    cells = rows.cells
    cells["date"], faults = faults_of_dates(rows, "date", cells["date"], _DAY)
    # pandas compares texts one by one, and numbers at once.
    number = pd.Series(pd.factorize(cells["date"], sort=True)[0], cells.index)
    is_earlier = number < number.groupby(cells["practice_code"]).transform("max")
    reasons = pd.Series("", cells.index).mask(is_earlier, "an earlier map of it counts less")
    return _facts(rows, reasons, faults)


def register_facts(tables: Sequence[Named]) -> Facts:
    """Read the practice register (`epraccur`): names, postcodes, commissioners, status."""
    if not tables:
        return _NOTHING
    rows = _rows(tables, "status", "setting", "closed")
    rows.cells["closed"] = as_dates(rows.cells["closed"])
    rows.cells["status"] = rows.cells["status"].str.upper()
    wrong = ~rows.cells["status"].isin(_STATUSES)
    remedy = "Download the register again: A is active, C closed, D dormant, P proposed."
    faults = rows.faults(wrong, ("status",), "is no status of the register", remedy)
    return _facts(rows, pd.Series("", rows.cells.index), faults)


def weight_facts(tables: Sequence[Named]) -> Facts:
    """Read tables that have nothing but weighted lists."""
    if not tables:
        return _NOTHING
    rows = _rows(tables)
    return _facts(rows, pd.Series("", rows.cells.index), [], official=False)


def membership_facts(tables: Sequence[Named], on: str) -> Facts:
    """Read memberships of networks (`ePCN`): those in force on a day, their last one included.

    The files keep memberships that have ended. Of those of a practice, the one in force counts, the
    last to begin of several; where none is in force yet, the next to begin.

    Parameters
    ----------
    tables
        Rows with start and end, the end empty while it lasts.
    on
        The ISO date of the list sizes; empty where they have none, and then whatever has not ended
        is in force.
    """
    if not tables:
        return _NOTHING
    rows = _rows(tables, "start", "end", "network_region")
    cells = rows.cells
    faults = []
    for column in ("start", "end"):
        cells[column], wrong = faults_of_dates(rows, column, cells[column], _DAY)
        faults += wrong
    ended = (cells["end"] != "") & ((cells["end"] < on) if on else True)
    later = (cells["start"] > on) if on else pd.Series(data=False, index=cells.index)
    reasons = pd.Series("", cells.index).mask(ended, "a membership that has ended")
    # The last to begin of those in force first, then those to come, the next first.
    order = pd.concat(
        [
            cells[~ended & ~later].sort_values(["start", "current_network"], ascending=False),
            cells[~ended & later].sort_values(["start", "current_network"]),
        ]
    )
    reasons[_ended_elsewhere(cells, ended)] = "another file says that it has ended"
    order = order[reasons[order.index] == ""]
    twice = order.index[order["practice_code"].duplicated() & (order["practice_code"] != "")]
    reasons[twice] = "another membership of the practice counts"
    reasons[twice.intersection(cells.index[later])] = "a membership that has not begun"
    return _facts(rows, reasons, faults)


def _ended_elsewhere(cells: pd.DataFrame, ended: pd.Series[bool]) -> pd.Series[bool]:
    """Tell the memberships that an older version of a file still has as lasting."""
    same = [cells[name] for name in ("practice_code", "current_network", "start")]
    return ~ended & (cells["end"] == "") & ended.groupby(same).transform("any")


def _rows(tables: Sequence[Named], *more: str) -> Rows:
    """Stack tables, with nothing where they say that they do not know."""
    rows = Rows.from_tables(tables, more)
    about = [str(name) for name in rows.cells.columns.drop(["practice_code", *_OF_THE_ROW])]
    cells, errors = without_errors(rows.cells, about)
    for column in about:
        if unknown := {text for text in distinct(cells[column]) if text.upper() in _UNKNOWN}:
            cells = cells.assign(**{column: cells[column].mask(cells[column].isin(unknown), "")})
    return Rows(cells, rows.headings, (*rows.findings, *errors))


def _facts(
    rows: Rows, reasons: pd.Series[str], faults: list[Fault], *, official: bool = True
) -> Facts:
    """Keep one row for each practice; a second one without a reason is a fault."""
    column = ("practice_code",)
    code = rows.cells["practice_code"]
    empty = code == ""
    copies = find_copies(rows, reasons == "")
    reasons = reasons.mask(copies.again | copies.refused, AGAIN)
    used = reasons == ""
    twice = used & ~empty & code.where(used).duplicated()
    faults = [
        *faults,
        *copies.faults,
        *rows.faults(used & empty, column, "has no practice code", "Fill it in."),
        *repeated(rows, used & ~empty, "has a row already", "Keep one row of it."),
    ]
    if wrong := faults_of_codes(rows, official=official):
        faults += wrong
        codes = rows.cells[[name for name in CODES if name not in column]]
        rows.cells[codes.columns] = codes.mask(codes.apply(is_no_code, official=official), "")
    label = listed(dict.fromkeys(rows.cells["source"]))
    booked = pd.DataFrame(
        {"source": rows.cells["source"], "practice_code": code, "reason": reasons}
    )
    cells = rows.cells[used & ~empty & ~twice].set_index("practice_code")
    names = _names(rows.cells.assign(aside=~used))
    return Facts(label, cells, booked, names, tuple(faults), rows.findings)


def _names(cells: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return what each code is called: by rows set aside only where no other has its name.

    Of several names the one of the latest row counts, and of these the first in the alphabet.
    """
    dates = [name for name in ("date", "start") if name in cells]
    names = {}
    for code, name in _NAMES.items():
        order = ["aside", *dates, name]
        known = cells[(cells[name] != "") & (cells[code] != "")]
        if not known.empty:
            ascending = [column not in dates for column in order]
            known = known.sort_values(order, ascending=ascending, kind="stable")
            known = known.drop_duplicates(code)
        names[code] = dict(zip(known[code], known[name], strict=True))
    return names


def fill(rows: Rows, facts: Facts, columns: Sequence[str]) -> Rows:
    """Fill in what rows do not say: by practice, and for regions and names by their code.

    What a region belongs to is told by the other practices of the region as well. A name comes with
    its code: a row with another network than the facts have keeps its own.

    Parameters
    ----------
    columns
        Those to be filled by practice.
    """
    if not facts.are_given or rows.cells.empty:
        return rows
    cells = rows.cells.copy()
    for column in columns:
        if column not in _OF_REGIONS:
            _fill(cells, column, "practice_code", facts.cells[column])
    for column in _OF_REGIONS:
        if column in columns:
            _fill(cells, column, "region_code", _of_region(facts, column))
            _fill(cells, column, "practice_code", facts.cells[column])
    for code, name in _NAMES.items():
        if code in columns:
            _fill(cells, name, code, facts.names[code])
    return replace(rows, cells=cells)


def _of_region(facts: Facts, column: str) -> pd.Series[str]:
    """Return what each region belongs to, where all its practices agree."""
    pairs = facts.cells[["region_code", column]].drop_duplicates()
    agreed = pairs[~pairs["region_code"].duplicated(keep=False)]
    return agreed.set_index("region_code")[column]


def _fill(
    cells: pd.DataFrame, column: str, code: str, known: pd.Series[str] | Mapping[str, str]
) -> None:
    """Fill the empty cells of a column with what is known of the code in another column."""
    texts, codes = cells[column].tolist(), cells[code].tolist()
    if all(texts):
        return
    told = {one_form(str(value)): text for value, text in known.items()}
    cells[column] = [
        text or (value and told.get(one_form(value), ""))
        for text, value in zip(texts, codes, strict=True)
    ]
