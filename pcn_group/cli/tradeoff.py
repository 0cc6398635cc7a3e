"""`pcn-group tradeoff`: what a step away from the least travel costs, and what it buys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pcn_group.cli.options import (
    by_column,
    input_files,
    loudness,
    plan_folder,
    rules,
    search_effort,
    search_given,
)

if TYPE_CHECKING:
    from pcn_group.studies.tradeoff import BandCurve, MovesCurve

__all__ = ["command"]

_EXIT_CODES = """\b
Exit codes:
  0  done
  2  unusable input, configuration or arguments; nothing was written
  4  proven: no plan satisfies the rules
  5  no plan was found within the time limit
"""


@click.command("tradeoff", epilog=_EXIT_CODES)
@input_files
@click.option(
    "--against",
    type=click.Choice(["band", "moves"]),
    required=True,
    help="Against what: patients outside the band, or patients who move from today's networks.",
)
@click.option(
    "--region",
    metavar="CODE",
    help='The region, where the input has several; "all" takes them as one.',
)
@by_column
@rules
@click.option(
    "--floor",
    type=click.IntRange(min=1),
    metavar="N",
    help="Against the band: fewest patients of any network; by default half of the minimum.",
)
@click.option(
    "--ceiling",
    type=click.IntRange(min=1),
    metavar="N",
    help="Against the band: most patients of any network; by default 1.5 times the maximum.",
)
@click.option(
    "--points",
    type=click.IntRange(min=2),
    default=8,
    show_default=True,
    metavar="N",
    help="Most plans on the curve.",
)
@plan_folder("tradeoff")
@search_effort
@loudness
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    inputs: tuple[Path, ...],
    against: str,
    region: str | None,
    by: str,
    config: Path | None,
    settings: tuple[str, ...],
    floor: int | None,
    ceiling: int | None,
    points: int,
    out: Path,
    time_limit: float | None,
    workers: int | None,
    *,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Show what moving away from least travel costs, and what it buys.

    Against the band, each step brings more patients into networks inside it: the curve runs from
    the plan of least travel, whatever the sizes of its networks between floor and ceiling, to the
    one with as few patients outside as possible. Beside it stands what each exception is worth, and
    how densely people live there. Against moves, each step leaves more patients in the networks of
    today: the curve runs from the best plan to the one that moves the fewest. Each plan on a curve
    is proven the best at its price per patient: no plan with as few costs less. INPUT is as for
    solve.
    """
    if against == "moves" and (floor is not None or ceiling is not None):
        raise click.UsageError("--floor and --ceiling are for --against band.")
    from json import dumps

    from pcn_group import load_configuration, read_practices
    from pcn_group.cli.screens import tradeoff as display
    from pcn_group.cli.screens.run import Progress
    from pcn_group.config.uses import refuse_unused
    from pcn_group.output.data import curves as output
    from pcn_group.studies.tradeoff import band_curve, limits_on_size, moves_curve, up_to
    from pcn_group.tables.sheets import safe_files

    search = search_given(time_limit=time_limit, workers=workers)
    configuration = load_configuration(config, settings, search)
    refuse_unused(f"tradeoff --against {against}", configuration, settings)
    limits = limits_on_size(configuration.band, floor, ceiling)
    if ceiling is not None:
        configuration = up_to(configuration, ceiling)
    output.refuse_foreign_curve(out, overwrite=overwrite)
    practices = read_practices(inputs, region, by=by, rules=configuration)
    curve: BandCurve | MovesCurve
    with Progress(silent=quiet or as_json) as progress:
        if against == "band":
            curve = band_curve(practices, configuration, limits, points, progress.tell)
        else:
            curve = moves_curve(practices, configuration, points, progress.tell)
    safe = configuration.output.excel_safe
    output.write_curve(out, safe_files(output.curve_files(curve), excel_safe=safe))
    if as_json:
        click.echo(dumps({**output.curve_json(curve), "out": str(out)}))
    elif not quiet:
        display.show_curve(curve, out)
