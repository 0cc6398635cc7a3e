"""Expansion: everything that a better plan could use, up to the best plan's cost, and no further.

A proof says which candidates a plan of a given cost can use. They are enumerated, tightened,
divided and selected from. If the best plan among them is no dearer than that cost, it is the best
there is; if there is none, the bound rises to that cost and the next is higher.
"""

from __future__ import annotations

from pcn_group.solver.bound.relaxation import Proof
from pcn_group.solver.model.columns import Columns
from pcn_group.solver.model.effort import ONE_SEED
from pcn_group.solver.near_optimal.equals import (
    EQUALS_EFFORT,
    exchangeable,
    first_of_equals,
    in_runs,
)
from pcn_group.solver.search.branching import Part, split, tightened
from pcn_group.solver.search.set_partitioning import Budget, Verdict
from pcn_group.solver.search.state import Standing

__all__ = ["POOL_LIMIT", "expand"]

POOL_LIMIT = 320_000
"""Columns in a pool: with more the search gives up."""

_FIRST_REACH = 0.02
_FIRST_POOL = 20_000
"""The reach is shortened until the pool has no more columns than this, while that still helps."""
_FARTHEST_REACH = 2**61
_SELECTABLE = 1_500
"""Columns that CP-SAT is given at once: more are divided first."""
_FULL_EFFORT = 1e6


def expand(standing: Standing, proof: Proof) -> None:
    """Find the best plan and prove it, as far as time and pools allow.

    Ends when there is proof that the best plan is the only one of its cost, or the choice among
    those of equal cost is made by rule. With another seed than `ONE_SEED` that choice is left open.
    """
    most, reach = _FIRST_POOL, max(1, int(_FIRST_REACH * max(standing.bound, 0)))
    while not standing.is_out_of_time and (standing.bound <= standing.ceiling or standing.plan):
        standing.tell("proof")
        cost = standing.cost if standing.cost is not None else standing.ceiling + 1
        reach = cost - proof.bound if standing.is_done else min(reach, cost - proof.bound)
        reach = min(reach, _FARTHEST_REACH)
        columns = standing.candidates_within(proof, reach, most)
        if columns is None:
            if reach > 0 and proof.bound + reach // 2 >= standing.bound:
                reach //= 2
                continue
            most *= 4
            if most > POOL_LIMIT:
                return
            continue
        several: bool | None = standing.is_done
        if not standing.is_done:
            several = _settle(standing, Part(columns, proof), proof.bound + reach)
        if several is None or standing.is_close_enough:
            return
        # Only a pool up to the best plan's cost holds all others that cost as much.
        if standing.is_done and proof.bound + reach >= (standing.cost or 0):
            standing.is_first = not several or (
                standing.effort.seed == ONE_SEED and _choose_among_equals(standing, columns, proof)
            )
            return
        reach = 2 * reach + 1


def _settle(standing: Standing, pool: Part, reached: int) -> bool | None:
    """Find the best plan made of the columns of a pool, and raise the bound by what is proven.

    Parameters
    ----------
    reached
        The pool holds all that a plan of this cost or less can use.

    Returns
    -------
    Whether there may be another plan of the same cost as the best; None where time ran out.
    """
    instance, stopped = standing.instance, standing.pricer.is_stopped
    several = unfinished = False
    open_parts = [pool]
    while open_parts:
        part = open_parts.pop()
        limit = reached if standing.cost is None else min(reached, standing.cost)
        part = tightened(instance, part, limit, stopped)
        if len(part.columns) > _SELECTABLE and part.pairs:
            open_parts += split(instance, part, limit, stopped)
        elif len(part.columns) > 0:
            before = standing.cost
            selected = standing.select(part.columns, part.proof, _FULL_EFFORT)
            if standing.cost != before:
                several = False
                open_parts.append(part)  # it may hold another as good
            elif selected.chosen is not None:
                several = True
            if selected.verdict in {Verdict.UNKNOWN, Verdict.FOUND}:
                open_parts.append(part)
                unfinished = True
        standing.prove(min([reached + 1, *(each.bound for each in open_parts)]))
        if unfinished or stopped() or standing.is_close_enough:
            return None
        if standing.is_done and open_parts:
            return True  # nothing is left to prove, and to divide on would tell nothing more
    return several


def _choose_among_equals(standing: Standing, columns: Columns, proof: Proof) -> bool:
    """Take the first of the best plans by rule, whichever was found; False where effort ended.

    Parameters
    ----------
    columns
        All that a plan as good as the best can use.
    """
    instance, cost = standing.instance, standing.cost or 0
    if standing.are_exchanged:
        columns = columns.take(in_runs(columns, exchangeable(instance), instance.size))
    part = tightened(instance, Part(columns, proof), cost, standing.pricer.is_stopped)
    budget = Budget(standing.effort.seconds_left, EQUALS_EFFORT)
    limits = standing.limits(part.columns)
    chosen = first_of_equals(part, instance.size, cost, limits, budget, standing.order)
    if chosen is not None:
        standing.plan = part.columns.take(chosen)
    return chosen is not None
