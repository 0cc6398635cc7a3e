"""What a budget is about: years, funding lines, and what counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import nearest_key
from pcn_group.funding.members import Member
from pcn_group.funding.tariff import COLUMNS, SETTLED_BY_LISTS, Tariff, TariffLine
from pcn_group.funding.tariff_files import tariffs_of

__all__ = ["Scope", "missing_columns", "scope_between"]

_SHOWN = 10


@dataclass(frozen=True)
class Scope:
    """What a budget is about.

    Attributes
    ----------
    tariffs
        One for each year, in order.
    lines
        `registered` (what registered lists and a plan settle), `all`, or names.
    unconfirmed
        Whether totals count lines whose rate is not confirmed.
    full_year
        Whether lines paid for a part of the year count as of a full one, where that rate is known.
    growth
        Of the lists in a year, from the first year on.
    asked_by
        The key or option that says which lines, for faults.
    """

    tariffs: tuple[Tariff, ...]
    lines: str | tuple[str, ...] = "registered"
    unconfirmed: bool = False
    full_year: bool = False
    growth: Fraction = Fraction(0)
    asked_by: str = "funding.lines"

    def lines_of(self, tariff: Tariff) -> tuple[TariffLine, ...]:
        """Return the lines of a tariff that the budget has."""
        lines = (line.for_full_year() if self.full_year else line for line in tariff.lines)
        return tuple(line for line in lines if self._has(line))

    def left_out(self, tariff: Tariff) -> tuple[TariffLine, ...]:
        """Return the lines of a tariff that are left out for their basis, not by choice."""
        if self.lines != "registered":
            return ()
        return tuple(line for line in tariff.lines if not self._has(line))

    def counts(self, line: TariffLine) -> bool:
        """Whether totals count a line."""
        return line.confirmed or self.unconfirmed

    def _has(self, line: TariffLine) -> bool:
        if self.lines == "registered":
            return line.per in SETTLED_BY_LISTS
        return self.lines == "all" or line.name in self.lines


def scope_between(
    years: Sequence[str],
    files: Sequence[Path],
    lines: str | tuple[str, ...],
    *,
    unconfirmed: bool = False,
    full_year: bool = False,
    growth: Fraction = Fraction(0),
    asked_by: str = "funding.lines",
) -> Scope:
    """Read the tariffs of some years.

    Raises
    ------
    InputError
        For faults of the tariffs, and for lines that no tariff of these years has.
    """
    tariffs = tariffs_of(years, files)
    known = list(dict.fromkeys(line.name for tariff in tariffs for line in tariff.lines))
    asked = () if isinstance(lines, str) else lines
    faults = [
        Fault(asked_by, f"is no line of {' or '.join(years)}", _remedy(name, known), value=name)
        for name in asked
        if name not in known
    ]
    if faults:
        raise InputError(faults)
    return Scope(tariffs, lines, unconfirmed, full_year, growth, asked_by)


def _remedy(name: str, known: Sequence[str]) -> str:
    near, _ = nearest_key(name, known)
    return f"{f'Did you mean {near}? ' if near else ''}The lines are {', '.join(known)}."


def missing_columns(members: Sequence[Member], scope: Scope) -> list[Fault]:
    """Return a fault for each column that a line needs and a practice in a network does not have.

    Another list never stands in for the one that is missing.
    """
    faults = []
    lines = [line for tariff in scope.tariffs for line in scope.lines_of(tariff)]
    for basis, column in COLUMNS.items():
        names = dict.fromkeys(line.name for line in lines if line.per == basis)
        without = [m.practice_code for m in members if m.network_id and m.units(basis) is None]
        if names and without:
            shown = ", ".join(without[:_SHOWN])
            more = f" and {len(without) - _SHOWN:,} more" if len(without) > _SHOWN else ""
            problem = (
                f"is needed for {', '.join(names)}, and unknown for {len(without):,} "
                f"practice{'s' if len(without) != 1 else ''}: {shown}{more}"
            )
            remedy = (
                "Fill it in for every practice, or choose other lines with "
                f"{scope.asked_by}, such as registered."
            )
            faults.append(Fault("practices", problem, remedy, column=column))
    return faults
