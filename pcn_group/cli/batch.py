"""`pcn-group batch`: every region of an input at once."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pcn_group.cli.options import (
    by_column,
    input_files,
    loudness,
    rules,
    search_given,
    search_limits,
)

if TYPE_CHECKING:
    from pcn_group.batch.crews import Crew

__all__ = ["command"]


_EXIT_CODES = """\b
Exit codes; where several apply, the first of these:
  2  unusable input, configuration or arguments; nothing was written
  6  the folder could not be written; go on with --resume
  1  a region failed: summary.csv says why
  5  for a region no plan was found within the time limit
  4  for a region it is proven that no plan satisfies the rules
  3  done, with exceptions: networks outside the band, each with its reason
  0  done; every network is in the band, practices too large for one aside
"""


@click.command("batch", epilog=_EXIT_CODES)
@input_files
@by_column
@rules
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder for the regions' folders and the files of all regions.",
)
@click.option(
    "--overwrite", is_flag=True, help="Write into the folder even if it holds other files."
)
@click.option(
    "--resume",
    is_flag=True,
    help="Do only what an earlier run into the folder left undone, or what would differ now.",
)
@click.option(
    "--report",
    "draws",
    is_flag=True,
    help="Also draw each region as report does, and all on one page.",
)
@search_limits
@click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    help="Regions to group at a time, each in its own process with one thread; by default one per "
    "core.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Send the regions to the workers of this Dask scheduler, for example tcp://10.0.0.1:8786.",
)
@loudness
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    inputs: tuple[Path, ...],
    by: str,
    config: Path | None,
    settings: tuple[str, ...],
    out: Path,
    time_limit: float | None,
    gap: float | None,
    seed: int | None,
    workers: int | None,
    cluster: str | None,
    *,
    overwrite: bool,
    resume: bool,
    draws: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Group every region of the input into networks, each as solve does.

    INPUT is one or more files: a practices.csv, or official NHS files in any mix. The output folder
    holds a folder for each region, and summary.csv, rollups.csv, groupings.csv, networks.csv and
    the budget files for all of them.
    """
    import time
    from json import dumps

    from joblib import cpu_count

    from pcn_group.base.errors import InterruptedRunError
    from pcn_group.batch.rollups import rollup_rows, summary_rows
    from pcn_group.batch.run import Batch, gravest, run_batch
    from pcn_group.batch.store import Store
    from pcn_group.cli.screens.batch import BatchProgress, show_batch
    from pcn_group.config.loading import load_configuration
    from pcn_group.output.data.folder import INDEX_FILE
    from pcn_group.output.data.rows import ROLLUPS, SUMMARY_OF_REGIONS
    from pcn_group.practices import read_regions

    began = time.monotonic()
    if cluster is not None and workers is not None:
        raise click.UsageError("--workers is about this machine: leave it out with --cluster.")
    search = search_given(time_limit=time_limit, gap=gap, seed=seed, workers=1)
    configuration = load_configuration(config, settings, search)
    if draws:
        from pcn_group.output.report.files import refuse_missing_packages

        refuse_missing_packages()
    store = Store(out)
    store.refuse_foreign(overwrite=overwrite)
    batch = Batch(read_regions(inputs, by=by, rules=configuration), by, configuration, Path.cwd())
    batch.refuse_unusable()
    store.refuse_unwritable(batch.regions)
    progress = BatchProgress(len(batch.regions), began, silent=quiet or as_json)
    try:
        with _crew(cluster, workers, len(batch.regions)) as crew, progress:
            outcomes = run_batch(batch, store, crew, progress, resume=resume)
        if draws:
            from pcn_group.batch.pages import draw_batch

            progress.drawn(draw_batch(outcomes, out, workers or cpu_count()))
    except KeyboardInterrupt as stop:
        raise InterruptedRunError(progress.interrupted()) from stop
    if as_json:
        told = {
            "regions": [SUMMARY_OF_REGIONS.plain(r, outcomes.unit) for r in summary_rows(outcomes)],
            "rollups": [ROLLUPS.plain(row, outcomes.unit) for row in rollup_rows(outcomes)],
            "seconds": round(progress.seconds, 3),
        }
        click.echo(dumps({**told, "out": str(out)}))
    elif not quiet:
        show_batch(outcomes, progress.seconds, out)
        if draws:
            click.echo(f"Drawn in {out / INDEX_FILE}")
    return gravest(outcomes)


def _crew(cluster: str | None, workers: int | None, regions: int) -> AbstractContextManager[Crew]:
    from joblib import cpu_count

    from pcn_group.batch.crews import cluster_crew, local_crew

    if cluster is not None:
        return cluster_crew(cluster)
    return local_crew(min(workers or cpu_count(), regions))
