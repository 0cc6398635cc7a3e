"""The compiled search for plans made of given columns, and the count of how much plans differ."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import helper, kernel

__all__ = [
    "DONE",
    "EFFORT",
    "FULL",
    "PLANS",
    "Offer",
    "Walk",
    "count_differences",
    "empty_walk",
    "search",
    "with_more_room",
]

Int = NDArray[np.int64]

DONE, CUT_SHORT, FULL = range(3)
"""How a search ends."""

LEVEL, ARRIVING, EFFORT, LIMIT, PLANS, BEST = range(6)
"""Where `Walk.now` keeps: how many columns are taken, whether the last was just now, the effort
left (cut short, a search goes on once it has more), the largest cost wanted, how many plans are
found, and what the best costs if only that is wanted."""


@kernel
def count_differences(labels: Int, label: Int, weights: Int, total: Int) -> None:
    """Add to `total` by how many pairs of patients each plan differs from one."""
    for plan in range(len(labels)):
        for i in range(len(weights)):
            for j in range(i):
                if (labels[plan, i] == labels[plan, j]) != (label[i] == label[j]):
                    total[plan] += weights[i] * weights[j]


class Offer(NamedTuple):
    """The columns as the search sees them, the least reduced cost first.

    Attributes
    ----------
    words
        uint64 (m, words): the members of each column as bits.
    starts, members, costs
        As in `Columns`.
    reduced
        int64 (m,): reduced costs, none of them negative.
    amounts, totals
        int64 (m, k) and (k,): of what a plan may have at most so much in all.
    """

    words: NDArray[np.uint64]
    starts: Int
    members: NDArray[np.int32]
    costs: Int
    reduced: Int
    amounts: Int
    totals: Int


class Walk(NamedTuple):
    """Where a search stands, with `k` columns taken at level `k`.

    `pool[lo[k]:mid[k]]` are the columns that go with them, and `pool[mid[k]:hi[k]]` those of them
    that cover the practice to cover next, `following[k]` the one to try next. `used` is what the
    columns taken cost above the duals. `found[starts[p]:starts[p + 1]]` are the columns of plan
    `p`. `ways` and `least` are room to choose the next practice.
    """

    now: Int
    lo: Int
    mid: Int
    hi: Int
    following: Int
    used: Int
    taken: Int
    covered: NDArray[np.bool_]
    ways: Int
    least: Int
    pool: Int
    starts: Int
    found: Int


def empty_walk(offer: Offer, practices: int, limit: int, effort: int) -> Walk:
    """Return a search that has not begun."""
    n, columns = practices, len(offer.costs)
    lo, mid, hi, following, used = np.zeros((5, n + 1), np.int64)
    mid[0] = columns
    return Walk(
        now=np.array([0, 1, effort, limit, 0, 0]),
        lo=lo,
        mid=mid,
        hi=hi,
        following=following,
        used=used,
        taken=np.empty(n, np.int64),
        covered=np.zeros((n + 1, n), np.bool_),
        ways=np.empty(n, np.int64),
        least=np.empty(n, np.int64),
        pool=np.arange(max(4 * columns, 64)),
        starts=np.zeros(64, np.int64),
        found=np.empty(1024, np.int64),
    )


def with_more_room(walk: Walk) -> Walk:
    """Return the same search with twice the room."""
    return walk._replace(
        **{
            name: np.concatenate((full := getattr(walk, name), np.zeros_like(full)))
            for name in ("pool", "starts", "found")
        }
    )


@kernel
def search(
    offer: Offer,
    walk: Walk,
    bound: int,
    most: int,
    best_only: bool,  # noqa: FBT001 - compiled code takes no keywords
) -> int:
    """Search the choices; return `DONE`, `CUT_SHORT`, or `FULL`: with more room it goes on."""
    now, lo, mid, hi, following = walk.now, walk.lo, walk.mid, walk.hi, walk.following
    covered, pool, reduced = walk.covered, walk.pool, offer.reduced
    n = covered.shape[1]
    while now[LEVEL] >= 0:
        level = now[LEVEL]
        left = now[LIMIT] - bound - walk.used[level]
        if now[ARRIVING]:
            if not _has_room(walk, 3 * mid[level] - 2 * lo[level]):
                return FULL
            now[EFFORT] -= mid[level] - lo[level] + n
            if now[EFFORT] < 0 or now[PLANS] == most:
                return CUT_SHORT
            practice = _next_practice(offer, walk, left)
            if practice == n and _is_within(offer, walk):
                _record(offer.costs, walk, best_only)
            if practice < 0 or practice == n:
                now[LEVEL], now[ARRIVING] = level - 1, False
                continue
            hi[level] = _write_covering(offer.words, pool, lo[level], mid[level], practice)
            following[level] = mid[level]
        column = pool[following[level]] if following[level] < hi[level] else 0
        left -= reduced[column]
        if following[level] == hi[level] or left < 0:  # the others of this practice cost no less
            now[LEVEL], now[ARRIVING] = level - 1, False
            continue
        following[level] += 1
        walk.taken[level] = column
        walk.used[level + 1] = walk.used[level] + reduced[column]
        lo[level + 1] = hi[level]
        mid[level + 1] = _write_compatible(offer, walk, left)
        for i in range(n):
            covered[level + 1, i] = covered[level, i]
        for e in range(offer.starts[column], offer.starts[column + 1]):
            covered[level + 1, offer.members[e]] = True
        now[LEVEL], now[ARRIVING] = level + 1, True
    return DONE


@helper
def _has_room(walk: Walk, size: int) -> bool:
    """Whether the pool can be so large, and one more plan can be recorded."""
    plans, level = walk.now[PLANS], walk.now[LEVEL]
    return (
        size <= len(walk.pool)
        and plans + 1 < len(walk.starts)
        and walk.starts[plans] + level <= len(walk.found)
    )


@helper
def _record(costs: Int, walk: Walk, best_only: bool) -> None:  # noqa: FBT001 - as above
    """Record the columns taken as a plan.

    If only the best is wanted, the next may cost no more, and the one after two as good must cost
    less.
    """
    now, cost = walk.now, 0
    start = walk.starts[now[PLANS]]
    for k in range(now[LEVEL]):
        walk.found[start + k] = walk.taken[k]
        cost += costs[walk.taken[k]]
    now[PLANS] += 1
    walk.starts[now[PLANS]] = start + now[LEVEL]
    if best_only:
        is_second = now[PLANS] > 1 and cost == now[BEST]
        now[BEST] = cost
        now[LIMIT] = cost - 1 if is_second else cost


@helper
def _next_practice(offer: Offer, walk: Walk, slack: int) -> int:
    """Return the practice that the fewest columns can cover; how many there are if all are covered.

    -1 where no column can cover some practice, or all that is left to cover costs too much: each
    column brings in its reduced cost, in equal parts, with its members.
    """
    level, ways, least = walk.now[LEVEL], walk.ways, walk.least
    n = len(ways)
    for i in range(n):
        ways[i] = least[i] = 0
    for k in range(walk.lo[level], walk.mid[level]):
        column = walk.pool[k]
        start, end = offer.starts[column], offer.starts[column + 1]
        share = offer.reduced[column] // (end - start)
        for e in range(start, end):
            i = offer.members[e]
            if ways[i] == 0 or share < least[i]:
                least[i] = share
            ways[i] += 1
    best, needed = n, 0
    for i in range(n):
        if not walk.covered[level, i]:
            if ways[i] == 0:
                return -1
            needed += least[i]
            if best == n or ways[i] < ways[best]:
                best = i
    return -1 if needed > slack else best


@helper
def _write_covering(words: NDArray[np.uint64], pool: Int, lo: int, mid: int, practice: int) -> int:
    """Write after `pool[lo:mid]` those of its columns that hold a practice; return their end."""
    word, bit = practice // 64, np.uint64(1) << np.uint64(practice % 64)
    end = mid
    for k in range(lo, mid):
        if words[pool[k], word] & bit:
            pool[end] = pool[k]
            end += 1
    return end


@helper
def _write_compatible(offer: Offer, walk: Walk, slack: int) -> int:
    """Write the columns that go with the one just taken too, for the next level; return their end.

    Those that cost more than the slack are left out.
    """
    level, pool, words = walk.now[LEVEL], walk.pool, offer.words
    taken, end = walk.taken[level], walk.hi[level]
    for k in range(walk.lo[level], walk.mid[level]):
        column = pool[k]
        if offer.reduced[column] > slack:
            break  # the others cost no less
        is_apart = True
        for word in range(words.shape[1]):
            if words[column, word] & words[taken, word]:
                is_apart = False
                break
        if is_apart:
            pool[end] = column
            end += 1
    return end


@helper
def _is_within(offer: Offer, walk: Walk) -> bool:
    """Whether a plan keeps the limits; reduced costs alone do not tell what it costs."""
    cost = 0
    for a in range(walk.now[LEVEL]):
        cost += offer.costs[walk.taken[a]]
    fits = cost <= walk.now[LIMIT]
    for k in range(len(offer.totals)):
        amount = 0
        for a in range(walk.now[LEVEL]):
            amount += offer.amounts[walk.taken[a], k]
        fits = fits and amount <= offer.totals[k]
    return fits
