"""Why there is no plan, in words a person can act on, and the nearest band that would work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from pcn_group.config import Search
from pcn_group.problem import Problem
from pcn_group.solver.exceptions import least_exceptions
from pcn_group.solver.instance import Instance, lay_out
from pcn_group.solver.search import Effort, Report

__all__ = ["why_infeasible"]

_NAMED = 8
"""How many practices a message names before it only counts them."""


def why_infeasible(problem: Problem, settings: Search, report: Report) -> str:
    """Explain a proven infeasibility.

    Parameters
    ----------
    problem
        A problem without any plan.
    settings
        How long to look for the nearest band that works.
    """
    rule = problem.size
    band = f"between {rule.smallest:,} and {rule.largest:,} patients"
    count = len(problem.codes)
    lines = [f"Proven: no plan of these {count:,} practices has every network {band}."]
    lines += _light_parts(lay_out(problem))
    if problem.oversize:
        names = _named(problem, problem.oversize)
        lines.append(f"Larger than a network may be, and so alone: {names}.")
    lines.append(_nearest_band(problem, settings, report))
    return "\n".join(lines)


def _light_parts(instance: Instance) -> list[str]:
    """Name the connected parts with too few patients for one network."""
    n, problem = instance.size, instance.problem
    rows = np.repeat(np.arange(n), np.diff(instance.region.link_start))
    graph = csr_matrix((np.ones(len(rows)), (rows, instance.region.links)), (n, n))
    count, part = connected_components(graph, directed=False)
    lines = []
    for label in range(count):
        members = np.flatnonzero(part == label)
        patients = int(instance.weights[members].sum())
        if patients < problem.size.smallest:
            names = _named(problem, instance.in_problem(members))
            cut_off = f"Cut off from the rest, with {patients:,} patients in all: {names}."
            lines.append(f"{cut_off} Neighbours added (adjacency.add) would connect them.")
    return lines


def _nearest_band(problem: Problem, settings: Search, report: Report) -> str:
    """Say in which band there is a plan: that of the plan with the fewest patients outside."""
    rule = replace(problem.size, avoid_below=True, avoid_above=True)
    outside = least_exceptions(problem.with_size(rule), Effort.starting_now(settings), report)
    if outside.outcome.networks is None:
        return "No band that would work was found in the time allowed."
    weights = lay_out(outside.problem).weights
    sizes = [int(weights[list(members)].sum()) for members in outside.outcome.networks]
    low, high = min([rule.smallest, *sizes]), max([rule.largest, *sizes])
    amounts = {
        f"{outside.short:,} patients short of the minimum": outside.short,
        f"{outside.above:,} patients above the maximum": outside.above,
    }
    totals = " and ".join(text for text, amount in amounts.items() if amount)
    least = "Any plan has at least" if outside.proven else "The best plan found has"
    return (
        f"{least} {totals} in all. There is one with networks of {low:,} to {high:,} patients: set "
        f"band.min={low} and band.max={high}, or let a side give way with band.below=avoid or "
        "band.above=avoid."
    )


def _named(problem: Problem, members: Sequence[int]) -> str:
    names = ", ".join(problem.codes[i] for i in members[:_NAMED])
    more = len(members) - _NAMED
    return f"{names} and {more} more" if more > 0 else names
