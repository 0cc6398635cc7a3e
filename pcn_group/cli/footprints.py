"""`pcn-group footprints`: the networks of a plan grouped into larger ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pcn_group.cli.options import (
    beside_a_plan,
    loudness,
    plan_folder,
    search_effort,
    search_given,
)

if TYPE_CHECKING:
    from pcn_group.plan.inputs import PlanInputs

__all__ = ["command"]

_EXIT_CODES = """\b
Exit codes:
  0  done; every footprint is in its band
  2  unusable input, configuration or arguments; nothing was written
  3  done, with exceptions: footprints outside their band
  4  proven: no plan satisfies the rules
  5  no plan was found within the time limit
"""


@click.command("footprints", epilog=_EXIT_CODES)
@click.argument("plan", metavar="PLAN")
@beside_a_plan
@click.option(
    "--min",
    "least",
    type=click.IntRange(min=1),
    default=200_000,
    show_default=True,
    metavar="N",
    help="Fewest patients of a footprint.",
)
@click.option(
    "--max",
    "most",
    type=click.IntRange(min=1),
    default=300_000,
    show_default=True,
    metavar="N",
    help="Most patients of a footprint.",
)
@plan_folder("footprints")
@search_effort
@loudness
def command(  # noqa: PLR0913 - one parameter per option
    plan: str,
    inputs: PlanInputs,
    least: int,
    most: int,
    out: Path,
    time_limit: float | None,
    workers: int | None,
    *,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Group the networks of a plan into larger footprints, and prove how good that is.

    PLAN is a folder that solve wrote, a groupings.csv, or the word "current" for the networks of
    today. Each network stays as it is, and a footprint's hub is that of one of its networks. Of the
    rules, data, travel, neighbours and search count; rules about networks, such as their band, do
    not. The result is a plan whose networks are the footprints.
    """
    if least > most:
        raise click.UsageError(f"--min ({least:,}) is more than --max ({most:,}).")
    from json import dumps

    from pcn_group import write_plan
    from pcn_group.cli.screens.run import Progress, show_result
    from pcn_group.config.model import Band
    from pcn_group.output.data.folder import refuse_foreign_folder
    from pcn_group.output.data.summary import timed_summary
    from pcn_group.plan.case import open_case
    from pcn_group.studies.levels import plan_footprints

    refuse_foreign_folder(out, overwrite=overwrite)
    case = open_case(plan, inputs)
    search = case.region.configuration.search.model_copy(
        update=search_given(time_limit=time_limit, workers=workers)
    )
    with Progress(silent=quiet or as_json) as progress:
        solved = plan_footprints(case, search, Band(min=least, max=most), progress.tell)
    write_plan(out, solved)
    if as_json:
        click.echo(dumps({**timed_summary(solved), "out": str(out)}))
    elif not quiet:
        show_result(solved, out)
    return 0 if solved.keeps_the_band else 3
