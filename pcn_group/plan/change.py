"""What a change between the money of two plans follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pcn_group.funding.totals import TOTAL, Total
from pcn_group.plan.money import Money

__all__ = ["FOLLOWS", "Follows", "LineChange", "changes", "split"]

Follows = Literal["networks", "members", "columns"]

FOLLOWS: dict[Follows, str] = {
    "networks": "the number of networks",
    "members": "who is in one",
    "columns": "columns that only one plan has for all its practices",
}
"""What a change may follow, in words."""

_NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class LineChange:
    """A line, or the sum of those that count, in two plans.

    Attributes
    ----------
    before, after
        What each plan pays; None where it does not have the line.
    follows
        What the change follows; None of the sum.
    """

    before: Total | None
    after: Total | None
    follows: Follows | None

    @property
    def shown(self) -> Total:
        """The line in the later plan, or else in the first."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of them has the line
        return found

    @property
    def amounts(self) -> tuple[Decimal, Decimal]:
        """What each plan pays under it."""
        first, second = (_NOTHING if n is None else n.amount for n in (self.before, self.after))
        return first, second

    @property
    def more(self) -> Decimal:
        """How much more the second plan pays."""
        before, after = self.amounts
        return after - before


def changes(before: Money, after: Money) -> Iterator[LineChange]:
    """Return how each line changes from one plan to another, and last the sum of those that count.

    A line per network changes with the number of networks that it is paid for, any other with the
    practices that are in one: with their patients or beds. A line that the columns settle in one
    plan alone is there or not by these.
    """
    old, new = ({total.line: total for total in money.lines} for money in (before, after))
    for name in (*dict.fromkeys(name for name in (*old, *new) if name != TOTAL), TOTAL):
        first, second = old.get(name), new.get(name)
        follows: Follows | None = None
        if first is None or second is None:
            follows = "columns"
        elif name != TOTAL:
            follows = "networks" if name in after.per_network else "members"
        yield LineChange(first, second, follows)


def split(before: Money, after: Money) -> dict[Follows, Decimal]:
    """Split the change of the total by what it follows, to the penny."""
    parts = dict.fromkeys(FOLLOWS, _NOTHING)
    for change in changes(before, after):
        if change.follows is not None and change.shown.counted:
            parts[change.follows] += change.more
    return parts
