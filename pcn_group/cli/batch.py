"""`pcn-group batch`: every region of an input at once."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.live import Live
from rich.status import Status
from rich.table import Table
from rich.text import Text

from pcn_group.base.progress import STATUSES
from pcn_group.cli.options import (
    by_column,
    input_files,
    loudness,
    regions,
    rules,
    search_given,
    search_limits,
)

if TYPE_CHECKING:
    from pcn_group.batch.crews import Crew
    from pcn_group.batch.rollups import Outcomes
    from pcn_group.batch.task import Done, Task
    from pcn_group.output.data.rows import RollupRow

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
@regions("Group only this region; by default every one.")
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
    help="Regions to group at a time, each in its own process; by default one per core, and each "
    "also uses the cores that others leave idle.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Send the regions to the workers of this Dask scheduler, for example tcp://10.0.0.1:8786.",
)
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
    from json import dumps

    from joblib import cpu_count

    from pcn_group.base.errors import InterruptedRunError
    from pcn_group.base.extras import refuse_missing
    from pcn_group.batch.rollups import rollup_rows, summary_rows
    from pcn_group.batch.run import Batch, gravest, run_batch
    from pcn_group.batch.store import Store
    from pcn_group.config.loading import load_configuration
    from pcn_group.config.uses import refuse_unused
    from pcn_group.output.data.folder import INDEX_FILE
    from pcn_group.output.data.rows import ROLLUPS, SUMMARY_OF_REGIONS
    from pcn_group.practices import read_regions

    began = time.monotonic()
    if cluster is not None and workers is not None:
        raise click.UsageError("--workers is about this machine: leave it out with --cluster.")
    threads = _threads(cluster, workers)
    search = search_given(time_limit=time_limit, gap=gap, seed=seed, workers=threads)
    configuration = load_configuration(config, settings, search)
    refuse_unused("batch", configuration, settings)
    if draws:
        refuse_missing("report", "--report")
    store = Store(out)
    store.refuse_foreign(overwrite=overwrite)
    every = read_regions(inputs, region=region, by=by, rules=configuration)
    batch = Batch(every, by, configuration, Path.cwd())
    batch.refuse_unusable()
    store.refuse_unwritable(batch.regions)
    had_pictures = store.has_pictures()
    progress = _BatchProgress(len(batch.regions), began, silent=quiet or as_json)
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
        _show_batch(outcomes, progress.seconds, out)
        if draws:
            click.echo(f"Drawn in {out / INDEX_FILE}")
    if had_pictures and not (draws or quiet):
        click.echo(
            f"The pictures in {out} were of the earlier run and are gone: the same command with "
            "--resume --report draws them again.",
            err=True,
        )
    return gravest(outcomes)


def _crew(cluster: str | None, workers: int | None, regions: int) -> AbstractContextManager[Crew]:
    from joblib import cpu_count

    from pcn_group.batch.crews import cluster_crew, local_crew

    if cluster is not None:
        return cluster_crew(cluster)
    return local_crew(min(workers or cpu_count(), regions))


_MOST_THREADS = 8
"""Threads of a region: on eight, pricing is six times as fast, and few have work for more."""


def _threads(cluster: str | None, workers: int | None) -> int:
    """Return with how many threads each region is searched.

    Where regions are at all cores there are more threads than cores. That costs nothing as long as
    all have something to do, and once fewer regions are left they use the cores that are idle.
    """
    from joblib import cpu_count

    cores: int = cpu_count()
    if cluster is not None or (workers or cores) < cores:
        return 1  # the other cores are not for this batch
    return min(cores, _MOST_THREADS)


_SHOWN = 10
"""Regions without a plan shown; summary.csv has them all."""


class _BatchProgress:
    """Tells on standard error how a batch goes on: a live table, or a line for each region.

    Attributes
    ----------
    seconds
        At the end, how long it took in all.
    """

    def __init__(self, regions: int, began: float, *, silent: bool) -> None:
        self._regions = regions
        self._console = Console(stderr=True, quiet=silent)
        self._live = Live(self, console=self._console, transient=True, refresh_per_second=2)
        self._began = began
        self._running: dict[str, tuple[int, float]] = {}
        self._done = self._without = 0
        self._last = ""
        self.seconds = 0.0

    def __enter__(self) -> Self:
        """Start the display."""
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the live display away, whatever happened."""
        self.seconds = time.monotonic() - self._began
        if self._console.is_terminal:
            self._live.stop()

    def __rich__(self) -> Group:
        """Draw what runs, and how much is done."""
        running = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
        now = time.monotonic()
        for code, (practices, since) in list(self._running.items()):
            running.add_row(Text(code), f"{practices:,} practices", f"{now - since:.0f} s")
        without = f", {self._without} without a plan" if self._without else ""
        head = f"{self._done} of {self._regions} regions done{without}; {now - self._began:.0f} s"
        return Group(Text(head, style="bold"), running, Text(self._last))

    def resumed(self, regions: int) -> None:
        """Tell what stands from an earlier run."""
        self._done += regions
        if regions:
            self._console.print(
                f"{regions} of {self._regions} regions stand from before.", highlight=False
            )

    def started(self, task: Task) -> None:
        """Show a region as running."""
        self._running[task.code] = (len(task.practices.table), time.monotonic())

    def finished(self, task: Task, done: Done) -> None:
        """Show what came of a region."""
        self._running.pop(task.code, None)
        self._done += 1
        self._without += not done.files
        self._last = (
            f"{self._done:>{len(str(self._regions))}}/{self._regions}  {task.code}  "
            f"{done.seconds:.1f} s  {STATUSES[done.status]}"
        )
        if not done.files:
            self._last += f": {done.reason.splitlines()[0]}"
        if not self._console.is_terminal:
            self._console.print(self._last, soft_wrap=True, highlight=False, markup=False)

    def drawn(self, codes: Iterable[str]) -> None:
        """Tell how many regions are drawn, as they come."""
        with Status("Drawing", console=self._console) as status:
            for count, _ in enumerate(codes, start=1):
                status.update(f"{count} regions drawn")

    def interrupted(self) -> str:
        """Say how to go on after Ctrl-C."""
        done = f"{self._done} of {self._regions} regions are done"
        return f"Interrupted: {done}. Go on with the same command and --resume."


def _show_batch(outcomes: Outcomes, seconds: float, out: Path) -> None:
    """Print the roll-ups, what came of the regions, and where the files are."""
    from pcn_group.batch.rollups import rollup_rows
    from pcn_group.cli.screens.data_report import show_findings

    # Piped, rich would take the width of whatever terminal is about.
    console = Console() if sys.stdout.isatty() else Console(width=100)
    rollups = rollup_rows(outcomes)
    console.print(_table(rollups, outcomes.unit))
    console.print()
    for line in _lines(outcomes, rollups[0], seconds):
        console.print(line, highlight=False, markup=False, soft_wrap=not console.is_terminal)
    show_findings(outcomes.data_report, console)
    console.print(f"Written to {out}", highlight=False, markup=False, soft_wrap=True)


def _table(rollups: list[RollupRow], unit: str) -> Table:
    """Lay out all regions together and the NHS regions; rollups.csv has the ICBs as well."""
    table = Table(header_style="bold", box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("NHS region", no_wrap=True, overflow="ellipsis")
    headings = ("regions", "practices", "patients", "networks", "in band", "today", f"mean {unit}")
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    first, *others = [row for row in rollups if row.level != "icb"]
    for row in (*others, first):
        table.add_row(
            Text(row.name or row.code),
            *(f"{n:,}" for n in (row.regions, row.practices, row.patients, row.networks)),
            _percent(row.share_in_band),
            _percent(row.current_share_in_band),
            "" if row.mean is None else f"{row.mean:,.2f}",
        )
    return table


def _lines(outcomes: Outcomes, every: RollupRow, seconds: float) -> Iterator[str]:
    from pcn_group.batch.rollups import summary_rows
    from pcn_group.funding.budget import NO_YEAR

    counts = Counter(done.status for done in outcomes.done.values())
    told = [f"{counts[status]} {words}" for status, words in STATUSES.items() if counts[status]]
    yield f"{len(outcomes.done)} regions in {_duration(seconds)}: {', '.join(told)}."
    if every.networks:
        yield (
            f"In the band: {_percent(every.share_in_band)} of {every.networks:,} networks; "
            f"of today's {every.current_networks:,} networks "
            f"{_percent(every.current_share_in_band) or 'none'}."
        )
        budget = outcomes.budget
        if budget.years:
            yield f"Budget {budget.told}: £{every.budget_gbp:,}{budget.remarked}."
        else:
            yield NO_YEAR
    without = [row for row in summary_rows(outcomes) if not row.networks]
    for row in without[:_SHOWN]:
        reason = row.reason.removeprefix("Proven: ")  # as the status says already
        yield f"{row.region_code} {STATUSES[row.status]}: {reason}"
    if len(without) > _SHOWN:
        yield f"And {len(without) - _SHOWN} more, in summary.csv."
    for note in _common_notes(outcomes):
        yield f"Note: {note}"


def _common_notes(outcomes: Outcomes) -> list[str]:
    """Return the notes about the input as a whole: every region has them."""
    first, *others = (region.notes for region in outcomes.regions.values())
    return [note for note in first if all(note in notes for notes in others)]


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
