"""The data report on the terminal: what became of each file's rows, how many of each finding."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pcn_group.tables.findings import KINDS, ROWS_SET_ASIDE, ROWS_USED

__all__ = ["account_lines", "show_findings"]


def account_lines(report: pd.DataFrame) -> Iterator[str]:
    """Say for each file how many rows it has, how many were used, and why the others were not.

    Parameters
    ----------
    report
        As `Practices.report`.
    """
    accounts = report[report["finding"].isin([ROWS_USED, ROWS_SET_ASIDE])]
    for label, rows in accounts.groupby("file", sort=False):
        counts = rows["rows"].astype(int)
        used = int(counts[rows["finding"] == ROWS_USED].sum())
        aside = [
            f"{count:,} {reason}"
            for count, reason, finding in zip(counts, rows["detail"], rows["finding"], strict=True)
            if finding == ROWS_SET_ASIDE
        ]
        line = f"{label}: {counts.sum():,} rows, {used:,} used"
        yield f"{line}; set aside: {', '.join(aside)}." if aside else f"{line}."


def show_findings(report: pd.DataFrame, console: Console) -> None:
    """Print a row for each kind of finding; nothing where there is none.

    Parameters
    ----------
    report
        As `Practices.report`.
    console
        Where to.
    """
    found = report[report["finding"].isin(KINDS)]
    if found.empty:
        return
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("data report")
    for heading in ("practices", "patients"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("treatment")
    found = found.assign(treatment=found["treatment"].str.partition(" to ")[0])
    for (kind, treatment), rows in found.groupby(["finding", "treatment"], sort=False):
        practices = rows.drop_duplicates("practice_code")
        patients = pd.to_numeric(practices["patients"]).fillna(0).sum()
        table.add_row(
            Text(KINDS[str(kind)].title),
            f"{len(practices):,}",
            f"{patients:,.0f}" if patients else "",
            Text(str(treatment)),
        )
    console.print()
    console.print(table)
