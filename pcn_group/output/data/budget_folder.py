"""The folder that `pcn-group budget` writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pcn_group.base.files import Kind, refuse_foreign, write_all
from pcn_group.funding.budget import Budget
from pcn_group.output.data.budget_files import BUDGET_FILES, budget_files
from pcn_group.tables.sheets import safe_files

__all__ = ["BASIS", "WORKBOOK", "refuse_foreign_budget", "write_budget"]

BASIS = "budget.json"
"""What the budget comes to and rests on."""

WORKBOOK = "budget.xlsx"
"""Beside the others, where it is asked for."""

_HEAD = b"region_code,network_id,financial_year,funding_line,"


def refuse_foreign_budget(folder: Path, *, overwrite: bool) -> None:
    """Stop before any work is done where the folder holds anything but an earlier budget.

    Raises
    ------
    InputError
        As `refuse_foreign`: unless `overwrite`, if it holds other files, or files of these names
        without a `budgets.csv` that begins as ours does.
    """
    own = {*BUDGET_FILES, BASIS, WORKBOOK}
    kind = Kind("holds something that is not a budget", own.__contains__, _is_budget)
    refuse_foreign(folder, kind, overwrite=overwrite)


def write_budget(
    folder: Path,
    budget: Budget,
    told: Mapping[str, Any],
    workbook: bytes | None = None,
    *,
    excel_safe: bool = False,
) -> None:
    """Write the files, each whole or not at all, `budgets.csv` last.

    The old one goes first, so that a folder that has it always holds one whole budget; and so does
    an old workbook, which would be of another one.

    Parameters
    ----------
    told
        What goes into `BASIS`.
    workbook
        What goes into `WORKBOOK`, if that is asked for.
    excel_safe
        Whether names are kept from being taken for formulas in a spreadsheet.
    """
    texts = safe_files(budget_files(budget), excel_safe=excel_safe)
    contents: dict[str, str | bytes] = {} if workbook is None else {WORKBOOK: workbook}
    contents[BASIS] = json.dumps(told, indent=2, ensure_ascii=False) + "\n"
    contents |= {name: texts[name] for name in reversed(BUDGET_FILES)}
    write_all(
        {folder / name: content for name, content in contents.items()},
        old=[folder / name for name in ("budgets.csv", WORKBOOK)],
    )


def _is_budget(folder: Path) -> bool:
    try:
        with (folder / "budgets.csv").open("rb") as file:
            return file.read(len(_HEAD)) == _HEAD
    except OSError:
        return False
