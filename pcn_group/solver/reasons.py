"""Why there is no plan, in words a person can act on, and the nearest band that would work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pcn_group.config import Search
from pcn_group.problem import Problem
from pcn_group.solver.exceptions import least_exceptions
from pcn_group.solver.instance import Instance, lay_out
from pcn_group.solver.search import Effort, Report, search

__all__ = ["why_infeasible"]

_NAMED = 8
"""How many practices a message names before it only counts them."""
_TRIAL, _ANY_PLAN = 0.2, 0.999
"""Share of the time that is left for each trial without some rules, which ends at any plan."""


def why_infeasible(problem: Problem, settings: Search, report: Report) -> str:
    """Explain a proven infeasibility.

    Parameters
    ----------
    problem
        A problem without any plan.
    settings
        How long to look for the nearest band that works, and for rules that are in the way.
    """
    effort = Effort.starting_now(settings)
    rule = problem.size
    band = f"between {rule.smallest:,} and {rule.largest:,} patients"
    count = len(problem.codes)
    lines = [f"Proven: no plan of these {count:,} practices has every network {band}."]
    lines += _indivisible_parts(lay_out(problem))
    if problem.oversize:
        names = _named(problem, problem.oversize)
        lines.append(f"Larger than a network may be, and so alone: {names}.")
    lines += _rules_in_the_way(problem, effort, report)
    lines.append(_nearest_band(problem, effort, report))
    return "\n".join(lines)


def _indivisible_parts(instance: Instance) -> list[str]:
    """Name the connected parts whose patients no whole number of networks can hold."""
    rule = instance.problem.size
    lines = []
    for part in instance.indivisible_parts():
        patients = int(instance.weights[part].sum())
        most = patients // max(1, rule.smallest)
        networks = f"{most} network{'s' if most != 1 else ''}"
        why = (
            f"enough for {networks} at the most, and too many for that"
            if most
            else ("fewer than one network needs")
        )
        whose = "These practices have"
        if len(part) < instance.size:
            names = _named(instance.problem, instance.in_problem(part))
            whose = f"Cut off from the rest: {names}, with"
        lines.append(f"{whose} {patients:,} patients in all, {why}.")
    if lines and len(instance.parts()) > 1:
        lines.append("Neighbours added (adjacency.add) would connect what is cut off.")
    return lines


def _rules_in_the_way(problem: Problem, effort: Effort, report: Report) -> list[str]:
    """Name the kinds of rules about practices without any one of which there is a plan."""
    without = {
        "together": replace(problem, together=()),
        "apart": replace(problem, apart=()),
        "fixed": replace(problem, fixed=()),
    }
    lines = []
    for kind, free in without.items():
        if getattr(problem, kind):
            some = replace(effort.at_most(_TRIAL * effort.seconds_left), gap=_ANY_PLAN)
            if search(lay_out(free), some, report).networks is not None:
                lines.append(f"Without rules.{kind} there is a plan.")
    return lines


def _nearest_band(problem: Problem, effort: Effort, report: Report) -> str:
    """Say in which band there is a plan: that of the plan with the fewest patients outside."""
    rule = replace(problem.size, avoid_below=True, avoid_above=True)
    outside = least_exceptions(problem.with_size(rule), effort, report)
    if outside.outcome.networks is None:
        return "No band that would work was found in the time allowed."
    weights = lay_out(outside.problem).weights
    sizes = [int(weights[list(members)].sum()) for members in outside.outcome.networks]
    low, high = min([rule.smallest, *sizes]), max([rule.largest, *sizes])
    amounts = (
        (outside.short, "patients short of the minimum"),
        (outside.above, "patients above the maximum"),
    )
    totals = " and ".join(f"{amount:,} {what}" for amount, what in amounts if amount)
    least = "The least is" if outside.proven else "The best found is"
    return (
        f"{least} a plan with {totals} in all. Its networks have {low:,} to {high:,}: set "
        f"band.min={low} and band.max={high}, or let a side give way with band.below=avoid or "
        "band.above=avoid."
    )


def _named(problem: Problem, members: Sequence[int]) -> str:
    names = ", ".join(problem.codes[i] for i in members[:_NAMED])
    more = len(members) - _NAMED
    return f"{names} and {more} more" if more > 0 else names
