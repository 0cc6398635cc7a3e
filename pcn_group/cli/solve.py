"""`pcn-group solve`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

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

if TYPE_CHECKING:
    from pcn_group.region.region import Region

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
@click.option("--report", "draws", is_flag=True, help="Also draw the plan, as report does.")
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
    from pcn_group.cli.screens.run import Progress, show_result
    from pcn_group.output.data.folder import refuse_foreign_folder
    from pcn_group.output.data.summary import timed_summary
    from pcn_group.output.report.files import refuse_missing_packages

    search = search_given(time_limit=time_limit, gap=gap, seed=seed, workers=workers)
    configuration = load_configuration(config, settings, search)
    if draws:
        refuse_missing_packages()
    refuse_foreign_folder(out, overwrite=overwrite)
    practices = read_practices(inputs, region, by=by, rules=configuration)
    with Progress(silent=quiet or as_json) as progress:
        solved = solve(practices, configuration, progress.tell)
    write_plan(out, solved)
    if as_json:
        click.echo(dumps({**timed_summary(solved), "out": str(out)}))
    elif not quiet:
        show_result(solved, out)
    if draws:
        _draw(out, solved.region, tell=not (quiet or as_json))
    return 0 if solved.keeps_the_band else 3


def _draw(folder: Path, region: Region, *, tell: bool) -> None:
    """Draw the plan in a folder as `report` does: from its files, in the region it was made in.

    Raises
    ------
    PcnGroupError
        If that fails or is interrupted: not because of the input, for the plan is written.
    """
    from pcn_group.base.errors import InterruptedRunError, PcnGroupError, UnwrittenError
    from pcn_group.output.report.files import pictures, write_pictures
    from pcn_group.plan.case import case_in

    try:
        write_pictures(folder, pictures(case_in(folder, region)))
    except PcnGroupError as error:
        kind = UnwrittenError if isinstance(error, UnwrittenError) else PcnGroupError
        raise kind(f"{error} The plan is in {folder}: draw it with report.") from error
    except KeyboardInterrupt as stop:
        told = f"Interrupted. The plan is kept; draw it with: pcn-group report {folder}"
        raise InterruptedRunError(told) from stop
    if tell:
        click.echo(f"Drawn in {folder / 'report.html'}")
