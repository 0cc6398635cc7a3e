"""Any valid table of practices, however odd, ends in a plan or in a proof that there is none."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pcn_group.base.errors import InfeasibleError, NoPlanInTimeError
from pcn_group.config.model import Configuration
from pcn_group.output.data.plan_files import plan_files
from pcn_group.pipeline import solve
from pcn_group.practices.table import Practices
from pcn_group.verify.rules import check_plan
from tests.depth import many
from tests.geography.regions import catchments
from tests.solver.regions import region, silent

Spot = tuple[float, float]

kilometres = st.integers(-300_000, 300_000).map(lambda metres: metres / 1000)
steps = st.integers(0, 4).map(float)
SHAPES: dict[str, st.SearchStrategy[Spot]] = {
    "scattered": st.tuples(kilometres, kilometres),
    "on a grid": st.tuples(steps, steps),
    "in a line": st.tuples(kilometres, st.just(0.0)),
    "in a line across": steps.map(lambda step: (step, step)),
    "in one place": st.just((0.0, 0.0)),
}
spots = st.sampled_from(sorted(SHAPES)).flatmap(
    lambda shape: st.lists(SHAPES[shape], min_size=1, max_size=10)
)
sizes = st.one_of(st.integers(1, 100), st.integers(1_000, 20_000), st.integers(1, 1_000_000))


@st.composite
def tables(draw: st.DrawFn) -> Practices:
    """Practices scattered, in a line, on a grid or all in one place, with lists of any size."""
    chosen: list[Spot] = draw(spots)
    n = len(chosen)
    lists = draw(st.lists(sizes, min_size=n, max_size=n))
    texts = st.lists(st.sampled_from(["", "N", "S", "P01"]), min_size=n, max_size=n)
    pairs = zip(chosen, lists, strict=True)
    return region(
        {f"P{k:02}": (*spot, size) for k, (spot, size) in enumerate(pairs)},
        current_network=draw(texts),
        local_authority=draw(texts),
    )


@st.composite
def tables_with_homes(draw: st.DrawFn) -> Practices:
    """The same, with patients of some practices in areas anywhere."""
    practices = draw(tables())
    codes = practices.table["practice_code"].tolist()
    areas = {f"X{k}": spot for k, spot in enumerate(draw(spots))}
    counts = st.dictionaries(st.sampled_from(sorted(areas)), st.integers(1, 20_000), max_size=4)
    patients = draw(st.fixed_dictionaries(dict.fromkeys(codes, counts)))
    patients[codes[0]] = patients[codes[0]] or {"X0": 1}
    return replace(practices, catchments=catchments(areas, patients))


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    low = draw(st.integers(1, 100_000))
    high = draw(st.integers(low, 200_000))
    price = st.floats(0, 1000)
    below = st.fixed_dictionaries({"price": price, "floor": st.integers(1, low)})
    above = st.fixed_dictionaries({"price": price, "ceiling": st.integers(high, 10**8)})
    sides = st.sampled_from(["avoid", "forbid"])
    balance = st.fixed_dictionaries({"price": price, "target": st.integers(1, 200_000)})
    return {
        "band": {
            "min": low,
            "max": high,
            "below": draw(st.one_of(sides, below)),
            "above": draw(st.one_of(sides, above)),
        },
        "adjacency": {"method": draw(st.sampled_from(["voronoi", "gabriel", "knn"]))},
        "prices": {
            "change": draw(price),
            "authority": draw(price),
            "balance": draw(st.one_of(st.none(), balance)),
        },
        "limits": {"max_practices": draw(st.one_of(st.none(), st.integers(1, 12)))},
        "travel": {"max_to_hub": draw(st.one_of(st.none(), st.floats(0.001, 1000)))},
    }


ENDS = ("optimal", "within_gap", "feasible", "infeasible", "no plan in time")


def ends_well(practices: Practices, changes: dict[str, Any], time_limit: float = 30.0) -> str:
    """How it ended; anything but a valid plan and a message for the user is an error."""
    search = {"search": {"time_limit": time_limit, "workers": 1}}
    try:
        result = solve(practices, Configuration.model_validate(changes | search), silent)
    except InfeasibleError:
        return "infeasible"
    except NoPlanInTimeError:
        return "no plan in time"
    solution = result.solution
    n = len(practices.table)
    assert sorted(chain.from_iterable(solution.networks)) == list(range(n))
    assert 0 <= solution.bound <= solution.cost
    report = check_plan(result.region.problem, solution.networks)
    broken = {finding.rule for finding in report.findings if finding.is_broken}
    assert broken <= ({"band"} if solution.relaxed else set())
    assert report.cost == solution.cost
    summary = json.loads(plan_files(result)["summary.json"])
    assert summary["patients"] == int(practices.table["list_size"].sum())
    return solution.status


@settings(max_examples=many(80))
@given(tables())
@example(region({"A": (0, 0, 1)}))
@example(region({"A": (0, 0, 1_000_000)}))
@example(region({"A": (0, 0, 20_000), "B": (0, 0, 20_000)}))
@example(region({f"P{k}": (k, k, 9_000) for k in range(10)}))
def test_under_the_default_rules_the_best_plan_is_found(practices: Practices) -> None:
    assert ends_well(practices, {}) == "optimal"


@settings(max_examples=many(60))
@given(tables(), rules())
def test_under_any_rules_it_ends_with_a_proof(
    practices: Practices, changes: dict[str, Any]
) -> None:
    assert ends_well(practices, changes) in ("optimal", "infeasible")


@settings(max_examples=many(100))
@given(
    tables_with_homes(),
    rules(),
    st.sampled_from(["practice", "patients"]),
    st.sampled_from(["voronoi", "catchments"]),
)
def test_with_patients_where_they_live_it_ends_with_a_proof(
    practices: Practices, changes: dict[str, Any], origin: str, method: str
) -> None:
    changes["travel"]["origin"] = origin
    changes["adjacency"]["method"] = method
    assert ends_well(practices, changes) in ("optimal", "infeasible")


@settings(max_examples=many(60))
@given(tables_with_homes())
def test_the_cost_is_the_way_of_every_patient(practices: Practices) -> None:
    search = {"search": {"time_limit": 30, "workers": 1}}
    configuration = Configuration.model_validate({"travel": {"origin": "patients"}} | search)
    result = solve(practices, configuration, silent)
    # Practices larger than a network may be have a way to go as well.
    assert result.solution.cost == pytest.approx(
        1000 * result.mean_travel * result.patients, abs=len(practices.table)
    )


@settings(max_examples=many(20))
@given(tables(), rules(), st.sampled_from([0.0001, 0.01]))
def test_without_time_it_ends_without_a_fault(
    practices: Practices, changes: dict[str, Any], seconds: float
) -> None:
    assert ends_well(practices, changes, time_limit=seconds) in ENDS


def test_a_crowd_in_one_building_does_not_take_for_ever() -> None:
    rng = np.random.default_rng(1)
    crowd = region({f"P{k:04}": (0, 0, int(rng.integers(1_000, 9_000))) for k in range(200)})
    configuration = Configuration.model_validate({"search": {"time_limit": 2, "workers": 1}})
    try:
        result = solve(crowd, configuration, silent)
    except NoPlanInTimeError:
        return
    assert result.solution.cost == 0
