"""Every network there can be, listed in plain Python, and CP-SAT to choose among them.

Each connected set inside the band is found once, from its lowest practice outwards. The list grows
so fast with the region that beyond a limit there is no point in going on.
"""

from __future__ import annotations

from collections.abc import Iterator

from ortools.sat.python import cp_model
from protocol import Answer, Region, serve

MOST = 100_000
"""Candidates beyond which the choice is left undone."""


def group(region: Region, answer: Answer) -> None:
    candidates = []
    for members in connected_sets(region):
        candidates.append(members)
        if len(candidates) > MOST:
            answer.note = f"over {MOST:,} candidates"
            return
    answer.note = f"{len(candidates):,} candidates"
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in candidates]
    containing: list[list[cp_model.IntVar]] = [[] for _ in region.weights]
    for members, choice in zip(candidates, chosen, strict=True):
        for i in members:
            containing[i].append(choice)
    for choices in containing:
        model.add_exactly_one(choices)
    costs = [region.network_cost(members) for members in candidates]
    model.minimize(cp_model.LinearExpr.weighted_sum(chosen, costs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = region.threads
    solver.parameters.max_time_in_seconds = max(0.1, region.limit - answer.seconds)
    if solver.solve(model) in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        pairs = zip(candidates, chosen, strict=True)
        answer.offer([members for members, choice in pairs if solver.boolean_value(choice)])
    answer.bound = max(0, round(solver.best_objective_bound))


def connected_sets(region: Region) -> Iterator[tuple[int, ...]]:
    """Return every connected set of practices inside the band."""
    smallest, largest = region.band

    def grow(
        members: tuple[int, ...], patients: int, beside: set[int], barred: set[int]
    ) -> Iterator[tuple[int, ...]]:
        if patients >= smallest:
            yield members
        barred = set(barred)
        for i in sorted(beside):
            # A practice once tried is barred from the later branches, so that no set comes twice.
            barred.add(i)
            if patients + region.weights[i] <= largest:
                further = (beside | set(region.neighbours[i])) - barred
                yield from grow((*members, i), patients + region.weights[i], further, barred)

    for root, patients in enumerate(region.weights):
        lower = set(range(root + 1))
        yield from grow((root,), patients, set(region.neighbours[root]) - lower, lower)


if __name__ == "__main__":
    serve(group, "ortools", keeps_time=True)
