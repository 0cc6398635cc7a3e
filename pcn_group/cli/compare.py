"""`pcn-group compare`: plans side by side, and who moves where between them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pcn_group.cli.options import beside_a_plan, loudness

if TYPE_CHECKING:
    from pcn_group.plan.inputs import PlanInputs

__all__ = ["command"]


@click.command("compare")
@click.argument("plans", metavar="PLAN...", nargs=-1, required=True)
@beside_a_plan
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Write the comparison there as CSV files.",
)
@click.option(
    "--overwrite", is_flag=True, help="Write into the folder even if it holds other files."
)
@loudness
def command(
    plans: tuple[str, ...],
    inputs: PlanInputs,
    out: Path | None,
    *,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Compare plans side by side, and show which practices move from the first to each other.

    PLAN is a folder that solve wrote, a groupings.csv (made by hand, it needs only practice_code
    and network_id), or the word "current" for the networks of today. All plans are about one
    region, and all are judged by the same rules: those given, else those of the first plan that
    solve wrote, else the defaults. The practices are those of --practices, else those of that plan,
    else of the first groupings.csv that has list sizes and places.
    """
    if len(plans) < 2:
        raise click.UsageError("Name two plans or more.")
    from pcn_group.output.data.comparison import (
        comparison_json,
        refuse_foreign_files,
        write_comparison,
    )
    from pcn_group.plan.compare import compare_plans, open_plans

    if out is not None:
        refuse_foreign_files(out, overwrite=overwrite)
    region, placed = open_plans(plans, inputs)
    comparison = compare_plans(region, placed)
    if out is not None:
        write_comparison(out, comparison)
    if as_json:
        click.echo(json.dumps(comparison_json(comparison), indent=2))
    elif not quiet:
        from pcn_group.cli.screens.compare import show_comparison

        show_comparison(comparison, out)
