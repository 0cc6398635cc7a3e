"""`pcn-group forecast`: how long the networks of a plan stay in the band."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pcn_group.cli.options import beside_a_plan, loudness, plan_folder

if TYPE_CHECKING:
    from pcn_group.plan.inputs import PlanInputs

__all__ = ["command"]

_EXIT_CODES = """\b
Exit codes:
  0  done; every network stays in the band, in the middle of the forecast
  2  unusable input, configuration or arguments; nothing was written
  3  done; a network is outside the band in some year
"""


@click.command("forecast", epilog=_EXIT_CODES)
@click.argument("plan", metavar="PLAN")
@beside_a_plan
@click.option(
    "--years",
    type=click.IntRange(1, 20),
    default=5,
    show_default=True,
    metavar="N",
    help="How many years after the day of the lists.",
)
@click.option(
    "--earlier",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Lists of an earlier day, as for solve: how lists have grown, and how much that differs; "
    "by default none. May be repeated, a file for each day.",
)
@click.option(
    "--growth",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV with practice_code and growth, such as 0.012 or 1.2% a year; by default none.",
)
@click.option(
    "--homes",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV of new homes with site, people, year, easting and northing (or latitude and "
    "longitude); by default none.",
)
@click.option(
    "--scenarios",
    type=click.IntRange(10, 100_000),
    default=1000,
    show_default=True,
    metavar="N",
    help="How many scenarios are drawn, where there are earlier lists.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    metavar="N",
    help="Of what is drawn.",
)
@plan_folder("forecast")
@loudness
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    plan: str,
    inputs: PlanInputs,
    years: int,
    earlier: tuple[Path, ...],
    growth: Path | None,
    homes: Path | None,
    scenarios: int,
    seed: int,
    out: Path,
    *,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Show when each network of a plan leaves the band as lists grow, and how certain that is.

    PLAN is a folder that solve wrote, a groupings.csv, or the word "current" for the networks of
    today. Lists grow as --growth says, else by the median of the region's lists between the
    extracts of --earlier; people of new homes register with the nearest practice. Scenarios draw
    from how much the lists of the region differed. later_lists.csv has each list in the last year:
    solve can keep a band on that as well.
    """
    if not (earlier or growth or homes):
        raise click.UsageError("Say how lists grow: --earlier, --growth, --homes, or several.")
    from json import dumps

    from pcn_group.cli.screens.forecast import show_forecast
    from pcn_group.output.data.forecast import (
        forecast_json,
        refuse_foreign_forecast,
        write_forecast,
    )
    from pcn_group.plan.case import open_case
    from pcn_group.studies.forecast import forecast_plan

    refuse_foreign_forecast(out, overwrite=overwrite)
    case = open_case(plan, inputs)
    case.refuse_repeated()
    found = forecast_plan(case, years, earlier, growth, homes, scenarios, seed)
    write_forecast(out, found)
    if as_json:
        click.echo(dumps({**forecast_json(found), "out": str(out)}))
    elif not quiet:
        show_forecast(found, out)
    return 3 if any(year is not None for year in found.leaves.values()) else 0
