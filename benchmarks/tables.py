"""The results as Markdown, and their place in the documentation."""

from __future__ import annotations

import os
import platform
import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from benchmarks.instances import Instance
from benchmarks.programs import PCN_GROUP
from benchmarks.runs import TOLERANCE, Run
from benchmarks.score import Score

__all__ = ["Comparison", "compared", "conditions", "grown", "put_into", "table"]

_TOOK = ("seconds", "ratio", "process, s", "MiB")


class Versioned(Protocol):
    """What says which versions it was made with."""

    @property
    def versions(self) -> Mapping[str, str]:
        """The versions, by program."""


@dataclass(frozen=True)
class Comparison:
    """What all programs made of one instance, pcn-group first."""

    instance: Instance
    runs: tuple[Run, ...]

    @property
    def best(self) -> int | None:
        """The least cost of a plan that keeps every rule."""
        kept = [run.score.cost for run in self.runs if run.score and run.score.holds]
        return min(kept, default=None)

    @property
    def is_proven(self) -> bool:
        """Whether some program claims to have proven the least cost."""
        return any(run.proves for run in self.runs)

    def contradictions(self) -> list[str]:
        """Say which claims cannot be true together: then someone is wrong."""
        return [
            f"{run.program} claims that no plan costs less than {run.bound:,}, "
            f"but one costs {self.best:,}"
            for run in self.runs
            if run.bound is not None
            and self.best is not None
            and run.bound > self.best * (1 + TOLERANCE)
        ]


def conditions(runs: Iterable[Versioned]) -> str:
    """Say when, on what and with which versions the results were made."""
    versions = dict(sorted(pair for run in runs for pair in run.versions.items()))
    listed = ", ".join(f"{name} {number}" for name, number in versions.items())
    today = datetime.now(tz=UTC).date()
    return (
        f"{today.day} {today:%B %Y}, {os.cpu_count()} cores ({_processor()}), "
        f"{platform.system()}, Python {platform.python_version()}; {listed}."
    )


def compared(comparison: Comparison) -> str:
    """Return the table of one instance."""
    spec, problem = comparison.instance.spec, comparison.instance.problem
    cost = "cost" if comparison.is_proven else "cost (to the best known)"
    rows = [_row(run, comparison) for run in comparison.runs]
    size = f"{len(problem.codes)} practices, {int(problem.weights.sum()):,} patients"
    head = ("program", cost, "in band", "outside", "in pieces", "proof", *_TOOK)
    lines = [f"### {spec.name}", "", f"{size}; limit {spec.limit:g} s.", "", *table(head, rows)]
    return "\n".join(lines)


def grown(growth: Mapping[int, Sequence[Run]]) -> str:
    """Return the table of pcn-group's own cost by size of region: median and worst."""
    rows = []
    for practices, runs in growth.items():
        seconds = sorted(run.seconds or 0 for run in runs)
        processes = [run.process for run in runs if run.process]
        rows.append(
            (
                str(practices),
                f"{sum(run.note == 'optimal' for run in runs)} of {len(runs)}",
                f"{max(run.gap for run in runs):.1%}",
                f"{statistics.median(seconds):.1f}",
                f"{seconds[-1]:.1f}",
                f"{statistics.median(process.seconds for process in processes):.1f}",
                f"{max(process.peak_mib for process in processes):.0f}",
            )
        )
    head = ("practices", "proven", "widest gap", "seconds", "slowest", "process, s", "most MiB")
    return "\n".join(table(head, rows))


def put_into(document: Path, results: str, place: str = "results") -> None:
    """Replace results in a document, between their markers."""
    text = document.read_text(encoding="utf-8")
    between = re.compile(rf"(?<=<!-- {place} -->\n).*?(?=<!-- end of {place} -->)", re.DOTALL)
    if not between.search(text):
        raise SystemExit(f"{document} has no place for {place}")
    document.write_text(between.sub(lambda _: f"\n{results}\n\n", text), encoding="utf-8")


def _row(run: Run, comparison: Comparison) -> tuple[str, ...]:
    took = (_number(run.seconds, 1), _ratio(run, comparison), *_process(run))
    plan = run.score
    if plan is None:
        none = f"none: {run.note}" if run.note else "none"
        return (run.program, none, "", "", "", _proof(run, comparison.best), *took)
    nowhere = f", {plan.nowhere} practices in none" if plan.nowhere else ""
    return (
        run.program,
        _cost(plan, comparison.best),
        f"{plan.in_band} of {plan.networks}{nowhere}",
        f"{plan.outside:,}",
        str(plan.in_pieces),
        _proof(run, comparison.best),
        *took,
    )


def _cost(plan: Score, best: int | None) -> str:
    """Return the cost as a ratio, in brackets where a rule is broken: that may well be cheaper."""
    cost = f"{plan.cost / best:.4f}" if best else f"{plan.cost:,}"
    return cost if plan.holds else f"({cost})"


def _proof(run: Run, best: int | None) -> str:
    if run.proves:
        return "optimal"
    if not run.bound:
        return "none"
    if run.score is not None and run.score.holds:
        return f"gap {run.gap:.1%}"
    return f"bound at {run.bound / best:.4f}" if best else f"bound at {run.bound:,}"


def _ratio(run: Run, comparison: Comparison) -> str:
    """Return how many times the seconds of pcn-group a program took."""
    ours = comparison.runs[0].seconds
    if run.program == PCN_GROUP or not run.seconds or not ours:
        return ""
    return f"{run.seconds / ours:.3g}"


def _process(run: Run) -> tuple[str, str]:
    if run.process is None:
        return "", ""
    return _number(run.process.seconds, 1), _number(run.process.peak_mib, 0)


def _number(value: float | None, places: int) -> str:
    return "" if value is None else f"{value:,.{places}f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table, all columns but the first aligned to the right."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return [f"| {' | '.join(cells)} |" for cells in (head, rule, *rows)]


def _processor() -> str:
    try:
        found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    except OSError:
        found = None
    return found[1] if found else platform.processor() or "unknown processor"
