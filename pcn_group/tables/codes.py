"""The codes in tables of text: brought to one form, and told where a file writes them otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

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
    if cells.empty:
        return cells
    return cells.map({text: change(text) for text in cells.unique()})


def in_one_form(cells: pd.Series[str]) -> pd.Series[str]:
    """Return codes in the form in which they are compared and kept."""
    return mapped(cells, one_form)


def as_networks(cells: pd.Series[str]) -> pd.Series[str]:
    """Return the networks that a column of one file has, as `networks_of` reads them."""
    return cells.map(networks_of(cells.unique())) if len(cells) else cells


def with_codes_in_one_form(cells: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the rows of one file with its codes in one form, and where it writes them otherwise.

    A network that is none has no name.

    Parameters
    ----------
    cells
        With `practice_code`, the other `CODES`, `current_network_name`, and the file in `source`.
    """
    tidy = cells.assign(practice_code=in_one_form(cells["practice_code"]))
    for column in _LABELS:
        tidy[column] = cells[column].map(one_spelling(cells[column].unique()))
    tidy["current_network"] = as_networks(cells["current_network"])
    is_none = tidy["current_network"].isin(["", UNALLOCATED])
    written, name = cells["current_network"], cells["current_network_name"]
    nameless = is_none & ((written != "") | mapped(name, _no_name).astype(bool))
    tidy["current_network_name"] = name.mask(nameless, "")
    found = [*_respelt(cells, tidy, CODES[:-1]), *_respelt(cells[~is_none], tidy, CODES[-1:])]
    return tidy, found


def _no_name(name: str) -> str:
    return name if says_nothing(name) or is_unallocated(name) else ""


def spelt_alike(tables: Sequence[pd.DataFrame]) -> tuple[list[pd.DataFrame], list[Finding]]:
    """Return tables that all spell a region or network in one way, and where one did otherwise.

    Parameters
    ----------
    tables
        Each with the columns `CODES` and `source`.
    """
    alike = [cells.copy() for cells in tables]
    for column in _LABELS:
        spelling = one_spelling({text for cells in tables for text in cells[column].unique()})
        for cells in alike:
            if any(spelling[text] != text for text in cells[column].unique()):
                cells[column] = cells[column].map(spelling)
    found = (_respelt(*pair, _LABELS) for pair in zip(tables, alike, strict=True))
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
    before: pd.DataFrame, after: pd.DataFrame, columns: Sequence[str]
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


def errors_in(cells: pd.Series[str]) -> pd.Series[bool]:
    """Tell the cells that have an error of a spreadsheet in place of a value."""
    return cells.isin([text for text in cells.unique() if is_spreadsheet_error(text)])


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
    bare, found = cells.copy(), list[Finding]()
    for column in columns:
        wrong = errors_in(cells[column])
        if not wrong.any():  # nearly always
            continue
        bare[column] = cells[column].mask(wrong, "")
        rows = cells[wrong & (cells["practice_code"] != "")]
        for code, source, value in zip(
            rows["practice_code"], rows["source"], rows[column], strict=True
        ):
            detail = f"{column} is {value}: {_why(value)}"
            found.append(Finding("spreadsheet_error", one_form(code), detail, source))
    return bare, found


def _why(error: str) -> str:
    if re.fullmatch("#N/?[AVD]", one_form(error)):
        return "the look-up had found nothing"
    return "the formula had gone wrong"
