"""Hess's assignment model in HiGHS, with cuts for contiguity added until the plan is contiguous.

Practices are assigned to hubs, and each hub's network keeps the band. Where the best plan has a
network in pieces, a cut says that a practice away from its hub needs one of those that separate the
two in the same network, and HiGHS solves again: its interface has no lazy constraints. The bound of
every round holds for contiguous plans as well. Pairs that no path within the maximum joins are left
out, as an expert would.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

import highspy
from highspy.highs import highs_linear_expression, highs_var
from protocol import Answer, Region, serve

Pairs = dict[tuple[int, int], highs_var]
Networks = dict[int, list[int]]
Cut = tuple[int, int, set[int]]

METRES_IN_UNIT = 1e6
"""Costs are in thousands of patient-kilometres, so that HiGHS's tolerances fit them."""


def group(region: Region, answer: Answer) -> None:
    model = highspy.Highs()
    model.silent()
    model.setOptionValue("threads", region.threads)
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", 0.5 / METRES_IN_UNIT)
    assigned = assignment(model, region)
    model.setMinimize()
    networks: Networks = {}
    rounds = 0
    while (left := region.limit - answer.seconds) > 0:
        rounds += 1
        answer.note = f"{rounds} rounds"
        model.setOptionValue("time_limit", model.getRunTime() + left)
        model.solve()
        bound = model.getInfo().mip_dual_bound * METRES_IN_UNIT
        if math.isfinite(bound):
            answer.bound = max(answer.bound or 0, round(bound))
        networks = by_hub(model, assigned)
        cuts = [cut for hub in networks for cut in separations(region, hub, networks[hub])]
        if not cuts:
            break
        for i, hub, between in cuts:
            model.addConstr(assigned[i, hub] <= present(assigned, hub, between))
    if networks:
        answer.offer(list(networks.values()))


def assignment(model: highspy.Highs, region: Region) -> Pairs:
    """Return each practice one hub, and each hub a network inside the band."""
    practices = range(len(region.weights))
    assigned: Pairs = {
        (i, hub): model.addBinary(obj=region.cost[i][hub] / METRES_IN_UNIT)
        for hub in practices
        for i in region.companions(hub)
    }
    smallest, largest = region.band
    patients, hubs = defaultdict(list), defaultdict(list)
    for (i, hub), chosen in assigned.items():
        hubs[i].append(chosen)
        patients[hub].append(region.weights[i] * chosen)
        if i != hub:
            model.addConstr(chosen <= assigned[hub, hub])
        if i != hub and hub not in region.neighbours[i]:
            # The nearest separation there is, known beforehand, saves most of the rounds.
            model.addConstr(chosen <= present(assigned, hub, region.neighbours[i]))
    for i in practices:
        model.addConstr(sum(hubs[i]) == 1)
        model.addConstr(sum(patients[i]) >= smallest * assigned[i, i])
        model.addConstr(sum(patients[i]) <= largest * assigned[i, i])
    return assigned


def present(assigned: Pairs, hub: int, practices: Iterable[int]) -> highs_linear_expression:
    """Count which of these practices are in the network of a hub."""
    return sum(
        (assigned[i, hub] for i in practices if (i, hub) in assigned), highs_linear_expression()
    )


def by_hub(model: highspy.Highs, assigned: Pairs) -> Networks:
    """Return the networks of the solution at hand; none where there is no solution."""
    solution = model.getSolution()
    networks: Networks = defaultdict(list)
    if solution.value_valid:
        for (i, hub), chosen in assigned.items():
            if solution.col_value[chosen.index] > 0.5:
                networks[hub].append(i)
    return networks


def separations(region: Region, hub: int, members: list[int]) -> Iterator[Cut]:
    """Return the cuts that a network in pieces breaks: a practice, its hub, and who is between."""
    everyone = set(range(len(region.weights)))
    rest = set(members) - reach(region, hub, set(members))
    while rest:
        piece = reach(region, min(rest), rest)
        rest -= piece
        around = {j for i in piece for j in region.neighbours[i]} - piece
        near_hub = reach(region, hub, everyone - piece - around)
        between = {j for j in around if not near_hub.isdisjoint(region.neighbours[j])}
        for i in piece:
            yield i, hub, between


def reach(region: Region, start: int, allowed: set[int]) -> set[int]:
    """Find the practices that can be reached through allowed ones."""
    found, frontier = {start}, [start]
    while frontier:
        new = (allowed & set(region.neighbours[frontier.pop()])) - found
        found |= new
        frontier += new
    return found


if __name__ == "__main__":
    serve(group, "highspy", keeps_time=True)
