"""Reading a user's CSV files about pairs of practices: travel matrices and neighbour lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from pcn_group.errors import Fault, InputError
from pcn_group.practices.codes import in_one_form

__all__ = ["faulty_rows", "read_pairs"]

_CHUNK_ROWS = 1_000_000
_SHOWN = 50


def read_pairs(path: Path, columns: Sequence[str], codes: Sequence[str]) -> pd.DataFrame:
    """Read the rows of a CSV whose first two columns both name practices of the region.

    A national file is normal, so other rows are dropped, a chunk at a time: one of all English
    practices has 44 million rows.

    Parameters
    ----------
    path
        The file, UTF-8.
    columns
        The columns needed, in any order and case in the file; the first two hold practice codes.
    codes
        The practices of the region.

    Returns
    -------
    pandas.DataFrame
        The columns as text without surrounding blanks, codes in one form, indexed by line number.

    Raises
    ------
    InputError
        For a file that cannot be read as such a table.
    """
    try:
        kept = [_of_region(chunk, columns, codes, path.name) for chunk in _chunks(path)]
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
        raise InputError([Fault(str(path), problem, "Check the path.")]) from error
    except UnicodeDecodeError as error:
        remedy = "Save it as CSV UTF-8."
        raise InputError([Fault(path.name, "is not UTF-8 text", remedy)]) from error
    except pd.errors.EmptyDataError as error:
        raise InputError([Fault(path.name, "is empty", _wanted(columns))]) from error
    except pd.errors.ParserError as error:
        problem = f"is not a CSV table: {' '.join(str(error).split())}"
        raise InputError([Fault(path.name, problem, _wanted(columns))]) from error
    return pd.concat(kept)


def faulty_rows(rows: pd.DataFrame, fault: Callable[[int, pd.Series[str]], Fault]) -> list[Fault]:
    """Give a fault for each row, and after the first fifty only how many more there are."""
    faults = [fault(int(str(line)), row) for line, row in rows.head(_SHOWN).iterrows()]
    if len(rows) > _SHOWN:
        more = f"has {len(rows) - _SHOWN:,} more faults like the one above"
        faults.append(Fault(faults[-1].source, more, faults[-1].remedy))
    return faults


def _chunks(path: Path) -> Iterator[pd.DataFrame]:
    with pd.read_csv(
        path,
        dtype=str,
        keep_default_na=False,
        skip_blank_lines=False,  # so that a row's position gives its line number
        encoding="utf-8-sig",
        chunksize=_CHUNK_ROWS,
    ) as chunks:
        yield from chunks


def _of_region(
    chunk: pd.DataFrame, columns: Sequence[str], codes: Sequence[str], source: str
) -> pd.DataFrame:
    chunk.columns = [str(name).strip().lower() for name in chunk.columns]
    missing = [name for name in columns if name not in chunk.columns]
    if missing:
        remedy = _wanted(columns)
        raise InputError(Fault(source, "has no such column", remedy, 1, name) for name in missing)
    rows: pd.DataFrame = chunk[list(columns)].fillna("").apply(lambda column: column.str.strip())
    rows.index += 2  # the header is line 1
    for column in columns[:2]:
        rows[column] = in_one_form(rows[column])
    return rows.loc[rows[columns[0]].isin(codes) & rows[columns[1]].isin(codes)]


def _wanted(columns: Sequence[str]) -> str:
    return f"Give a CSV with a header and the columns {', '.join(columns)}."
