"""What the terminal says of how networks fit neighbourhoods, before and after."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pcn_group.base.wording import plural
from pcn_group.cli.screens.fit import percent
from pcn_group.cli.screens.run import show_result
from pcn_group.plan.fit import Fit
from pcn_group.plan.inputs import CURRENT
from pcn_group.studies.align import Aligned

__all__ = ["show_aligned"]


def show_aligned(aligned: Aligned, out: Path, start: str) -> None:
    """Print the fit of the networks it starts from and of the plan's, what is proven, and the plan.

    Parameters
    ----------
    start
        What it starts from: a plan, or `current` for the networks of today.
    """
    console = Console(width=None if sys.stdout.isatty() else 80, highlight=False, markup=False)
    labels = [network.network_id for network in aligned.plan.networks]
    if aligned.today:
        console.print(
            _networks("today" if start == CURRENT else "before", aligned.before, aligned.today)
        )
        console.print()
    console.print(_networks("plan", aligned.after, labels))
    console.print()
    for line in _verdict(aligned, start):
        console.print(line, soft_wrap=not console.is_terminal)
    console.print()
    show_result(aligned.plan, out)


def _networks(title: str, fit: Fit, labels: Sequence[str]) -> Table:
    """Return a table of networks: what each serves, and how many patients live there."""
    table = Table(header_style="bold", box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column(title, no_wrap=True)
    table.add_column("serves", no_wrap=True)
    for heading in ("aligned", "share", "misaligned"):
        table.add_column(heading, justify="right", no_wrap=True)
    every = fit.neighbourhoods
    for label, own in zip(labels, fit.networks, strict=True):
        serves = "-" if own.serves is None else every.codes[own.serves]
        table.add_row(
            Text(label), Text(serves), f"{own.aligned:,}", percent(own.share), f"{own.misaligned:,}"
        )
    return table


def _verdict(aligned: Aligned, start: str) -> Iterator[str]:
    """Say how many patients are aligned, before and after, and what is proven of it."""
    before, after = aligned.before, aligned.after
    line = f"{percent(after.share)} of the patients are aligned, {after.misaligned:,} are not"
    if aligned.today:
        whose = "today's networks" if start == CURRENT else start
        line += f"; of {whose} {percent(before.share)}, and {before.misaligned:,} are not"
    yield f"{line}."
    bound = aligned.plan.fewest_misaligned
    if not bound:  # was not asked, or no proof is needed
        return
    fewest = plural(bound, "misaligned patient")
    if bound == after.misaligned:
        yield f"Proven: no plan that keeps the rules has fewer than {fewest}."
    else:
        yield f"The search ended before the proof; no plan has fewer than {fewest}."
