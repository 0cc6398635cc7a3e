"""Compiling what lists near-optimal plans."""

from __future__ import annotations

import numpy as np

from pcn_group.solver.bound.relaxation import Proof
from pcn_group.solver.model.columns import Columns
from pcn_group.solver.near_optimal.diversity import farthest_first
from pcn_group.solver.near_optimal.enumeration import list_partitions
from pcn_group.solver.search.branching import Node

__all__ = ["compile_listing"]


def compile_listing() -> None:
    """Do the same for what lists plans and compares them."""
    nothing = np.zeros(0, dtype=np.int64)
    node = Node(Columns.of([[0], [1], [0, 1]], [1, 1, 1]), Proof(np.array([1, 0]), (), nothing))
    plans = list_partitions(node, 2, 2, most=2, effort=100).plans
    farthest_first(plans.labels, np.array([1, 1]), 2)
