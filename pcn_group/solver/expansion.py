"""Expansion: everything that a better plan could use, up to the best plan's cost, and no further.

A proof says which candidates a plan of a given cost can use. They are enumerated, tightened,
divided and selected from. If the best plan among them is no dearer than that cost, it is the best
there is; if there is none, the bound rises to that cost and the next is higher.
"""

from __future__ import annotations

import numpy as np

from pcn_group.solver.columns import Columns
from pcn_group.solver.division import Part, split, tightened
from pcn_group.solver.relaxation import Proof
from pcn_group.solver.selection import Budget, Verdict, first_of_equals
from pcn_group.solver.standing import Standing

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
_EQUALS_EFFORT = 20.0


def expand(standing: Standing, proof: Proof) -> None:
    """Find the best plan and prove it, as far as time and pools allow.

    Ends when there is proof that the best plan is the only one of its cost, or the choice among
    those of equal cost is made by rule.
    """
    most, reach = _FIRST_POOL, max(1, int(_FIRST_REACH * max(standing.bound, 0)))
    while not standing.is_out_of_time and (standing.bound <= standing.ceiling or standing.plan):
        standing.tell("proof")
        cost = standing.cost if standing.cost is not None else standing.ceiling + 1
        reach = min(reach, cost - proof.bound, _FARTHEST_REACH)
        columns = standing.candidates_within(proof, reach, most)
        if columns is None:
            if reach > 0 and proof.bound + reach // 2 >= standing.bound:
                reach //= 2
                continue
            most *= 4
            if most > POOL_LIMIT:
                return
            continue
        several = _settle(standing, Part(columns, proof), proof.bound + reach)
        if several is None or standing.is_close_enough:
            return
        if standing.is_done:
            if several:
                _choose_among_equals(standing, columns)
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
    Whether another plan of the same cost as the best was met; None where time ran out.
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
    return several


def _choose_among_equals(standing: Standing, columns: Columns) -> None:
    """Several plans are best: take the first by the rule, whichever was found."""
    budget = Budget(standing.effort.seconds_left, _EQUALS_EFFORT)
    limits, cost = standing.limits(columns), standing.cost or 0
    chosen = first_of_equals(columns, standing.instance.size, cost, limits, budget)
    if chosen is not None:
        standing.plan = columns.take(np.array(chosen))
