"""The arithmetic of the method's pages, and their figures on the sample."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from click.testing import CliRunner

from pcn_group.cli import group
from pcn_group.config.loading import load_configuration
from pcn_group.config.model import Configuration
from pcn_group.geography.travel import LARGEST, LARGEST_REGION
from pcn_group.pipeline import solve
from pcn_group.plan.solved import SolvedPlan
from pcn_group.practices import read_practices
from pcn_group.region.problem import Problem, SizeRule
from pcn_group.solver.near_optimal.pool import MOST_PLANS
from pcn_group.solver.search.expansion import POOL_LIMIT
from pcn_group.solver.solution import Status
from pcn_group.studies.alternatives import Verdict
from pcn_group.verify.bound import verify_certificate
from pcn_group.verify.certificate import Certificate, CutDual
from tests.docs.pages import (
    DOCS,
    MODEL,
    PROOF,
    QUESTIONS,
    README,
    ROOT,
    SAMPLE,
    number,
    prose,
    section,
    table,
)

BAND = (30_000, 50_000)

# --- arithmetic --------------------------------------------------------------------------------


def road() -> dict[str, tuple[int, int]]:
    """The practices of the worked example: patients, km."""
    return {
        row[0]: (number(row[1]), number(row[2]))
        for row in table(MODEL.read_text("utf-8"), "practice")
    }


def candidates() -> dict[str, tuple[int, str, int]]:
    """Every stretch of the road inside the band: patients, hub, cost."""
    practices = road()
    found = {}
    for first, last in itertools.combinations_with_replacement(range(len(practices)), 2):
        inside = list(practices)[first : last + 1]
        patients = sum(practices[i][0] for i in inside)
        costs = {
            hub: sum(practices[i][0] * abs(practices[i][1] - practices[hub][1]) for i in inside)
            for hub in inside
        }
        if BAND[0] <= patients <= BAND[1]:
            hub = min(costs, key=costs.__getitem__)
            found[" ".join(inside)] = (patients, hub, costs[hub])
    return found


def duals() -> dict[str, int]:
    text = section(PROOF, "On paper again")
    lines = text[text.index("| practice | A |") :].splitlines()
    head, row = ([cell.strip() for cell in lines[k].strip("|").split("|")] for k in (0, 2))
    return dict(zip(head[1:], map(number, row[1:]), strict=True))


def road_problem() -> Problem:
    practices = list(road().values())
    patients = [size for size, _ in practices]
    n = len(practices)
    return Problem(
        codes=tuple(road()),
        weights=np.array(patients),
        cost=np.array([[w * abs(a - b) for _, b in practices] for w, a in practices]),
        neighbours=tuple(tuple(j for j in (i - 1, i + 1) if 0 <= j < n) for i in range(n)),
        size=SizeRule(*BAND, *BAND),
        max_practices=n,
    )


def bound_holds(problem: Problem, duals: list[int], cut_dual: CutDual | None, bound: int) -> bool:
    certificate = Certificate(np.array(duals), (cut_dual,) if cut_dual else (), bound)
    return verify_certificate(problem, certificate).verified


def test_the_candidates_of_the_example_are_all_there_are() -> None:
    rows = table(section(MODEL, "A region small enough for paper"), "network")
    listed = {row[0]: (number(row[1]), row[2], number(row[3])) for row in rows}
    assert listed == candidates()


def test_the_two_plans_of_the_example_are_all_there_are() -> None:
    plans = {}
    for several in itertools.combinations(sorted(candidates()), 2):
        if " ".join(several).split() == list(road()):
            plans[several] = sum(candidates()[name][2] for name in several)
    assert plans == {("A B", "C D E"): 94_000, ("A B C", "D E"): 110_000}
    text = section(MODEL, "A region small enough for paper")
    for several, total in plans.items():
        parts = " + ".join(f"{candidates()[name][2]:,}" for name in several)
        assert f"- {' and '.join(several)}: {parts} = {total:,}" in text
    patients = sum(size for size, _ in road().values())
    assert f"94,000 patient-km for {patients:,} patients, {94_000 / patients:.2f} km" in text


def test_the_reduced_costs_of_the_example() -> None:
    rows = table(section(PROOF, "On paper again"), "network")
    listed = {row[0]: tuple(map(number, row[1:])) for row in rows}
    due = {name: sum(duals()[i] for i in name.split()) for name in candidates()}
    assert listed == {
        name: (cost, due[name], cost - due[name]) for name, (_, _, cost) in candidates().items()
    }
    within = {name for name, row in listed.items() if row[2] <= 10_000}
    assert within == {"A B", "C D E", "D E"}


def test_the_other_plan_of_the_example() -> None:
    rows = table(section(PROOF, "On paper again"), "network")
    reduced = {row[0]: number(row[3]) for row in rows}
    text = prose(PROOF, "Other good plans")
    best = sum(duals().values())
    assert f"20 % above {best:,} is {best + best // 5:,}, and the reach is {best // 5:,}" in text
    assert [name for name, more in reduced.items() if more > best // 5] == ["B C D"]
    assert f"only B C D, at {reduced['B C D']:,}," in text
    more = [reduced["A B C"], reduced["D E"]]
    total = f"{best:,} + {more[0]:,} + {more[1]:,} = {best + sum(more):,}"
    assert f"A B C and D E: {total}" in text
    assert f"to have it with A and B costs {sum(more):,}" in text


def test_the_bounds_of_the_example_verify() -> None:
    problem, asked = road_problem(), list(duals().values())
    assert bound_holds(problem, asked, None, 94_000)
    a, b, c, d, _ = asked
    assert not bound_holds(problem, [a, b, c, d, 26_000], None, 100_000)
    assert bound_holds(problem, [a, b, c, d - 6_000, 26_000], None, 94_000)


def test_the_toll_of_the_example_verifies() -> None:
    problem = Problem(
        codes=("P", "Q", "R"),
        weights=np.full(3, 16_000),
        cost=16_000 * (1 - np.eye(3, dtype=np.int64)),
        neighbours=((1, 2), (0, 2), (0, 1)),
        size=SizeRule(*BAND, *BAND),
        max_practices=3,
    )
    assert problem.network_cost([0, 1]) == 16_000
    assert problem.network_cost([0, 1, 2]) == 32_000
    assert bound_holds(problem, [8_000] * 3, None, 24_000)
    assert not bound_holds(problem, [8_001, 8_000, 8_000], None, 24_001)
    halves = CutDual((0, 1, 2), (1, 1, 1), 2, 16_000)
    assert bound_holds(problem, [16_000] * 3, halves, 32_000)


def test_the_thirds_of_the_example_verify() -> None:
    weights = np.array([20_000, 10_000, 10_000, 10_000])
    problem = Problem(
        codes=("W", "X", "Y", "Z"),
        weights=weights,
        cost=3 * weights[:, None] * (1 - np.eye(4, dtype=np.int64)),
        neighbours=((1, 2, 3), (0, 2, 3), (0, 1, 3), (0, 1, 2)),
        size=SizeRule(*BAND, *BAND),
        max_practices=4,
    )
    assert problem.network_cost(range(4)) == 90_000
    thirds = CutDual((0, 1, 2, 3), (2, 1, 1, 1), 3, 30_000)
    assert bound_holds(problem, [30_000] * 4, thirds, 90_000)


def test_the_largest_travel_and_the_largest_region_are_those_named() -> None:
    told = prose(DOCS / "how-to" / "configuration.md", "Roads and times in place of ways over land")
    assert f"above {LARGEST['metres']:,} metres or {LARGEST['minutes']:,} minutes" in told
    told = prose(MODEL, "A matrix of your own")
    assert f"is {LARGEST['metres']:,} metres" in told
    assert f"or {LARGEST['minutes']:,} minutes" in told
    assert f"{LARGEST_REGION:,} practices at most" in prose(MODEL, "Limits")
    assert f"{LARGEST_REGION:,} practices at most" in README.read_text("utf-8")


def test_the_pool_limit_is_the_one_named() -> None:
    assert f"{POOL_LIMIT:,}" in section(PROOF, "The time limit")
    assert f"more than {POOL_LIMIT:,} networks" in prose(MODEL, "The same plan every time")


def test_the_limits_of_alternatives_are_those_named() -> None:
    text = prose(PROOF, "Other good plans")
    assert f"ends at {MOST_PLANS:,} of them" in text
    assert f"more than {POOL_LIMIT:,} networks" in text


def test_verdicts_on_pairs_are_listed() -> None:
    named = tuple(row[0].strip("`") for row in table(PROOF.read_text("utf-8"), "`verdict`"))
    assert named == get_args(Verdict)


def test_statuses_are_listed() -> None:
    named = tuple(row[0].strip("`") for row in table(PROOF.read_text("utf-8"), "`status`"))
    assert named == get_args(Status)


# --- figures on the sample ---------------------------------------------------------------------


def solved(configuration: Configuration) -> SolvedPlan:
    return solve(read_practices([SAMPLE]), configuration, lambda _: None)


def kilometres(result: SolvedPlan) -> float:
    return sum(network.mean_travel * network.patients for network in result.networks)


def test_what_a_price_on_change_buys() -> None:
    for price, patients, mean in table(section(MODEL, "Prices"), "price (km)"):
        result = solved(load_configuration(None, (f"prices.change={price}",)))
        today = result.region.practices.table["current_network"]
        changed = sum(
            int(result.region.problem.weights[i])
            for network in result.networks
            for i in network.members
            if today[i] and today[network.hub] and today[i] != today[network.hub]
        )
        assert (number(patients), mean) == (changed, f"{result.mean_travel:.2f}")


def test_what_the_rural_exception_buys() -> None:
    rural = solved(load_configuration(ROOT / "configs" / "rural-exception.yaml"))
    short = sum(max(0, BAND[0] - network.patients) for network in rural.networks)
    saved = kilometres(solved(Configuration())) - kilometres(rural)
    text = prose(MODEL, "Prices")
    assert len(rural.exceptions) == 2
    assert f"by {short:,} patients in all" in text
    assert f"they pay {5 * short:,} patient-km" in text
    assert f"falls by {saved:,.0f}." in text


@pytest.mark.usefixtures("first_screen")
def test_the_neighbours_at_one_address(folder: Path) -> None:
    groupings = (folder / "plan" / "groupings.csv").read_text("utf-8").splitlines()
    rows = {row.split(",")[0]: row.split(",") for row in groupings}
    mine, other = rows["XX00011"], rows["XX00014"]
    assert (mine[4], other[4]) == ("XN0011", "XN0008")
    assert mine[8:10] == other[8:10]
    text = prose(QUESTIONS, "Why is my practice not with the one next door?")
    assert f"{other[7]} km, against {mine[7]} km" in text
    longer = float(mine[7]) - float(other[7])
    more = int(other[2]) - int(mine[2])
    assert f"{more} patients more to take the longer way, {longer:.3f} km longer" in text
    assert f"costs {more * longer:.0f} patient-km more" in text


@pytest.mark.usefixtures("first_screen")
def test_the_price_of_a_pair(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    CliRunner().invoke(group, ["alternatives", "plan", "--quiet"], catch_exceptions=False)
    table_ = (folder / "alternatives" / "togetherness.csv").read_text("utf-8")
    pairs = {tuple(row[:2]): row for row in (line.split(",") for line in table_.splitlines())}
    pair = pairs["XX00002", "XX00011"]
    assert pair[2:4] == ["together", "open"]
    text = " ".join((DOCS / "how-to" / "alternatives.md").read_text("utf-8").split())
    assert f"XX00002 and XX00011 apart costs {float(pair[6]):.1f} patient-km at least" in text
    assert [row[6] for row in pairs.values()].count(pair[6]) == 8
    assert "seven other pairs have the same price" in text


@pytest.mark.usefixtures("first_screen")
def test_how_far_the_certificate_reaches(folder: Path) -> None:
    summary = json.loads((folder / "plan" / "summary.json").read_text("utf-8"))
    certificate = json.loads((folder / "plan" / "certificate.json").read_text("utf-8"))
    cost, bound = summary["cost_integer"], certificate["bound"]
    share = f"{1 - bound / cost:.2%}".replace("%", " %")
    assert f"within {share} of the plan's cost" in README.read_text("utf-8")
    proof = prose(PROOF, "What rests on what")
    assert f"The last {share} is that of the steps above" in proof
    assert f"costs {cost / 1000:,.1f} patient-km" in proof
    assert f"less than {bound / 1000:,.1f}." in proof
