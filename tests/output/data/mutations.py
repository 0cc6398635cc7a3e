"""Every field of a file changed in turn, to values that a slip or a forger would leave."""

from __future__ import annotations

import copy
import csv
import io
import re
from collections.abc import Iterator
from typing import Any

Leaf = tuple[str | int, ...]


def changed_cell(cell: str) -> list[str]:
    """Values to put in place of a cell: another digit, another sign, nothing, something else."""
    if not cell:
        return ["1", "x"]
    digits = [k for k, letter in enumerate(cell) if letter.isdigit()]
    values = [""]
    if digits:
        k = digits[0]
        values.append(f"{cell[:k]}{(int(cell[k]) + 1) % 10}{cell[k + 1 :]}")
    if digits and re.fullmatch(r"[0-9]+(\.[0-9]+)?", cell) and float(cell):
        values.append(f"-{cell}")
    if cell in {"true", "false"}:
        values.append("false" if cell == "true" else "true")
    elif not digits:
        values.append(f"{cell}x")
    return values


def changed_cells(text: str, columns: frozenset[str] | None = None) -> Iterator[tuple[str, str]]:
    """Change every cell of a table; yields what was changed, and the text of the table."""
    head, *rows = csv.reader(io.StringIO(text))
    for k, row in enumerate(rows):
        for j, cell in enumerate(row):
            for value in changed_cell(cell) if columns is None or head[j] in columns else ():
                changed = [*rows[:k], [*row[:j], value, *row[j + 1 :]], *rows[k + 1 :]]
                yield f"row {k + 2}, {head[j]}: {cell!r} to {value!r}", written([head, *changed])


def changed_rows(text: str) -> Iterator[tuple[str, str]]:
    """Take every row away, and have every row twice."""
    head, *rows = csv.reader(io.StringIO(text))
    for k, row in enumerate(rows):
        yield f"row {k + 2} away", written([head, *rows[:k], *rows[k + 1 :]])
        yield f"row {k + 2} twice", written([head, *rows[:k], row, *rows[k:]])


def swapped_rows(text: str) -> Iterator[tuple[str, str]]:
    """Put every two rows that follow one another in the other order."""
    head, *rows = csv.reader(io.StringIO(text))
    for k in range(len(rows) - 1):
        yield (
            f"rows {k + 2} and {k + 3}",
            written([head, *rows[:k], rows[k + 1], rows[k], *rows[k + 2 :]]),
        )


def written(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def leaves(values: object, path: Leaf = ()) -> Iterator[tuple[Leaf, Any]]:
    """Yield every leaf of a JSON value with its path; an empty list or table is one."""
    if isinstance(values, dict | list) and values:
        pairs = values.items() if isinstance(values, dict) else enumerate(values)
        for key, value in pairs:
            yield from leaves(value, (*path, key))
    else:
        yield path, values


def changed_leaf(value: object) -> list[Any]:
    """Values to put in place of a leaf."""
    if isinstance(value, bool):
        return [not value, None]
    if isinstance(value, int | float):
        return [value + 1, -value - 1, None, str(value)]
    if isinstance(value, str):
        return [changed for changed in changed_cell(value) if changed != value]
    return [1, "x"] if value is None else [["x"], None]


def changed_leaves(values: object) -> Iterator[tuple[Leaf, Any, Any]]:
    """Change every leaf of a JSON value; yields its path, its new value, and the whole."""
    for path, value in leaves(values):
        for new in changed_leaf(value):
            whole = copy.deepcopy(values)
            put(whole, path, new)
            yield path, new, whole


def changed_keys(values: dict[str, Any]) -> Iterator[tuple[Leaf, Any]]:
    """Take every key away, at any depth, and add one beside it."""
    depths = range(1, 9)
    for path in sorted({leaf[:depth] for leaf, _ in leaves(values) for depth in depths}, key=str):
        whole = copy.deepcopy(values)
        around = at(whole, path[:-1])
        if path and isinstance(around, dict) and path[-1] in around:
            del around[path[-1]]
            yield path, whole
            more = copy.deepcopy(values)
            at(more, path[:-1])[f"{path[-1]}_too"] = 1
            yield (*path[:-1], f"{path[-1]}_too"), more


def put(values: object, path: Leaf, new: object) -> None:
    at(values, path[:-1])[path[-1]] = new


def at(values: Any, path: Leaf) -> Any:  # noqa: ANN401 - any JSON
    for key in path:
        values = values[key]
    return values
