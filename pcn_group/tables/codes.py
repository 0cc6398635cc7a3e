"""The codes in tables of text: brought to one form, and told where a file writes them otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pandas as pd

from pcn_group.base.codes import (
    UNALLOCATED,
    is_spreadsheet_error,
    is_unallocated,
    networks_of,
    one_form,
    one_spelling,
    says_nothing,
)
from pcn_group.tables.findings import Finding

__all__ = [
    "CODES",
    "as_networks",
    "errors_in",
    "in_one_form",
    "mapped",
    "respelt",
    "spelt_alike",
    "with_codes_in_one_form",
    "without_errors",
]

CODES = (
    "practice_code",
    "region_code",
    "icb_code",
    "nhs_region_code",
    "local_authority",
    "current_network",
)
"""The columns that hold codes."""

_LABELS = CODES[1:]
"""Those that people fill with words as well."""


def mapped(cells: pd.Series[str], change: Callable[[str], str]) -> pd.Series[str]:
    """Return cells changed one by one, each value once: a million rows have few values."""
    return _replaced(cells, {text: change(text) for text in set(cells)})


def _replaced(cells: pd.Series[str], by: Mapping[str, str]) -> pd.Series[str]:
    """Return cells replaced one by one: the same cells where none changes, as nearly always."""
    if all(text == new for text, new in by.items()):
        return cells
    return pd.Series([by[text] for text in cells], cells.index, dtype=str, name=cells.name)


def in_one_form(cells: pd.Series[str]) -> pd.Series[str]:
    """Return codes in the form in which they are compared and kept."""
    return mapped(cells, one_form)


def as_networks(cells: pd.Series[str]) -> pd.Series[str]:
    """Return the networks that a column of one file has, as `networks_of` reads them."""
    return _replaced(cells, networks_of(set(cells)))


def with_codes_in_one_form(cells: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the rows of one file with its codes in one form, and where it writes them otherwise.

    A network that is none has no name.

    Parameters
    ----------
    cells
        With `practice_code`, the other `CODES`, `current_network_name`, and the file in `source`.
    """
    before = {column: cells[column] for column in CODES}
    after = {column: _in_one_spelling(own) for column, own in before.items()}
    after["practice_code"] = in_one_form(before["practice_code"])
    after["current_network"] = as_networks(before["current_network"])
    changed = {column: own for column, own in after.items() if own is not before[column]}
    tidy = cells.assign(**changed) if changed else cells
    names = cells["current_network_name"].tolist()
    networks = after["current_network"].tolist()
    written = before["current_network"].tolist()
    bare = [
        "" if network in _NONE and name and (text or _says_none(name)) else name
        for network, name, text in zip(networks, names, written, strict=True)
    ]
    if bare != names:
        tidy = tidy.assign(current_network_name=bare)
    others = [column for column in CODES[:-1] if column in changed]
    found = [*_respelt(cells, tidy, others)] if others else []
    if CODES[-1] in changed:
        is_one = [network not in _NONE for network in networks]
        found += _respelt(cells[is_one], tidy, CODES[-1:])
    return tidy, found


_NONE = ("", UNALLOCATED)
"""The networks that are none."""


def _says_none(name: str) -> bool:
    return says_nothing(name) or is_unallocated(name)


def _in_one_spelling(labels: pd.Series[str]) -> pd.Series[str]:
    return _replaced(labels, one_spelling(set(labels)))


def spelt_alike(tables: Sequence[pd.DataFrame]) -> tuple[list[pd.DataFrame], list[Finding]]:
    """Return tables that all spell a region or network in one way, and where one did otherwise.

    Parameters
    ----------
    tables
        Each with the columns `CODES` and `source`.
    """
    changed: list[dict[str, pd.Series[str]]] = [{} for _ in tables]
    for column in _LABELS:
        texts = [set(cells[column]) for cells in tables]
        spelling = one_spelling(set[str]().union(*texts))
        for cells, own, of_column in zip(tables, texts, changed, strict=True):
            if any(spelling[text] != text for text in own):
                of_column[column] = _replaced(cells[column], spelling)
    alike = [
        cells.assign(**own) if own else cells for cells, own in zip(tables, changed, strict=True)
    ]
    found = (_respelt(*each) for each in zip(tables, alike, changed, strict=True))
    return alike, [finding for some in found for finding in some]


def respelt(practices: pd.DataFrame) -> Iterator[Finding]:
    """Find the codes of practices that a file writes otherwise than they are read.

    Parameters
    ----------
    practices
        With `practice_code` as the file has it, and the file in `source`.
    """
    tidy = practices.assign(practice_code=in_one_form(practices["practice_code"]))
    return _respelt(practices, tidy, CODES[:1])


def _respelt(
    before: pd.DataFrame, after: pd.DataFrame, columns: Iterable[str]
) -> Iterator[Finding]:
    now = after if after.index is before.index else after.loc[before.index]
    for column in columns:
        differs = before[column].to_numpy() != now[column].to_numpy()
        if not differs.any():  # nearly always
            continue
        differs &= (now["practice_code"] != "").to_numpy()
        rows = now.loc[differs, ["practice_code", "source"]]
        rows = rows.assign(written=before.loc[differs, column], read=now.loc[differs, column])
        for practice, source, written, code in rows.drop_duplicates().itertuples(index=False):
            detail = f"{column} {written!r} for {code or 'none'}"
            yield Finding("code_respelt", practice, detail, source)


def errors_in(cells: pd.Series[str]) -> set[str]:
    """Return the texts that are an error of a spreadsheet in place of a value."""
    return {text for text in set(cells) if is_spreadsheet_error(text)}


def without_errors(
    cells: pd.DataFrame, columns: Sequence[str]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return rows with nothing where a spreadsheet had an error, and where that was.

    Parameters
    ----------
    cells
        With `practice_code` and `source`.
    columns
        The columns in which a cell may be empty.
    """
    bare: dict[str, pd.Series[str]] = {}
    found: list[Finding] = []
    for column in columns:
        errors = errors_in(cells[column])
        if not errors:  # nearly always
            continue
        wrong = cells[column].isin(errors)
        bare[column] = cells[column].mask(wrong, "")
        rows = cells[wrong & (cells["practice_code"] != "")]
        for code, source, value in zip(
            rows["practice_code"], rows["source"], rows[column], strict=True
        ):
            detail = f"{column} is {value}: {_why(value)}"
            found.append(Finding("spreadsheet_error", one_form(code), detail, source))
    return cells.assign(**bare) if bare else cells, found


def _why(error: str) -> str:
    if re.fullmatch("#N/?[AVD]", one_form(error)):
        return "the look-up had found nothing"
    return "the formula had gone wrong"
