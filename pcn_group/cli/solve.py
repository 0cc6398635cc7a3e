"""`pcn-group solve`: the main job."""

from __future__ import annotations

from pathlib import Path

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
    search_given,
    search_limits,
    workers,
)

__all__ = ["command"]


_EXIT_CODES = """\b
Exit codes:
  0  done; every network is in the band, practices too large for one aside
  2  unusable input, configuration or arguments; nothing was written
  3  done, with exceptions: networks outside the band, each with its reason
  4  proven: no plan satisfies the rules
  5  no plan was found within the time limit
"""


@click.command("solve", epilog=_EXIT_CODES)
@input_files
@regions(AS_ONE)
@by_column
@rules
@plan_folder("plan")
@draws_too
@search_limits
@workers
@loudness
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    inputs: tuple[Path, ...],
    region: tuple[str, ...],
    by: str,
    config: Path | None,
    settings: tuple[str, ...],
    out: Path,
    time_limit: float | None,
    gap: float | None,
    seed: int | None,
    workers: int | None,
    *,
    overwrite: bool,
    draws: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Group the practices of a region into networks, and prove how good the plan is.

    INPUT is one or more files: a practices.csv, or official NHS files in any mix.
    """
    from json import dumps

    from pcn_group import load_configuration, read_practices, solve, write_plan
    from pcn_group.base.extras import refuse_missing
    from pcn_group.cli.screens.run import Progress, show_result
    from pcn_group.output.data.folder import refuse_foreign_folder
    from pcn_group.output.data.summary import timed_summary

    search = search_given(time_limit=time_limit, gap=gap, seed=seed, workers=workers)
    configuration = load_configuration(config, settings, search)
    if draws:
        refuse_missing("report", "--report")
    refuse_foreign_folder(out, overwrite=overwrite)
    practices = read_practices(inputs, region, by=by, rules=configuration)
    with Progress(silent=quiet or as_json) as progress:
        solved = solve(practices, configuration, progress.tell)
    with tell_of_lost_pictures(out, tell=not (quiet or draws)):
        write_plan(out, solved)
    if as_json:
        click.echo(dumps({**timed_summary(solved), "out": str(out)}))
    elif not quiet:
        show_result(solved, out)
    if draws:
        draw_plan(out, solved.region, tell=not (quiet or as_json))
    return 0 if solved.keeps_the_band else 3
