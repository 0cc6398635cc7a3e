"""`pcn-group prepare`: official files to one validated practice table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pcn_group.cli.options import by_column, input_files, output_file

if TYPE_CHECKING:
    from pcn_group.practices import Practices

__all__ = ["command"]


@click.command("prepare")
@input_files
@click.option("--region", metavar="CODE", help="Keep only this region, for example 06P.")
@by_column
@output_file
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there.")
@click.option("--quiet", is_flag=True, help="Print no data report.")
def command(
    inputs: tuple[Path, ...],
    region: str | None,
    by: str,
    out: Path,
    *,
    overwrite: bool,
    quiet: bool,
) -> None:
    """Turn official files into one validated practice table.

    INPUT is one or more files: a practices.csv, or gp-reg-pat-prac-all.csv and
    gp-reg-pat-prac-map.csv of "Patients Registered at a GP Practice", told apart by their headers.
    """
    from pcn_group.output.files import refuse_existing, write_atomically
    from pcn_group.practices import read_practices
    from pcn_group.practices.writing import practices_csv

    refuse_existing(out, overwrite=overwrite)
    practices = read_practices(inputs, region, by=by, several_regions=True)
    write_atomically(out, practices_csv(practices.table))
    if not quiet:
        for line in _report(practices, out):
            click.echo(line, err=True)


def _report(practices: Practices, out: Path) -> list[str]:
    """Give the data report: what was read, what was used, and what to know about it."""
    table = practices.table
    regions = table["region_code"][table["region_code"] != ""].nunique()
    networks = table["current_network"][table["current_network"] != ""].nunique()
    shared = int(table.duplicated(["easting", "northing"], keep=False).sum())
    counts = (
        ("practices", len(table)),
        ("patients", int(table["list_size"].sum())),
        ("regions", regions),
        ("current networks", networks),
        ("practices that share a location", shared),
    )
    return [
        *(f"{source.name}: {source.rows:,} rows" for source in practices.sources),
        *(f"{name}: {count:,}" for name, count in counts),
        *(f"Note: {note}" for note in practices.notes),
        f"Written: {out}",
    ]
