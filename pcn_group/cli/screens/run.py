"""What a person sees of a run: progress while it lasts, a summary at the end."""

from __future__ import annotations

import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from pcn_group.base.progress import UNSETTLED, Stage, Where, gap_percent
from pcn_group.base.wording import named, plural
from pcn_group.cli.screens.budget import budget_lines
from pcn_group.cli.screens.data_report import show_findings
from pcn_group.cli.screens.fit import fit_lines
from pcn_group.cli.screens.meeting import asked_first
from pcn_group.cli.screens.profile import profile_lines
from pcn_group.geography.travel import TravelTable
from pcn_group.infeasibility.words import bands_in_words, outside_in_words
from pcn_group.pipeline import prices_of
from pcn_group.plan.solved import SolvedPlan
from pcn_group.solver.assignment.search import in_the_way
from pcn_group.solver.compiled import can_be_kept

__all__ = ["BandBar", "Progress", "show_result"]


_BLOCKS, _MARK = "▏▎▍▌▋▊▉█", "│"
_PLAIN_BLOCKS, _PLAIN_MARK = "#", ":"

_SHOWN_ABOVE = 0.2
"""How far above the band a bar still grows, as a share of the most"""


@dataclass(frozen=True)
class BandBar:
    """How bars are drawn.

    A bar goes past the first mark exactly where there are patients enough, and past the second
    where there are too many, however coarse it is.

    Attributes
    ----------
    least, most
        The limits of the band.
    width
        Characters, the two marks among them.
    plain
        Whether only ASCII will do.
    """

    least: int
    most: int
    width: int
    plain: bool

    def draw(self, patients: int) -> str:
        """Return the bar of a network."""
        below, inside, above = self._cells
        steps = len(_PLAIN_BLOCKS if self.plain else _BLOCKS)
        over = (patients - self.most) / (_SHOWN_ABOVE * self.most)
        parts = (
            self._filled(math.floor(min(patients / self.least, 1) * below * steps), below),
            self._filled(math.ceil(self._inside(patients) * inside * steps), inside),
            self._filled(math.ceil(min(max(over, 0), 1) * above * steps), above),
        )
        return (_PLAIN_MARK if self.plain else _MARK).join(parts)

    @property
    def heading(self) -> str:
        """The limits, each ending at its mark where there is room, in thousands."""
        least, most = (f"{limit / 1000:g}k" for limit in (self.least, self.most))
        below, inside, _ = self._cells
        if len(least) > below + 1 or len(most) > inside:
            return f"{least} to {most}"
        return f"{least:>{below + 1}}{most:>{inside + 1}}"

    @property
    def _cells(self) -> tuple[int, int, int]:
        """How many characters are below the band, inside and above."""
        cells = self.width - 2
        whole = (1 + _SHOWN_ABOVE) * self.most
        above = max(1, round(cells * _SHOWN_ABOVE * self.most / whole))
        inside = max(1, round(cells * (self.most - self.least) / whole))
        inside = min(inside, cells - above - 1)
        return cells - above - inside, inside, above

    def _inside(self, patients: int) -> float:
        """Return how much of the band is used: 0 to 1."""
        if patients <= self.least:
            return 0.0
        return 1.0 if patients >= self.most else (patients - self.least) / (self.most - self.least)

    def _filled(self, steps: int, cells: int) -> str:
        blocks = _PLAIN_BLOCKS if self.plain else _BLOCKS
        full, part = divmod(steps, len(blocks))
        return (blocks[-1] * full + (blocks[part - 1] if part else "")).ljust(cells)


_UNKEPT = (
    "Compiling the search, which takes about half a minute. There is no folder to keep it in for "
    "the next run: name one that you may write to in the environment variable NUMBA_CACHE_DIR."
)

_STAGES: dict[Stage, str] = {
    "geography": "distances and neighbours",
    "compile": "compiling the search; this happens once, and takes about half a minute",
    "first plans": "first plans",
    "bound": "bound on any plan",
    "parts": "a plan, part by part",
    "windows": "better plans, window by window",
    "proof": "every better plan, until there is none",
    "exceptions": "least outside the band",
    "moves": "what moves, against what it costs",
    "misaligned": "who lives elsewhere than their network serves",
    "curve": "the best plan at one price after another",
    "without": "the best plan without each exception",
    "check": "independent check",
    "alternatives": "every plan within the tolerance",
    "pairs": "each pair of practices, together and apart",
    "who else": "who else moves, where one practice does",
}

_SHOWN_NETWORKS, _SHOWN = 60, 10
"""Networks and exceptions shown; the files have them all."""

_NARROWEST, _WIDEST, _BAR = 80, 100, 12
"""Columns of the table, and of its bars where it is narrow"""

_VERDICTS = {
    "optimal": "Proven best: no plan that keeps the rules costs less.",
    "within_gap": "Proven within the gap asked for.",
    "feasible": "A valid plan; the search ended before the proof that it is best.",
}

_FEWEST_ALONE = (
    "Proven: no plan that keeps the rules moves fewer {counts}. The search ended before the proof "
    "that of those that move as few none costs less."
)
_OF_REPAIR = (
    "Proven: no plan that keeps the rules moves fewer {counts}, and of those that move as few none "
    "costs less."
)


class Progress:
    """Tells on standard error where the search stands: live on a terminal, by lines elsewhere."""

    def __init__(self, *, silent: bool) -> None:
        self._console = Console(stderr=True, quiet=silent)
        self._live = Live(console=self._console, transient=True, auto_refresh=False)
        self._started = time.monotonic()
        self._stage = ""

    def __enter__(self) -> Self:
        """Start the display, and say so if every run has to compile the kernels."""
        if not can_be_kept():
            self._console.print(_UNKEPT, soft_wrap=True)
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
        if self._console.is_terminal:
            self._live.stop()

    def ask(self, question: str) -> None:
        """Show what is being looked into."""
        line = f"{time.monotonic() - self._started:6.1f} s  {question}"
        if self._console.is_terminal:
            self._live.update(Text(line), refresh=True)
        else:
            self._console.print(line, soft_wrap=True, highlight=False, markup=False)

    def tell(self, where: Where) -> None:
        """Show where the search stands."""
        line = f"{time.monotonic() - self._started:6.1f} s  {_STAGES[where.stage]}"
        if where.cost is not None:
            line += f": plan of {where.cost:,.0f} patient-{where.unit}"
            if where.prices is not None:
                way = where.cost - where.prices
                line += f" ({way:,.0f} of travel, {where.prices:,.0f} of prices)"
        if where.bound is not None:
            line += f", none under {where.bound:,.0f}"
        if where.cost and where.bound is not None:
            line += f", gap {(where.cost - where.bound) / where.cost:.2%}"
        if self._console.is_terminal:
            self._live.update(Text(line), refresh=True)
        elif where.stage != self._stage:
            self._console.print(line, soft_wrap=True, highlight=False)
        self._stage = where.stage


def show_result(result: SolvedPlan, out: Path) -> None:
    """Print verdict, networks, exceptions and where the files are."""
    # Piped, rich would take the width of whatever terminal is about.
    console = Console() if sys.stdout.isatty() else Console(width=_NARROWEST)

    def say(line: str, style: str | None = None) -> None:
        piped = not console.is_terminal
        console.print(line, style=style, highlight=False, markup=False, soft_wrap=piped)

    if about := result.region.practices.about:
        say(about)
    say(_verdict(result), "bold")
    say(_summary_line(result))
    console.print()
    console.print(_networks_table(result, console))
    if len(result.networks) > _SHOWN_NETWORKS:
        say(f"And {len(result.networks) - _SHOWN_NETWORKS:,} more, in networks.csv.")
    console.print()
    for line in _details(result):
        say(line)
    for line in budget_lines(result.budget):  # long: wrapped, piped or not
        console.print(line, highlight=False, markup=False)
    show_findings(result.data_report, console)
    for note in result.region.practices.notes:
        say(f"Note: {note}")
    console.print(f"Written to {out}", highlight=False, markup=False, soft_wrap=True)


def _networks_table(result: SolvedPlan, console: Console) -> Table:
    unit, band = result.region.travel.unit, result.region.problem.size
    shown = result.networks[:_SHOWN_NETWORKS]
    width = min(console.width, _WIDEST)
    long = _BAR + max(0, width - _NARROWEST) // 4
    bar = BandBar(band.band_min, band.band_max, long, plain=console.options.ascii_only)
    table = Table(header_style="bold", box=SIMPLE_HEAD, show_edge=False, width=width, padding=0)
    table.add_column("network", no_wrap=True)
    table.add_column("named after", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("practices", justify="right", no_wrap=True)
    table.add_column("patients", justify="right", no_wrap=True)
    table.add_column(bar.heading, no_wrap=True)
    table.add_column("spare", justify="right", no_wrap=True)
    table.add_column(f"mean\n{unit}", justify="right", no_wrap=True)
    table.add_column(f"max\n{unit}", justify="right", no_wrap=True)
    for network in shown:
        outside = "under" if network.patients < band.band_min else "over"
        if band.band_min <= network.patients <= band.band_max:
            outside = "figures"  # outside a further band: the exceptions say which
        table.add_row(
            Text(network.network_id),
            Text(network.name),
            str(network.practices),
            f"{network.patients:,}",
            Text(bar.draw(network.patients), style="cyan" if network.in_band else "red"),
            f"{network.patients - band.band_min:,}"
            if network.in_band
            else Text(outside, style="bold red"),
            f"{network.mean_travel:,.2f}",
            f"{network.max_travel:,.2f}",
        )
    return table


NOT_FOR_LARGE = (
    "Networks are large, and the search made for that does not know {rules}: this one may not end."
)


def _verdict(result: SolvedPlan) -> str:
    problem, fewest = result.region.problem, result.fewest_moved
    if fewest is not None and fewest == result.moved:
        words = _OF_REPAIR if result.solution.status == "optimal" else _FEWEST_ALONE
        return words.format(counts=result.counts)
    if not result.solution.relaxed:
        return _VERDICTS[result.solution.status]
    bands = bands_in_words(problem)
    return f"Proven: no plan has every network {bands}. {_exceptions_verdict(result)}"


def _details(result: SolvedPlan) -> list[str]:
    """Return what a meeting asks first, then cost and exceptions."""
    solution, travel = result.solution, result.region.travel
    bound = "no bound was proven"
    if solution.bound > 0 or solution.cost == 0:
        gap = gap_percent(result.gap, solution.status)
        among = "" if result.fewest_moved is None else " that moves as few"
        bound = f"no plan{among} under {_amount(travel, solution.bound)}: gap {gap}"
    networks = {network.network_id: network.members for network in result.networks}
    fits = fit_lines(result.region, networks)
    names = {network.network_id: network.name for network in result.networks}
    figures = profile_lines(result.region, networks, names)
    lines = [*asked_first(result), *fits, *figures, f"Cost {_cost_told(result)}, {bound}."]
    if solution.status == "optimal" and not solution.is_first:
        lines.append(UNSETTLED)
    elif solution.status == "feasible" and (rules := in_the_way(solution.problem)):
        lines.append(NOT_FOR_LARGE.format(rules=named(rules)))
    lines += [
        f"Exception: {n.network_id} ({n.name}), {n.exception}." for n in result.exceptions[:_SHOWN]
    ]
    if len(result.exceptions) > _SHOWN:
        lines.append(f"And {len(result.exceptions) - _SHOWN} more, in networks.csv.")
    return lines


def _summary_line(result: SolvedPlan) -> str:
    count = len(result.networks)
    return (
        f"{plural(len(result.region.table), 'practice')}, {result.patients:,} patients, "
        f"{plural(count, 'network')}, {count - len(result.exceptions):,} in the band; "
        f"mean {result.mean_travel:,.2f} {result.region.travel.unit} to the hub."
    )


def _exceptions_verdict(result: SolvedPlan) -> str:
    solution = result.solution
    total = f"{solution.short:,} patients short and {solution.above:,} above in all"
    if any(solution.further):
        total = outside_in_words(solution.short, solution.above, solution.problem, solution.further)
    if solution.status == "optimal":
        return f"This one has the least outside, {total}, and of such plans the least cost."
    return f"This one has {total}; the search ended before the proof that this is the least."


def _cost_told(result: SolvedPlan) -> str:
    """Return the cost of a plan, with travel apart from prices where there are any."""
    travel, solution = result.region.travel, result.solution
    told = _amount(travel, solution.cost)
    prices = prices_of(result.region, solution.networks, solution.cost)
    if prices is None:
        return told
    way = travel.to_unit(solution.cost) - prices
    return f"{told} ({way:,.1f} of travel, {prices:,.1f} of prices)"


def _amount(travel: TravelTable, cost: int) -> str:
    return f"{travel.to_unit(cost):,.1f} patient-{travel.unit}"
