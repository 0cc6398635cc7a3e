"""Every plan that can be made of given columns up to some cost, or the best of them.

A depth-first search. Of the practices not covered yet, take the one that the fewest columns can
still cover, and try each of these. What a column costs above the duals of its members is known, and
so is the least that covering the other practices must cost above theirs: a branch is left when that
is too much.

Plans are kept side by side, as one array of labels by practice, which tells how much they differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import njit
from pcn_group.solver.columns import Columns, Limit
from pcn_group.solver.search.set_partitioning import Node

__all__ = ["Partitions", "Plans", "differences", "farthest_first", "list_partitions"]

Int = NDArray[np.int64]


@dataclass(frozen=True)
class Plans:
    """Plans of the same practices, none of them twice.

    Attributes
    ----------
    labels
        int64 (plans, n): for each practice the first one of its network.
    costs
        int64 (plans,).
    """

    labels: Int
    costs: Int

    @classmethod
    def of(cls, columns: Columns, practices: int, starts: Int, chosen: Int) -> Plans:
        """Put plans together from columns: those of plan `p` are `chosen[starts[p]:starts[p + 1]]`.

        Those of each plan cover the practices 0..n-1.
        """
        used = columns.take(chosen)
        plan = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        labels = np.empty((len(starts) - 1, practices), dtype=np.int64)
        first = used.members[used.starts[:-1]]
        labels[np.repeat(plan, used.lengths), used.members] = np.repeat(first, used.lengths)
        costs = np.zeros(len(starts) - 1, dtype=np.int64)
        np.add.at(costs, plan, used.costs)
        return cls(labels, costs)

    @classmethod
    def one(cls, columns: Columns, practices: int) -> Plans:
        """Return the plan that all of these columns are."""
        everything = np.arange(len(columns))
        return cls.of(columns, practices, np.array([0, len(columns)]), everything)

    def __len__(self) -> int:
        """Count the plans."""
        return len(self.costs)

    def joined(self, *others: Plans) -> Plans:
        """Return these, and then of the others those that are not among them, the least cost first.

        Of equals those come first that do by the rule that chooses among best plans. In what order
        the others come makes no difference.
        """
        labels = np.concatenate([self.labels, *(each.labels for each in others)])
        costs = np.concatenate([self.costs, *(each.costs for each in others)])
        _, first = np.unique(labels, axis=0, return_index=True)
        new = first[first >= len(self)]
        _, equals = np.unique(costs[new], return_inverse=True)
        tied = np.bincount(equals)[equals] > 1
        lists = [
            _networks(labels[plan]) if is_tied else ()
            for plan, is_tied in zip(new, tied, strict=True)
        ]
        order = sorted(range(len(new)), key=lambda k: (costs[new[k]], lists[k]))
        chosen = np.concatenate((np.arange(len(self)), new[np.array(order, dtype=np.int64)]))
        return Plans(labels[chosen], costs[chosen])


def _networks(label: Int) -> tuple[tuple[int, ...], ...]:
    """Return the practices of each network of a plan, by the first of them."""
    members: dict[int, list[int]] = {}
    for practice, network in enumerate(label.tolist()):
        members.setdefault(network, []).append(practice)
    return tuple(map(tuple, members.values()))


def farthest_first(labels: Int, weights: Int, count: int) -> list[int]:
    """Choose plans: the first, and then each time the one that differs the most from those chosen.

    How much a plan differs from several is how much it does from the nearest of them. Of equals the
    first is taken.

    Parameters
    ----------
    labels
        int64 (plans, n): in each plan, practices with the same label are in one network. No plan is
        there twice.
    weights
        int64 (n,): patients of each practice, 1 or more.
    count
        How many to choose; fewer where there are no more plans.
    """
    nearest = np.full(len(labels), np.iinfo(np.int64).max)
    chosen = [0]
    while len(chosen) < min(count, len(labels)):
        nearest = np.minimum(nearest, differences(labels, labels[chosen[-1]], weights))
        chosen.append(int(nearest.argmax()))
    return chosen


@njit(cache=True, nogil=True)
def differences(labels: Int, label: Int, weights: Int) -> Int:
    """Return by how many pairs of patients each plan differs from one."""
    total = np.zeros(len(labels), np.int64)
    for plan in range(len(labels)):
        for i in range(len(weights)):
            for j in range(i):
                if (labels[plan, i] == labels[plan, j]) != (label[i] == label[j]):
                    total[plan] += weights[i] * weights[j]
    return total


@dataclass(frozen=True)
class Partitions:
    """Plans made of some columns.

    Attributes
    ----------
    plans
        As they were found.
    complete
        Whether these are all; asked for the best only, whether the last is it. False where the
        effort or the room for plans ended first.
    chosen
        int64: positions of the columns of all of them, one plan after the other.
    """

    plans: Plans
    complete: bool
    chosen: Int


class _Offer(NamedTuple):
    """The columns as the search sees them, the least reduced cost first.

    Attributes
    ----------
    starts, members, costs
        As in `Columns`.
    reduced
        int64 (m,): reduced costs, none of them negative.
    amounts, totals
        int64 (m, k) and (k,): of what a plan may have at most so much in all.
    """

    starts: Int
    members: NDArray[np.int32]
    costs: Int
    reduced: Int
    amounts: Int
    totals: Int


def list_partitions(
    node: Node,
    practices: int,
    limit: int,
    *,
    limits: Sequence[Limit] = (),
    most: int,
    effort: int,
    best_only: bool = False,
) -> Partitions:
    """List every choice of columns that covers each practice once and costs at most `limit`.

    Parameters
    ----------
    node
        The columns, in order of practice, none with a negative reduced cost under the proof.
    limits
        What a plan may have at most in all.
    most, effort
        How many plans to list, and how many columns to look at, counting each again and again.
    best_only
        List a plan only if it costs less than the last: so the last is the best.
    """
    columns, proof = node.columns, node.proof
    reduced = proof.reduced(columns)
    order = np.argsort(reduced, kind="stable")
    ordered = columns.take(order)
    amounts = np.array([each.amounts[order] for each in limits], dtype=np.int64)
    offer = _Offer(
        starts=ordered.starts,
        members=ordered.members,
        costs=ordered.costs,
        reduced=reduced[order],
        amounts=np.ascontiguousarray(amounts.reshape(len(limits), len(ordered)).T),
        totals=np.array([each.total for each in limits], dtype=np.int64),
    )
    chosen, lengths, complete = _search(
        offer, practices, proof.bound, limit, most, effort, best_only
    )
    starts = np.concatenate(([0], np.cumsum(lengths)))
    return Partitions(Plans.of(ordered, practices, starts, chosen), complete, order[chosen])


@njit(cache=True, nogil=True)
def _search(
    offer: _Offer,
    n: int,
    bound: int,
    limit: int,
    most: int,
    effort: int,
    best_only: bool,  # noqa: FBT001 - compiled code takes no keywords
) -> tuple[Int, Int, bool]:
    """Search the choices; return the columns and lengths of plans, and whether all is done.

    Level `k` has `k` columns taken. `pool[lo:mid]` are the columns that go with them, and
    `pool[mid:hi]` those of them that cover the practice to cover next.
    """
    lo, mid, hi, following, used = np.zeros((5, n + 1), np.int64)
    covered, taken = np.zeros((n + 1, n), np.bool_), np.zeros(n + 1, np.int64)
    pool = np.arange(max(4 * len(offer.costs), 64))
    mid[0] = len(offer.costs)
    words = _as_bits(offer, n)
    found, lengths = [0 for _ in range(0)], [0 for _ in range(0)]
    level, arriving = 0, True
    while level >= 0:
        if arriving:
            effort -= mid[level] - lo[level] + n
            if effort < 0 or len(lengths) == most:
                break
            slack = limit - bound - used[level]
            practice = _next_practice(offer, pool[lo[level] : mid[level]], covered[level], slack)
            if practice == n and _is_within(offer, taken[:level], limit):
                found.extend(taken[:level])
                lengths.append(level)
                limit = offer.costs[taken[:level]].sum() - 1 if best_only else limit
            if practice < 0 or practice == n:
                level, arriving = level - 1, False
                continue
            pool = _with_room(pool, 3 * mid[level] - 2 * lo[level])
            hi[level] = _covering(words, pool, lo[level], mid[level], practice)
            following[level] = mid[level]
        column = pool[following[level]] if following[level] < hi[level] else 0
        slack = limit - bound - used[level] - offer.reduced[column]
        if following[level] == hi[level] or slack < 0:  # the others of this practice cost no less
            level, arriving = level - 1, False
            continue
        following[level] += 1
        pool = _with_room(pool, hi[level] + mid[level] - lo[level])
        taken[level] = column
        used[level + 1] = used[level] + offer.reduced[column]
        lo[level + 1] = hi[level]
        mid[level + 1] = _compatible(
            offer, words, pool, lo[level], mid[level], hi[level], column, slack
        )
        covered[level + 1] = covered[level]
        for i in offer.members[offer.starts[column] : offer.starts[column + 1]]:
            covered[level + 1, i] = True
        level, arriving = level + 1, True
    return np.array(found), np.array(lengths), level < 0


@njit(cache=True, nogil=True)
def _as_bits(offer: _Offer, n: int) -> NDArray[np.uint64]:
    """Return the members of each column as bits: uint64 (m, words)."""
    words = np.zeros((len(offer.costs), n // 64 + 1), np.uint64)
    for column in range(len(offer.costs)):
        for i in offer.members[offer.starts[column] : offer.starts[column + 1]]:
            words[column, i // 64] |= np.uint64(1) << np.uint64(i % 64)
    return words


@njit(cache=True, nogil=True)
def _with_room(pool: Int, size: int) -> Int:
    """Return the same entries, with room for so many."""
    if size <= len(pool):
        return pool
    return np.concatenate((pool, np.zeros(size, np.int64)))


@njit(cache=True, nogil=True)
def _next_practice(offer: _Offer, left: Int, covered: NDArray[np.bool_], slack: int) -> int:
    """Return the practice that the fewest columns can cover; how many there are if all are covered.

    -1 where no column can cover some practice, or all that is left to cover costs too much: each
    column brings in its reduced cost, in equal parts, with its members.
    """
    n = len(covered)
    ways, least = np.zeros(n, np.int64), np.zeros(n, np.int64)
    for column in left:
        start, end = offer.starts[column], offer.starts[column + 1]
        share = offer.reduced[column] // (end - start)
        for i in offer.members[start:end]:
            if ways[i] == 0 or share < least[i]:
                least[i] = share
            ways[i] += 1
    best, needed = n, 0
    for i in range(n):
        if not covered[i]:
            if ways[i] == 0:
                return -1
            needed += least[i]
            if best == n or ways[i] < ways[best]:
                best = i
    return -1 if needed > slack else best


@njit(cache=True, nogil=True)
def _covering(words: NDArray[np.uint64], pool: Int, lo: int, mid: int, practice: int) -> int:
    """Write after `pool[lo:mid]` those of its columns that hold a practice; return their end."""
    word, bit = practice // 64, np.uint64(1) << np.uint64(practice % 64)
    end = mid
    for column in pool[lo:mid]:
        if words[column, word] & bit:
            pool[end] = column
            end += 1
    return end


@njit(cache=True, nogil=True)
def _compatible(  # noqa: PLR0913, PLR0917 - compiled code takes no keywords
    offer: _Offer,
    words: NDArray[np.uint64],
    pool: Int,
    lo: int,
    mid: int,
    end: int,
    taken: int,
    slack: int,
) -> int:
    """Write from `end` on the columns of `pool[lo:mid]` that go with another; return their end."""
    for column in pool[lo:mid]:
        if offer.reduced[column] > slack:
            break  # the others cost no less
        apart = True
        for word in range(words.shape[1]):
            if words[column, word] & words[taken, word]:
                apart = False
                break
        if apart:
            pool[end] = column
            end += 1
    return end


@njit(cache=True, nogil=True)
def _is_within(offer: _Offer, taken: Int, limit: int) -> bool:
    """Whether a plan keeps the limits; reduced costs alone do not tell what it costs."""
    fits = True
    for k in range(len(offer.totals)):
        fits = fits and offer.amounts[taken, k].sum() <= offer.totals[k]
    return fits and offer.costs[taken].sum() <= limit
