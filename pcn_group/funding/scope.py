"""What a budget is about: years, funding lines, and what counts.

Tariffs are YAML: those that come with the program, and the user's own in their place.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import ValidationError

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import nearest_key
from pcn_group.base.yaml import Document, Origins, faults_of, open_yaml, repeated_keys
from pcn_group.funding.absent import Absent
from pcn_group.funding.members import Member
from pcn_group.funding.tariff import (
    COLUMNS,
    SETTLED_BY_LISTS,
    WHERE_PUBLISHED,
    Basis,
    EarlierRate,
    FullYear,
    Tariff,
    TariffLine,
    year_paid_by,
)

__all__ = [
    "GROUPS",
    "Scope",
    "every_year",
    "missing_columns",
    "packaged_years",
    "read_tariff",
    "refuse_unasked",
    "refuse_unheard_of",
    "scope_between",
    "settled_bases",
    "tariffs_of",
]

_REMEDY = (
    "Give a tariff with --tariff or funding.tariffs. docs/budgets.md describes what is in one."
)


def packaged_years() -> tuple[str, ...]:
    """Return the financial years that a tariff comes with the program for."""
    names = (file.name for file in _folder().iterdir() if file.name.endswith(".yaml"))
    return tuple(sorted(name.removesuffix(".yaml").replace("-", "/") for name in names))


def every_year(files: Sequence[Path]) -> tuple[str, ...]:
    """Return every year that there is a tariff of, those of the user's own included."""
    return tuple(sorted({*packaged_years(), *(read_tariff(path).financial_year for path in files)}))


def tariffs_of(
    years: Sequence[str],
    files: Sequence[Path] = (),
    *,
    may_lack: bool = False,
    earlier: bool = False,
) -> tuple[Tariff, ...]:
    """Return the tariff of each year.

    Parameters
    ----------
    years
        Financial years.
    files
        Tariffs of the user's own; each takes the place of the one of its year.
    may_lack
        Whether a year without a tariff has one without rates; otherwise it is a fault.
    earlier
        Whether a year without a tariff has the latest before it.

    Raises
    ------
    InputError
        With every fault of every file, for two files of one year, and for a year without a tariff.
    """
    own: dict[str, tuple[Tariff, Path]] = {}
    faults: list[Fault] = []
    for path in files:
        try:
            tariff = read_tariff(path)
        except InputError as error:
            faults += error.faults
            continue
        year = tariff.financial_year
        if year in own:
            problem = f"is of {year}, as {own[year][1]} is"
            faults.append(Fault(str(path), problem, "Give one tariff for each year."))
        own[year] = (tariff, path)
    if faults:  # a faulty file may be of a year that there is none of
        raise InputError(faults)
    known = sorted({*packaged_years(), *own})
    sources = [_year_of_tariff(year, known, earlier=earlier) for year in years]
    lacking = [year for year, source in zip(years, sources, strict=True) if source is None]
    if lacking and not may_lack:
        raise InputError([_no_tariff(year, known) for year in lacking])

    def tariff_for(year: str, source: str | None) -> Tariff:
        if source is None:
            return _unknown(year, known)
        tariff = own[source][0] if source in own else _packaged(source)
        return tariff if source == year else tariff.for_later(year)

    return tuple(map(tariff_for, years, sources))


def _year_of_tariff(year: str, known: Sequence[str], *, earlier: bool) -> str | None:
    """Return the year itself, or if asked the latest before it; None without a tariff of it."""
    if year in known or not earlier:
        return year if year in known else None
    return max((each for each in known if each < year), default=None)


def _unknown(year: str, known: Sequence[str]) -> Tariff:
    """Return a tariff without rates, for a year without one; no file may be like this."""
    note = f"There is no tariff of {year}, but of {', '.join(known)}."
    return Tariff.model_construct(financial_year=year, lines=(), not_known=(), note=note)


def refuse_unasked(years: Sequence[str], files: Sequence[Path]) -> None:
    """Stop with an InputError where a tariff is of a year that is not asked for, as by a typo."""
    found = {path: read_tariff(path).financial_year for path in files}
    remedy = "Leave it out, or ask for its year."
    faults = [
        Fault(str(path), "is of a year that is not asked for", remedy, value=year)
        for path, year in found.items()
        if year not in years
    ]
    if faults:
        raise InputError(faults)


def read_tariff(path: Path) -> Tariff:
    """Read a tariff of the user's own.

    Raises
    ------
    InputError
        With every fault, each with file, row, field, value and remedy.
    """
    document = open_yaml(path, _REMEDY)
    faults = repeated_keys(document, path.name)
    try:
        tariff = Tariff.model_validate(document.values or {})
    except ValidationError as error:
        origins = Origins(path.name, dict(document.rows), [])
        faults += faults_of(error, origins, _known_keys(document))
    if faults:
        raise InputError(faults)
    return tariff


@cache
def _packaged(year: str) -> Tariff:
    with resources.as_file(_folder() / f"{year.replace('/', '-')}.yaml") as path:
        return read_tariff(path)


def _folder() -> Traversable:
    return resources.files("pcn_group.funding") / "tariffs"


def _known_keys(document: Document) -> list[str]:
    """Return every valid key of a document with as many lines as this one."""
    items = sorted({key[1] for key in document.rows if len(key) > 1 and key[0] == "lines"})
    fields = [
        *TariffLine.model_fields,
        *(f"full_year.{name}" for name in FullYear.model_fields),
        *(f"earlier.{name}" for name in EarlierRate.model_fields),
    ]
    return [*Tariff.model_fields, *(f"lines.{k}.{field}" for k in items for field in fields)]


def _no_tariff(year: str, known: Sequence[str]) -> Fault:
    remedy = (
        f"Choose one of {', '.join(known)}, give a file of your own for it, or take the latest "
        "earlier one with --earlier-tariff."
    )
    return Fault("tariff", "there is none of this year", remedy, value=year)


_SHOWN = 10
_FEW = 3

GROUPS = ("registered", "all")
"""What stands for several lines."""


@dataclass(frozen=True)
class Scope:
    """What a budget is about.

    Attributes
    ----------
    tariffs
        One for each year, in order.
    lines
        `registered` (what registered lists and a plan settle), `all` (what the columns at hand
        settle), or names, which `registered` and `all` may be among.
    unconfirmed
        Whether totals count lines whose rate is not confirmed.
    full_year
        Whether lines paid for a part of the year count as of a full one, where that rate is known.
    growth
        Of the lists in a year, from the year that they are of on.
    asked_by
        The key or option that says which lines, for faults.
    list_date
        The day of the lists, ISO; empty where it is not known.
    """

    tariffs: tuple[Tariff, ...]
    lines: str | tuple[str, ...] = "registered"
    unconfirmed: bool = False
    full_year: bool = False
    growth: Fraction = Fraction(0)
    asked_by: str = "funding.lines"
    list_date: str = ""

    @property
    def base_year(self) -> str:
        """The year that the lists are of: without a date the first."""
        return year_paid_by(self.list_date) if self.list_date else self.tariffs[0].financial_year

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of lines, `registered` and `all` that are asked for."""
        return (self.lines,) if isinstance(self.lines, str) else self.lines

    def lines_of(self, tariff: Tariff, settled: Collection[Basis]) -> tuple[TariffLine, ...]:
        """Return the lines of a tariff that the budget has.

        Parameters
        ----------
        settled
            The bases that are known of every practice in a network.
        """
        lines = (line.for_full_year() if self.full_year else line for line in tariff.lines)
        return tuple(line for line in lines if self._has(line, settled))

    def absent_from(self, tariff: Tariff, settled: Collection[Basis]) -> tuple[Absent, ...]:
        """Return the lines of a tariff that the budget does not have, those without a rate last."""
        lines = (line for line in tariff.lines if not self._has(line, settled))
        return (
            *(
                Absent(line.name, line, "" if line.per in settled else COLUMNS[line.per])
                for line in lines
            ),
            *(Absent(name, None, "") for name in tariff.not_known),
        )

    def unheard_of(self, tariff: Tariff) -> tuple[str, ...]:
        """Return the names asked for that are no lines of the tariff."""
        return tuple(name for name in self.asked if name not in {*tariff.names, *GROUPS})

    def counts(self, line: TariffLine) -> bool:
        """Whether totals count a line."""
        return line.confirmed or self.unconfirmed

    def _has(self, line: TariffLine, settled: Collection[Basis]) -> bool:
        return (
            line.name in self.asked
            or ("registered" in self.asked and line.per in SETTLED_BY_LISTS)
            or ("all" in self.asked and line.per in settled)
        )


def scope_between(  # noqa: PLR0913 - each is one choice of the user's
    years: Sequence[str],
    files: Sequence[Path],
    lines: str | tuple[str, ...],
    *,
    unconfirmed: bool = False,
    full_year: bool = False,
    growth: Fraction = Fraction(0),
    asked_by: str = "funding.lines",
    is_certain: bool = True,
    earlier_tariff: bool = False,
    list_date: str = "",
) -> Scope:
    """Read the tariffs of some years.

    Parameters
    ----------
    is_certain
        Whether the user named the years. Otherwise they may lack a tariff, or lines that are asked
        for: the budget then says what is missing.
    earlier_tariff
        Whether a year without a tariff has the latest before it.

    Raises
    ------
    InputError
        For faults of the tariffs, and for lines that no tariff of these years has.
    """
    tariffs = tariffs_of(years, files, may_lack=not is_certain, earlier=earlier_tariff)
    scope = Scope(tariffs, lines, unconfirmed, full_year, growth, asked_by, list_date)
    if is_certain:
        refuse_unheard_of(scope)
    return scope


def refuse_unheard_of(scope: Scope) -> None:
    """Stop with an InputError for names that are lines of none of the tariffs."""
    tariffs = scope.tariffs
    known = list(dict.fromkeys(name for tariff in tariffs for name in tariff.names))
    if not known:
        return
    years = [tariff.financial_year for tariff in tariffs]
    faults = [
        Fault(scope.asked_by, f"is no line of {_told(years)}", _remedy(name, known), value=name)
        for name in scope.asked
        if all(name in scope.unheard_of(tariff) for tariff in tariffs)
    ]
    if faults:
        raise InputError(faults)


def _told(years: Sequence[str]) -> str:
    return " or ".join(years) if len(years) <= _FEW else f"{years[0]} to {years[-1]}"


def _remedy(name: str, known: Sequence[str]) -> str:
    near, _ = nearest_key(name, known)
    return f"{f'Did you mean {near}? ' if near else ''}The lines are {', '.join(known)}."


def settled_bases(members: Sequence[Member]) -> tuple[Basis, ...]:
    """Return the bases that are known of every practice in a network."""
    paid = [member for member in members if member.network_id]
    known = (basis for basis in COLUMNS if all(m.units(basis) is not None for m in paid))
    return (*known, "network")


def missing_columns(members: Sequence[Member], scope: Scope) -> list[Fault]:
    """Return a fault for each column that a line named needs and a practice in a network lacks.

    Another list never stands in for the one that is missing.
    """
    faults = []
    lines = [line for tariff in scope.tariffs for line in tariff.lines if line.name in scope.asked]
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
                f"Fill it in for every practice ({WHERE_PUBLISHED[column]}), or choose other lines "
                f"with {scope.asked_by}, such as all: those that the columns at hand settle."
            )
            faults.append(Fault("practices", problem, remedy, column=column))
    return faults
