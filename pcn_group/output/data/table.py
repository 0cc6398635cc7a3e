"""Tables as CSV: one definition of each, by which its rows are written and read again.

The rows of a table are records. Each field has, beside its type, what it means, as `Annotated` of
both: `patients: Annotated[int, "registered patients"]`. A third part is the heading of the column
where it has the unit of travel in it: `mean_{unit}`. A field that is a mapping has a column for
each figure of a profile: `{figure}_lowest`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal, InvalidOperation
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from types import NoneType
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError
from pcn_group.tables.sheets import unmarked

__all__ = ["Column", "Columns", "Table", "in_unit", "read_back"]

Columns = Mapping[str, str]
"""Each column with its meaning; `{unit}` in a name stands for the unit of travel, and `{figure}`
for a figure of the profile."""

_FIGURE = "{figure}"

Row = TypeVar("Row")


def in_unit(columns: Columns, unit: str) -> list[str]:
    """Return the headings of a table where travel is in `km`, in `minutes` or in `units`."""
    return [name.format(unit=unit) for name in columns if _FIGURE not in name]


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    field
        Of the record.
    heading
        With `{unit}` for the unit of travel.
    meaning
        In the reference.
    kind
        The type of its values.
    is_optional
        Whether a value may be missing.
    """

    field: str
    heading: str
    meaning: str
    kind: type
    is_optional: bool

    @property
    def is_by_figure(self) -> bool:
        """Whether there is one of it for each figure of a profile."""
        return _FIGURE in self.heading

    def figure_in(self, heading: str) -> str:
        """Return the figure that a heading of it is about; empty where it is not of it."""
        end = self.heading.removeprefix(_FIGURE)
        return heading.removesuffix(end) if self.is_by_figure and heading.endswith(end) else ""

    def as_text(self, value: object) -> str:
        """Return a value as CSV has it: travel to three decimals, what is None empty."""
        if value is None:
            return ""
        if isinstance(value, float) and "{unit}" in self.heading:
            return f"{value:.3f}"
        return str(_plain(value))

    def from_text(self, text: str) -> object:
        """Return the value of a cell; ValueError where it is none."""
        if self.is_optional and not text:
            return None
        if self.kind is bool:
            return _flag(text)
        if self.kind is Decimal:
            return _decimal(text)
        return self.kind(text)


@dataclass(frozen=True)
class Table(Generic[Row]):
    """A table, by the record that its rows are."""

    record: type[Row]

    @cached_property
    def fields(self) -> tuple[Column, ...]:
        """The columns, in order."""
        hints = get_type_hints(self.record, include_extras=True)
        return tuple(
            _column(field.name, hints[field.name])
            for field in fields(self.record)  # type: ignore[arg-type]
        )

    @property
    def columns(self) -> Columns:
        """The heading of each column, with what it means."""
        return {column.heading: column.meaning for column in self.fields}

    def plain(self, row: Row, unit: str = "") -> dict[str, Any]:
        """Return a row as plain values by heading, as JSON has them: exact numbers as text.

        Parameters
        ----------
        unit
            Of travel; of no account in a table without travel.
        """
        return {name: _plain(of(row)) for name, _, of in self._laid_out([row], unit)}

    def cells(self, row: Row, unit: str = "") -> dict[str, str]:
        """Return a row as text by heading, as CSV has it; what is None is empty."""
        return {name: column.as_text(of(row)) for name, column, of in self._laid_out([row], unit)}

    def csv(self, rows: Iterable[Row], unit: str = "") -> str:
        """Return rows as they are under their headings; all are about the same figures."""
        text, own = io.StringIO(), [*rows]
        writer = csv.writer(text, lineterminator="\n")
        columns = self._laid_out(own, unit)
        writer.writerow([name for name, _, _ in columns])
        writer.writerows([column.as_text(of(row)) for _, column, of in columns] for row in own)
        return text.getvalue()

    def _laid_out(
        self, rows: Sequence[Row], unit: str
    ) -> list[tuple[str, Column, Callable[[Row], Any]]]:
        """Return each heading with its column and how a row has its value."""
        columns: list[tuple[str, Column, Callable[[Row], Any]]] = []
        for column in self.fields:
            of = attrgetter(column.field)
            if column.is_by_figure:
                columns += [
                    (column.heading.format(figure=figure), column, _of_figure(of, figure))
                    for figure in (of(rows[0]) if rows else ())
                ]
            else:
                columns.append((column.heading.format(unit=unit), column, of))
        return columns

    def read(self, path: Path, text: str, again: str) -> tuple[Row, ...]:
        """Return the rows of a file that `csv` wrote.

        Parameters
        ----------
        path, text
            The file, and what it holds.
        again
            As for `read_back`.

        Raises
        ------
        InputError
            If it is no table; with the columns that are missing, but for those that have a default
            since earlier versions lack them, or else every cell that makes no sense.
        """
        reader = csv.DictReader(io.StringIO(text))
        try:
            found = list(reader)
        except csv.Error as error:
            raise InputError([Fault(str(path), f"cannot be read: {error}", again)]) from error
        headings = reader.fieldnames or ()
        by_figure = [column for column in self.fields if column.is_by_figure]
        figures = {
            name: (column, column.figure_in(name))
            for column in by_figure
            for name in headings
            if column.figure_in(name)
        }
        unit = _unit(name for name in headings if name not in figures)
        plain = [column for column in self.fields if column not in by_figure]
        columns = {column.heading.format(unit=unit): column for column in plain}
        own = fields(self.record)  # type: ignore[arg-type]
        later = {field.name for field in own if field.default is not MISSING}
        columns = {
            name: column
            for name, column in columns.items()
            if name in headings or column.field not in later
        }
        missing = [name for name in columns if name not in headings]
        faults = [Fault(str(path), "has no such column", again, 1, name) for name in missing]
        rows = []
        for number, row in enumerate(found if not missing else (), start=2):
            values: dict[str, Any] = {column.field: {} for column in by_figure}
            for name in (*columns, *figures):
                cell = row[name] or ""
                try:
                    if name in figures:
                        column, figure = figures[name]
                        values[column.field][figure] = column.from_text(unmarked(cell))
                    else:
                        values[columns[name].field] = columns[name].from_text(unmarked(cell))
                except ValueError:
                    faults.append(Fault(str(path), "is damaged", again, number, name, cell))
            if not faults:
                rows.append(self.record(**values))
        if faults:
            raise InputError(faults)
        return tuple(rows)


def read_back(path: Path, again: str) -> str:
    """Return the text of a file.

    Parameters
    ----------
    again
        How to have it written again, in one sentence.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    try:
        most = limits.PLAIN if path.suffix == ".json" else limits.WHOLE
        return limits.read_whole(path, most).decode("utf-8")
    except (OSError, ValueError) as error:
        raise InputError([Fault(str(path), f"cannot be read: {error}", again)]) from error


def _column(name: str, hint: object) -> Column:
    kind, meaning, *heading = get_args(hint)
    if get_origin(kind) is Mapping:
        _, kind = get_args(kind)
    (plain,) = (part for part in get_args(kind) or (kind,) if part is not NoneType)
    return Column(name, heading[0] if heading else name, meaning, plain, plain is not kind)


def _of_figure(of: Callable[[Row], Any], figure: str) -> Callable[[Row], Any]:
    return lambda row: of(row)[figure]


def _unit(headings: Iterable[str]) -> str:
    """Return the unit of travel that headings are in."""
    words = {word for name in headings for word in name.split("_")}
    return next((unit for unit in ("minutes", "units") if unit in words), "km")


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, Decimal) else value


def _flag(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise ValueError
    return text.lower() == "true"


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError from error
