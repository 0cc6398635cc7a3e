"""Text, numbers, tables and data as HTML. Nothing gets onto a page but through here."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

__all__ = [
    "Cell",
    "Column",
    "TableRow",
    "data_script",
    "decimals",
    "figure",
    "page_of",
    "percent",
    "table",
    "text",
    "tiles",
    "travel_or_count",
    "without_empty",
]

_IN_SCRIPTS = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def text(value: object) -> str:
    """Return text as HTML, for content and attributes."""
    return html.escape(str(value))


def figure(value: object) -> str:
    """Return a number with commas between thousands and the decimals it has: `12345.60`."""
    whole, point, decimals = str(value).partition(".")
    return f"{int(whole):,}{point}{decimals}" if whole.lstrip("-").isdigit() else text(value)


def decimals(value: str, places: int) -> str:
    """Return a number of a CSV file with as many decimals, so that those of a column align."""
    return f"{float(value):,.{places}f}" if value else ""


def travel_or_count(key: str, value: str) -> str:
    """Return a figure of a plan by its column: travel to the third decimal, as in the CSV files."""
    return decimals(value, 3) if key.startswith(("cost_", "mean_", "max_")) else figure(value)


def percent(share: str) -> str:
    """Return a share of a CSV file, such as `0.942308`, in per cent; nothing where there is none.

    What is not all is less than 100 %.
    """
    if not share:
        return ""
    value = float(share)
    return f"{value if value == 1 else min(value, 0.999):.1%}"


def page_of(region: str) -> str:
    """Return the address of a region's page, from that of all regions."""
    return text(f"{quote(region)}/report.html")


def tiles(figures: Iterable[tuple[str, str, str]]) -> str:
    """Return figures that stand out: what each is, its value, and a note, as text."""
    parts = (
        f"<div><dt>{text(name)}</dt><dd>{text(value)}"
        f"{f'<small>{text(note)}</small>' if note else ''}</dd></div>"
        for name, value, note in figures
    )
    return f'<dl class="tiles">{"".join(parts)}</dl>'


def data_script(name: str, values: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    """Return data for the scripts of a page; no text in it can end the element it is in."""
    content = json.dumps(values, ensure_ascii=False, separators=(",", ":")).translate(_IN_SCRIPTS)
    return f'<script type="application/json" id="{name}">{content}</script>'


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    heading
        What stands above it.
    is_number
        Whether it is sorted as numbers are, and stands to the right.
    is_drawn
        Whether its numbers are bars, which stand to the left.
    """

    heading: str
    is_number: bool = False
    is_drawn: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell: its HTML, and what it is sorted by where that is not its text."""

    content: str
    key: str | None = None


TableRow = tuple[str, Sequence[Cell]]
"""Attributes of a row as HTML, and a cell for each column"""


def without_empty(
    columns: Sequence[Column], rows: Sequence[TableRow]
) -> tuple[list[Column], list[TableRow]]:
    """Leave out the columns that have nothing in any row."""
    kept = [k for k in range(len(columns)) if any(cells[k].content for _, cells in rows)]
    return (
        [columns[k] for k in kept],
        [(attributes, [cells[k] for k in kept]) for attributes, cells in rows],
    )


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[TableRow],
    *,
    foot: Sequence[Cell] = (),
    is_sortable: bool = False,
    kind: str = "",
) -> str:
    """Return a table in a frame that scrolls by itself where it is wider than the page.

    Parameters
    ----------
    caption
        What it shows, read out before it.
    rows
        The first cell of each heads it.
    foot
        A row of totals.
    kind
        A class of its own.
    """
    head = "".join(_heading(column, is_sortable=is_sortable) for column in columns)
    body = "".join(f"<tr{attributes}>{_cells(columns, row)}</tr>" for attributes, row in rows)
    end = f"<tfoot><tr>{_cells(columns, foot)}</tr></tfoot>" if foot else ""
    style = " ".join(filter(None, (kind, "sortable" if is_sortable else "")))
    return (
        f'<div class="frame" tabindex="0" role="region" aria-label="{text(caption)}">'
        f'<table class="{style}"><caption>{text(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{end}</table></div>"
    )


def _heading(column: Column, *, is_sortable: bool) -> str:
    label = text(column.heading)
    content = f'<button type="button">{label}</button>' if is_sortable else label
    return f'<th scope="col"{_kind(column)}>{content}</th>'


def _cells(columns: Sequence[Column], row: Sequence[Cell]) -> str:
    cells = []
    for number, (column, cell) in enumerate(zip(columns, row, strict=True)):
        key = "" if cell.key is None else f' data-key="{text(cell.key)}"'
        opening, closing = ('th scope="row"', "th") if number == 0 else ("td", "td")
        cells.append(f"<{opening}{_kind(column)}{key}>{cell.content}</{closing}>")
    return "".join(cells)


def _kind(column: Column) -> str:
    kinds = {"number": column.is_number, "drawn": column.is_drawn}
    return "".join(f' class="{kind}"' for kind, applies in kinds.items() if applies)
