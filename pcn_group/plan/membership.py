"""Which network each practice is in, as budgets need it: no geography, and no rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from pcn_group.errors import Fault, InputError
from pcn_group.funding.members import NetworkKey
from pcn_group.plan.reading import read_columns
from pcn_group.practices.units import unit_numbers

__all__ = ["membership_of", "read_membership"]


def membership_of(
    table: pd.DataFrame, networks: Iterable[tuple[str, Sequence[int]]]
) -> dict[str, NetworkKey]:
    """Give the network of each practice of one region, those attached to members included.

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
        Fault(groupings.name, problem, remedy, int(str(line)), "practice_code", value)
        for mask, problem, remedy in (
            (codes == "", "is empty", "Give the practice's code."),
            (codes.duplicated() & (codes != ""), "is there twice", "Keep one row of it."),
        )
        for line, value in codes[mask].items()
    ]
    if faults:
        raise InputError(faults)
    keys = zip(rows["region_code"], rows["network_id"], strict=True)
    return dict(zip(codes, keys, strict=True))
