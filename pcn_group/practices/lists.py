"""List sizes: one row for each practice, of the latest extract, and the extract before it.

`gp-reg-pat-prac-all.csv` has a row for each practice. `gp-reg-pat-prac-quin-age.csv` has rows of
practices and of everything they belong to, whole and by sex and age: every patient is in it many
times. A `practices.csv` always counts, whatever its date.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pcn_group.base.errors import Fault
from pcn_group.practices.layouts import Recognised
from pcn_group.practices.rows import (
    AGAIN,
    REWRITTEN,
    Rows,
    faults_of_dates,
    find_copies,
    stacked,
)
from pcn_group.tables.findings import Account, Finding, accounts_of
from pcn_group.tables.numbers import AMBIGUOUS, ambiguous, whole_numbers

__all__ = ["Lists", "read_lists"]

_MORE = ("date", "type", "sex", "age")
_NOT_A_PRACTICE = "of an organisation that is no practice"
_PART = "counts a part of a practice's patients"
_EARLIER = "an earlier extract, only compared"
_NOBODY = "without a patient"
_ONE_SEX = "counts one sex only"
_NUMBER = "Give the number of patients, as digits."
_TWICE = "has a second row like this"
_INCOMPLETE = "lacks rows that others in the file have"
_BOTH = "Give the file of the other sex as well, or gp-reg-pat-prac-all.csv instead."


_BY_SEX = "files by sex"
"""In place of the names of files that have one sex each."""


@dataclass(frozen=True)
class Lists:
    """The practices of the input with their list sizes, as text.

    Attributes
    ----------
    rows
        One row for each practice, unless `faults_of` finds otherwise.
    date
        The latest of the lists that count, as ISO date; empty where none has one.
    earlier
        One row for each practice of the extract before it; none without one.
    booked
        Every row of the files: `source`, `practice_code`, and the `reason` it was set aside for.
    faults, findings
        What is wrong, and what is odd or was read otherwise than the files have it.
    """

    rows: Rows
    date: str
    earlier: Rows
    booked: pd.DataFrame
    faults: list[Fault]
    findings: list[Finding]

    @property
    def accounts(self) -> list[Account]:
        """What became of the rows of each file."""
        return accounts_of(self.booked)


def read_lists(found: Recognised) -> Lists:
    """Return the list of each practice, and say what became of every row."""
    own = Rows.from_tables(found.of("practices"), _MORE)
    own.cells["list_date"], faults = _dates(own, "list_date")
    copies = find_copies(own, np.ones(len(own.cells), dtype=np.bool_))
    is_again = copies.again | copies.refused
    booked = own.cells[["source", "practice_code"]].assign(reason=np.where(is_again, AGAIN, ""))
    official = _official_lists(found, own)
    rows = Rows(
        stacked([own.cells[~is_again], official.rows.cells]),
        {**own.headings, **official.rows.headings},
    )
    return Lists(
        rows,
        max([official.date, *rows.cells["list_date"]]),
        official.earlier,
        stacked([booked, official.booked]),
        [*faults, *copies.faults, *official.faults],
        [*own.findings, *official.findings],
    )


def _official_lists(found: Recognised, own: Rows) -> Lists:
    """Return the lists of official files, for the practices that have none of their own."""
    official = Rows.from_tables([*found.of("list"), *found.of("ages")], _MORE)
    cells = official.cells
    if cells.empty:
        booked = cells[["source", "practice_code"]].assign(reason="")
        return Lists(official, "", official, booked, [], [])
    ages = cells["source"].isin([named.table.label for named in found.of("ages")])
    cells["date"], faults = _dates(official, "date")
    cells["list_date"] = cells["date"]
    numbers = cells["practice_code"].str.fullmatch("[0-9]+").astype(bool)
    faults += official.faults(numbers, ("practice_code",), *REWRITTEN)
    reasons = pd.Series("", cells.index).mask(~ages & _is_partial(cells), _PART)
    summed = _add_up(official, ages)
    faults += summed.faults
    reasons = reasons.mask(ages, summed.reasons)
    cells["list_size"] = cells["list_size"].mask(summed.first, summed.totals)

    newest = str(cells["date"].max())
    is_earlier = (cells["date"] != "") & (cells["date"] < newest)
    stands = (reasons == "") & (~ages | summed.first)
    earlier, wrong = _before(official.where(is_earlier & stands))
    faults += wrong
    reasons = reasons.mask((reasons == "") & is_earlier, _EARLIER)
    reasons = reasons.mask((reasons == "") & (whole_numbers(cells["list_size"]) == 0), _NOBODY)
    # Of a practice in several files the first counts: its own file, the list, the file by age.
    firsts = pd.concat([own.cells, cells[stands & ~ages & (reasons == "")]])
    again = (reasons == "") & (
        cells["practice_code"].isin(own.cells["practice_code"])
        | (ages & cells["practice_code"].isin(firsts["practice_code"]))
    )
    findings = [
        *official.findings,
        *summed.findings,
        *_differing(cells[again & stands], firsts),
    ]
    reasons = reasons.mask(again, AGAIN)
    if not own.cells.empty or (stands & (reasons == "")).any():  # others have whole lists
        reasons = reasons.mask(reasons == _ONE_SEX, _PART)
    faults += _of_one_sex(official, reasons == _ONE_SEX)

    copies = find_copies(official, stands & (reasons == ""), ["list_size"])
    reasons = reasons.mask(copies.again | copies.refused, AGAIN)
    used = Rows(cells[stands & (reasons == "")], official.headings)
    booked = cells[["source", "practice_code"]].assign(reason=reasons)
    return Lists(used, newest, earlier, booked, [*faults, *copies.faults], findings)


def _dates(rows: Rows, column: str) -> tuple[pd.Series[str], list[Fault]]:
    remedy = "Write it as 2021-01-31: the latest extract counts."
    return faults_of_dates(rows, column, rows.cells[column], remedy)


def _is_partial(cells: pd.DataFrame) -> pd.Series[bool]:
    """Tell the rows of a list that count only some patients, or not those of a practice."""
    partial = pd.Series(data=False, index=cells.index)
    for column, whole in (("type", "GP"), ("sex", "ALL"), ("age", "ALL")):
        partial |= ~cells[column].str.upper().isin(["", whole])
    return partial


@dataclass(frozen=True)
class _Summed:
    """What files by sex and age add up to; the first three fields are indexed as the rows.

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
    findings: list[Finding]


def _add_up(rows: Rows, ages: pd.Series[bool]) -> _Summed:
    """Find each practice's whole list in files by sex and age, counting every patient once."""
    cells = rows.cells
    if not ages.any():
        none = pd.Series("", cells.index)
        return _Summed(ages, none, none, faults=[], findings=[])
    practices = ages & cells["type"].str.upper().isin(["", "GP"])
    file, lone = _together(cells, practices)
    faults = _same_sex_again(rows, file == _BY_SEX)
    refused = cells["source"].isin([fault.source for fault in faults])
    of_practices, practices = practices, practices & ~lone & ~refused
    sizes = whole_numbers(cells["list_size"])
    every_sex, every_age = (cells[name].str.upper() == "ALL" for name in ("sex", "age"))
    # The coarsest rows that a practice has: one for all, else by sex, by age, or by both.
    level = pd.Series(3, cells.index).mask(every_age, 2).mask(every_sex, 1)
    level = level.mask(every_sex & every_age, 0)
    group = [file, cells["date"], cells["practice_code"]]
    coarsest = practices & (level == level.where(practices).groupby(group).transform("min"))
    same = ["file", "date", "practice_code", "sex", "age"]
    named = cells.assign(file=file).where(coarsest, "")
    twice = coarsest & named.duplicated(same)
    broken = coarsest & ~(sizes >= 0)
    first = coarsest & ~named.duplicated(same[:3])
    lacking = first & (file != _BY_SEX) & _lack_parts(cells, level.where(coarsest), group)
    again = "Download the file again."
    faults += [
        *_no_numbers(rows, broken),
        *rows.faults(twice, ("practice_code",), _TWICE, "Keep one of them."),
        *rows.faults(lacking, ("practice_code",), _INCOMPLETE, again),
    ]
    totals = sizes.where(coarsest).groupby(group).transform("sum").fillna(0)
    return _Summed(
        first=first,
        totals=totals.astype("int64").astype(str),
        reasons=pd.Series(_NOT_A_PRACTICE, cells.index)
        .mask(of_practices, _PART)
        .mask(lone, _ONE_SEX)
        .mask(coarsest, ""),
        faults=faults,
        findings=_on_one_file(cells, coarsest & (file == _BY_SEX)),
    )


def _together(
    cells: pd.DataFrame, practices: pd.Series[bool]
) -> tuple[pd.Series[str], pd.Series[bool]]:
    """Name what file each row belongs to, those of one sex each being one file; tell lone ones.

    Files by single years of age come in two, of men and of women: a list is their sum.
    """
    sexes = cells["sex"].str.upper().where(practices)
    of_one = practices & (sexes.groupby(cells["source"]).transform("nunique") == 1)
    of_one &= ~sexes.isin(["ALL", ""])
    both = sexes.where(of_one).groupby(cells["date"]).transform("nunique") > 1
    return cells["source"].mask(of_one, _BY_SEX), of_one & ~both


def _same_sex_again(rows: Rows, of_one: pd.Series[bool]) -> list[Fault]:
    """Return a fault for each file of one sex that is of the day of another of that sex."""
    remedy = "Keep one of the two."
    there = rows.cells[of_one].drop_duplicates("source")
    first = there.drop_duplicates(["date", "sex"]).set_index(["date", "sex"])["source"]
    return [
        Fault(label, f"counts one sex on one day, as {first[date, sex]} does", remedy, value=sex)
        for label, date, sex in zip(there["source"], there["date"], there["sex"], strict=True)
        if first[date, sex] != label
    ]


def _on_one_file(cells: pd.DataFrame, counted: pd.Series[bool]) -> list[Finding]:
    """Name the practices that only the file of men has, or that of women."""
    own = cells[counted].drop_duplicates(["date", "practice_code", "sex"])
    alone = own[~own.duplicated(["date", "practice_code"], keep=False)]
    return [
        Finding("one_sex", code, "", label)
        for code, label in zip(alone["practice_code"], alone["source"], strict=True)
    ]


def _of_one_sex(rows: Rows, lone: pd.Series[bool]) -> list[Fault]:
    """Return a fault for each file of men, or of women, that has no counterpart."""
    there = rows.cells[lone].drop_duplicates("source")
    return [
        Fault(label, _ONE_SEX, _BOTH, column=rows.headings[label]["sex"], value=sex)
        for label, sex in zip(there["source"], there["sex"], strict=True)
    ]


def _lack_parts(
    cells: pd.DataFrame, level: pd.Series[int], group: list[pd.Series[str]]
) -> pd.Series[bool]:
    """Tell the practices without parts of their list that others of the same file have.

    What is not there would not be counted. The whole list is one part; without it, there should be
    one of every sex, of every age, or of both.
    """
    usual = level.groupby(group[:2]).transform("min")
    parts = (cells["sex"] + ", " + cells["age"]).str.upper().where(level == usual)
    own = parts.groupby(group).transform("count")
    return (level > usual) | (own < parts.groupby(group[:2]).transform("nunique"))


def _before(rows: Rows) -> tuple[Rows, list[Fault]]:
    """Return the latest of these extracts, and what keeps it from being compared."""
    latest = rows.where(rows.cells["date"] == rows.cells["date"].max())
    wrong = whole_numbers(latest.cells["list_size"]).isna()
    twice = latest.cells.duplicated(["source", "practice_code"])
    faults = [
        *_no_numbers(latest, wrong),
        *latest.faults(twice & ~wrong, ("practice_code",), _TWICE, "Keep one of them."),
    ]
    return latest.where(~wrong & ~latest.cells["practice_code"].duplicated()), faults


def _no_numbers(rows: Rows, wrong: pd.Series[bool]) -> list[Fault]:
    """Say of lists that are no whole numbers what is wrong with them."""
    unclear = ambiguous(rows.cells["list_size"])
    return [
        *rows.faults(wrong & unclear, ("list_size",), *AMBIGUOUS),
        *rows.faults(wrong & ~unclear, ("list_size",), "is not a whole number", _NUMBER),
    ]


def _differing(again: pd.DataFrame, firsts: pd.DataFrame) -> list[Finding]:
    """Say where rows have another list size than the first file that has the practice."""
    counted = firsts.drop_duplicates("practice_code").set_index("practice_code")
    theirs = counted.loc[again["practice_code"], ["list_size", "source"]].set_axis(again.index)
    differ = whole_numbers(again["list_size"]) != whole_numbers(theirs["list_size"])
    return [
        Finding("list_differs", code, f"{size} here, {other} in {first}", source)
        for code, size, other, first, source in zip(
            again.loc[differ, "practice_code"],
            again.loc[differ, "list_size"],
            theirs.loc[differ, "list_size"],
            theirs.loc[differ, "source"],
            again.loc[differ, "source"],
            strict=True,
        )
    ]
