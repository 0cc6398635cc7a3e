"""Networks that are too large, each divided, against every way to divide them."""

from __future__ import annotations

from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.plan.case import Case
from pcn_group.studies.levels.divide import Division, divide_networks
from pcn_group.verify.rules import check_plan
from tests.solver.regions import Place, region
from tests.studies.levels.plans import (
    case_of,
    is_contiguous,
    metres,
    neighbours,
    networks,
    partitions,
    patients,
    sample_case,
)

SMALLEST, LARGEST = 14_000, 26_000
SEEDS = range(4)


def divided(case: Case, *labels: str) -> Division:
    return divide_networks(
        case, case.region.configuration.search, SMALLEST, LARGEST, labels, lambda _: None
    )


@cache
def sampled(folder: Path, seed: int) -> tuple[Case, Division]:
    case = sample_case(folder, 20, seed, networks=3)
    return case, divided(case)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plans")


def plan_of(division: Division) -> dict[str, set[str]]:
    codes = division.plan.region.problem.codes
    return {n.network_id: {codes[i] for i in n.members} for n in division.plan.networks}


def best_by_looking(case: Case, label: str) -> int | None:
    """The least patient-metres of any division of a network into contiguous parts in the band."""
    problem, beside = case.region.problem, neighbours(case)
    size = dict(zip(problem.codes, problem.weights.tolist(), strict=True))

    def cost(part: tuple[str, ...]) -> int | None:
        inside = SMALLEST <= sum(size[i] for i in part) <= LARGEST
        if not inside or not is_contiguous(part, beside):
            return None
        return min(sum(metres(case, i, hub) for i in part) for hub in part)

    totals = []
    for parts in partitions(networks(case)[label]):
        costs = [cost(part) for part in parts]
        if None not in costs:
            totals.append(sum(each for each in costs if each is not None))
    return min(totals, default=None)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_is_divided_as_well_as_can_be(folder: Path, seed: int) -> None:
    case, division = sampled(folder, seed)
    plan, costs = plan_of(division), {n.network_id: n.cost for n in division.plan.networks}
    large = [label for label, size in patients(case).items() if size > LARGEST]
    assert [each.label for each in division.divided] == sorted(large)
    for each in division.divided:
        best = best_by_looking(case, each.label)
        assert (best is None) == bool(each.reason) == (not each.into)
        if best is not None:
            assert sum(costs[name] for name in each.into) == best
            parts = chain.from_iterable(plan[name] for name in each.into)
            assert sorted(parts) == sorted(networks(case)[each.label])


@pytest.mark.parametrize("seed", SEEDS)
def test_all_else_stays_and_the_whole_is_a_proven_plan(folder: Path, seed: int) -> None:
    case, division = sampled(folder, seed)
    plan, result = plan_of(division), division.plan
    for label in set(case.networks) - {each.label for each in division.divided if each.into}:
        assert plan[label] == set(networks(case)[label])
    assert result.solution.status == "optimal"
    assert result.verified
    assert check_plan(result.region.problem, result.solution.networks).holds


def test_the_regions_above_have_networks_of_both_kinds(folder: Path) -> None:
    every = [each for seed in SEEDS for each in sampled(folder, seed)[1].divided]
    assert any(each.into for each in every)
    assert any(each.reason for each in every)


def along_a_road(folder: Path, sizes: str, labels: str, *rules: str) -> Case:
    """Practices a kilometre apart, thousands of patients each, the network of each by letter."""
    places: dict[str, Place] = {
        f"P{k:02}": (float(k), 0.0, 1_000 * int(size)) for k, size in enumerate(sizes.split())
    }
    return case_of(
        folder, region(places).table, list(places), list(labels.replace(" ", "")), *rules
    )


@pytest.mark.parametrize(
    ("sizes", "labels", "reason"),
    [
        ("30 5", "ab", "it is a single practice"),
        ("13 14", "aa", "27,000 patients are too many for 1 and too few for 2"),
        ("9 5 5 14 14", "abbaa", "P00 with 9,000 patients, cut off from its other practices"),
        ("25 4 25", "aaa", "no networks in the band can be put together from its practices"),
    ],
)
def test_why_a_network_stays(tmp_path: Path, sizes: str, labels: str, reason: str) -> None:
    (kept,) = divided(along_a_road(tmp_path, sizes, labels)).divided
    assert kept.into == ()
    assert reason in kept.reason


def test_parts_of_neighbouring_networks_do_not_mix(tmp_path: Path) -> None:
    # Of one network, the third and the fourth would be the nearest together.
    case = along_a_road(tmp_path, "9 8 15 15 8 9", "aaabbb")
    plan = plan_of(divided(case))
    assert set(map(frozenset, plan.values())) == {
        frozenset({"P00", "P01"}),
        frozenset({"P02"}),
        frozenset({"P03"}),
        frozenset({"P04", "P05"}),
    }


def test_only_those_named_are_divided(tmp_path: Path) -> None:
    case = along_a_road(tmp_path, "14 14 14 14", "aabb")
    division = divided(case, "b")
    assert [(each.label, len(each.into)) for each in division.divided] == [("b", 2)]
    assert {"P00", "P01"} in plan_of(division).values()


def test_one_that_fits_stays_where_dividing_it_saves_nothing(tmp_path: Path) -> None:
    case = along_a_road(tmp_path, "6 12 6 14", "aaab")
    (kept,) = divided(case, "a").divided
    assert kept.reason == "it is in the band, and dividing it saves no travel"


def test_a_fixed_network_is_divided_only_by_name(tmp_path: Path) -> None:
    fixed = "rules.fixed=[[P00, P01]]"
    case = along_a_road(tmp_path, "14 14 14 14", "aabb", fixed)
    assert [each.label for each in divided(case).divided] == ["b"]
    assert [each.label for each in divided(case, "a").divided] == ["a"]


def test_an_unknown_network_is_a_fault(tmp_path: Path) -> None:
    case = along_a_road(tmp_path, "14 14 14 14", "aabb")
    with pytest.raises(InputError, match=r"is no network of the plan \('c'\)\. There are a .*, b "):
        divided(case, "c")
