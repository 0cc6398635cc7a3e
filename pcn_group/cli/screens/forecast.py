"""What the terminal says of a forecast."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pcn_group.base.wording import plural
from pcn_group.cli.screens.fit import percent
from pcn_group.plan.forecast import Scenarios
from pcn_group.studies.forecast import ForecastPlan

__all__ = ["show_forecast"]


def show_forecast(plan: ForecastPlan, out: Path) -> None:
    """Print a row for each network, and what the forecast rests on."""
    console = Console(width=None if sys.stdout.isatty() else 100, highlight=False, markup=False)
    console.print(_networks(plan))
    console.print()
    leaving = [year for year in plan.leaves.values() if year is not None]
    console.print(_verdict(plan, leaving), soft_wrap=True)
    console.print(_basis(plan), soft_wrap=True)
    for note in plan.growth.notes:
        console.print(f"Note: {note}", soft_wrap=True)
    console.print(f"Written: {out}", soft_wrap=True)


def _networks(plan: ForecastPlan) -> Table:
    table = Table(header_style="bold", box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("network", no_wrap=True)
    table.add_column("name", no_wrap=True, overflow="ellipsis", max_width=34)
    last = plan.growth.years
    headings = ["today", _year(plan, last), "80 % of scenarios", "in band", "leaves"]
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    weights = plan.case.region.problem.weights
    for (label, members), own in zip(
        plan.case.networks.items(), plan.forecast.networks, strict=True
    ):
        leaves = plan.leaves[label]
        table.add_row(
            Text(label),
            Text(plan.case.network_names[label]),
            f"{int(weights[list(members)].sum()):,}",
            f"{int(own.patients[-1]):,}",
            *_scenarios(own.scenarios),
            "-" if leaves is None else "is outside" if leaves == 0 else _year(plan, leaves),
        )
    return table


def _year(plan: ForecastPlan, year: int) -> str:
    return plan.day(year)[:4] or f"after {plural(year, 'year')}"


def _scenarios(told: Scenarios | None) -> tuple[str, str]:
    """Return between which sizes most scenarios end, and the share of them in the band."""
    if told is None:
        return "-", "-"
    inside = percent(1 - float(told.below[-1]) - float(told.above[-1]))
    return f"{int(told.low[-1]):,} to {int(told.high[-1]):,}", inside


def _verdict(plan: ForecastPlan, leaving: list[int]) -> str:
    count, last = plural(len(plan.leaves), "network"), _year(plan, plan.growth.years)
    if not leaving:
        return f"All {count} stay in the band up to {last}."
    outside, first = leaving.count(0), [year for year in leaving if year]
    parts = []
    if outside:
        parts.append(f"{outside:,} {'is' if outside == 1 else 'are'} outside the band today")
    if first:
        leave = "leaves" if len(first) == 1 else "leave"
        band = "it" if outside else "the band"
        year = _year(plan, min(first))
        parts.append(f"{len(first):,} {leave} {band} by {last}, the first in {year}")
    return f"Of {count} {', and '.join(parts)}."


def _basis(plan: ForecastPlan) -> str:
    """Say what lists grow by, and how uncertain that is."""
    growth, given = plan.growth, plan.growth.source.count("given")
    parts = [f"given for {plural(given, 'practice')}"] if given else []
    if growth.past is not None:
        lists = plural(len(growth.past.rates), "list")
        parts.append(f"{percent(growth.past.median)} a year, the median of {lists} in the past")
    elif given < len(growth.source):
        parts.append("none for the others" if given else "none")
    if homes := int(growth.homes[:, -1].sum()):
        parts.append(f"{homes:,} people in new homes")
    if growth.past is None:
        told = "Without --earlier nothing tells how certain that is."
    else:
        told = f"{plan.scenarios:,} scenarios, seed {plan.seed}."
    return f"Growth: {'; '.join(parts)}. {told}"
