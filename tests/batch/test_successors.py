"""A practice that closed has a successor in a batch too, in whichever region it was."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd

from tests.batch.several import batch_here, country, written


def test_what_a_rule_says_of_a_practice_that_closed_counts_for_its_successor(
    tmp_path: Path,
) -> None:
    table = pd.read_csv(io.StringIO(country(2)), dtype=str, keep_default_na=False)
    closed = table.loc[table["region_code"] == "R1", "practice_code"].iloc[0]
    lists = written(tmp_path, table[table["practice_code"] != closed].to_csv(index=False))
    batch_here(lists, tmp_path / "free")
    successor, friend, *_ = networks(tmp_path / "free")[0]

    names = written(tmp_path, f"from,to\n{closed},{successor}\n", "successors.csv")
    apart = f"rules.apart=[[{closed},{friend}]]"
    batch_here(lists, tmp_path / "apart", f"data.successors={names}", apart)

    assert not any({successor, friend} <= set(network) for network in networks(tmp_path / "apart"))


def networks(batch: Path) -> list[list[str]]:
    """The networks of two practices or more in R1."""
    plan = pd.read_csv(batch / "R1" / "groupings.csv", dtype=str)
    members = plan.groupby("network_id")["practice_code"].apply(list)
    return [network for network in members if len(network) > 1]
