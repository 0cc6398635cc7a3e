"""What networks are called: codes that agree with who moves, and names for as long as they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pcn_group.base.errors import InputError
from pcn_group.config.loading import load_configuration
from pcn_group.config.model import Configuration
from pcn_group.output.data.judgement import check
from pcn_group.output.data.plan_files import write_plan
from pcn_group.pipeline import solve
from pcn_group.plan.compare import compare_plans
from pcn_group.plan.inputs import CURRENT
from pcn_group.plan.moves import moved, networks_of_today
from pcn_group.plan.network import build_networks, labelled_networks
from pcn_group.plan.placed import PlacedPlan
from pcn_group.practices import read_practices
from pcn_group.region.region import Region, prepare_region
from tests.depth import many
from tests.practices.practice_inputs import OFFICIAL, needs_official_data
from tests.solver.regions import region, sample

OUTSIDE = {True: "", False: ""}

# --- codes, moves and compare ------------------------------------------------------------------


@cache
def some_region(number: int) -> Region:
    configuration = Configuration.model_validate({"data": {"atypical": "attach"}})
    return prepare_region(sample(12 + 7 * number, 300 + number), configuration)


def with_any_today(base: Region, rng: np.random.Generator) -> Region:
    """The region with other networks of today: some called like a practice, some practices free."""
    codes = base.problem.codes
    names = ["", *(f"U{k}" for k in range(4)), *rng.choice(codes, 3)]
    units = base.units.assign(current_network=rng.choice(names, len(codes)))
    rules = base.configuration.rules.model_copy(
        update={"free": tuple(rng.choice(codes, rng.integers(0, 3), replace=False))}
    )
    limits = base.configuration.limits.model_copy(
        update={"max_moved_practices": 5 if rng.random() < 0.3 else None}
    )
    configuration = base.configuration.model_copy(update={"rules": rules, "limits": limits})
    return replace(base, units=units, configuration=configuration)


@pytest.mark.parametrize("seed", range(many(1000)))
def test_codes_moves_and_compare_agree(seed: int) -> None:
    rng = np.random.default_rng(seed)
    own = with_any_today(some_region(seed % 4), rng)
    labels = rng.integers(0, rng.integers(2, 9), len(own.units))
    plan = [np.flatnonzero(labels == k).tolist() for k in np.unique(labels)]
    networks = {n.network_id: n.members for n in build_networks(own, plan, OUTSIDE)}
    assert len(networks) == len(plan)

    plans = (
        PlacedPlan(CURRENT, networks_of_today(own), (), ()),
        PlacedPlan("plan", networks, (), ()),
    )
    moves = compare_plans(own, plans).moves[1]
    assert all(m.first == m.second for m in moves.matches if m.first and m.second)
    new = {m.second for m in moves.matches if m.second and m.first is None}
    assert new.isdisjoint(own.units["current_network"])
    assert moved(own, plan) == (moves.patients, moves.practices)

    code_of = {i: code for code, members in networks.items() for i in members}
    assert moves.members == {
        i
        for i, today in enumerate(own.units["current_network"])
        if today not in {"", code_of[i]}
        and own.problem.codes[i] not in own.configuration.rules.free
    }


# --- names that are true -----------------------------------------------------------------------


PLACES = {code: (float(k), 0.0, 10_000) for k, code in enumerate("ABCDEFG")}
"""Seven practices along a road"""

COAST = {
    "practice_name": [
        *("Harbour Practice", "Penryn Surgery", "Falmouth Practice", "Mylor Practice"),
        *("Truro Practice", "Probus Practice", "St Mary's Surgery"),
    ],
    "current_network": ["one", "one", "one", "one", "two", "two", "two"],
    "current_network_name": ["Falmouth and Penryn PCN"] * 4 + ["Isles of Scilly & Truro"] * 3,
    "local_authority": [*["E06000052"] * 6, "E06000053"],
}


def coast(**rules: object) -> Region:
    return prepare_region(region(PLACES, **COAST), Configuration.model_validate({"rules": rules}))


def called(own: Region, *networks: str) -> list[tuple[str, str]]:
    """The codes and names of networks, which are given by their practices."""
    plan = [["ABCDEFG".index(code) for code in members] for members in networks]
    return [(n.network_id, n.name) for n in build_networks(own, plan, OUTSIDE)]


def test_a_network_that_goes_on_keeps_its_code_and_its_name() -> None:
    assert called(coast(), "ABCD", "EFG") == [
        ("one", "Falmouth and Penryn PCN"),
        ("two", "Isles of Scilly & Truro"),
    ]


def test_a_name_says_what_of_it_is_not_true_any_more() -> None:
    """St Mary's is the only practice of the Isles of Scilly, and Penryn's has that in its name."""
    assert called(coast(), "ACD", "BG", "EF") == [
        ("B", "Penryn Surgery"),
        ("one", "Falmouth and Penryn PCN without Penryn"),
        ("two", "Isles of Scilly & Truro without Scilly"),
    ]


def test_a_part_of_a_name_may_come_from_a_practice_of_another_region() -> None:
    own = coast()
    beside = pd.DataFrame({"practice_name": ["Scilly House"], "current_network": ["one"]}, ["X"])
    own = replace(own, practices=replace(own.practices, beside=beside))
    units = own.units.assign(current_network_name=["Penryn and Scilly"] * 4 + ["Truro"] * 3)
    assert called(replace(own, units=units), "ABCD", "EFG")[0] == (
        "one",
        "Penryn and Scilly without Scilly",
    )


def test_a_new_network_never_has_the_code_of_one_of_today() -> None:
    """The networks of today are called after practices, as those of an earlier plan."""
    own = coast()
    own = replace(own, units=own.units.assign(current_network=[*"ABBBBBB"]))
    assert [code for code, _ in called(own, "A", "B", "CDEFG")] == ["A", "B", "B-2"]
    assert [code for code, _ in called(own, "A", "BC", "DEFG")] == ["A", "B", "C"]


# --- names that are given ----------------------------------------------------------------------


def test_a_name_is_given_by_the_code_of_a_network_or_of_a_practice_in_it() -> None:
    own = coast(names={"one": "Carrick", "g": "Scilly and more"})
    assert called(own, "ACD", "BG", "EF") == [
        ("B", "Scilly and more"),
        ("one", "Carrick"),
        ("two", "Isles of Scilly & Truro without Scilly"),
    ]


def test_names_of_a_file_last_from_round_to_round(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("Code;Name\none;Carrick\nG;Scilly, and more\n", "utf-8")
    (tmp_path / "rules.yaml").write_text("rules: {names: names.csv}\n", "utf-8")
    rules = load_configuration(tmp_path / "rules.yaml").rules
    assert rules.given_names == {"ONE": "Carrick", "G": "Scilly, and more"}


def test_a_table_of_networks_is_a_file_of_names(tmp_path: Path) -> None:
    (tmp_path / "networks.csv").write_text(
        "network_id,network_name,hub_practice_code\nU1,Carrick,A\n", "utf-8"
    )
    rules = load_configuration(None, (f"rules.names={tmp_path / 'networks.csv'}",)).rules
    assert rules.given_names == {"U1": "Carrick"}


def test_every_fault_of_a_file_of_names_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("code,name\nU1,Carrick\n,Nobody\nU2,\nu1,Penwith\nU3,CARRICK\n", "utf-8")
    with pytest.raises(InputError) as caught:
        load_configuration(None, (f"rules.names={path}",))
    assert [str(fault).partition(". ")[0] for fault in caught.value.faults] == [
        "names.csv, row 3, column code: is empty",
        "names.csv, row 4, column name: is empty ('U2')",
        "names.csv, row 5, column code: is there twice (row 2) ('u1')",
        "names.csv, row 6, column name: is there twice (row 2) ('CARRICK')",
    ]


def test_a_plan_has_the_names_it_was_given_and_holds(tmp_path: Path) -> None:
    rules = Configuration.model_validate(
        {"band": {"min": 20_000, "max": 40_000}, "rules": {"names": {"A": "Harbour"}}}
    )
    write_plan(tmp_path / "plan", solve(region(PLACES, **COAST), rules))
    assert "Harbour" in (tmp_path / "plan" / "networks.csv").read_text("utf-8")
    assert not any(f.is_broken for f in check(tmp_path / "plan").report.findings)


def test_a_plan_by_hand_has_its_own_names() -> None:
    own, plan = coast(), {"one": (0, 1, 2, 3), "mine": (4, 5), "G": (6,)}
    named: Mapping[str, Sequence[int]] = plan
    assert [n.name for n in labelled_networks(own, named, {}, {"mine": "My own"})] == [
        "St Mary's Surgery",
        "My own",
        "Falmouth and Penryn PCN",
    ]


# --- real names --------------------------------------------------------------------------------


@needs_official_data
def test_bodmin_moves_and_so_is_no_three_harbours_any_more() -> None:
    """The two practices of Bodmin would be most of a network of today that has a larger part."""
    files = [OFFICIAL / f"gp-reg-pat-prac-{name}.csv" for name in ("all", "map")]
    as_the_crow_flies = load_configuration(
        None, ("travel.way=straight", "adjacency.detour=null", "search.workers=1")
    )
    solved = solve(read_practices(files, "11N"), as_the_crow_flies)
    codes = solved.region.problem.codes
    code_of = {codes[i]: n.network_id for n in solved.networks for i in n.members}
    names = {n.network_id: n.name for n in solved.networks}
    assert code_of["L82009"] == code_of["L82010"] == "U03864"
    assert names[code_of["L82035"]] == "THREE HARBOURS AND BOSVENA PCN"
    assert names["U64053"] == "ISLES OF SCILLY & SOUTH KERRIER PCN without SCILLY"
    assert (solved.patients_moved, solved.practices_moved) == (243_245, 27)
