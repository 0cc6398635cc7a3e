"""What the regions add up to: a row for each, for each ICB and NHS region, and for all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from pcn_group.batch.task import Done
from pcn_group.config.funding import scope_of
from pcn_group.config.model import Configuration
from pcn_group.funding.budget import Budget, budget_of
from pcn_group.funding.members import NetworkKey, latest_day, members_of
from pcn_group.output.data.rows import (
    GROUPINGS,
    NETWORKS,
    GroupingRow,
    NetworkRow,
    RegionRow,
    RollupRow,
)
from pcn_group.output.data.table import Table
from pcn_group.practices import Practices
from pcn_group.tables.findings import joined_report

__all__ = ["AGAIN", "LEVELS", "Outcomes", "joined_tables", "rollup_rows", "summary_rows"]

Row = dict[str, Any]
R = TypeVar("R")

AGAIN = "Run the batch again without --resume."
"""What has the files of a batch written again"""

LEVELS = (
    ("all", None, None),
    ("nhs_region", "nhs_region_code", "nhs_region_name"),
    ("icb", "icb_code", "icb_name"),
)
"""What regions add up to: each with the columns of its code and name, if it has any"""


@dataclass(frozen=True)
class Outcomes:
    """All regions of a batch in order of code, and what came of each under one configuration."""

    regions: Mapping[str, Practices]
    done: Mapping[str, Done]
    configuration: Configuration

    @property
    def unit(self) -> str:
        """What travel is reported in."""
        return self.configuration.travel.reported_in

    @property
    def table(self) -> pd.DataFrame:
        """The practices of all regions."""
        return pd.concat([region.table for region in self.regions.values()], ignore_index=True)

    @property
    def data_report(self) -> pd.DataFrame:
        """The data report of all regions."""
        return joined_report([region.data_report for region in self.regions.values()])

    @cached_property
    def budget(self) -> Budget:
        """The budget of all regions that have a plan, as their own budgets joined."""
        membership: dict[str, NetworkKey] = {
            row.practice_code: (row.region_code, row.network_id) for row in self.groupings
        }
        names: dict[NetworkKey, str] = {
            (row.region_code, row.network_id): row.network_name for row in self.groupings
        }
        planned = self.table[self.table["practice_code"].isin(membership)]
        members = members_of(planned, membership, names)
        return budget_of(members, scope_of(self.configuration.funding, latest_day(self.table)))

    def texts(self, name: str) -> list[str]:
        """Return one of the files of every region that has a plan."""
        return [self.done[code].files[name] for code in self.regions if self.done[code].files]

    @cached_property
    def groupings(self) -> tuple[GroupingRow, ...]:
        """The practices of every region that has a plan."""
        return self._rows(GROUPINGS, "groupings.csv")

    @cached_property
    def networks(self) -> tuple[NetworkRow, ...]:
        """The networks of every region that has a plan."""
        return self._rows(NETWORKS, "networks.csv")

    def _rows(self, table: Table[R], name: str) -> tuple[R, ...]:
        return tuple(
            row for text in self.texts(name) for row in table.read(Path(name), text, AGAIN)
        )


def joined_tables(outcomes: Outcomes) -> dict[str, str]:
    """Return the tables of all plans as they were written, region by region."""
    joined: dict[str, str] = {}
    for name in ("groupings.csv", "networks.csv"):
        parts = [text.partition("\n") for text in outcomes.texts(name)]
        if parts:
            joined[name] = parts[0][0] + "\n" + "".join(rows for _, _, rows in parts)
    return joined


def summary_rows(outcomes: Outcomes) -> list[RegionRow]:
    """Return a row for each region: what came of it, and the networks of today beside it."""
    table = outcomes.table
    today = _networks_of_today(table.assign(place=table["region_code"]), outcomes.configuration)
    return [
        RegionRow(
            region_code=code,
            region_name=region.table["region_name"].iloc[0],
            **_outcome(outcomes.done[code], region.table, outcomes.unit),
            **_share_today(today[today["place"] == code]),
            seconds=outcomes.done[code].seconds,
            peak_memory_mb=outcomes.done[code].peak_memory_mb,
        )
        for code, region in outcomes.regions.items()
    ]


def rollup_rows(outcomes: Outcomes) -> list[RollupRow]:
    """Return a row for all regions together, for each NHS region and for each ICB.

    A practice counts where it is, and a network where its hub is. A network of today may reach over
    a border: it counts whole, where most of its patients are. So nothing is counted twice.
    """
    table, networks = _with_travel(outcomes), _with_budget(outcomes)
    has_budget = bool(outcomes.budget.years)
    rows = []
    for level, code_column, name_column in LEVELS:
        placed = table.assign(place=table[code_column] if code_column else level)
        placed = placed[placed["place"] != ""]
        place_of_hub = placed.set_index("practice_code")["place"]
        hub_place = networks["hub_practice_code"].map(place_of_hub)
        today = _networks_of_today(placed, outcomes.configuration)
        for place, inside in placed.groupby("place"):
            rows.append(
                RollupRow(
                    level=level,
                    code=str(place),
                    name=inside[name_column].iloc[0] if name_column else "",
                    **_added_up(inside, networks[hub_place == place], has_budget=has_budget),
                    **_share_today(today[today["place"] == place]),
                    budget_remark=outcomes.budget.remark,
                )
            )
    return rows


def _outcome(done: Done, table: pd.DataFrame, unit: str) -> Row:
    told = json.loads(done.files["summary.json"]) if done.files else {}
    return {
        "status": done.status,
        "reason": done.reason,
        "practices": len(table),
        "patients": int(table["list_size"].sum()),
        "cost": told.get(f"cost_patient_{unit}"),
        "bound": told.get(f"bound_patient_{unit}"),
        "gap": told.get("gap"),
        "networks": told.get("networks"),
        "share_in_band": told.get("share_in_band"),
        "exceptions": len(told["exceptions"]) if told else None,
        "mean": told.get(f"mean_{unit}"),
        "budget_gbp": _pounds(told.get("budget_gbp")),
        "budget_remark": told.get("budget_remark", ""),
    }


def _pounds(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _with_travel(outcomes: Outcomes) -> pd.DataFrame:
    """Return all practices with the travel of each one's patients; NaN where there is no plan."""
    table = outcomes.table
    to_hub = {
        row.practice_code: float(row.to_hub) for row in outcomes.groupings if row.to_hub is not None
    }
    return table.assign(travel=table["practice_code"].map(to_hub) * table["list_size"])


def _with_budget(outcomes: Outcomes) -> pd.DataFrame:
    """Return all networks of the plans with what each is paid."""
    paid = {(row.region_code, row.network_id): Decimal("0.00") for row in outcomes.networks}
    for year in outcomes.budget.years:
        for payment in year.networks:
            if payment.counted:
                paid[payment.region_code, payment.network_id] += payment.amount
    return pd.DataFrame(
        {
            "hub_practice_code": [row.hub_practice_code for row in outcomes.networks],
            "in_band": np.array([row.in_band for row in outcomes.networks], dtype=bool),
            "paid": pd.Series(list(paid.values()), dtype=object),
        }
    )


def _added_up(inside: pd.DataFrame, networks: pd.DataFrame, *, has_budget: bool) -> Row:
    """Add up the plans of a set of practices."""
    planned = inside[inside["travel"].notna()]
    inside_band = int(networks["in_band"].sum())
    patients = int(planned["list_size"].sum())
    return {
        "regions": inside["region_code"].nunique(),
        "regions_without_plan": inside.loc[inside["travel"].isna(), "region_code"].nunique(),
        "practices": len(inside),
        "patients": int(inside["list_size"].sum()),
        "networks": len(networks),
        "share_in_band": round(inside_band / len(networks), 6) if len(networks) else None,
        "exceptions": len(networks) - inside_band,
        "mean": round(float(planned["travel"].sum()) / patients, 3) if patients else None,
        "budget_gbp": sum(networks["paid"], Decimal("0.00")) if has_budget else None,
    }


def _networks_of_today(placed: pd.DataFrame, configuration: Configuration) -> pd.DataFrame:
    """Return each network of today: whether in the band, where most of its patients are."""
    known = placed[placed["current_network"] != ""]
    parts = known.groupby(["current_network", "place"])["list_size"].sum().reset_index()
    largest = parts.sort_values("list_size", ascending=False, kind="stable")
    patients = parts.groupby("current_network")["list_size"].sum()
    place = largest.drop_duplicates("current_network").set_index("current_network")["place"]
    band = configuration.band
    return pd.DataFrame({"place": place, "in_band": patients.between(band.min, band.max)})


def _share_today(networks: pd.DataFrame) -> Row:
    share = round(float(networks["in_band"].mean()), 6) if len(networks) else None
    return {"current_networks": len(networks), "current_share_in_band": share}
