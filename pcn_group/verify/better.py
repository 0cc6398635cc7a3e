"""A better plan one step away, which refutes a bound that the certificate alone does not prove.

Plain code, and no search: one practice moves to a network beside its own, or two change places. The
best plan has no such step that the rules allow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pcn_group.region.figure_limits import FigureLimit
from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.verify.certificate import outside_of
from pcn_group.verify.rules import Report, check_plan, hubs_of

__all__ = ["Better", "better_plan"]

_STEPS = 200_000  # some seconds

Networks = list[tuple[int, ...]]
Score = tuple[int, ...]
"""Patients short, patients above, what is beyond each limit on a figure that gives way, and cost:
the less the better, in this order."""


@dataclass(frozen=True)
class Better:
    """A plan that keeps the rules, one step from another.

    Attributes
    ----------
    step
        Which practices are elsewhere in it, as a clause.
    networks
        The positions of the members of each.
    cost
        Of all.
    fewer_outside
        Whether it has less outside the bands, which counts before cost.
    """

    step: str
    networks: Networks
    cost: int
    fewer_outside: bool


def better_plan(problem: Problem, report: Report, bound: int) -> Iterator[Better]:
    """Find plans one step away that a bound on the cost of every plan does not allow.

    Parameters
    ----------
    report
        The judgement of the plan to start from: every practice is in one of its networks.
    bound
        What no plan with as little outside the bands is said to cost less than.
    """
    networks, labels = [n.members for n in report.networks], [n.label for n in report.networks]
    scores = [*_scores(problem, *networks)]
    outside = outside_of(problem, report)
    most = (*outside.amounts, bound)
    no_worse = (*(0 for _ in outside.amounts), bound)
    for a, b, one, other, step in islice(_steps(problem, networks, labels), _STEPS):
        before, after = _sum([scores[a], scores[b]]), _sum([*_scores(problem, one, other)])
        *more, cost = (y - x for x, y in zip(before, after, strict=True))
        if (*more, cost + (report.cost or 0)) >= no_worse:
            continue
        changed = [*networks]
        changed[a], changed[b] = one, other
        judged = check_plan(problem, changed)
        left = outside_of(problem, judged)
        allowed = not any(f.is_broken and f.rule != "band" for f in judged.findings)
        if judged.cost is None or not allowed or not _keeps_hard_limits(problem, judged):
            continue
        if (*left.amounts, judged.cost) < most:
            fewer = left.amounts < outside.amounts
            yield Better(step, changed, judged.cost, fewer)


def _steps(
    problem: Problem, networks: Networks, labels: list[str]
) -> Iterator[tuple[int, int, tuple[int, ...], tuple[int, ...], str]]:
    """List the steps: which two networks change, what they become, and what moves."""
    units = _units(problem)
    network_of = {i: k for k, members in enumerate(networks) for i in members}
    shut = {i for network in problem.aside for i in network}
    beside = {
        unit: {network_of[j] for i in unit for j in problem.neighbours[i]} - {network_of[unit[0]]}
        for unit in units
        if shut.isdisjoint(unit)
    }
    units_of: dict[int, list[tuple[int, ...]]] = {}
    for unit in beside:
        units_of.setdefault(network_of[unit[0]], []).append(unit)
    for unit, near in beside.items():
        a = network_of[unit[0]]
        for b in sorted(near):
            one, other = _without(networks[a], unit), _with(networks[b], unit)
            if one:
                yield a, b, one, other, f"{_named(problem, unit)} in {labels[b]}"
            for back in units_of.get(b, ()):
                if unit < back and a in beside[back]:
                    both = f"{_named(problem, unit)} in {labels[b]} and {_named(problem, back)}"
                    both += f" in {labels[a]}"
                    yield a, b, _with(one, back), _without(other, back), both


def _units(problem: Problem) -> list[tuple[int, ...]]:
    """Return the groups that must be together, and every other practice."""
    grouped = {i for group in problem.together for i in group}
    alone = [(i,) for i in range(len(problem.codes)) if i not in grouped]
    return sorted([*problem.together, *alone])


def _scores(problem: Problem, *networks: tuple[int, ...]) -> Iterator[Score]:
    size = problem.size
    for members in networks:
        patients = sum(int(problem.weights[i]) for i in members)
        cost = min(
            sum(int(problem.cost[i, hub]) for i in members) for hub in hubs_of(problem, members)
        )
        if problem.alignment is not None:
            cost += problem.alignment.price * problem.alignment.misaligned(members)
        short, above = max(0, size.smallest - patients), max(0, patients - size.largest)
        further = [_excess(limit, members) for limit in problem.figure_limits]
        priced = zip(problem.figure_limits, further, strict=True)
        cost = min(cost, FORBIDDEN) + size.penalty(patients)
        cost += sum(limit.price * excess // limit.unit for limit, excess in priced)
        yield short, above, *further, cost


def _excess(limit: FigureLimit, members: tuple[int, ...]) -> int:
    return max(0, sum(int(limit.amounts[i]) for i in members) - limit.limit)


def _sum(scores: list[Score]) -> Score:
    return tuple(sum(parts) for parts in zip(*scores, strict=True))


def _keeps_hard_limits(problem: Problem, report: Report) -> bool:
    """Whether networks are outside only on the sides that may give way."""
    size = problem.size
    return all(
        (size.avoid_below or network.patients >= size.smallest)
        and (size.avoid_above or network.patients <= size.largest)
        and all(
            limit.avoid or _excess(limit, network.members) <= limit.allowed
            for limit in problem.figure_limits
        )
        for network in report.networks
        if network.members not in problem.aside
    )


def _with(members: tuple[int, ...], unit: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted({*members, *unit}))


def _without(members: tuple[int, ...], unit: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(i for i in members if i not in unit)


def _named(problem: Problem, unit: tuple[int, ...]) -> str:
    return " and ".join(problem.codes[i] for i in unit)
