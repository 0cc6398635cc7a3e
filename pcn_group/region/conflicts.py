"""Rules about practices that no plan of a region can keep, found before any search."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Sequence

import numpy as np
import pandas as pd

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import named
from pcn_group.config.rules import (
    Rules,
    conflicts_of_codes,
    groups_by_rule,
)
from pcn_group.geography.adjacency import connected_parts
from pcn_group.practices.table import Practices
from pcn_group.region.problem import FORBIDDEN, Problem

__all__ = ["never_together", "refuse_conflicts"]


def refuse_conflicts(problem: Problem, rules: Rules, practices: Practices) -> None:
    """Stop where rules conflict with each other, or with the region.

    Not every conflict is found here: some take a search, which then proves that there is no plan.
    What is found does not depend on the search.

    Parameters
    ----------
    problem
        The region.
    rules
        The rules it was built with.
    practices
        Its practices: the table, with `attached_to`, says which count as part of others, and the
        data report which were left out for their small lists.

    Raises
    ------
    InputError
        With every conflict: the rule and the practices concerned.
    """
    faults = conflicts_of_codes(rules)
    faults += _attached(rules, practices.table)
    faults += _left_out(rules, practices.data_report)
    faults = faults or [*_together(problem), *_fixed(problem), *_without_hub(problem)]
    if faults:
        raise InputError(faults)


def _attached(rules: Rules, table: pd.DataFrame) -> Iterator[Fault]:
    """Name practices of rules that are no practice of their own in this region."""
    attached = table[table["attached_to"] != ""]
    host_of = dict(zip(attached["practice_code"], attached["attached_to"], strict=True))
    for key, group in groups_by_rule(rules):
        for code in group:
            host = host_of.get(code)
            if host is not None and (host not in group or key == "rules.apart"):
                problem = f"names {code}, which counts as part of {host} (data.atypical: attach)"
                yield Fault(key, problem, f"Name {host} instead.", value=", ".join(group))


def _left_out(rules: Rules, report: pd.DataFrame) -> Iterator[Fault]:
    small = (report["finding"] == "atypical_list") & (report["treatment"] == "excluded")
    excluded = {*report.loc[small, "practice_code"]}
    for key, group in groups_by_rule(rules):
        out = sorted(excluded.intersection(group))
        if out and key in {"rules.together", "rules.fixed"}:
            are = "is" if len(out) == 1 else "are"
            problem = f"names {named(out)}, which {are} left out (data.atypical: exclude)"
            remedy = "Keep such practices, or take them out of the rule."
            yield Fault(key, problem, remedy, value=", ".join(group))


def never_together(problem: Problem, group: Sequence[int]) -> list[str]:
    """Say what keeps practices from ever being in one network, where no search is needed for that.

    Parameters
    ----------
    group
        Positions of the practices, ascending.

    Returns
    -------
    Clauses, each of which suffices; none where it would take a search to tell.
    """
    fixed = {i for network in problem.fixed for i in network}
    if fixed.intersection(group):
        if any({*group} <= {*network} for network in problem.fixed):
            return []
        return [f"{problem.codes[i]} is in a network that is fixed" for i in group if i in fixed]
    torn = [pair for pair in problem.apart if {*pair} <= {*group}]
    if torn:
        return [f"{problem.codes[a]} and {problem.codes[b]} are to be apart" for a, b in torn]
    aside = {i for network in problem.aside for i in network}
    return [
        f"{problem.codes[i]} has {int(problem.weights[i]):,} patients, more than a network "
        "may have, and stands alone"
        for i in group
        if i in aside
    ] or _too_much(problem, group, aside)


def _together(problem: Problem) -> Iterator[Fault]:
    """Name groups that no allowed network can hold."""
    fixed = {i for network in problem.fixed for i in network}
    remedy = "Take the rule away, or name the whole network under rules.fixed."
    for group in problem.together:
        if fixed.intersection(group):
            continue  # the network has them all, or the codes conflict
        for reason in never_together(problem, group):
            names = named([problem.codes[i] for i in group])
            fault = f"{names} are to be in one network, but {reason}"
            yield Fault("rules.together", fault, remedy)


def _too_much(problem: Problem, group: Sequence[int], aside: Collection[int]) -> list[str]:
    """Say what keeps practices that are not aside from being in one network."""
    patients = sum(int(problem.weights[i]) for i in group)
    most = _most(problem)
    if patients > most:
        return [f"they have {patients:,} patients, and a network may have {most:,}"]
    if len(group) > problem.max_practices:
        count = problem.max_practices
        return [f"they are {len(group)} practices, and a network may have {count}"]
    reached = _ways(problem, group, aside)
    cut_off = [problem.codes[i] for i in group if i not in reached]
    if cut_off:
        within = f" within {most:,} patients" if most < int(problem.weights.sum()) else ""
        first, others = problem.codes[group[0]], named(cut_off)
        return [f"no chain of neighbours leads from {first} to {others}{within}"]
    hubs = [
        hub
        for hub, place in enumerate(problem.anchors.tolist())
        if place in reached and max(int(problem.cost[i, hub]) for i in (*group, place)) < FORBIDDEN
    ]
    if not hubs:
        who = "practice or site" if problem.sites else "practice"
        return [f"no {who} may be the hub of them all (rules.hubs, travel.max_to_hub, no way)"]
    return []


def _most(problem: Problem) -> int:
    """Return the most patients of any network, as far as the rules say so for certain."""
    size, total = problem.size, int(problem.weights.sum())
    return total if size.avoid_above else min(size.largest, total)


def _ways(problem: Problem, group: Sequence[int], aside: Collection[int]) -> Collection[int]:
    """Return the practices that a network with a group's first practice can reach.

    Such a network holds a way of neighbours, all the patients on it, and nobody who is aside or
    apart from somebody of the group.
    """
    shut = {*aside, *(b for pair in problem.apart for a, b in (pair, pair[::-1]) if a in group)}
    most, reached = _most(problem), set[int]()
    ways = [(int(problem.weights[group[0]]), group[0])]
    while ways:
        size, i = heapq.heappop(ways)
        if i in reached or i in shut or size > most:
            continue
        reached.add(i)
        for j in problem.neighbours[i]:
            heapq.heappush(ways, (size + int(problem.weights[j]), j))
    return reached


def _fixed(problem: Problem) -> Iterator[Fault]:
    """Name networks that are fixed and have no practice within reach of all others."""
    for network in problem.fixed:
        if (problem.cost[np.ix_(network, network)] >= FORBIDDEN).any(axis=0).all():
            names = named([problem.codes[i] for i in network])
            fault = f"{names} are fixed as a network, but none of them is within reach of all"
            yield Fault("rules.fixed", fault, "Give their travel in travel.matrix.")


def _without_hub(problem: Problem) -> Iterator[Fault]:
    """Name practices that have no permitted hub in their connected part."""
    aside = {i for network in problem.aside for i in network}
    beside = [
        () if i in aside else tuple({*neighbours} - aside)
        for i, neighbours in enumerate(problem.neighbours)
    ]
    anchors, n = problem.anchors, len(problem.codes)
    with_hub = problem.cost < FORBIDDEN
    with_hub[:, ~with_hub[anchors, np.arange(len(anchors))]] = False
    allowed = with_hub[:, :n].copy()  # with a hub in the area of each practice
    np.logical_or.at(allowed.T, anchors[n:], with_hub[:, n:].T)
    for a, b in problem.apart:
        allowed[a, b] = allowed[b, a] = False
    lost = [
        int(i)
        for part in connected_parts(beside)
        for i in np.array(part)[~allowed[np.ix_(part, part)].any(axis=1)]
        if int(i) not in aside
    ]
    if lost:
        names = named([problem.codes[i] for i in sorted(lost)])
        problem_of = f"leaves no hub within reach for {names}"
        key = "rules.hubs" if (np.diagonal(problem.cost) < FORBIDDEN).any() else "hubs.only_sites"
        yield Fault(key, problem_of, "Allow a hub near them, or raise travel.max_to_hub.")
