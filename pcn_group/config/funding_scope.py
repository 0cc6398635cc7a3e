"""What a configuration says a budget is about."""

from __future__ import annotations

import pandas as pd

from pcn_group.base.errors import InputError
from pcn_group.config.funding import Funding
from pcn_group.funding.members import members_of
from pcn_group.funding.scope import Scope, missing_columns, scope_between

__all__ = ["refuse_unfunded", "scope_of"]


def scope_of(funding: Funding) -> Scope:
    """Read what a configuration says; raises InputError as `scope_between`."""
    return scope_between(
        (funding.year,), funding.tariffs, funding.lines, unconfirmed=funding.unconfirmed
    )


def refuse_unfunded(table: pd.DataFrame, funding: Funding) -> None:
    """Stop before any work is done where practices lack a column that a line needs.

    Parameters
    ----------
    table
        A `Practices.table`; all its practices are to be in networks.

    Raises
    ------
    InputError
        With a fault for each column.
    """
    members = members_of(table, {code: ("", code) for code in table["practice_code"]})
    if faults := missing_columns(members, scope_of(funding)):
        raise InputError(faults)
