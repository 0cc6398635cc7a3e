"""Branching: a pool too large for CP-SAT at once is tightened by cuts, then branched on.

In every plan two practices are together or apart. Each child leaves out the columns that say
otherwise, which raises its bound, drops more columns, and so on until CP-SAT can solve what is left
or nothing is.

Branching on pairs is from Ryan and Foster, "An integer programming approach to scheduling", in
Wren (ed.), Computer Scheduling of Public Transport (1981).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pcn_group.solver.bound.relaxation import LinearProgramError, Proof, Relaxation
from pcn_group.solver.model.columns import Columns
from pcn_group.solver.model.instance import Instance

__all__ = ["Node", "branch", "relaxed", "tightened"]

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
        return Node(node.columns.take(np.zeros(0, dtype=np.int64)), node.proof)
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
