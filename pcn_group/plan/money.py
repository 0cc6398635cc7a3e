"""What a plan's networks are paid in a year, to set beside another plan's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from pcn_group.funding.totals import TOTAL, Total, totals_of
from pcn_group.plan.membership import plan_budget
from pcn_group.region.region import Region

__all__ = ["Money", "money_of", "pounds_a_head"]


@dataclass(frozen=True)
class Money:
    """What the networks of a plan are paid in one financial year.

    Attributes
    ----------
    lines
        Of all networks: one total for each line, and last the sum of those that count.
    networks
        Of each network likewise, by network.
    per_network
        The lines that count and are paid per network, whatever its size.
    """

    year: str
    lines: tuple[Total, ...]
    networks: tuple[Total, ...]
    per_network: tuple[str, ...]

    @property
    def in_all(self) -> Total:
        """The sum of the lines that count."""
        return self.lines[-1]

    @property
    def count(self) -> int:
        """How many networks there are."""
        return sum(1 for _ in self._sums())

    @property
    def least(self) -> Total:
        """What the network with the least for each patient gets, of equal ones the first."""
        return min(self._sums(), key=lambda total: total.amount / total.patients)

    @property
    def most(self) -> Total:
        """What the network with the most for each patient gets, of equal ones the first."""
        return max(self._sums(), key=lambda total: total.amount / total.patients)

    @property
    def paid_per_network(self) -> Decimal:
        """What the lines paid per network come to."""
        amounts = (total.amount for total in self.lines if total.line in self.per_network)
        return sum(amounts, Decimal("0.00"))

    def _sums(self) -> Iterable[Total]:
        return (total for total in self.networks if total.line == TOTAL)


def money_of(region: Region, networks: Iterable[tuple[str, Sequence[int]]]) -> Money:
    """Work out what networks are paid, under the lines and in the year that the rules name.

    Parameters
    ----------
    networks
        Identifier and members of each, as positions one at least.

    Raises
    ------
    InputError
        If a line needs a column that is not known for every practice in a network.
    """
    (year,) = plan_budget(region.table, networks, region.configuration.funding).years
    counts = {payment.line.name for payment in year.regions if payment.counted}
    totals = totals_of(year)
    return Money(
        year=year.year,
        lines=tuple(total for total in totals if total.level == "all"),
        networks=tuple(total for total in totals if total.level == "network"),
        per_network=tuple(n.name for n in year.lines if n.per == "network" and n.name in counts),
    )


def pounds_a_head(total: Total) -> Decimal:
    """Return pounds for each patient to the penny, a half up."""
    return (total.amount / total.patients).quantize(Decimal("0.01"), ROUND_HALF_UP)
