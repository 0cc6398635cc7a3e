"""What a budget is without: lines of its year that it does not have, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pcn_group.funding.tariff import WHERE_PUBLISHED, TariffLine

__all__ = ["Absent", "reasons_absent"]


@dataclass(frozen=True)
class Absent:
    """A line of a year that a budget does not have.

    Attributes
    ----------
    line
        None where its rate is not known.
    column
        What it needs and practices lack; empty where the rate is not known, or nobody asked for it.
    """

    name: str
    line: TariffLine | None
    column: str

    @property
    def told(self) -> str:
        """The line with its rate, such as `roles (22.894 a weighted patient)`."""
        if self.line is None:
            return f"{self.name} (rate not known)"
        confirmed = "" if self.line.confirmed else ", not confirmed"
        a = "an" if self.line.per == "adjusted" else "a"
        return f"{self.name} ({self.line.rate_gbp:,} {a} {self.line.unit}{confirmed})"


def reasons_absent(absent: Sequence[Absent]) -> Iterator[str]:
    """Say why lines are not in a budget: a sentence for each reason."""
    for column in dict.fromkeys(each.column for each in absent if each.column):
        names = _names(each for each in absent if each.column == column)
        yield f"Left out for want of {column}, {WHERE_PUBLISHED[column]}: {names}."
    if names := _names(each for each in absent if each.line and not each.column):
        yield f"Left out, since not asked for: {names}."
    if names := _names(each for each in absent if each.line is None):
        yield (
            f"Left out, since the rate is not known: {names}. A tariff of your own has it counted."
        )


def _names(absent: Iterable[Absent]) -> str:
    return ", ".join(each.name for each in absent)
