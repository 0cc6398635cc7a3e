"""`pcn-group prepare`: official files to one validated practice table, with a data report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pcn_group.cli.options import (
    by_column,
    input_files,
    output_file,
    regions,
    rules,
)

if TYPE_CHECKING:
    import pandas as pd

    from pcn_group.practices import Practices

__all__ = ["command"]

_REPORT = "data_report.csv"
"""What the name of the report ends with, after the name of the table."""


@click.command("prepare")
@input_files
@regions("Keep only this region, for example 06P; by default all.")
@by_column
@rules
@output_file
@click.option("--overwrite", is_flag=True, help="Replace the files if they are there.")
@click.option("--quiet", is_flag=True, help="Print no data report.")
def command(  # noqa: PLR0913 - one parameter per option
    inputs: tuple[Path, ...],
    region: tuple[str, ...],
    by: str,
    config: Path | None,
    settings: tuple[str, ...],
    out: Path,
    *,
    overwrite: bool,
    quiet: bool,
) -> None:
    """Turn official files into one validated practice table.

    INPUT is one or more files: a practices.csv, or official NHS files in any mix, told apart by
    their content. Beside the table, luton.csv for example, goes luton_data_report.csv: what is odd
    about the practices, and what became of every row of every file.
    """
    from pcn_group.base.files import refuse_existing, write_all
    from pcn_group.config.loading import load_configuration
    from pcn_group.config.profile import Profile
    from pcn_group.config.uses import refuse_unused
    from pcn_group.practices import read_practices
    from pcn_group.practices.table import practices_csv, report_csv
    from pcn_group.tables.sheets import safe_csv

    report = out.with_name(f"{out.stem}_{_REPORT}")
    refuse_existing(out, report, overwrite=overwrite)
    configuration = load_configuration(config, settings)
    refuse_unused("prepare", configuration, settings)
    # A practice table has no column for them.
    rules = configuration.model_copy(update={"profile": Profile()})
    practices = read_practices(inputs, region, by=by, several_regions=True, rules=rules)
    texts = {report: report_csv(practices.data_report), out: practices_csv(practices.table)}
    if configuration.output.excel_safe:
        texts = {path: safe_csv(text) for path, text in texts.items()}
    write_all(texts)
    if not quiet:
        _show(practices, out, report)


def _show(practices: Practices, out: Path, report: Path) -> None:
    """Print what was read, what was used, and what to know about it."""
    import sys

    from rich.console import Console

    from pcn_group.cli.screens.data_report import account_lines, show_findings

    console = Console(stderr=True, width=None if sys.stderr.isatty() else 100, highlight=False)
    for line in account_lines(practices.data_report):
        console.print(line, soft_wrap=True, markup=False)
    show_findings(practices.data_report, console)
    for line in (
        _counts(practices.table),
        *(f"Note: {note}" for note in practices.notes),
        f"Written: {out}, {report}",
    ):
        console.print(line, soft_wrap=True, markup=False)


def _counts(table: pd.DataFrame) -> str:
    from pcn_group.base.wording import plural

    regions, networks = (
        table.loc[table[column] != "", column].nunique()
        for column in ("region_code", "current_network")
    )
    return (
        f"{plural(len(table), 'practice')}, {plural(int(table['list_size'].sum()), 'patient')}, "
        f"{plural(regions, 'region')}, {plural(networks, 'network')} of today."
    )
