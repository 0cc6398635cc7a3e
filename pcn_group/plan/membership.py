"""Which network each practice is in, and so who is paid what: no geography, and no rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from pcn_group.base.errors import Fault, InputError
from pcn_group.config.funding import Funding, scope_of
from pcn_group.funding.budget import Budget, budget_of
from pcn_group.funding.members import NetworkKey, members_of
from pcn_group.practices.units import unit_numbers
from pcn_group.tables.columns import read_columns, repeated_practices

__all__ = ["membership_of", "plan_budget", "read_membership"]


def membership_of(
    table: pd.DataFrame, networks: Iterable[tuple[str, Sequence[int]]]
) -> dict[str, NetworkKey]:
    """Return the network of each practice of one region, those attached to members included.

    Parameters
    ----------
    table
        The region's `Practices.table` with `attached_to`.
    networks
        Identifier and members of each, as positions in the `units` of the table.
    """
    network_of = {i: network_id for network_id, members in networks for i in members}
    return {
        code: ("", network_of.get(i, ""))
        for code, i in zip(table["practice_code"], unit_numbers(table).tolist(), strict=True)
    }


def plan_budget(
    table: pd.DataFrame, networks: Iterable[tuple[str, Sequence[int]]], funding: Funding
) -> Budget:
    """Work out what a plan of one region is paid in the year that the configuration says.

    Parameters
    ----------
    table, networks
        As for `membership_of`.

    Raises
    ------
    InputError
        For faults of a tariff, and for a column that a line needs and the table lacks.
    """
    return budget_of(members_of(table, membership_of(table, networks)), scope_of(funding))


def read_membership(groupings: Path) -> dict[str, NetworkKey]:
    """Read the network of each practice from a `groupings.csv`.

    Networks of one identifier are told apart by the column `region_code`, where there is one.

    Raises
    ------
    InputError
        For a practice that is there twice, or has no code.
    """
    rows = read_columns(groupings, ("practice_code", "network_id"), more=("region_code",))
    codes = rows["practice_code"]
    faults = [
        Fault(groupings.name, "is empty", "Give the practice's code.", row, "practice_code", "")
        for row in rows.index[codes == ""].tolist()
    ]
    faults += repeated_practices(rows[codes != ""], groupings.name)
    if faults:
        raise InputError(faults)
    keys = zip(rows["region_code"], rows["network_id"], strict=True)
    return dict(zip(codes, keys, strict=True))
