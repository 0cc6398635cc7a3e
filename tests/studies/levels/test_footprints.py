"""Networks grouped into footprints, against every way to group them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.config.model import Band
from pcn_group.plan.case import Case
from pcn_group.plan.solved import SolvedPlan
from pcn_group.studies.levels import plan_footprints
from tests.solver.regions import sample
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


def best_by_looking(case: Case, band: Band) -> int | None:
    """The least patient-metres of any grouping of the networks into contiguous footprints."""
    of, sizes, beside = networks(case), patients(case), neighbours(case)
    hubs = {
        label: min(sorted(members), key=lambda hub: sum(metres(case, i, hub) for i in members))
        for label, members in of.items()
    }
    touching = {a: {b for b in of if any(beside[i].intersection(of[b]) for i in of[a])} for a in of}

    def cost(footprint: tuple[str, ...]) -> int | None:
        inside = band.min <= sum(sizes[label] for label in footprint) <= band.max
        if not inside or not is_contiguous(footprint, touching):
            return None
        travelling = [i for label in footprint for i in of[label]]
        return min(sum(metres(case, i, hubs[label]) for i in travelling) for label in footprint)

    totals = []
    for groups in partitions(list(of)):
        costs = [cost(footprint) for footprint in groups]
        if None not in costs:
            totals.append(sum(each for each in costs if each is not None))
    return min(totals, default=None)


def grouped(case: Case, band: Band) -> SolvedPlan:
    return plan_footprints(case, case.region.configuration.search, band, lambda _: None)


def quarters(case: Case) -> Band:
    total = int(case.region.problem.weights.sum())
    return Band(min=total // 4, max=total // 2)


@pytest.mark.parametrize("seed", range(4))
def test_footprints_are_the_best_of_all_groupings(tmp_path: Path, seed: int) -> None:
    case = sample_case(tmp_path, 20, seed, networks=8)
    expected, result = best_by_looking(case, quarters(case)), grouped(case, quarters(case))
    assert expected is not None
    assert (result.solution.status, result.solution.cost) == ("optimal", expected)
    assert result.keeps_the_band
    assert result.verified


@pytest.mark.parametrize("seed", range(2))
def test_every_network_is_whole_and_known_as_one_of_today(tmp_path: Path, seed: int) -> None:
    case = sample_case(tmp_path, 20, seed, networks=8)
    result, own = grouped(case, quarters(case)), networks(case)
    for network in result.networks:
        inside = {result.region.problem.codes[i] for i in network.members}
        assert all(inside.issuperset(m) or inside.isdisjoint(m) for m in own.values())
    units = result.region.units
    today = dict(zip(units["practice_code"], units["current_network"], strict=True))
    assert today == {code: label for label, members in own.items() for code in members}
    assert set(units["current_network_name"]) == {f"Network {label}" for label in own}


def test_a_network_in_pieces_counts_as_one(tmp_path: Path) -> None:
    table = sample(12, 5).table.sort_values("easting")
    codes = table["practice_code"].tolist()
    labels = ["ends" if k in {0, 11} else f"net{k // 4}" for k in range(12)]
    case = case_of(tmp_path, table, codes, labels)
    assert codes[11] not in neighbours(case)[codes[0]]
    result = grouped(case, quarters(case))
    assert result.solution.status == "optimal"
    assert result.solution.cost == best_by_looking(case, quarters(case))
    bridge = (min(codes[0], codes[11]), max(codes[0], codes[11]))
    assert bridge in result.region.configuration.adjacency.add


def test_a_network_larger_than_a_footprint_is_one_by_itself(tmp_path: Path) -> None:
    case = sample_case(tmp_path, 12, 1, networks=3)
    sizes = sorted(patients(case).values())
    result = grouped(case, Band(min=sizes[0] // 2, max=sizes[-1] - 1))
    (alone,) = (network for network in result.networks if not network.in_band)
    assert alone.patients == sizes[-1]
    assert alone.exception.endswith("over the maximum: fixed as it is")
    assert result.keeps_the_band


def test_where_the_band_cannot_be_kept_it_is_as_near_as_can_be(tmp_path: Path) -> None:
    case = sample_case(tmp_path, 12, 1, networks=3)
    total = int(case.region.problem.weights.sum())
    result = grouped(case, Band(min=total + 1_000, max=total + 2_000))
    assert (result.solution.status, result.solution.short) == ("optimal", 1_000)
    assert not result.keeps_the_band


def test_rules_about_networks_are_left_aside(tmp_path: Path) -> None:
    rules = ("limits.max_practices=3", "travel.max_to_hub=0.001", "prices.change=4")
    plain = sample_case(tmp_path, 20, 2, 8)
    ruled = sample_case(tmp_path, 20, 2, 8, *rules)
    band = quarters(plain)
    assert grouped(ruled, band).solution.networks == grouped(plain, band).solution.networks


def test_practices_in_no_network_are_left_out_with_a_note(tmp_path: Path) -> None:
    table = sample(12, 1).table
    first, *others = table["practice_code"]
    case = case_of(tmp_path, table, others, ["one"] * 6 + ["two"] * 5)
    result = grouped(case, Band(min=1, max=10**6))
    assert first not in result.region.problem.codes
    assert any(note.endswith(f"left out: {first}.") for note in result.region.practices.notes)


@pytest.mark.parametrize(
    ("codes", "labels", "fault"),
    [
        (["own", "own"], ["one", "two"], "is 2 times in a network of the plan"),
        (["nobody"], ["one"], "NOBODY, which is not among the practices"),
        (["own"], [""], "has no practice in a network"),
    ],
)
def test_plans_that_are_none_are_faults(
    tmp_path: Path, codes: list[str], labels: list[str], fault: str
) -> None:
    table = sample(12, 1).table
    known = [table["practice_code"].iloc[0] if code == "own" else code for code in codes]
    case = case_of(tmp_path, table, known, labels)
    with pytest.raises(InputError, match=fault):
        grouped(case, Band(min=1, max=10**6))
