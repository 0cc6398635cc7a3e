"""How many patients are in an age group, by lists by single years or by five years of age.

The files count each patient several times: by sex and age, by sex, and over all. What is added up
is by age, and either of all sexes or of each, whichever a practice has.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pcn_group.base.errors import Fault
from pcn_group.base.wording import listed
from pcn_group.config.profile import ProfileFigure
from pcn_group.practices.layouts import Recognised
from pcn_group.practices.profile.figures import MILLION, as_rows
from pcn_group.practices.profile.source import Source
from pcn_group.practices.rows import Rows
from pcn_group.tables.numbers import as_dates, whole_numbers

__all__ = ["AGES", "of_ages"]

AGES: Mapping[str, tuple[int, int | None]] = {
    "aged_under_5": (0, 4),
    "aged_65_plus": (65, None),
    "aged_75_plus": (75, None),
    "aged_85_plus": (85, None),
}
"""The youngest and the oldest of each group; None for no end."""

_EVERY_SEX = {"ALL", "", "PERSONS"}
_MORE = ("date", "type", "sex", "age")
_AGE = r"(?P<from>[0-9]{1,3})(?:[^0-9+]+(?P<to>[0-9]{1,3}))?(?P<open>\+|[ _]?plus)?"
"""`40_44`, `95+` and `40`; others are no age."""


def of_ages(
    figure: ProfileFigure, column: str, found: Recognised, lists: Mapping[str, int]
) -> Source | None:
    """Return the patients in an age group; None where the input has no lists by age.

    Known for the patients of those lists, which may be of another day than the lists that count.
    """
    tables = found.of("ages")
    if not tables:
        return None
    rows = Rows.from_tables(tables, _MORE)
    cells = rows.cells
    label = listed(named.table.label for named in tables)
    dates = as_dates(cells["date"])
    is_practice = cells["type"].str.upper().isin(["", "GP"]) & cells["practice_code"].isin([*lists])
    by_age = rows.where(is_practice & (cells["age"].str.upper() != "ALL") & (dates == dates.max()))
    ages = by_age.cells["age"].str.lower().str.extract(f"^{_AGE}$")
    unknown = ages["from"].isna()
    patients = whole_numbers(by_age.cells["list_size"])
    faults = [
        *by_age.faults(unknown, ("age",), "is no age or range of ages", "Write it as 40 or 40_44."),
        *by_age.faults(
            patients.isna(), ("list_size",), "is not a whole number", "Give it as digits."
        ),
        *_of_one_sex(by_age),
    ]
    if faults:
        return Source(label, as_rows(figure.name, [], [], []), tuple(faults))
    once = _once(by_age.cells)
    youngest, oldest = AGES[column]
    start = ages["from"].astype(int)
    end = ages["to"].fillna(ages["from"]).astype(int).mask(ages["open"].notna(), 1_000)
    inside = (start >= youngest) & (end <= (1_000 if oldest is None else oldest))
    counts = pd.DataFrame(
        {"code": by_age.cells["practice_code"], "every": patients, "inside": patients * inside}
    )
    totals = counts[once].groupby("code").sum().astype("int64")
    totals = totals[totals["every"] > 0]
    millionths = [MILLION * count for count in totals["inside"].tolist()]
    return Source(
        label, as_rows(figure.name, totals.index.tolist(), millionths, totals["every"].tolist())
    )


def _once(cells: pd.DataFrame) -> pd.Series[bool]:
    """Tell the rows that count each patient once: of one file, and of all sexes where it has any.

    A practice may be in a file by single years and in one by five years: the first counts. Files
    of one sex each are one.
    """
    every_sex = cells["sex"].str.upper().isin(_EVERY_SEX)
    of_one = cells["sex"].where(~every_sex).groupby(cells["source"]).transform("nunique") == 1
    file = cells["source"].mask(of_one & ~every_sex, "files by sex")
    first = file.groupby(cells["practice_code"]).transform("first")
    has_every = every_sex.groupby([cells["practice_code"], file]).transform("any")
    return (file == first) & (every_sex | ~has_every)


def _of_one_sex(rows: Rows) -> list[Fault]:
    """Return a fault where all rows by age are of men, or of women."""
    sexes = {*rows.cells["sex"].str.upper()}
    if len(sexes) != 1 or sexes & _EVERY_SEX:
        return []
    remedy = "Give the file of the other sex as well."
    first = pd.Series(rows.cells.index == 0, rows.cells.index)
    return rows.faults(first, ("sex",), "is the only sex that patients are counted of", remedy)
