"""One CP-SAT model of the whole question: practices to hubs, the band, and a flow for contiguity.

Every practice is assigned to a hub, itself or another; a hub's network keeps the band; and every
practice that is no hub receives a unit of flow sent from its hub along neighbours in one network.
Pairs that no path within the maximum joins are left out, as an expert would.
"""

from __future__ import annotations

from collections import defaultdict

from ortools.sat.python import cp_model
from protocol import Answer, Region, serve

Pairs = dict[tuple[int, int], cp_model.IntVar]


def group(region: Region, answer: Answer) -> None:
    model = cp_model.CpModel()
    assigned = assignment(model, region)
    contiguity(model, region, assigned)
    model.minimize(sum(region.cost[i][hub] * chosen for (i, hub), chosen in assigned.items()))
    solver = cp_model.CpSolver()
    # A full linear relaxation and one thread: with the defaults, or with two, it solved less.
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_time_in_seconds = max(0.1, region.limit - answer.seconds)
    status = solver.solve(model)
    if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        answer.offer(networks(solver, assigned))
        answer.bound = round(solver.best_objective_bound)
    elif status == cp_model.UNKNOWN:
        answer.bound = max(0, round(solver.best_objective_bound))
    answer.note = solver.status_name(status).lower()


def assignment(model: cp_model.CpModel, region: Region) -> Pairs:
    """Return each practice one hub, and each hub a network inside the band."""
    practices = range(len(region.weights))
    assigned = {
        (i, hub): model.new_bool_var("") for hub in practices for i in region.companions(hub)
    }
    of_hub, of_practice = defaultdict(list), defaultdict(list)
    for (i, hub), chosen in assigned.items():
        of_practice[i].append(chosen)
        of_hub[hub].append((i, chosen))
        if i != hub:
            model.add_implication(chosen, assigned[hub, hub])
    smallest, largest = region.band
    for i in practices:
        model.add_exactly_one(of_practice[i])
        patients = sum(region.weights[j] * chosen for j, chosen in of_hub[i])
        model.add(patients >= smallest * assigned[i, i])
        model.add(patients <= largest * assigned[i, i])
    return assigned


def contiguity(model: cp_model.CpModel, region: Region, assigned: Pairs) -> None:
    """Let flow pass between neighbours of one network only, from hubs to all others."""
    practices = range(len(region.weights))
    sent: dict[tuple[int, int], cp_model.IntVar] = {}
    for i, j in region.edges:
        together = model.new_bool_var("")
        for hub in practices:
            pair = [assigned[k, hub] for k in (i, j) if (k, hub) in assigned]
            if len(pair) == 2:
                model.add(pair[0] == pair[1]).only_enforce_if(together)
            elif pair:
                model.add_implication(together, ~pair[0])
        for arc in ((i, j), (j, i)):
            sent[arc] = model.new_int_var(0, len(practices), "")
            model.add(sent[arc] == 0).only_enforce_if(~together)
    for i in practices:
        received = sum(sent[j, i] for j in region.neighbours[i])
        passed_on = sum(sent[i, j] for j in region.neighbours[i])
        model.add(received - passed_on == 1).only_enforce_if(~assigned[i, i])
        model.add(received == 0).only_enforce_if(assigned[i, i])


def networks(solver: cp_model.CpSolver, assigned: Pairs) -> list[list[int]]:
    members = defaultdict(list)
    for (i, hub), chosen in assigned.items():
        if solver.boolean_value(chosen):
            members[hub].append(i)
    return list(members.values())


if __name__ == "__main__":
    serve(group, "ortools", keeps_time=True)
