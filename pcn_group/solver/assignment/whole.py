"""What a hub is worth where its set takes practices whole, not the last one in part.

The relaxation has a rate that patients pay, and takes every practice that is worth it. Any other
set differs from that one in some practices, each of which costs what it is off the rate, and pays
the rate for the patients by which it is off the end of the band. So the best set is found among
few, by going through what is cheapest to change: the core of a knapsack (Balas and Zemel, "An
algorithm for large zero-one knapsack problems", Operations Research 28, 1980).

It is what networks hardly above the minimum ask for: there a practice in part hides most of what
it costs to fill them all. `verify.whole_sets` knows the same in another implementation.
"""

from __future__ import annotations

from pcn_group.base.jit import helper
from pcn_group.solver.assignment.tables import FULL, NEVER, SCALE, Hess, Pairs, Work

__all__ = ["make_exact"]

_MOST_SETS = 100_000
"""So many sets of a hub are looked at; beyond, it is worth what it is with a practice in part."""


@helper
def make_exact(hess: Hess, part: Pairs, hub: int, work: Work) -> None:
    """Raise what a hub is worth to what it is with practices whole, and note its set."""
    work.exact[hub] = True
    critical, rate, inside = work.critical[hub], work.rate[hub], work.sets[hub]
    patients, count = 0, 0
    for i in range(len(inside)):
        inside[i] = part.allowed[hub, i] and (i == hub or part.hub_of[i] == hub)
        if part.allowed[hub, i] and not inside[i] and critical != FULL:
            value = (hess.cost[i, hub] - part.duals[i]) * SCALE - rate * hess.weights[i]
            inside[i] = value < 0
            work.changes[count] = i
            work.off[count] = abs(value) // SCALE
            count += 1
        if inside[i]:
            patients += hess.weights[i]
    if critical < 0:
        return  # a whole number of practices it was
    more = _cheapest_change(hess, hub, patients, count, work)
    work.worth[hub] = NEVER if more == NEVER else work.worth[hub] + more


@helper
def _cheapest_change(hess: Hess, hub: int, patients: int, count: int, work: Work) -> int:
    """Return the least that a set in the band costs more than one with a practice in part.

    So many changes there are from a set of so many patients; those that the best has are made.
    """
    kept = _worth_a_look(hess, hub, patients, count, work)
    added, removed = 0, 0
    for k in range(kept - 1, -1, -1):
        work.in_best[k] = False
        added += max(0, work.more[k])
        removed += min(0, work.more[k])
        work.added[k], work.removed[k] = added, removed
    more = _search(hess, hub, patients, kept, work)
    for k in range(kept):
        if work.in_best[k]:
            i = work.changes[k]
            work.sets[hub, i] = not work.sets[hub, i]
    return more


@helper
def _worth_a_look(hess: Hess, hub: int, patients: int, count: int, work: Work) -> int:
    """Keep the changes that cost no more than the best single one, cheapest first; count them."""
    limit = NEVER
    for k in range(count):
        i = work.changes[k]
        work.more[k] = -hess.weights[i] if work.sets[hub, i] else hess.weights[i]
        limit = min(limit, _paid(hess, hub, patients + work.more[k], work.off[k], work))
    kept = 0
    for k in range(count):
        practice, off, more = work.changes[k], work.off[k], work.more[k]
        if off > limit:
            continue
        j = kept
        while j > 0 and work.off[j - 1] > off:
            work.changes[j], work.off[j] = work.changes[j - 1], work.off[j - 1]
            work.more[j] = work.more[j - 1]
            j -= 1
        work.changes[j], work.off[j], work.more[j] = practice, off, more
        kept += 1
    return kept


@helper
def _search(hess: Hess, hub: int, patients: int, count: int, work: Work) -> int:
    """Go through the sets of changes, those with the cheapest first; return what the best costs."""
    low, high, stack = hess.ends[0], hess.ends[len(hess.slopes)], work.items
    best = _paid(hess, hub, patients, 0, work)
    k, depth, cost, seen = 0, 0, 0, 0
    while seen < _MOST_SETS:
        is_cheaper = k < count and cost + work.off[k] < best
        if is_cheaper and low - work.added[k] <= patients <= high - work.removed[k]:
            seen += 1
            stack[depth] = k
            depth += 1
            cost += work.off[k]
            patients += work.more[k]
            paid = _paid(hess, hub, patients, cost, work)
            if paid < best:
                best = paid
                _note(work, count, depth)
        elif depth > 0:  # take the last change back, and go on with those after it
            depth -= 1
            k = stack[depth]
            cost -= work.off[k]
            patients -= work.more[k]
        else:
            return best
        k += 1
    return 0


@helper
def _paid(hess: Hess, hub: int, patients: int, cost: int, work: Work) -> int:
    """Return what changes cost with what so many patients pay, `NEVER` outside the band."""
    if patients < hess.ends[0] or patients > hess.ends[len(hess.slopes)]:
        return NEVER
    return int(cost + work.rate[hub] * (patients - work.end[hub]) // SCALE)


@helper
def _note(work: Work, count: int, depth: int) -> None:
    """Note the changes on the stack as those of the best set."""
    for k in range(count):
        work.in_best[k] = False
    for k in range(depth):
        work.in_best[work.items[k]] = True
