"""Prevalence: the registers of practices in the Quality and Outcomes Framework."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pcn_group.base.wording import listed
from pcn_group.config.profile import ProfileFigure
from pcn_group.practices.layouts import Recognised
from pcn_group.practices.profile.figures import MILLION, as_rows
from pcn_group.practices.profile.source import Source, numbers_of
from pcn_group.practices.rows import Rows

__all__ = ["REGISTER", "of_registers"]

REGISTER = "qof_"
"""How the columns of these figures begin: `qof_dm` is the register of the group `DM`."""


def of_registers(
    figure: ProfileFigure, column: str, found: Recognised, lists: Mapping[str, int]
) -> Source | None:
    """Return the patients on a register; None where no file has it.

    Known for the patients that the file says the register is of, such as those of 17 and over.
    """
    tables = found.of("registers")
    if not tables:
        return None
    label = listed(named.table.label for named in tables)
    rows = Rows.from_tables(tables, ("group", "register", "patients"))
    group = rows.cells["group"].str.lower().str.replace(r"[\W_]+", "_", regex=True)
    own = (group == column.removeprefix(REGISTER)) & rows.cells["practice_code"].isin([*lists])
    if not own.any():
        return None
    rows = rows.where(own)
    register, faults = numbers_of(rows, "register")
    patients, wrong = numbers_of(rows, "patients")
    faults += wrong
    both = register.index.intersection(patients.index)
    most, on_it = patients[both], register[both]
    more = pd.Series(rows.cells.index.isin(both[on_it > most]), rows.cells.index)
    faults += rows.faults(more, ("register",), "is more than the patients it is of", "Correct it.")
    twice = rows.cells["practice_code"].duplicated()
    faults += rows.faults(
        twice, ("practice_code",), "has a second row of this register", "Keep one of them."
    )
    known = both[(most > 0) & ~twice[both]]
    codes = rows.cells.loc[known, "practice_code"]
    counts = [int(n) // MILLION for n in patients[known]]
    return Source(
        label, as_rows(figure.name, codes.tolist(), register[known].tolist(), counts), tuple(faults)
    )
