"""The names that rules give to networks, in the configuration itself or in a file.

The file lasts from round to round: it has a row for each name, with the code of a network of today
or of a practice, whichever network that is in. A `networks.csv` will do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from pcn_group.base.codes import one_form
from pcn_group.base.errors import Fault, InputError

__all__ = ["Names", "read_names"]


def _in_one_form(names: Mapping[str, str]) -> dict[str, str]:
    """Return names by code in one form; no code and no name twice."""
    spelt: dict[str, str] = {}
    for code in names:
        if one_form(code) in spelt:
            raise ValueError(f"names {code} twice, spelt {spelt[one_form(code)]} and {code}")
        spelt[one_form(code)] = code
    codes_of: dict[str, str] = {}
    for code, name in names.items():
        other = codes_of.setdefault(one_form(name), code)
        if other != code:
            raise ValueError(f"gives {other} and {code} the same name: {name}")
    return {one_form(code): name for code, name in names.items()}


Names = Annotated[dict[str, Annotated[str, Field(min_length=1)]], AfterValidator(_in_one_form)]
"""Names of networks by code."""


def read_names(path: Path) -> dict[str, str]:
    """Read the names of networks, by the code of a network or of a practice in it.

    Raises
    ------
    InputError
        With every fault of the file, by row.
    """
    from pcn_group.tables.columns import read_columns  # noqa: PLC0415 - slow, seldom needed
    from pcn_group.tables.sheets import unmarked  # noqa: PLC0415 - the same

    rows = read_columns(path, ("code", "name"), may_be_empty=True)
    cells = [
        (int(str(line)), code, " ".join(unmarked(name).split()))
        for line, code, name in rows.itertuples(name=None)
    ]
    faults = [*_empty(cells, path.name), *_repeated(cells, path.name)]
    if faults:
        raise InputError(faults)
    return {one_form(code): name for _, code, name in cells}


def _empty(cells: list[tuple[int, str, str]], source: str) -> Iterator[Fault]:
    for line, code, name in cells:
        if not one_form(code):
            remedy = "Give the code of a network, or of a practice in it."
            yield Fault(source, "is empty", remedy, line, "code")
        if not name:
            remedy = "Give the network's name, or take the row out."
            yield Fault(source, "is empty", remedy, line, "name", code or None)


def _repeated(cells: list[tuple[int, str, str]], source: str) -> Iterator[Fault]:
    """Find codes with two names, and names of two codes: a name has to tell networks apart."""
    codes: dict[str, int] = {}
    names: dict[str, int] = {}
    for line, code, name in cells:
        for column, value, seen in (("code", code, codes), ("name", name, names)):
            before = seen.setdefault(one_form(value), line)
            if one_form(value) and before != line:
                problem = f"is there twice (row {before})"
                yield Fault(source, problem, "Keep one row of it.", line, column, value)
