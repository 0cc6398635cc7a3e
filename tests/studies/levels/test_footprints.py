"""Networks grouped into footprints, against every way to group them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pcn_group.base.errors import InputError
from pcn_group.config.model import Band
from pcn_group.plan.case import Case
from pcn_group.plan.solved import SolvedPlan
from pcn_group.studies.levels.footprints import networks_split_by, plan_footprints
from tests.depth import many
from tests.solver.regions import sample
from tests.studies.levels.plans import (
    case_of,
    contiguous_case,
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


def best_of_practices(case: Case, band: Band) -> int | None:
    """The least patient-metres of any grouping of the practices into contiguous footprints."""
    problem, beside = case.region.problem, neighbours(case)
    sizes = dict(zip(problem.codes, problem.weights.tolist(), strict=True))

    def cost(footprint: tuple[str, ...]) -> int | None:
        inside = band.min <= sum(sizes[code] for code in footprint) <= band.max
        if not inside or not is_contiguous(footprint, beside):
            return None
        return min(sum(metres(case, i, hub) for i in footprint) for hub in footprint)

    totals = []
    for groups in partitions(list(problem.codes)):
        costs = [cost(footprint) for footprint in groups]
        if None not in costs:
            totals.append(sum(each for each in costs if each is not None))
    return min(totals, default=None)


def grouped(case: Case, band: Band, *, free: bool = False) -> SolvedPlan:
    search = case.region.configuration.search
    return plan_footprints(case, search, band, lambda _: None, free=free)


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


@pytest.mark.parametrize("seed", range(4))
def test_free_footprints_are_the_best_of_all_groupings_of_practices(
    tmp_path: Path, seed: int
) -> None:
    case = sample_case(tmp_path, 8, seed, networks=4)
    expected = best_of_practices(case, quarters(case))
    result = grouped(case, quarters(case), free=True)
    assert expected is not None
    assert (result.solution.status, result.solution.cost) == ("optimal", expected)
    assert result.keeps_the_band
    assert result.verified


@given(
    practices=st.integers(8, 14),
    seed=st.integers(0, 10_000),
    count=st.integers(3, 7),
    share=st.sampled_from((2, 3)),
)
@settings(max_examples=many(60))
def test_no_travel_is_saved_by_keeping_networks_whole(
    tmp_path_factory: pytest.TempPathFactory, practices: int, seed: int, count: int, share: int
) -> None:
    # Networks in pieces or too large would let whole ones do what free footprints may not.
    case = contiguous_case(tmp_path_factory.mktemp("case"), practices, seed, count)
    most = max(int(case.region.problem.weights.sum()) // share, *patients(case).values())
    band = Band(min=most // 3, max=most)
    whole, free = grouped(case, band), grouped(case, band, free=True)
    assume(whole.keeps_the_band)
    assert whole.solution.status == free.solution.status == "optimal"
    assert free.solution.cost <= whole.solution.cost
    assert not networks_split_by(whole)


def test_a_network_too_large_for_a_footprint_is_split_among_free_ones(tmp_path: Path) -> None:
    case = sample_case(tmp_path, 12, 1, networks=3)
    sizes, of = patients(case), networks(case)
    largest = max(sizes, key=sizes.__getitem__)
    result = grouped(case, Band(min=sizes[largest] // 2, max=sizes[largest] - 1), free=True)
    assert result.keeps_the_band
    weights, codes = result.region.problem.weights, result.region.problem.codes
    inside = {
        network.network_id: sum(int(weights[i]) for i in network.members if codes[i] in of[largest])
        for network in result.networks
    }
    (split,) = (each for each in networks_split_by(result) if each.network_id == largest)
    assert split.parts == {footprint: held for footprint, held in inside.items() if held}
    assert (split.patients, split.name) == (sizes[largest], f"Network {largest}")


def test_a_network_in_pieces_makes_no_neighbours_of_free_footprints(tmp_path: Path) -> None:
    table = sample(12, 5).table.sort_values("easting")
    codes = table["practice_code"].tolist()
    labels = ["ends" if k in {0, 11} else f"net{k // 4}" for k in range(12)]
    case = case_of(tmp_path, table, codes, labels)
    result = grouped(case, quarters(case), free=True)
    assert result.region.configuration.adjacency.add == ()
    assert result.region.problem.neighbours == case.region.problem.neighbours


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


@pytest.mark.parametrize("free", [False, True])
def test_what_was_too_large_for_a_network_is_not_for_a_footprint(
    tmp_path: Path, *, free: bool
) -> None:
    case = sample_case(tmp_path, 12, 1, 3, "band.min=1", "band.max=9000")
    total = int(case.region.problem.weights.sum())
    assert "over_maximum" in set(case.region.practices.data_report["finding"])
    result = grouped(case, Band(min=total // 4, max=total), free=free)
    assert "over_maximum" not in set(result.data_report["finding"])


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
