"""What a person sees of a batch: what runs and what is done, and what it all came to."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.live import Live
from rich.status import Status
from rich.table import Table
from rich.text import Text

from pcn_group.batch.rollups import Outcomes, rollup_rows, summary_rows
from pcn_group.batch.task import Done, Task
from pcn_group.cli.screens.data_report import show_findings
from pcn_group.output.data.rows import RollupRow
from pcn_group.output.data.statuses import STATUSES

__all__ = ["BatchProgress", "show_batch"]

_SHOWN = 10
"""Regions without a plan shown; summary.csv has them all."""


class BatchProgress:
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


def show_batch(outcomes: Outcomes, seconds: float, out: Path) -> None:
    """Print the roll-ups, what came of the regions, and where the files are."""
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
            "" if row.mean is None else f"{row.mean:.2f}",
        )
    return table


def _lines(outcomes: Outcomes, every: RollupRow, seconds: float) -> Iterator[str]:
    counts = Counter(done.status for done in outcomes.done.values())
    told = [f"{counts[status]} {words}" for status, words in STATUSES.items() if counts[status]]
    yield f"{len(outcomes.done)} regions in {_duration(seconds)}: {', '.join(told)}."
    if every.networks:
        yield (
            f"In the band: {_percent(every.share_in_band)} of {every.networks:,} networks; "
            f"of today's {every.current_networks:,} networks "
            f"{_percent(every.current_share_in_band) or 'none'}."
        )
        year = outcomes.configuration.funding.year
        yield f"Budget {year}: £{every.budget_gbp:,}."
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
