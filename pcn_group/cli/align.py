"""`pcn-group align`: how well networks fit neighbourhoods, and the least that must change."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from pcn_group.cli.drawing import draw_plan, draws_too, tell_of_lost_pictures
from pcn_group.cli.options import (
    beside_a_plan,
    loudness,
    plan_folder,
    search_effort,
    search_given,
    share,
)

if TYPE_CHECKING:
    from pcn_group import Configuration, Practices
    from pcn_group.plan.inputs import PlanInputs

__all__ = ["command"]


_EXIT_CODES = """\b
Exit codes:
  0  done; every network is in the band, practices too large for one aside
  2  unusable input, configuration or arguments; nothing was written
  3  done, with exceptions: networks fixed by rules.fixed that are outside the band
  4  proven: no plan satisfies the rules; the band does not give way here
  5  no plan was found within the time limit
"""


def _share_or_none(
    context: click.Context, option: click.Parameter, text: str | None
) -> Fraction | None:
    return None if text is None else share(context, option, text)


@click.command("align", epilog=_EXIT_CODES)
@click.argument("plan", metavar="PLAN")
@click.option(
    "--at-least",
    callback=_share_or_none,
    metavar="SHARE",
    help="Align this share of the patients, such as 90%; by default as many as any plan can.",
)
@click.option(
    "--then",
    type=click.Choice(["moves", "practices", "travel"]),
    default="moves",
    show_default=True,
    help="Of the plans that fit as well: the one that moves the fewest patients, or the fewest "
    "practices, or travels the least.",
)
@beside_a_plan
@plan_folder("aligned")
@draws_too
@search_effort
@loudness
def command(  # noqa: PLR0913 - one parameter per option
    plan: str,
    at_least: Fraction | None,
    then: Literal["moves", "practices", "travel"],
    inputs: PlanInputs,
    out: Path,
    time_limit: float | None,
    workers: int | None,
    *,
    overwrite: bool,
    draws: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Show how well networks fit neighbourhoods, and find the plan that fits best.

    A network serves the neighbourhood that most of its patients live in; its patients who live in
    another one are misaligned. The plan found has the fewest misaligned patients of all plans that
    keep the rules, or with --at-least a share that is aligned, and of such plans moves the fewest
    patients. PLAN is a folder that solve wrote, a groupings.csv, or the word "current" for the
    networks of today. --practices has the lists, with a map of neighbourhoods and, for where
    patients live, the file of patients by LSOA and the centroids.
    """
    from json import dumps

    from pcn_group import write_plan
    from pcn_group.base.extras import refuse_missing
    from pcn_group.cli.screens.align import show_aligned
    from pcn_group.cli.screens.run import Progress
    from pcn_group.output.data.alignment import aligned_json
    from pcn_group.output.data.folder import refuse_foreign_folder
    from pcn_group.studies.align import align

    if draws:
        refuse_missing("report", "--report")
    inputs.refuse_unused_rules()
    refuse_foreign_folder(out, overwrite=overwrite)
    practices, configuration = _read(plan, inputs)
    search = search_given(time_limit=time_limit, workers=workers)
    configuration = configuration.model_copy(
        update={"search": configuration.search.model_copy(update=search)}
    )
    wanted = None if at_least is None else float(at_least)
    with Progress(silent=quiet or as_json) as progress:
        aligned = align(practices, configuration, then, wanted, progress.tell)
    with tell_of_lost_pictures(out, tell=not (quiet or draws)):
        write_plan(out, aligned.plan)
    if as_json:
        click.echo(dumps({**aligned_json(aligned), "out": str(out)}))
    elif not quiet:
        show_aligned(aligned, out, plan)
    if draws:
        draw_plan(out, aligned.plan.region, tell=not (quiet or as_json))
    return 0 if aligned.plan.keeps_the_band else 3


def _read(plan: str, inputs: PlanInputs) -> tuple[Practices, Configuration]:
    """Read practices with the networks of a plan in the place of those of today, and its rules."""
    from pcn_group.plan.case import open_inputs, open_to_start_from
    from pcn_group.plan.inputs import CURRENT

    return (open_inputs if plan == CURRENT else open_to_start_from)(plan, inputs)
