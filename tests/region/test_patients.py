"""Patients where they live: what `docs/method/model.md` says of the sample."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from pcn_group.config.model import Configuration
from pcn_group.geography.adjacency import build_adjacency
from pcn_group.pipeline import solve
from pcn_group.plan.solved import SolvedPlan
from pcn_group.practices.sample_region import make_sample
from pcn_group.practices.table import Practices
from pcn_group.verify.rules import check_plan
from tests.geography.regions import sample_catchments
from tests.paths import ROOT

MODEL = (ROOT / "docs" / "method" / "model.md").read_text("utf-8")
SAID = " ".join(MODEL.split())
MEASURED = [(60, 214), (60, 1), (60, 2), (60, 3), (200, 1), (200, 2), (200, 3)]


@cache
def planned(origin: str) -> SolvedPlan:
    practices = Practices(make_sample(60, 214), (), catchments=sample_catchments(60, 214))
    configuration = Configuration.model_validate({"travel": {"origin": origin}})
    return solve(practices, configuration)


def test_what_the_patients_of_the_sample_travel() -> None:
    practice, patients = planned("practice"), planned("patients")
    lists = patients.region.problem.weights
    own = patients.region.problem.cost.diagonal().sum() / lists.sum() / 1000
    assert f"the patients live {own:.2f} km from their own practices" in SAID
    assert f"the best plan puts them {patients.mean_travel:.2f} km from their hubs" in SAID
    other = check_plan(patients.region.problem, practice.solution.networks).cost or 0
    assert f"comes to {other / lists.sum() / 1000:.2f} km by this measure" in SAID
    same = set(practice.solution.networks) & set(patients.solution.networks)
    count = len(practice.networks)
    assert f"of its {count} networks {len(same)} are the same" in SAID


def test_a_plan_with_patients_is_proven_best_and_its_cost_is_their_way() -> None:
    result = planned("patients")
    assert result.solution.status == "optimal"
    assert result.verified
    rows = np.concatenate([[n.hub] * len(n.members) for n in result.networks])
    order = np.concatenate([n.members for n in result.networks])
    hub_of = dict(zip(order.tolist(), rows.tolist(), strict=True))
    table, homes = make_sample(60, 214), sample_catchments(60, 214)
    spots = table[["easting", "northing"]].to_numpy()
    code = {practice: k for k, practice in enumerate(table["practice_code"])}
    at = homes["practice_code"].map(code)
    hubs = spots[[hub_of[practice] for practice in at]]
    metres = np.hypot(*(homes[["easting", "northing"]].to_numpy() - hubs).T)
    located = homes.groupby("practice_code")["patients"].sum().to_numpy()
    scale = (table["list_size"].to_numpy() / located)[at]
    way = float((metres * homes["patients"] * scale).sum())
    assert abs(result.solution.cost - way) < len(table)


def neighbours_of(practices: int, seed: int, method: str) -> pd.Series[int]:
    configuration = Configuration.model_validate({"adjacency": {"method": method}})
    table, homes = make_sample(practices, seed), sample_catchments(practices, seed)
    return pd.Series(list(map(len, build_adjacency(table, configuration, homes).of)))


def test_how_many_neighbours_there_are_by_default() -> None:
    catchments, voronoi = (
        np.mean([neighbours_of(*region, method).mean() for region in MEASURED])
        for method in ("catchments", "voronoi")
    )
    assert f"{catchments:.1f} against {voronoi:.1f} in the mean of seven invented regions" in SAID
