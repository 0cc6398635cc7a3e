"""`pcn-group divide`: the networks of a plan that are too large, each divided into smaller ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    from pcn_group.studies.levels.divide import Division

__all__ = ["command"]

_EXIT_CODES = """\b
Exit codes:
  0  done
  2  unusable input, configuration or arguments; nothing was written
  3  done, but a network cannot be divided; it stays as it is
"""


@click.command("divide", epilog=_EXIT_CODES)
@click.argument("plan", metavar="PLAN")
@beside_a_plan
@click.option(
    "--network",
    "labels",
    multiple=True,
    metavar="ID",
    help="Divide this network; by default every one over the maximum. May be repeated.",
)
@click.option(
    "--min",
    "least",
    type=click.IntRange(min=1),
    metavar="N",
    help="Fewest patients of a part; by default the minimum of the rules' band.",
)
@click.option(
    "--max",
    "most",
    type=click.IntRange(min=1),
    metavar="N",
    help="Most patients of a part; by default the maximum of the rules' band.",
)
@plan_folder("divided")
@search_effort
@loudness
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    plan: str,
    inputs: PlanInputs,
    labels: tuple[str, ...],
    least: int | None,
    most: int | None,
    out: Path,
    time_limit: float | None,
    workers: int | None,
    *,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Divide networks of a plan that are too large, and leave the others as they are.

    PLAN is a folder that solve wrote, a groupings.csv, or the word "current" for the networks of
    today. Each network is divided into parts inside the band, with the least travel, proven. Where
    it cannot be divided it stays as it is, with the reason, and the exit code is 3.
    """
    from json import dumps

    from pcn_group import write_plan
    from pcn_group.cli.screens.run import Progress, show_result
    from pcn_group.output.data.folder import refuse_foreign_folder
    from pcn_group.output.data.summary import timed_summary
    from pcn_group.plan.case import open_case
    from pcn_group.studies.levels.divide import divide_networks

    refuse_foreign_folder(out, overwrite=overwrite)
    case = open_case(plan, inputs)
    rules = case.region.configuration
    search = rules.search.model_copy(update=search_given(time_limit=time_limit, workers=workers))
    smallest, largest = least or rules.band.min, most or rules.band.max
    if smallest > largest:
        raise click.UsageError(f"Parts of {smallest:,} to {largest:,}: see --min and --max.")
    with Progress(silent=quiet or as_json) as progress:
        division = divide_networks(case, search, smallest, largest, labels, progress.tell)
    write_plan(out, division.plan)
    if as_json:
        click.echo(dumps({**timed_summary(division.plan), **_as_json(division), "out": str(out)}))
    elif not quiet:
        show_result(division.plan, out)
        _show(division)
    return 3 if any(each.reason for each in division.divided) else 0


def _as_json(division: Division) -> dict[str, Any]:
    return {
        "divided": [
            {"network": each.label, "patients": each.patients, "into": list(each.into)}
            for each in division.divided
            if each.into
        ],
        "not_divided": [
            {"network": each.label, "patients": each.patients, "reason": each.reason}
            for each in division.divided
            if each.reason
        ],
    }


def _show(division: Division) -> None:
    """Say what became of each network that was to be divided."""
    if not division.divided:
        click.echo("No network is larger than the maximum: nothing was divided.")
    for each in division.divided:
        network = f"{each.label} of {each.patients:,} patients"
        if each.into:
            click.echo(f"Divided: {network} into {', '.join(each.into)}.")
        else:
            click.echo(f"Not divided: {network}: {each.reason.rstrip('.')}.")
