"""Rules about practices: what they do to a plan, what check finds, and all from end to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pcn_group.base.errors import InfeasibleError, InputError
from pcn_group.config.model import Configuration, Rules
from pcn_group.config.rules import Prefer, merged
from pcn_group.output.data.plan_files import plan_files
from pcn_group.pipeline import solve
from pcn_group.plan.case import open_case
from pcn_group.plan.claims import check_claims
from pcn_group.plan.inputs import PlanInputs
from pcn_group.plan.solved import SolvedPlan
from pcn_group.practices import read_practices
from pcn_group.practices.table import Practices
from pcn_group.region.building import RegionRules
from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.verify.rules import check_plan
from tests.batch.several import batch_here, country, the_batch, written
from tests.solver.regions import problem_of, region, road, sample, solved

# Eight practices of 20,000 patients along a road; in the best plan each has the next one with it.
EIGHT = road(*[20_000] * 8, avoid_below=True, avoid_above=True)


def on_the_road(**rules: Any) -> Problem:  # noqa: ANN401 - any rule
    return replace(EIGHT, **rules)


# --- what a plan does -----------------------------------------------------------------------------


def test_without_rules_each_has_the_next_one_with_it() -> None:
    assert solved(EIGHT).networks == ((0, 1), (2, 3), (4, 5), (6, 7))


def test_together_moves_the_cut() -> None:
    found = solved(on_the_road(together=((1, 2),)))
    assert all((1 in network) == (2 in network) for network in found.networks)
    assert found.relaxed  # A is left with 20,000, or three are together


def test_apart_keeps_two_from_each_other() -> None:
    found = solved(on_the_road(apart=((0, 1),)))
    assert not any({0, 1} <= set(network) for network in found.networks)


def test_a_fixed_network_is_there_as_it_is_and_the_others_go_round_it() -> None:
    found = solved(on_the_road(fixed=((2, 3, 4),)))
    assert found.status == "optimal"
    assert (2, 3, 4) in found.networks
    assert found.networks == ((0, 1), (2, 3, 4), (5, 6, 7))
    assert (found.short, found.above) == (0, 10_000)  # of the last three, not of the fixed one


def test_a_fixed_network_is_no_bridge() -> None:
    board = road(20_000, 10_000, 20_000, 20_000, 20_000)
    found = solved(replace(board, fixed=((1,),)))
    assert found.status == "infeasible"
    assert solved(replace(board, fixed=((2, 3),), weights=board.weights + 10_000)).status == (
        "optimal"
    )


@pytest.mark.parametrize("kind", ["together", "apart", "fixed"])
def test_the_order_of_groups_makes_no_difference(kind: str) -> None:
    codes = sorted(sample(12, 3).table["practice_code"])
    groups = [codes[0:2], codes[4:6], codes[8:10]]
    problems = [
        problem_of(
            sample(12, 3),
            Configuration.model_validate({"rules": {kind: [list(reversed(g)) for g in order]}}),
        )
        for order in permutations(groups)
    ]
    assert all(getattr(each, kind) == getattr(problems[0], kind) for each in problems)
    assert getattr(problems[0], kind)


def test_groups_with_a_practice_in_common_are_one() -> None:
    assert merged([("C", "D"), ("A", "B"), ("D", "E"), ("B", "F"), ("G",)]) == (
        ("A", "B", "F"),
        ("C", "D", "E"),
    )


def test_practices_outside_the_region_are_left_aside() -> None:
    rules = Rules(
        together=(("A", "X"), ("A", "B", "X")),
        apart=(("B", "C", "X"), ("C", "Y")),
        fixed=(("D",), ("C", "X"), ("Y",)),
        hubs=("X",),
        prefer=(Prefer(practices=("A", "X"), price=1), Prefer(practices=("A", "C"), price=2)),
        free=("A", "X"),
    )
    assert RegionRules.of(rules, ["A", "B", "C", "D"]) == RegionRules(
        together=((0, 1),),
        apart=((1, 2),),
        fixed=((3,),),
        hubs=None,
        prefer=(((0, 2), 2.0),),
        free=(0,),
    )


VILLAGES = region(
    {"A": (0, 0, 20_000), "B": (1, 0, 20_000), "C": (9, 0, 20_000), "D": (10, 0, 20_000)},
    current_network=["N", "S", "S", "S"],
)


def built(**rules: Any) -> Problem:  # noqa: ANN401 - any rule
    return problem_of(VILLAGES, Configuration.model_validate({"prices": {"change": 3}, **rules}))


def test_hubs_are_the_only_ones() -> None:
    cost = built(rules={"hubs": ["B"]}).cost
    assert (cost[:, [0, 2, 3]] == FORBIDDEN).all()
    assert (cost[:, 1] < FORBIDDEN).all()


def test_neither_fixed_networks_nor_oversize_practices_need_a_permitted_hub() -> None:
    rules = {"hubs": ["B"], "fixed": [["C", "D"]]}
    problem = built(rules=rules, travel={"max_to_hub": 0.1}, band={"min": 1000, "max": 19_000})
    assert problem.oversize == (0, 1)
    assert problem.cost[0, 0] == 0
    assert problem.network_cost([2, 3]) == 20_000 * 1000
    assert problem.cost[0, 2] == FORBIDDEN


def test_who_prefers_to_stay_pays_for_another_hub_only() -> None:
    plain, priced = built(), built(rules={"prefer": [{"practices": ["A", "B"], "price": 2.5}]})
    more = priced.cost - plain.cost
    assert (more[:2, 2:] == 20_000 * 2500).all()
    assert (more[:2, :2] == 0).all()
    assert (more[2:] == 0).all()


def test_who_is_free_pays_nothing_for_a_change() -> None:
    more = built(prices={"change": 3}).cost - built(rules={"free": ["A"]}).cost
    assert more[0].tolist() == [0, 60_000_000, 60_000_000, 60_000_000]
    assert (more[1:] == 0).all()


def test_a_high_enough_price_keeps_a_federation_together() -> None:
    practices = sample(30, 2)
    group = practices.table["practice_code"].iloc[[0, 5]].tolist()

    def hubs(price: float) -> list[str]:
        rules = {"rules": {"prefer": [{"practices": group, "price": price}]}}
        result = solve(practices, Configuration.model_validate(rules))
        codes = result.region.units["practice_code"].tolist()
        return [
            codes[n.hub]
            for code in group
            for n in result.networks
            if codes.index(code) in n.members
        ]

    assert set(hubs(1000)) <= set(group)
    assert not set(hubs(0)) <= set(group)


# --- what check finds -----------------------------------------------------------------------------


def broken(problem: Problem, *networks: Sequence[int]) -> list[str]:
    report = check_plan(problem, networks)
    return [f"{f.rule}: {f.where} {f.message}" for f in report.findings if f.is_broken]


PAIRS = ((0, 1), (2, 3), (4, 5), (6, 7))


def test_check_finds_practices_that_are_not_together() -> None:
    (fault,) = broken(on_the_road(together=((1, 2), (4, 5))), *PAIRS)
    assert fault == "together: B, C are to be in one network, but are in 1, 2"


def test_check_finds_practices_that_are_not_apart() -> None:
    (fault,) = broken(on_the_road(apart=((1, 2), (4, 5))), *PAIRS)
    assert fault == "apart: 3 has both E and F, which are to be apart"


def test_check_finds_a_fixed_network_that_is_not_there() -> None:
    problem = on_the_road(fixed=((0, 1), (4,)))
    (fault,) = broken(problem, *PAIRS)
    assert fault == "fixed: E is fixed as a network of its own, but is not one: see 3"


def test_check_lists_a_fixed_network_whatever_it_is_like() -> None:
    problem = on_the_road(fixed=((0, 2, 7),), max_practices=2)
    report = check_plan(problem, [(0, 2, 7), (1,), (3, 4), (5, 6)])
    notes = [f"{f.rule}: {f.message}" for f in report.findings if f.where == "1"]
    assert notes == [
        "contiguity: is not contiguous, it has 3 parts: A; C; H",
        "band: has 60,000 patients, 10,000 above 50,000, and is fixed",
        "fixed: is fixed as it is",
    ]
    assert [f.where for f in report.findings if f.is_broken] == ["2"]


def test_check_finds_a_network_without_a_permitted_hub() -> None:
    cost = EIGHT.cost.copy()
    cost[:, [0, 1, 2]] = FORBIDDEN
    (fault,) = broken(on_the_road(cost=cost), *PAIRS)
    assert fault == "hub: 1 has no practice that may be a hub"


# --- practices left out ---------------------------------------------------------------------------


def table_of(practices: Practices, folder: Path) -> Path:
    path = folder / "practices.csv"
    practices.table.dropna(axis="columns").to_csv(path, index=False)
    return path


def test_who_is_left_out_is_in_the_data_report_and_nowhere_else(tmp_path: Path) -> None:
    path = table_of(VILLAGES, tmp_path)
    rules = Configuration.model_validate({"rules": {"exclude": ["B"], "apart": [["A", "B"]]}})
    practices = read_practices([path], rules=rules)
    assert practices.table["practice_code"].tolist() == ["A", "C", "D"]
    assert "B" in practices.known
    rows = practices.data_report.set_index("finding")
    assert rows.loc["excluded_by_rule", "practice_code"] == "B"
    assert rows.loc["excluded_by_rule", "treatment"] == "left out"
    assert rows.loc["rows_set_aside", "detail"] == "excluded by a rule"
    assert solve(practices, rules).networks


# --- from end to end ------------------------------------------------------------------------------


def ruled(practices: Practices) -> tuple[SolvedPlan, dict[str, Any]]:
    """A plan under every kind of rule at once."""
    codes = practices.table["practice_code"].tolist()
    rules = {
        "together": [codes[0:2]],
        "apart": [codes[3:6]],
        "fixed": [codes[10:13]],
        "hubs": codes[0:1] + codes[3:],
        "prefer": [{"practices": codes[14:16], "price": 1}],
        "free": codes[7:8],
    }
    return solve(practices, Configuration.model_validate({"rules": rules})), rules


def test_a_plan_keeps_all_its_rules_and_check_says_so(tmp_path: Path) -> None:
    result, rules = ruled(sample(40, 4))
    plan = tmp_path / "plan"
    plan.mkdir()
    for name, text in plan_files(result).items():
        (plan / name).write_text(text, encoding="utf-8", newline="")
    case = open_case(str(plan), PlanInputs())
    stored, made = case.region.configuration.rules, result.region.configuration.rules
    assert stored == made == Rules.model_validate(rules)
    assert case.stored is not None
    report = check_plan(case.region.problem, list(case.networks.values()), list(case.networks))
    claims = check_claims(case.region, case.stored, report)
    assert report.holds
    assert any(finding.rule == "fixed" for finding in report.findings)
    assert not any(finding.is_broken for finding in claims.findings)
    assert claims.verified
    assert result.verified


def test_every_region_of_a_batch_keeps_its_part_of_the_rules(tmp_path: Path) -> None:
    path = written(tmp_path, country(2))
    table = pd.read_csv(path)
    first, second = table.groupby("region_code")["practice_code"].first()
    rules = tmp_path / "rules.csv"
    rules.write_text(f"rule,group,practice_code\nfixed,1,{first}\nfixed,2,{second}\n", "utf-8")
    batch_here(path, tmp_path / "out", f"rules.file={rules}")
    for region_code, code in (("R0", first), ("R1", second)):
        groupings = pd.read_csv(tmp_path / "out" / region_code / "groupings.csv")
        own = groupings.loc[groupings["practice_code"] == code, "network_id"].iloc[0]
        assert (groupings["network_id"] == own).sum() == 1
    again, _ = batch_here(path, tmp_path / "out", f"rules.file={rules}", resume=True)
    assert again.stood == 2
    rules.write_text(f"rule,group,practice_code\nfixed,1,{first}\n", "utf-8")
    changed, _ = batch_here(path, tmp_path / "out", f"rules.file={rules}", resume=True)
    assert changed.stood == 0


def test_groups_over_the_border_of_a_region_stop_a_batch(tmp_path: Path) -> None:
    path = written(tmp_path, country(2))
    first, second = pd.read_csv(path).groupby("region_code")["practice_code"].first()
    rules = (f"rules.together=[[{first}, {second}]]", f"rules.free=[{first}, {second}]")
    with pytest.raises(InputError) as caught:
        the_batch(path, *rules).refuse_unusable()
    (fault,) = caught.value.faults
    assert str(fault) == (
        f"rules.together: is about practices of several regions: R0, R1 ('{first}, {second}'). "
        f"Networks do not cross the border of a region: name practices of one."
    )


def test_a_column_that_a_region_lacks_stops_a_batch(tmp_path: Path) -> None:
    path = written(tmp_path, country(2))
    with pytest.raises(InputError) as caught:
        the_batch(path, "funding.lines=[participation]").refuse_unusable()
    (fault,) = caught.value.faults
    assert fault.column == "weighted_list_size"
    assert "unknown for 17 practices" in fault.problem


def test_infeasible_rules_end_as_such() -> None:
    codes = VILLAGES.table["practice_code"].tolist()
    rules = {"rules": {"apart": [codes]}, "band": {"below": "forbid"}}
    with pytest.raises(InfeasibleError, match=r"- without rules\.apart \(\w+ and \w+\): "):
        solve(VILLAGES, Configuration.model_validate(rules))


def test_without_rules_nothing_is_laid_out_for_them() -> None:
    assert (EIGHT.together, EIGHT.apart, EIGHT.fixed) == ((), (), ())
    assert np.array_equal(built().cost, built(rules={}).cost)
