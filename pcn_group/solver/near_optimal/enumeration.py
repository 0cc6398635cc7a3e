"""Every plan that can be made of given columns up to some cost, or the best of them.

A depth-first search. Of the practices not covered yet, take the one that the fewest columns can
still cover, and try each of these. What a column costs above the duals of its members is known, and
so is the least that covering the other practices must cost above theirs: a branch is left when that
is too much.

Plans are kept side by side, as one array of labels by practice, which tells how much they differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pcn_group.solver.columns import Columns, Limit
from pcn_group.solver.near_optimal.enumeration_kernel import (
    DONE,
    EFFORT,
    FULL,
    PLANS,
    Offer,
    count_differences,
    empty_walk,
    search,
    with_more_room,
)
from pcn_group.solver.search.set_partitioning import Node

__all__ = ["Partitions", "Plans", "differences", "farthest_first", "list_partitions"]

Int = NDArray[np.int64]

_STRETCH = 20_000_000
"""Columns that are looked at between two questions whether to end: a tenth of a second or so."""


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


def differences(labels: Int, label: Int, weights: Int) -> Int:
    """Return by how many pairs of patients each plan differs from one."""
    total = np.zeros(len(labels), np.int64)
    count_differences(labels, label, weights, total)
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
        For each plan the positions of its columns.
    """

    plans: Plans
    complete: bool
    chosen: tuple[Int, ...]


def list_partitions(  # noqa: PLR0913 - each is one independent part of the question
    node: Node,
    practices: int,
    limit: int,
    *,
    limits: Sequence[Limit] = (),
    most: int,
    effort: int,
    best_only: bool = False,
    stopped: Callable[[], bool] = lambda: False,
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
        List a plan only if it costs less than the last, or is the only other that costs as little:
        so the last is the best, and so is the one before it if there are several.
    stopped
        Asked from time to time whether to end before.
    """
    columns, proof = node.columns, node.proof
    reduced = proof.reduced(columns)
    order = np.argsort(reduced, kind="stable")
    ordered = columns.take(order)
    amounts = np.array([each.amounts[order] for each in limits], dtype=np.int64)
    offer = Offer(
        words=_as_bits(ordered, practices),
        starts=ordered.starts,
        members=ordered.members,
        costs=ordered.costs,
        reduced=reduced[order],
        amounts=np.ascontiguousarray(amounts.reshape(len(limits), len(ordered)).T),
        totals=np.array([each.total for each in limits], dtype=np.int64),
    )
    walk = empty_walk(offer, practices, limit, min(effort, _STRETCH))
    left = effort - _STRETCH
    while (end := search(offer, walk, proof.bound, most, best_only)) != DONE:
        if end == FULL:
            walk = with_more_room(walk)
        elif walk.now[PLANS] == most or left <= 0 or stopped():
            break
        else:
            walk.now[EFFORT] += min(left, _STRETCH)
            left -= _STRETCH
    starts = walk.starts[: walk.now[PLANS] + 1]
    chosen = walk.found[: starts[-1]]
    return Partitions(
        Plans.of(ordered, practices, starts, chosen),
        complete=end == DONE,
        chosen=tuple(np.split(order[chosen], starts[1:-1])) if len(starts) > 1 else (),
    )


def _as_bits(columns: Columns, practices: int) -> NDArray[np.uint64]:
    """Return the members of each column as bits: uint64 (m, words)."""
    words = np.zeros((len(columns), practices // 64 + 1), np.uint64)
    owner = np.repeat(np.arange(len(columns)), columns.lengths)
    bits = np.uint64(1) << (columns.members % 64).astype(np.uint64)
    np.bitwise_or.at(words, (owner, columns.members // 64), bits)
    return words
