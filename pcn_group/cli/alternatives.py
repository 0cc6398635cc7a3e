"""`pcn-group alternatives`: other good plans, and what all of them agree on."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pcn_group.cli.options import (
    beside_a_plan,
    exact_number,
    loudness,
    plan_folder,
    search_given,
    time_limit,
)

if TYPE_CHECKING:
    from pcn_group.plan.inputs import PlanInputs

__all__ = ["command"]

_EXIT_CODES = """\b
Exit codes:
  0  done; every network is in the band, practices too large for one aside
  2  unusable input, configuration or arguments; nothing was written
  3  done, with exceptions: networks outside the band, each with its reason
  4  proven: no plan satisfies the rules
  5  no plan, or no proof that it is the best, within the time limit
"""


def _share(_context: click.Context, _option: click.Parameter, text: str) -> Fraction:
    """Read `1%` or `0.01`."""
    number, percent = text.strip().removesuffix("%"), text.strip().endswith("%")
    try:
        share = exact_number(number) / (100 if percent else 1)
    except (ValueError, ZeroDivisionError):
        raise click.BadParameter(f"{text!r} is not a share. Say 1% or 0.01.") from None
    if not 0 <= share <= 1:
        raise click.BadParameter(f"{text!r} is not between 0% and 100%.")
    if share == 1 and not percent:
        raise click.BadParameter(f"{text!r} may mean 1% or 100%. Say which, with the sign.")
    return share


@click.command("alternatives", epilog=_EXIT_CODES)
@click.argument("plan", metavar="PLAN")
@click.option(
    "--within",
    callback=_share,
    default="1%",
    show_default=True,
    metavar="SHARE",
    help="How much more than the best plan a plan may cost.",
)
@click.option(
    "--count",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    metavar="N",
    help="The most plans to write, the best among them.",
)
@beside_a_plan
@plan_folder("alternatives")
@time_limit
@loudness
def command(  # noqa: PLR0913 - one parameter per option
    plan: str,
    within: Fraction,
    count: int,
    inputs: PlanInputs,
    out: Path,
    time_limit: float | None,
    *,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Find other good plans, and what all of them agree on.

    PLAN gives the region and the rules: a folder that solve wrote, a groupings.csv, or the word
    "current" for the networks of today. The best plan is found again. The output holds all plans
    within the tolerance if there are few, or else plans that differ as much as possible; and for
    each pair of practices the least cost of a plan that puts them together, and of one that keeps
    them apart.
    """
    from json import dumps

    from pcn_group.cli.screens.alternatives import show_alternatives
    from pcn_group.cli.screens.run import Progress
    from pcn_group.output.data.alternatives import (
        alternatives_json,
        refuse_foreign_alternatives,
        write_alternatives,
    )
    from pcn_group.plan.case import open_inputs
    from pcn_group.studies.alternatives import find_alternatives

    refuse_foreign_alternatives(out, overwrite=overwrite)
    practices, rules = open_inputs(plan, inputs)
    search = rules.search.model_copy(update=search_given(time_limit=time_limit))
    rules = rules.model_copy(update={"search": search})
    with Progress(silent=quiet or as_json) as progress:
        found = find_alternatives(practices, rules, within, count, progress.tell)
    write_alternatives(out, found)
    if as_json:
        click.echo(dumps({**alternatives_json(found), "out": str(out)}))
    elif not quiet:
        show_alternatives(found, out)
    return 0 if found.keeps_the_band else 3
