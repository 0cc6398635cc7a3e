"""A plan in its next round, against what a person would make of it, and against all plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pcn_group.base.errors import InfeasibleError
from pcn_group.config.model import Configuration
from pcn_group.pipeline import solve
from pcn_group.plan.reading import StoredPlan
from pcn_group.plan.rounds import next_round, starting_from
from pcn_group.practices.table import Practices, Source
from pcn_group.region.region import prepare_region
from tests import oracle
from tests.depth import many
from tests.solver.regions import practices_of, region, sample
from tests.solver.test_moves import least_moved

# Four practices on a road, in two networks: N has A and B, S has C and D.
ROAD = {name: (k, 0, 10_000 + k) for k, name in enumerate("ABCD")}
NETWORKS = {"N": ("A", "B"), "S": ("C", "D")}


def stored(folder: Path, practices: Practices, networks: Mapping[str, Sequence[str]]) -> StoredPlan:
    """A plan that says it was made of these practices."""
    path = folder / "groupings.csv"
    label_of = {code: label for label, codes in networks.items() for code in codes}
    table = practices.table[["practice_code", "practice_name", "list_size"]]
    table.assign(network_id=table["practice_code"].map(label_of)).to_csv(path, index=False)
    summary = {"inputs": [{"name": "earlier.csv", "sha256": "e" * 64, "rows": len(table)}]}
    return StoredPlan(
        path,
        Source("groupings.csv", "9" * 64, len(table)),
        {label: tuple(codes) for label, codes in networks.items()},
        {label: f"Network {label}" for label in networks},
        summary,
    )


def now(*codes: str) -> Practices:
    """The road as it is today."""
    return region({code: (ord(code) - 65, 0, 11_000) for code in codes})


def told(plan: StoredPlan, practices: Practices, **successors: str) -> list[str]:
    changes = next_round(plan, practices, successors).changes
    assert not any(finding.is_broken for finding in changes)
    return [f"{finding.where} {finding.message}" for finding in changes]


@pytest.fixture
def plan(tmp_path: Path) -> StoredPlan:
    return stored(tmp_path, region(ROAD), NETWORKS)


def test_lists_that_grew_change_nothing(plan: StoredPlan) -> None:
    found = next_round(plan, now(*"ABCD"), {})
    assert (found.networks, found.changes, found.new) == (NETWORKS, (), ())


def test_who_has_closed_is_in_no_network_any_more(plan: StoredPlan) -> None:
    assert next_round(plan, now(*"ABD"), {}).networks == {"N": ("A", "B"), "S": ("D",)}
    line = "C (Practice C) is not in these lists; it had 10,002 patients, in S"
    assert told(plan, now(*"ABD")) == [line]


def test_a_successor_has_its_place(plan: StoredPlan) -> None:
    found = next_round(plan, now(*"ABDX"), {"C": "X"})
    assert found.networks == {"N": ("A", "B"), "S": ("D", "X")}
    assert found.new == ()
    assert told(plan, now(*"ABDX"), C="X") == [
        "C (Practice C) has gone into X (Practice X); it had 10,002 patients, in S"
    ]


def test_of_two_networks_it_is_in_that_of_more_patients(plan: StoredPlan) -> None:
    assert next_round(plan, now(*"ABD"), {"C": "B"}).networks == {"N": ("A",), "S": ("D", "B")}
    assert told(plan, now(*"ABD"), C="B") == [
        "C (Practice C) has gone into B (Practice B); it had 10,002 patients, in S"
    ]
    assert next_round(plan, now(*"ACD"), {"B": "C"}).networks == {"N": ("A",), "S": ("C", "D")}
    (line,) = told(plan, now(*"ACD"), B="C")
    assert line == (
        "B (Practice B) has gone into C (Practice C); it had 10,001 patients, in N; most patients "
        "of the two were in S"
    )


def test_a_successor_that_is_not_there_or_comes_too_early_is_told(plan: StoredPlan) -> None:
    (line,) = told(plan, now(*"ABD"), C="Y")
    assert line.endswith("it had 10,002 patients, in S; nor is its successor Y there")
    (line,) = told(plan, now(*"ABCD"), C="B")
    assert line.startswith("C (Practice C) is still in these lists: B (Practice B) takes nothing")


def test_who_is_new_has_no_network_to_keep(plan: StoredPlan) -> None:
    practices = now(*"ABCDX")
    found = next_round(plan, practices, {})
    assert found.new == ("X",)
    begun = starting_from(plan, practices, found.networks).table
    assert begun["current_network"].tolist() == ["N", "N", "S", "S", ""]
    assert begun["current_network_name"].tolist()[3:] == ["Network S", ""]


def test_of_its_own_lists_or_of_none_that_it_tells_a_plan_stays_as_it_is(plan: StoredPlan) -> None:
    practices = replace(now(*"ABD"), sources=(Source("earlier.csv", "e" * 64, 4),))
    assert next_round(plan, practices, {"C": "B"}).networks == NETWORKS
    by_hand = replace(plan, summary={})
    assert next_round(by_hand, now(*"ABD"), {"C": "B"}).networks == NETWORKS


# --- against all plans of small regions --------------------------------------------------------

RULES = Configuration.model_validate(
    {
        "band": {"min": 15_000, "max": 45_000, "below": "forbid", "above": "forbid"},
        "search": {"workers": 1},
    }
)


SEEDS = range(many(240))


def a_year_later(seed: int) -> tuple[Practices, Practices, dict[str, list[str]], dict[str, str]]:
    """A region, the same a year later, networks of it that lie anyhow, and who took over."""
    rng = np.random.default_rng(seed)
    table = sample(int(rng.integers(5, 10)), seed).table
    codes = table["practice_code"].tolist()
    labels = rng.integers(0, 4, len(codes))
    networks = {
        f"N{k}": [code for code, label in zip(codes, labels, strict=True) if label == k]
        for k in range(4)
    }
    new, *closed = rng.permutation(codes)[: int(rng.integers(1, 5))].tolist()
    there = [code for code in codes if code not in closed]
    successors = {
        code: str(rng.choice(there if k else codes))
        for k, code in enumerate(closed)
        if rng.random() < 0.7
    }
    if any(successors.get(to) for to in successors.values()):
        successors = {}  # it may go round in a circle
    earlier = table[table["practice_code"] != new].reset_index(drop=True)
    later = table[table["practice_code"].isin(there)].reset_index(drop=True)
    later = later.assign(list_size=later["list_size"] + rng.integers(0, 900, len(later)))
    networks = {k: [c for c in members if c != new] for k, members in networks.items()}
    return practices_of(earlier), practices_of(later), networks, successors


def before(
    earlier: pd.DataFrame,
    later: pd.DataFrame,
    networks: Mapping[str, Sequence[str]],
    successors: Mapping[str, str],
) -> dict[str, str]:
    """The network each practice comes from, worked out practice by practice."""
    label_of = {code: label for label, codes in networks.items() for code in codes}
    size = dict(zip(earlier["practice_code"], earlier["list_size"], strict=True))
    origin = {}
    for code in later["practice_code"]:
        went = [
            c for c, to in successors.items() if to == code and c not in {*later["practice_code"]}
        ]
        votes: dict[str, int] = {}
        for each in (code, *went):
            if each in label_of:
                votes[label_of[each]] = votes.get(label_of[each], 0) + size[each]
        if votes:
            origin[code] = max(votes, key=votes.__getitem__)
    return origin


@pytest.mark.parametrize("seed", SEEDS)
def test_no_plan_moves_fewer_from_the_earlier_one(tmp_path: Path, seed: int) -> None:
    earlier, later, networks, successors = a_year_later(seed)
    plan = stored(tmp_path, earlier, networks)
    carried = next_round(plan, later, successors).networks
    origin = before(earlier.table, later.table, networks, successors)
    assert {code: label for label, codes in carried.items() for code in codes} == origin
    practices = starting_from(plan, later, carried)
    problem = prepare_region(practices, RULES).problem
    sizes, kept = problem.weights, sorted({*origin.values()})

    def moved(plan: Sequence[int]) -> int:
        shares = [[0] * len(kept) for _ in plan]
        for own, mask in zip(shares, plan, strict=True):
            for i in oracle.members(mask):
                if problem.codes[i] in origin:
                    own[kept.index(origin[problem.codes[i]])] += int(sizes[i])
        return least_moved(shares)

    answers = [(moved(each), cost) for cost, each in oracle.all_plans(problem)]
    if not answers:
        with pytest.raises(InfeasibleError):
            solve(practices, RULES, repair=True)
        return
    found = solve(practices, RULES, repair=True)
    assert (found.patients_moved, found.solution.cost) == min(answers)
    assert found.fewest_moved == found.patients_moved
    assert found.solution.status == "optimal"


def test_rounds_have_something_of_all() -> None:
    years = [a_year_later(seed) for seed in SEEDS]
    assert any(successors for *_, successors in years)
    codes = [
        ({*earlier.table["practice_code"]}, {*later.table["practice_code"]})
        for earlier, later, *_ in years
    ]
    assert any(now - before for before, now in codes)
    assert any(before - now for before, now in codes)
