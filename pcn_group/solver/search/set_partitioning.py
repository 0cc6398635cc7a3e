"""The best plan that can be made of given columns, or any: by CP-SAT, after branching if need be.

A pool too large for CP-SAT at once is tightened by cuts, then branched on. In every plan two
practices are together or apart. Each child leaves out the columns that say otherwise, which raises
its bound, drops more columns, and so on until CP-SAT can solve what is left or nothing is.

Branching on pairs is from Ryan and Foster, "An integer programming approach to scheduling", in
Wren (ed.), Computer Scheduling of Public Transport (1981).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from pcn_group.solver.bound.cuts import Cut, counts
from pcn_group.solver.bound.relaxation import Proof, Relaxation
from pcn_group.solver.columns import Columns, Limit
from pcn_group.solver.instance import Instance
from pcn_group.solver.linear_program import LinearProgramError

__all__ = [
    "Budget",
    "Node",
    "Partition",
    "Verdict",
    "best_partition",
    "branch",
    "relaxed",
    "tightened",
]

Int = NDArray[np.int64]

_STEP = 0.2
"""Seconds between two looks for Ctrl-C."""


class Verdict(Enum):
    """What is known of the best selection; an unknown solver status stays unknown."""

    BEST = "best"
    NONE = "none"
    FOUND = "found"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Budget:
    """How much a selection is worth: seconds, and effort that does not depend on the clock."""

    seconds: float
    effort: float

    def less(self, spent: Budget) -> Budget:
        """Return what is left of it."""
        return Budget(self.seconds - spent.seconds, self.effort - spent.effort)


@dataclass(frozen=True)
class Partition:
    """A selection of columns that covers every practice once.

    Attributes
    ----------
    chosen
        Positions of the columns, ascending; None without a plan.
    spent
        What it took.
    """

    verdict: Verdict
    chosen: tuple[int, ...] | None
    spent: Budget = Budget(0.0, 0.0)


def best_partition(  # noqa: PLR0913 - each is one independent part of the model
    columns: Columns,
    practices: int,
    duals: Int,
    cuts: Sequence[Cut],
    budget: Budget,
    *,
    cost_at_most: int | None = None,
    other_than: Columns | None = None,
    limits: Sequence[Limit] = (),
    any_will_do: bool = False,
    seed: int = 1,
    stopped: Callable[[], bool] = lambda: False,
) -> Partition:
    """Choose columns that cover every practice exactly once at the least total cost.

    Parameters
    ----------
    duals
        The objective is `cost - duals of its practices`: smaller numbers than costs, and the same
        order of plans, since every plan pays each practice's dual once.
    cuts
        To state as well: every plan keeps them, and they help to see which are no plans.
    cost_at_most
        Plans that cost more do not count.
    other_than
        Nor does this very plan.
    any_will_do
        Whether any plan that counts is as good as another: the first found is the best.
    stopped
        Whether to end it at once.
    """
    model, chosen = _cover(columns, practices, cuts, limits)
    offset = int(duals.sum())
    reduced = columns.costs - np.add.reduceat(duals[columns.members], columns.starts[:-1])
    objective = cp_model.LinearExpr.weighted_sum(chosen, reduced.tolist())
    if cost_at_most is not None:
        model.add(objective <= cost_at_most - offset)
    if other_than is not None:
        excluded = set(other_than.keys())
        same = [chosen[k] for k, key in enumerate(columns.keys()) if key in excluded]
        if len(same) == len(other_than):
            model.add(sum(same) < len(same))
    if not any_will_do:
        model.minimize(objective)
    return _run(model, chosen, budget, seed, stopped)


def _cover(
    columns: Columns, practices: int, cuts: Sequence[Cut], limits: Sequence[Limit]
) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in range(len(columns))]
    holding: list[list[int]] = [[] for _ in range(practices)]
    for column, members in enumerate(np.split(columns.members, columns.starts[1:-1])):
        for practice in members:
            holding[practice].append(column)
    for having in holding:
        model.add_exactly_one(chosen[column] for column in having)
    count = counts(cuts, columns.matrix(practices))
    for row, cut in enumerate(cuts):
        within = slice(count.indptr[row], count.indptr[row + 1])
        some = [chosen[column] for column in count.indices[within]]
        model.add(
            cp_model.LinearExpr.weighted_sum(some, count.data[within].astype(int).tolist())
            <= cut.most
        )
    for limit in limits:
        model.add(cp_model.LinearExpr.weighted_sum(chosen, limit.amounts.tolist()) <= limit.total)
    return model, chosen


def _run(
    model: cp_model.CpModel,
    chosen: list[cp_model.IntVar],
    budget: Budget,
    seed: int,
    stopped: Callable[[], bool],
) -> Partition:
    solver = cp_model.CpSolver()
    # One worker: CP-SAT's parallel search does not end in the same plan every time.
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.linearization_level = 2
    solver.parameters.max_time_in_seconds = max(budget.seconds, 0.01)
    solver.parameters.max_deterministic_time = max(budget.effort, 0.0)
    status = _interruptible(solver, model, stopped)
    spent = Budget(solver.wall_time, solver.response_proto.deterministic_time)
    if status == cp_model.INFEASIBLE:
        return Partition(Verdict.NONE, None, spent)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Partition(Verdict.UNKNOWN, None, spent)
    plan = tuple(k for k, column in enumerate(chosen) if solver.boolean_value(column))
    return Partition(Verdict.BEST if status == cp_model.OPTIMAL else Verdict.FOUND, plan, spent)


def _interruptible(
    solver: cp_model.CpSolver, model: cp_model.CpModel, stopped: Callable[[], bool]
) -> cp_model.CpSolverStatus:
    """Solve so that Ctrl-C ends the program: CP-SAT would take it for its own time limit."""
    solver.parameters.catch_sigint_signal = False
    with ThreadPoolExecutor(1) as thread:
        solving = thread.submit(solver.solve, model)
        while True:
            try:
                # In steps, since Windows does not interrupt an endless wait.
                return solving.result(timeout=_STEP)
            except TimeoutError:
                if stopped():
                    solver.stop_search()
            except KeyboardInterrupt:
                solver.stop_search()
                raise


_CUTS_PER_ROUND = 100
_MOST_ROUNDS = 100
_LEAST_PROGRESS = 0.05
"""Cuts go on while four rounds close at least this share of what was open before them."""
_PAIRS_TRIED = 5
_UNDECIDED = 0.49
"""How far from a half the share of a pair may be for it to be worth branching on."""


@dataclass(frozen=True)
class Node:
    """A node of the branching: the plans made of these columns.

    Attributes
    ----------
    columns
        All that a plan of the node can use, unless it costs too much.
    proof
        What bounds the plans of the node. It says nothing about other columns.
    pairs
        Pairs of practices that the fractional plan has neither together nor apart, the least
        decided first.
    """

    columns: Columns
    proof: Proof
    pairs: tuple[tuple[int, int], ...] = ()

    @property
    def bound(self) -> int:
        """No plan of the node costs less."""
        return self.proof.bound

    def emptied(self) -> Node:
        """Return the node with no columns: none of them is of use any more."""
        return Node(self.columns.take(np.zeros(0, dtype=np.int64)), self.proof)


def tightened(instance: Instance, node: Node, cost: int, stopped: Callable[[], bool]) -> Node:
    """Add cuts over the columns of a node, and drop those that no plan of this cost can use."""
    return relaxed(instance, node, cost, stopped, _MOST_ROUNDS)


def branch(
    instance: Instance, node: Node, cost: int, stopped: Callable[[], bool]
) -> tuple[Node, Node]:
    """Branch on the pair of practices that raises the bounds of both children the most.

    Return the child with the higher bound first.
    """
    best: tuple[Node, Node] = (node, node)
    most = -1
    for pair in node.pairs[:_PAIRS_TRIED]:
        children = [
            relaxed(instance, Node(columns, node.proof), cost, stopped, 1)
            for columns in _children(node.columns, pair)
        ]
        first, second = sorted(children, key=lambda child: -child.bound)
        gains = [min(child.bound, cost) - node.bound + 1 for child in children]
        if gains[0] * gains[1] > most:
            best, most = (first, second), gains[0] * gains[1]
    return best


def _children(columns: Columns, pair: tuple[int, int]) -> tuple[Columns, Columns]:
    """Return the columns of plans with the pair together, and of plans with it apart."""
    first, second = (columns.holding(practice) for practice in pair)
    return columns.take(first == second), columns.take(~(first & second))


def relaxed(
    instance: Instance, node: Node, cost: int, stopped: Callable[[], bool], rounds: int
) -> Node:
    """Tighten a node in so many rounds at the most, the first without further cuts."""
    if len(node.columns) == 0 or node.bound > cost:
        return node.emptied()
    gaps: list[int] = []
    pairs: tuple[tuple[int, int], ...] = ()
    try:
        relaxation = Relaxation(instance, node.columns, cost / instance.patients, node.proof)
        for round_ in range(rounds):
            relaxation.settle(cost)
            pairs = relaxation.undecided_pairs(_PAIRS_TRIED, _UNDECIDED)
            more = round_ < rounds - 1 and relaxation.add_cuts(_CUTS_PER_ROUND)
            relaxation.restrict(cost)
            gaps.append(cost - relaxation.proof.bound)
            stalled = len(gaps) > 4 and gaps[-1] > (1 - _LEAST_PROGRESS) * gaps[-5]
            if not more or gaps[-1] <= 0 or stalled or stopped():
                break
    except LinearProgramError:
        return node
    return Node(relaxation.columns, relaxation.proof, pairs)
