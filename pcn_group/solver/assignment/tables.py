"""What the kernels of the second engine read and fill."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["FREE", "FULL", "NEVER", "SCALE", "Hess", "Pairs", "Work"]

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

NEVER = 2**61
"""The worth of a hub that no set in the band can have, and the bound of a part without a plan."""
FREE, FULL = -1, -2
"""In place of a practice at whose rate patients enter: at a slope; nobody else has room."""
SCALE = 1024
"""The rate at which patients enter is a whole number of parts of this size."""


class Hess(NamedTuple):
    """What the kernels see of a region.

    Attributes
    ----------
    weights, cost
        As in `Region`.
    link_start, links
        As in `Region`.
    ends, slopes, paid
        What a network pays for its size: between two ends a patient more has this slope, and at the
        ends that is paid. The first and the last are the fewest and most patients of a network.
    fewest, most
        Networks of a plan.
    is_whole
        Whether sets take practices whole: bounds are higher then, and take longer.
    """

    weights: Int
    cost: Int
    link_start: Int
    links: Int
    ends: Int
    slopes: Int
    paid: Int
    fewest: int
    most: int
    is_whole: bool


class Pairs(NamedTuple):
    """A part of the tree.

    Attributes
    ----------
    allowed
        bool (n, n): which practices (columns) may be with each hub (row).
    hub_of
        The hub of each practice that has one left, or -1.
    duals
        Of practices.
    """

    allowed: Bool
    hub_of: Int
    duals: Int

    def copy(self) -> Pairs:
        """Return the same to be changed."""
        return Pairs(self.allowed.copy(), self.hub_of.copy(), self.duals.copy())


class Work(NamedTuple):
    """Arrays that the kernels fill, so that they are made once.

    Attributes
    ----------
    worth, critical, rate, end, chosen
        By hub: what it is worth, the practice at whose rate patients enter, that rate, how many
        patients there are then, and whether it is in the last answer.
    answer
        The running mean of answers, hubs by rows.
    values, rates, items
        Of the practices of one hub.
    in_part, exact, sets
        By hub: what it is worth with a practice in part, whether that is known with all of them
        whole, and then which are in its set.
    changes, off, more, added, removed, in_best
        What a set may differ in: the practices, what each costs, the patients more that it is then,
        how many those from one on can add or take away, and whether the best has it.
    queue, reached
        Of the practices that chains lead to.
    direction, best
        Of the next step, and the duals with the best bound so far.
    taken
        What share of each practice the set of one hub takes.
    """

    worth: Int
    critical: Int
    rate: Int
    end: Int
    chosen: Bool
    answer: Float
    values: Int
    rates: Int
    items: Int
    in_part: Int
    exact: Bool
    sets: Bool
    changes: Int
    off: Int
    more: Int
    added: Int
    removed: Int
    in_best: Bool
    queue: Int
    reached: Bool
    direction: Float
    best: Int
    taken: Float

    @classmethod
    def of(cls, n: int) -> Work:
        """Make them for so many practices."""
        worth, critical, rate, end, in_part = np.zeros((5, n), np.int64)
        values, rates, items, queue, best = np.zeros((5, n), np.int64)
        changes, off, more, added, removed = np.zeros((5, n), np.int64)
        chosen, reached, exact, in_best = np.zeros((4, n), np.bool_)
        answer, (direction, taken) = np.zeros((n, n)), np.zeros((2, n))
        return cls(
            worth=worth,
            critical=critical,
            rate=rate,
            end=end,
            chosen=chosen,
            answer=answer,
            values=values,
            rates=rates,
            items=items,
            in_part=in_part,
            exact=exact,
            sets=np.zeros((n, n), np.bool_),
            changes=changes,
            off=off,
            more=more,
            added=added,
            removed=removed,
            in_best=in_best,
            queue=queue,
            reached=reached,
            direction=direction,
            best=best,
            taken=taken,
        )
