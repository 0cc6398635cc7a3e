"""Expansion: everything that a better plan could use, up to the best plan's cost, and no further.

A proof says which candidates a plan of a given cost can use. They are enumerated, and the plans
made of them listed; where that takes too long they are tightened by cuts, branched on, and left to
set partitioning. If the best plan among them costs no more than that, it is the best there is; if
there is none, the bound rises to that cost and the next is higher.
"""

from __future__ import annotations

import numpy as np

from pcn_group.solver.bound.relaxation import Proof
from pcn_group.solver.columns import Columns
from pcn_group.solver.near_optimal.enumeration import Plans, list_partitions
from pcn_group.solver.near_optimal.equals import (
    EQUALS_EFFORT,
    exchangeable,
    first_of_equals,
    in_runs,
)
from pcn_group.solver.search.set_partitioning import Budget, Node, Verdict, branch, tightened
from pcn_group.solver.search.state import ONE_SEED, SearchState

__all__ = ["POOL_LIMIT", "expand"]

POOL_LIMIT = 320_000
"""Columns in a pool: with more the search gives up."""

_FIRST_REACH = 0.02
_FIRST_POOL = 20_000
"""The reach is shortened until the pool has no more columns than this, while that still helps."""
_FARTHEST_REACH = 2**61
_SOLVABLE = 1_500
"""Columns that CP-SAT is given at once: with more the search branches first."""
_FULL_EFFORT = 1e6
_LISTING_EFFORT, _FEW_NETWORKS, _PATIENCE = 10_000_000, 12, 30
"""Columns looked at, again and again, to list the plans of a pool outright: a tenth of a second,
and so many times that in a region of few networks."""


def expand(state: SearchState, proof: Proof) -> None:
    """Find the best plan and prove it, as far as time and pools allow.

    Ends when there is proof that the best plan is the only one of its cost, or the choice among
    those of equal cost is made by rule. With another seed than `ONE_SEED` that choice is left open.
    """
    most, reach = _FIRST_POOL, max(1, int(_FIRST_REACH * max(state.bound, 0)))
    while not state.is_out_of_time and (state.bound <= state.ceiling or state.plan):
        state.tell("proof")
        cost = state.cost if state.cost is not None else state.ceiling + 1
        reach = cost - proof.bound if state.is_done else min(reach, cost - proof.bound)
        reach = min(reach, _FARTHEST_REACH)
        columns = state.candidates_within(proof, reach, most)
        if columns is None:
            if reach > 0 and proof.bound + reach // 2 >= state.bound:
                reach //= 2
                continue
            most *= 4
            if most > POOL_LIMIT:
                return
            continue
        several: bool | None = state.is_done
        if not state.is_done:
            several = _settle(state, Node(columns, proof), proof.bound + reach)
        if several is None or state.is_close_enough:
            return
        # Only a pool up to the best plan's cost holds all others that cost as much.
        if state.is_done and proof.bound + reach >= (state.cost or 0):
            state.is_first = not several or (
                state.effort.seed == ONE_SEED and _choose_among_equals(state, columns, proof)
            )
            return
        reach = 2 * reach + 1


def _settle(state: SearchState, pool: Node, reached: int) -> bool | None:
    """Find the best plan made of the columns of a pool, and raise the bound by what is proven.

    Parameters
    ----------
    reached
        The pool holds all that a plan of this cost or less can use.

    Returns
    -------
    Whether there may be another plan of the same cost as the best; None where time ran out.
    """
    instance, stopped = state.instance, state.pricer.is_stopped
    several = unfinished = False
    open_nodes = [pool]
    while open_nodes:
        node = open_nodes.pop()
        before = state.cost
        has_equal = _listed(state, node, reached if before is None else min(reached, before))
        several &= state.cost == before
        if has_equal is not None:
            several |= has_equal
            node = node.emptied()
        else:
            limit = reached if state.cost is None else min(reached, state.cost)
            node = tightened(instance, node, limit, stopped)
        if len(node.columns) > _SOLVABLE and node.pairs:
            open_nodes += branch(instance, node, limit, stopped)
        elif len(node.columns) > 0:
            before = state.cost
            partition = state.best_partition(node.columns, node.proof, _FULL_EFFORT)
            if state.cost != before:
                several = False
                open_nodes.append(node)  # it may hold another as good
            elif partition.chosen is not None:
                several = True
            if partition.verdict in {Verdict.UNKNOWN, Verdict.FOUND}:
                open_nodes.append(node)
                unfinished = True
        state.prove(min([reached + 1, *(each.bound for each in open_nodes)]))
        if unfinished or stopped() or state.is_close_enough:
            return None
        if state.is_done and open_nodes:
            return True  # nothing is left to prove, and branching on would tell nothing more
    return several


def _listed(state: SearchState, node: Node, limit: int) -> bool | None:
    """Offer the best plan of a node by listing; None where that takes too long.

    In a region of a few networks little goes with those chosen already, and so this is much faster
    than any other way. In a large one it soon ends without a result.

    Returns
    -------
    Whether the node has another plan than the best so far that costs as little.
    """
    practices, limits = state.instance.size, state.limits(node.columns)
    is_small = state.instance.max_networks <= _FEW_NETWORKS
    effort = _LISTING_EFFORT * (_PATIENCE if is_small else 1)
    listed = list_partitions(
        node,
        practices,
        limit,
        limits=limits,
        most=2**31,
        effort=effort,
        best_only=True,
        stopped=state.pricer.is_stopped,
    )
    plans = listed.plans
    if len(plans) > 0:
        state.offer(node.columns.take(np.sort(listed.chosen[plans.costs.argmin()])))
    if not listed.complete:
        return None
    if state.plan is None:
        return False
    is_other = (plans.labels != Plans.one(state.plan, practices).labels).any(axis=1)
    return bool((is_other & (plans.costs == state.cost)).any())


def _choose_among_equals(state: SearchState, columns: Columns, proof: Proof) -> bool:
    """Take the first of the best plans by rule, whichever was found; False where effort ended.

    Parameters
    ----------
    columns
        All that a plan as good as the best can use.
    """
    instance, cost = state.instance, state.cost or 0
    if state.are_exchanged:
        columns = columns.take(in_runs(columns, exchangeable(instance), instance.size))
    node = tightened(instance, Node(columns, proof), cost, state.pricer.is_stopped)
    budget = Budget(state.effort.seconds_left, EQUALS_EFFORT)
    limits = state.limits(node.columns)
    chosen = first_of_equals(node, instance.size, cost, limits, budget, state.order)
    if chosen is not None:
        state.plan = node.columns.take(chosen)
    return chosen is not None
