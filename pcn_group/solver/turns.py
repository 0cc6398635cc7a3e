"""Two engines in turn: one lists networks, the other, for large networks, assigns to hubs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pcn_group.base.progress import OnProgress
from pcn_group.solver.assignment.search import Assigned, assign, is_for, is_for_both
from pcn_group.solver.columns import Columns
from pcn_group.solver.instance import Instance
from pcn_group.solver.near_optimal.equals import Order
from pcn_group.solver.search.search import Outcome, search
from pcn_group.solver.search.state import Effort, Networks

__all__ = ["LISTING", "Turn", "in_turn", "turns_of"]


@dataclass(frozen=True)
class Turn:
    """A turn of an engine: that for large networks, or that which lists candidates.

    Attributes
    ----------
    share
        Of the time that is left.
    is_try
        Whether it ends early unless it is soon done.
    """

    is_for_large: bool
    share: float = 1.0
    is_try: bool = False

    def part_of(self, effort: Effort) -> Effort:
        """Return what it has of an effort that it shares."""
        return effort.at_most(self.share * effort.seconds_left)


LISTING, _ASSIGNING = Turn(is_for_large=False), Turn(is_for_large=True)
_EACH_IN_TURN = (
    replace(_ASSIGNING, is_try=True),
    replace(LISTING, share=0.1),
    replace(_ASSIGNING, share=0.5),
    LISTING,
)
"""Which of two engines will be done first is hard to tell, and one may never be."""


def turns_of(instance: Instance) -> tuple[Turn, ...]:
    """Return which engines have a go at an instance, until one is done."""
    if not is_for(instance):
        return (LISTING,)
    return _EACH_IN_TURN if is_for_both(instance) else (_ASSIGNING,)


def in_turn(
    instance: Instance,
    turns: Sequence[Turn],
    effort: Effort,
    on_progress: OnProgress,
    *,
    start: Networks | None = None,
    columns: Columns | None = None,
    order: Order | None = None,
) -> list[Outcome | Assigned]:
    """Give engines their turns, each with the best plan so far, until one is done."""
    found: list[Outcome | Assigned] = []
    for turn in turns:
        own = effort if len(turns) == 1 else turn.part_of(effort)
        outcome: Outcome | Assigned
        if turn.is_for_large:
            outcome = assign(instance, own, on_progress, start, is_try=turn.is_try)
        else:
            outcome = search(instance, own, on_progress, start=start, columns=columns, order=order)
        found.append(outcome)
        if outcome.proven or effort.seconds_left == 0:
            break
        start = outcome.networks or start
    return found
