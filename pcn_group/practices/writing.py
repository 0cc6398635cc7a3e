"""Writing a practice table as the `practices.csv` that reads back the same."""

from __future__ import annotations

import pandas as pd

from pcn_group.practices.table import OPTIONAL_COLUMNS, REQUIRED_COLUMNS

__all__ = ["practices_csv", "report_csv"]


def practices_csv(table: pd.DataFrame) -> str:
    """Return a practice table as CSV text; optional columns without any value are left out."""
    text = table[[*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS]].copy()
    for column in text.columns[text.dtypes == "float64"]:
        text[column] = [_plain(value) for value in text[column]]
    empty = [column for column in OPTIONAL_COLUMNS if (text[column] == "").all()]
    return text.drop(columns=empty).to_csv(index=False, lineterminator="\n")


def _plain(value: float) -> str:
    """Return a number with up to three decimals, and nothing for an unknown one."""
    return "" if pd.isna(value) else f"{value:.3f}".rstrip("0").rstrip(".")


def report_csv(report: pd.DataFrame) -> str:
    """Return a data report as CSV text."""
    return report.to_csv(index=False, lineterminator="\n")
