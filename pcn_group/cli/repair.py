"""`pcn-group repair`: the plan that changes least of the networks of today."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pcn_group.cli.drawing import draw_plan, draws_too, tell_of_lost_pictures
from pcn_group.cli.options import (
    AS_ONE,
    by_column,
    input_files,
    loudness,
    plan_folder,
    regions,
    rules,
    search_effort,
    search_given,
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


@click.command("repair", epilog=_EXIT_CODES)
@input_files
@click.option(
    "--practices",
    "files",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="INPUT is a plan, and these are the practice files of today; by default its own columns. "
    "May be repeated.",
)
@regions(AS_ONE)
@by_column
@rules
@plan_folder("repaired")
@draws_too
@search_effort
@loudness
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    inputs: tuple[Path, ...],
    files: tuple[Path, ...],
    region: tuple[str, ...],
    by: str,
    config: Path | None,
    settings: tuple[str, ...],
    out: Path,
    time_limit: float | None,
    workers: int | None,
    *,
    overwrite: bool,
    draws: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Find the plan that moves the fewest patients from the networks of today, or of a plan.

    That none moves fewer is proven. Every network is contiguous, in the band, and keeps the other
    rules. Of the plans that move as few, it is the one of least cost. The plan's networks are
    matched one to one with today's, so that the fewest patients move: a practice moves if it leaves
    the network matched to its current one. INPUT is as for solve, with the networks of today in it.

    INPUT may also be a plan: a folder that solve wrote, or with --practices a groupings.csv. Then
    the fewest patients move from its networks, and the rules are those it was made under. So a plan
    goes into its next round: --practices has the new lists. Practices that are new have no network
    to keep, those that have closed are gone, and data.successors says who took over from whom.
    """
    from json import dumps

    from pcn_group import solve, write_plan
    from pcn_group.base.extras import refuse_missing
    from pcn_group.cli.screens.run import Progress, show_result
    from pcn_group.output.data.folder import refuse_foreign_folder
    from pcn_group.output.data.summary import timed_summary
    from pcn_group.plan.inputs import PlanInputs

    if len(inputs) > 1 and (files or any(map(Path.is_dir, inputs))):
        raise click.UsageError(
            "INPUT is a plan: name it alone, and the lists of today with --practices."
        )
    if draws:
        refuse_missing("report", "--report")
    given = PlanInputs(files, region, by, config, settings, "repair")
    given.refuse_unused_rules()
    refuse_foreign_folder(out, overwrite=overwrite)
    practices, configuration = _read(inputs, given)
    search = search_given(time_limit=time_limit, workers=workers)
    configuration = configuration.model_copy(
        update={"search": configuration.search.model_copy(update=search)}
    )
    with Progress(silent=quiet or as_json) as progress:
        solved = solve(practices, configuration, progress.tell, repair=True)
    with tell_of_lost_pictures(out, tell=not (quiet or draws)):
        write_plan(out, solved)
    if as_json:
        click.echo(dumps({**timed_summary(solved), "out": str(out)}))
    elif not quiet:
        show_result(solved, out)
    if draws:
        draw_plan(out, solved.region, tell=not (quiet or as_json))
    return 0 if solved.keeps_the_band else 3


def _read(paths: tuple[Path, ...], given: PlanInputs) -> tuple[Practices, Configuration]:
    """Read practices with their networks of today, or with those of the plan that is named."""
    from pcn_group import read_practices
    from pcn_group.plan.case import open_to_start_from

    if given.files or (len(paths) == 1 and paths[0].is_dir()):
        return open_to_start_from(str(paths[0]), given)
    configuration = given.rules()
    return read_practices(paths, given.region, by=given.by, rules=configuration), configuration
