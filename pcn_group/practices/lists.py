"""List sizes: one row for each practice, of the latest extract, and the extract before it.

`gp-reg-pat-prac-all.csv` has a row for each practice. `gp-reg-pat-prac-quin-age.csv` has rows of
practices and of everything they belong to, whole and by sex and age: every patient is in it many
times. A `practices.csv` has no date and always counts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from pcn_group.errors import Fault
from pcn_group.practices.dates import as_dates
from pcn_group.practices.findings import Account, Finding
from pcn_group.practices.layouts import Recognised
from pcn_group.practices.numbers import whole_numbers
from pcn_group.practices.rows import Rows

__all__ = ["Lists", "read_lists"]

_MORE = ("date", "type", "sex", "age")
_NOT_A_PRACTICE = "of an organisation that is no practice"
_PART = "counts a part of a practice's patients"
_EARLIER = "an earlier extract, only compared"
_NOBODY = "without a patient"
_AGAIN = "counted in another file already"


@dataclass(frozen=True)
class Lists:
    """The practices of the input with their list sizes, as text.

    Attributes
    ----------
    rows
        One row for each practice, unless `faults_of` finds otherwise.
    date
        Of the official extract that counts, as ISO date; empty without one.
    earlier
        Index: practice codes. The list sizes of the extract before, float64; empty without one.
    booked
        Every row of the files: `source`, `practice_code`, and the `reason` it was set aside for.
    faults, findings
        What is wrong and what is odd.
    """

    rows: Rows
    date: str
    earlier: pd.Series[float]
    booked: pd.DataFrame
    faults: list[Fault]
    findings: list[Finding]

    def accounts(self, excluded: Collection[str], why: str) -> list[Account]:
        """Give account of the rows of each file, where some practices are excluded."""
        reasons = self.booked["reason"]
        out = (reasons == "") & self.booked["practice_code"].isin(excluded)
        booked = self.booked.assign(reason=reasons.mask(out, why))
        return [
            Account.of(str(label), rows["practice_code"], rows["reason"])
            for label, rows in booked.groupby("source", sort=True)
        ]


def read_lists(found: Recognised) -> Lists:
    """Give the list of each practice, and say what became of every row."""
    own = Rows.from_tables(found.of("practices"), _MORE)
    official = Rows.from_tables([*found.of("list"), *found.of("ages")], _MORE)
    cells = official.cells
    ages = cells["source"].isin([named.table.label for named in found.of("ages")])
    cells["date"], faults = _dates(official)
    reasons = pd.Series("", cells.index).mask(~ages & _is_partial(cells), _PART)
    summed = _add_up(official, ages)
    faults += summed.faults
    reasons = reasons.mask(ages, summed.reasons)
    cells["list_size"] = cells["list_size"].mask(summed.first, summed.totals)

    newest = str(cells["date"].max()) if len(cells) else ""
    is_earlier = (cells["date"] != "") & (cells["date"] < newest)
    stands = (reasons == "") & (~ages | summed.first)
    earlier = _before(cells[is_earlier & stands])
    reasons = reasons.mask((reasons == "") & is_earlier, _EARLIER)
    reasons = reasons.mask((reasons == "") & (whole_numbers(cells["list_size"]) == 0), _NOBODY)
    lists = cells[stands & ~ages & (reasons == "")]
    again = (reasons == "") & ages & cells["practice_code"].isin(lists["practice_code"])
    findings = _differing(cells[again & summed.first], lists)
    reasons = reasons.mask(again, _AGAIN)

    used = Rows(cells[stands & (reasons == "")], official.headings)
    booked = cells[["source", "practice_code"]].assign(reason=reasons)
    own_booked = own.cells[["source", "practice_code"]].assign(reason="")
    joined = pd.concat([own.cells, used.cells], ignore_index=True)
    rows = Rows(joined, {**own.headings, **official.headings})
    booked = pd.concat([own_booked, booked], ignore_index=True)
    return Lists(rows, newest, earlier, booked, faults, findings)


def _dates(rows: Rows) -> tuple[pd.Series[str], list[Fault]]:
    cells = rows.cells["date"]
    dates = as_dates(cells)
    remedy = "Write it as 2021-01-31: the latest extract counts."
    wrong = (cells != "") & (dates == "")
    return dates, rows.faults(wrong, ("date",), "is not a date", remedy)


def _is_partial(cells: pd.DataFrame) -> pd.Series[bool]:
    """Tell the rows of a list that count only some patients, or not those of a practice."""
    partial = pd.Series(data=False, index=cells.index)
    for column, whole in (("type", "GP"), ("sex", "ALL"), ("age", "ALL")):
        partial |= ~cells[column].str.upper().isin(["", whole])
    return partial


@dataclass(frozen=True)
class _Summed:
    """What files by sex and age add up to; each field but the last is indexed as the rows.

    Attributes
    ----------
    first
        The row that stands for its practice, and `totals` the whole list there, as text.
    reasons
        Why rows are set aside; empty where they are counted.
    """

    first: pd.Series[bool]
    totals: pd.Series[str]
    reasons: pd.Series[str]
    faults: list[Fault]


def _add_up(rows: Rows, ages: pd.Series[bool]) -> _Summed:
    """Find each practice's whole list in files by sex and age, counting every patient once."""
    cells = rows.cells
    practices = ages & cells["type"].str.upper().isin(["", "GP"])
    sizes = whole_numbers(cells["list_size"])
    every_sex, every_age = (cells[name].str.upper() == "ALL" for name in ("sex", "age"))
    # The coarsest rows that a practice has: one for all, else by sex, by age, or by both.
    level = pd.Series(3, cells.index).mask(every_age, 2).mask(every_sex, 1)
    level = level.mask(every_sex & every_age, 0)
    group = [cells["source"], cells["date"], cells["practice_code"]]
    coarsest = practices & (level == level.where(practices).groupby(group).transform("min"))
    same = ["source", "date", "practice_code", "sex", "age"]
    twice = coarsest & cells.where(coarsest, "").duplicated(same)
    number = "Give the number of patients, as digits."
    faults = [
        *rows.faults(coarsest & sizes.isna(), ("list_size",), "is not a whole number", number),
        *rows.faults(twice, ("practice_code",), "has a second row like this", "Keep one of them."),
    ]
    totals = sizes.where(coarsest).groupby(group).transform("sum").fillna(0)
    return _Summed(
        first=coarsest & ~cells.where(coarsest, "").duplicated(same[:3]),
        totals=totals.astype("int64").astype(str),
        reasons=pd.Series(_NOT_A_PRACTICE, cells.index).mask(practices, _PART).mask(coarsest, ""),
        faults=faults,
    )


def _before(cells: pd.DataFrame) -> pd.Series[float]:
    """Give the list sizes of the latest of these extracts."""
    latest = cells[cells["date"] == cells["date"].max()].drop_duplicates("practice_code")
    sizes = whole_numbers(latest["list_size"])
    return sizes.set_axis(pd.Index(latest["practice_code"])).dropna()


def _differing(again: pd.DataFrame, lists: pd.DataFrame) -> list[Finding]:
    """Say where files by age have other list sizes than the lists of the same extract."""
    counted = lists.drop_duplicates("practice_code").set_index("practice_code")
    theirs = counted.loc[again["practice_code"], "list_size"].set_axis(again.index)
    differ = whole_numbers(again["list_size"]) != whole_numbers(theirs)
    return [
        Finding("list_differs", code, f"{size} here, {other} in the list", source)
        for code, size, other, source in zip(
            again.loc[differ, "practice_code"],
            again.loc[differ, "list_size"],
            theirs[differ],
            again.loc[differ, "source"],
            strict=True,
        )
    ]
