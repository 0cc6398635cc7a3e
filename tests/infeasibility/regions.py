"""Small regions with their rules one by one, and what brute force says of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from pcn_group.config.model import Configuration
from pcn_group.geography.adjacency import build_adjacency
from pcn_group.geography.travel import build_travel
from pcn_group.practices.units import attach_atypical, units
from pcn_group.region.building import build_problem
from pcn_group.region.problem import Problem
from pcn_group.region.region import Region
from pcn_group.solver.search.state import Effort
from tests import oracle
from tests.solver.regions import Place, region, road

STRICT = {"below": "forbid", "above": "forbid"}


def region_of(places: Mapping[str, Place], **sections: dict[str, Any]) -> Region:
    """A region of these places under a configuration; neighbours as that says."""
    configuration = Configuration.model_validate(sections)
    practices = region(places)
    practices = replace(practices, table=attach_atypical(practices.table, configuration.data))
    table = units(practices.table)
    travel = build_travel(table, configuration)
    neighbours = build_adjacency(table, configuration).of
    problem = build_problem(table, travel, neighbours, configuration)
    return Region(practices, table, configuration, travel, problem)


def road_region(
    *weights: int, band: tuple[int, int] = (30_000, 50_000), **rules: dict[str, Any]
) -> Region:
    """Practices A, B, C... a kilometre apart along a road, each the neighbour of the next.

    The band does not give way. `rules` are whole sections, or `limits` and `travel`.
    """
    codes = "ABCDEFGHIJKL"[: len(weights)]
    places = {
        code: (float(k), 0.0, w) for k, (code, w) in enumerate(zip(codes, weights, strict=True))
    }
    sections = {"band": {"min": band[0], "max": band[1], **STRICT}, **rules}
    on_the_road = region_of(places, adjacency={"method": "gabriel"}, **sections)
    assert on_the_road.problem.neighbours == road(*weights).neighbours
    return on_the_road


def random_region(seed: int) -> Region:
    """Three to nine practices under a band that is often too narrow, and rules now and then."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 10))
    weights = rng.integers(2_000, 16_000, n)
    codes = [f"P{k}" for k in range(n)]
    places = {
        code: (float(rng.uniform(0, 10)), float(rng.uniform(0, 10)), int(w))
        for code, w in zip(codes, weights, strict=True)
    }
    fair = int(weights.sum()) // int(rng.integers(1, max(2, n // 2 + 1)))
    low = max(1, round(fair * rng.uniform(0.6, 1.0)))
    high = max(low, int(weights.max()) if rng.random() < 0.8 else low, round(fair * 1.15))
    return region_of(
        places,
        band={"min": low, "max": high},
        adjacency={"method": "gabriel"},
        limits={"max_practices": int(rng.integers(1, 5))} if rng.random() < 0.3 else {},
        travel={"max_to_hub": float(rng.uniform(2, 9))} if rng.random() < 0.3 else {},
        rules=_random_rules(rng, codes),
    )


def _random_rules(rng: np.random.Generator, codes: list[str]) -> dict[str, Any]:
    order = rng.permutation(codes).tolist()
    rules: dict[str, Any] = {}
    if rng.random() < 0.3:
        rules["fixed"] = [order[: int(rng.integers(1, 3))]]
        order = order[2:]
    if rng.random() < 0.3 and len(order) > 2:
        rules["together"] = [order[:2]]
    if rng.random() < 0.3 and len(order) > 2:
        rules["apart"] = [order[1:]]
    if rng.random() < 0.2 and len(order) > 1:
        rules["hubs"] = order[: len(order) // 2 + 1]
    return rules


def is_covered(problem: Problem, wanted: Collection[int]) -> bool:
    """Whether allowed networks with nobody in common can hold all of these practices."""
    networks = [*oracle.networks(problem), *oracle.standing_aside(problem)]

    def rest(left: int, taken: int) -> bool:
        lowest = left & -left
        return not left or any(
            mask & lowest and not mask & taken and rest(left & ~mask, taken | mask)
            for mask in networks
        )

    return rest(oracle.mask_of(list(wanted)), 0)


def effort(seconds: float = 60.0) -> Effort:
    settings = Configuration().search.model_copy(update={"time_limit": seconds, "workers": 1})
    return Effort.starting_now(settings)
