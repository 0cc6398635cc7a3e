"""The sheets with figures: what they consist of, and their columns.

Columns are named as in the CSV files where these have the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

__all__ = [
    "AUDIT",
    "BUDGETS",
    "CASH_FLOW",
    "FIRST_ROW",
    "ICBS",
    "MONTHS",
    "NETWORKS",
    "PRACTICES",
    "PRACTICE_PAYMENTS",
    "RATES",
    "REGIONS",
    "TOTALS",
    "Cell",
    "Column",
    "Formula",
    "Kind",
    "Sheet",
    "Span",
    "Value",
    "summed",
]

Value = str | int | float | Decimal | None
"""Numbers, truth values among them, text, or nothing. Text never counts as a formula."""

Kind = Literal["text", "flag", "whole", "units", "rate", "pounds", "per_head", "exact", "check"]
"""How the values of a column are shown. Where a check is not 0.00 it is red."""

Span = tuple[int, int]
"""First and last row."""

FIRST_ROW = 2
"""Of values: the headings are in row 1."""


@dataclass(frozen=True)
class Formula:
    """A formula without its `=`, and what it comes to."""

    text: str
    value: Value


Cell = Value | Formula


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    Attributes
    ----------
    least_width
        In characters; a column is as wide as its heading at least.
    entered
        Whether the values may be changed, for the formulas to follow.
    wraps
        Whether long texts go over several lines.
    """

    heading: str
    kind: Kind = "text"
    least_width: int = 14
    entered: bool = False
    wraps: bool = False

    @property
    def width(self) -> int:
        """Characters across, with room for a heading in bold, which cannot be split."""
        return max(self.least_width, len(self.heading) + 2)


@dataclass(frozen=True)
class Sheet:
    """A sheet.

    Attributes
    ----------
    about
        What it is, in one sentence.
    fixed
        How many columns stay in view.
    """

    name: str
    about: str
    fixed: int
    columns: tuple[Column, ...]

    def here(self, heading: str, row: int) -> str:
        """Refer to a cell from within the sheet."""
        return f"{self._letters[heading]}{row}"

    def at(self, heading: str, row: int) -> str:
        """Refer to a cell from another sheet."""
        return f"{self._quoted}!{self.here(heading, row)}"

    def span(self, heading: str, rows: Span) -> str:
        """Refer to some rows of a column from within the sheet."""
        letter = self._letters[heading]
        return f"{letter}${rows[0]}:{letter}${rows[1]}"

    def span_at(self, heading: str, rows: Span) -> str:
        """Refer to some rows of a column from another sheet."""
        return f"{self._quoted}!{self.span(heading, rows)}"

    @cached_property
    def _letters(self) -> dict[str, str]:
        return {column.heading: _letter(k) for k, column in enumerate(self.columns)}

    @cached_property
    def _quoted(self) -> str:
        return f"'{self.name}'" if " " in self.name else self.name


def summed(references: Sequence[str]) -> str:
    """Add up pounds and pence; of nothing it is 0.

    A sum of numbers that are not exact in binary is rounded to the penny it stands for.
    """
    return f"ROUND(SUM({','.join(references)}),2)" if references else "0"


def _letter(number: int) -> str:
    """Name a column as spreadsheets do: A to Z, then AA."""
    before, last = divmod(number, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)


MONTHS = (
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "January",
    "February",
    "March",
)
"""Of a financial year."""

_YEAR = Column("financial_year", least_width=11)
_REGION = Column("region_code", least_width=9)
_ICB = Column("icb_code", least_width=9)
_NETWORK = Column("network_id", least_width=11)
_NAME = Column("network_name", least_width=30, wraps=True)
_LINE = Column("funding_line", least_width=19)
_PAID_TO = Column("paid_to", least_width=10)
_BASIS = Column("basis", least_width=10)
_UNITS = Column("units", "units")
_RATE = Column("rate_gbp", "rate", 12)
_AMOUNT = Column("amount_gbp", "pounds", 16)
_COUNTED = Column("counted", "flag", 9)
_COUNTED_GBP = Column("counted_gbp", "pounds", 16)
_PATIENTS = Column("patients", "whole", 11)
_PER_HEAD = Column("per_head_gbp", "per_head", 12)
_DIFFERENCE = Column("difference_gbp", "check", 13)
_MONTHS = tuple(Column(month, "pounds") for month in MONTHS)
_SHARING = (
    Column("exact_numerator", "whole", 18),
    Column("whole_pence", "whole"),
    Column("remainder", "whole", 11),
    Column("rank", "whole", 7),
    Column("pence", "whole"),
)
"""How a penny more or less is decided, in integers."""

RATES = Sheet(
    "Rates",
    "The funding lines of each year: what is paid for what, to whom, and where that is from.",
    2,
    (
        _YEAR,
        _LINE,
        Column("description", least_width=40, wraps=True),
        Column("rate_gbp", "rate", 12, entered=True),
        _BASIS,
        Column("doubled_above", "whole", 12, entered=True),
        _PAID_TO,
        Column("months", least_width=17),
        Column("months_paid", "whole", 9),
        Column("months_of_rate", "whole", 9),
        Column("recurrent", "flag", 10),
        Column("cash", "flag", 8),
        Column("confirmed", "flag", 10),
        Column("counted", "flag", 9, entered=True),
        Column("pence_numerator", "whole", 12),
        Column("pence_denominator", "whole", 12),
        Column("source", least_width=50, wraps=True),
        Column("note", least_width=50, wraps=True),
    ),
)
PRACTICES = Sheet(
    "Practices",
    "The practices and their lists in each year, with the network each is in.",
    6,
    (
        _YEAR,
        _REGION,
        _ICB,
        _NETWORK,
        _NAME,
        Column("practice_code", least_width=11),
        Column("practice_name", least_width=36, wraps=True),
        Column("registered", "whole", 12, entered=True),
        Column("weighted", "units", entered=True),
        Column("adjusted", "units", entered=True),
        Column("bed", "whole", 9, entered=True),
    ),
)
NETWORKS = Sheet(
    "Networks",
    "What each network has of every basis, added up from its practices, and what it is paid.",
    4,
    (
        _YEAR,
        _REGION,
        _NETWORK,
        _NAME,
        Column("practices", "whole", 10),
        Column("registered", "whole", 12),
        Column("weighted", "units"),
        Column("adjusted", "units"),
        Column("bed", "whole", 9),
        _COUNTED_GBP,
        _PER_HEAD,
    ),
)
BUDGETS = Sheet(
    "Budgets",
    "What each network is paid under each line, and how the amount comes about.",
    5,
    (
        _YEAR,
        _LINE,
        _REGION,
        _NETWORK,
        _NAME,
        _PAID_TO,
        _BASIS,
        _UNITS,
        _RATE,
        _AMOUNT,
        _COUNTED,
        _COUNTED_GBP,
        _PATIENTS,
        _PER_HEAD,
        *_SHARING,
        Column("parts_gbp", "pounds", 16),
        _DIFFERENCE,
    ),
)
PRACTICE_PAYMENTS = Sheet(
    "Practice payments",
    "The amounts of lines that are paid to practices, shared among the practices of a network.",
    6,
    (
        _YEAR,
        _LINE,
        _REGION,
        _NETWORK,
        _NAME,
        Column("practice_code", least_width=11),
        _BASIS,
        _UNITS,
        _RATE,
        _AMOUNT,
        _COUNTED,
        *_SHARING,
    ),
)
CASH_FLOW = Sheet(
    "Cash flow",
    "The amounts of Budgets month by month, in the same rows.",
    5,
    (
        _YEAR,
        _LINE,
        _REGION,
        _NETWORK,
        _NAME,
        _PAID_TO,
        Column("cash", "flag", 8),
        _COUNTED,
        Column("months_paid", "whole", 9),
        Column("pence", "whole"),
        *_MONTHS,
        Column("year_gbp", "pounds", 16),
    ),
)
REGIONS = Sheet(
    "Regions",
    "What each region is paid under each line: the rate times all units, rounded to the penny.",
    3,
    (
        _YEAR,
        _LINE,
        _REGION,
        _UNITS,
        _PATIENTS,
        _COUNTED,
        _AMOUNT,
        _COUNTED_GBP,
        _PER_HEAD,
        Column("rate_times_units", "exact", 20),
        Column("rounded_by", "exact", 12),
        Column("pennies_to_share", "whole", 11),
        Column("networks_gbp", "pounds", 16),
        _DIFFERENCE,
    ),
)
ICBS = Sheet(
    "ICBs",
    "What each ICB is paid under each line: its regions added up.",
    3,
    (
        _YEAR,
        _LINE,
        _ICB,
        _UNITS,
        _PATIENTS,
        _COUNTED,
        _AMOUNT,
        _COUNTED_GBP,
        _PER_HEAD,
        Column("networks_gbp", "pounds", 16),
        _DIFFERENCE,
    ),
)
TOTALS = Sheet(
    "Totals",
    "What is paid in all, compared with the sums of networks, practices and months.",
    2,
    (
        _YEAR,
        _LINE,
        _UNITS,
        _PATIENTS,
        _COUNTED,
        _AMOUNT,
        _PER_HEAD,
        Column("networks_gbp", "pounds", 16),
        Column("networks_difference", "check", 13),
        Column("practices_gbp", "pounds", 16),
        Column("practices_difference", "check", 13),
        Column("months_gbp", "pounds", 16),
        Column("months_difference", "check", 13),
        *_MONTHS,
        Column("remark", least_width=50, wraps=True),
    ),
)
AUDIT = Sheet(
    "Audit",
    "Every row of budget_totals.csv: its amount as written there, and as worked out here.",
    6,
    (
        _YEAR,
        Column("level", least_width=10),
        _REGION,
        Column("code", least_width=11),
        _NAME,
        _LINE,
        Column("csv_gbp", "pounds", 16),
        Column("workbook_gbp", "pounds", 16),
        _DIFFERENCE,
    ),
)
