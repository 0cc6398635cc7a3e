"""`pcn-group footprints`: the networks of a plan, or its practices, grouped into larger ones."""

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
    from collections.abc import Sequence

    from pcn_group.funding.members import SplitNetwork
    from pcn_group.plan.inputs import PlanInputs

__all__ = ["command"]

_SHOWN = 10
"""Networks shown; groupings.csv has them all."""

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
@click.option(
    "--free",
    is_flag=True,
    help="Let footprints split networks; by default each network stays whole.",
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
    free: bool,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Group the networks of a plan into larger footprints, and prove how good that is.

    PLAN is a folder that solve wrote, a groupings.csv, or the word "current" for the networks of
    today. Each network stays as it is, and a footprint's hub is that of one of its networks; with
    --free practices are grouped whatever their networks, and any may be a hub. Of the rules, data,
    travel, neighbours and search count; rules about networks, such as their band, do not. The
    result is a plan whose networks are the footprints.
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
    from pcn_group.studies.levels.footprints import networks_split_by, plan_footprints

    refuse_foreign_folder(out, overwrite=overwrite)
    case = open_case(plan, inputs)
    search = case.region.configuration.search.model_copy(
        update=search_given(time_limit=time_limit, workers=workers)
    )
    with Progress(silent=quiet or as_json) as progress:
        band = Band(min=least, max=most)
        solved = plan_footprints(case, search, band, progress.tell, free=free)
    write_plan(out, solved)
    split = networks_split_by(solved)
    if as_json:
        click.echo(dumps({**timed_summary(solved), **_as_json(split), "out": str(out)}))
    elif not quiet:
        show_result(solved, out)
        _show(split, len({*solved.region.table["current_network"]} - {""}))
    return 0 if solved.keeps_the_band else 3


def _as_json(split: Sequence[SplitNetwork]) -> dict[str, Any]:
    return {
        "split": [
            {"network": each.network_id, "patients": each.patients, "footprints": dict(each.parts)}
            for each in split
        ]
    }


def _show(split: Sequence[SplitNetwork], networks: int) -> None:
    """Say which networks are in several footprints, first those of which most is apart."""
    from pcn_group.base.lookup import told

    if not split:
        click.echo("No network is split among footprints.")
        return
    patients, apart = sum(each.patients for each in split), sum(each.apart for each in split)
    click.echo(
        f"Split among footprints: {len(split):,} of {networks:,} networks. {apart:,} of their "
        f"{patients:,} patients are in another footprint than most of their network."
    )
    for each in sorted(split, key=lambda each: (-each.apart, each.network_id))[:_SHOWN]:
        parts = ", ".join(f"{count:,} in {name}" for name, count in each.parts.items())
        click.echo(f"Split: {told(each.network_id, {each.network_id: each.name})}: {parts}.")
    if len(split) > _SHOWN:
        click.echo(f"And {len(split) - _SHOWN:,} more: see current_network in groupings.csv.")
