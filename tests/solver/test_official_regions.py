"""Regions of the January 2021 extract, with their proven optima."""

from __future__ import annotations

import pytest

from pcn_group.config.model import Configuration, Search
from pcn_group.practices import read_practices
from pcn_group.region.problem import Problem
from pcn_group.solver.solve import solve
from pcn_group.verify.bound import verify_certificate
from pcn_group.verify.rules import check_plan
from tests.paths import ROOT
from tests.solver.regions import problem_of, silent

OFFICIAL = ROOT.parent / "shared" / "data" / "england-2021"
FILES = ("gp-reg-pat-prac-all.csv", "gp-reg-pat-prac-map.csv")

pytestmark = pytest.mark.skipif(
    not OFFICIAL.is_dir(), reason="the official extract is not at ../shared/data/england-2021"
)


def official(region: str) -> Problem:
    practices = read_practices([OFFICIAL / name for name in FILES], region)
    return problem_of(practices, Configuration())


@pytest.mark.parametrize(
    ("region", "practices", "patient_metres"),
    [
        ("06P", 26, 129_401_878),  # Luton
        ("16C", 81, 609_375_618),
        pytest.param("02H", 58, 344_820_336, marks=pytest.mark.deep),
        ("99A", 86, 412_869_350),
        pytest.param("15E", 161, 917_763_062, marks=pytest.mark.deep),
        pytest.param("04C", 57, 242_994_571, marks=pytest.mark.deep),
        pytest.param("91Q", 200, 3_042_496_921, marks=pytest.mark.deep),
    ],
)
def test_the_best_plan_is_found_and_proven(
    region: str, practices: int, patient_metres: int
) -> None:
    problem = official(region)
    found = solve(problem, Search(workers=2), silent)
    assert len(problem.codes) == practices
    assert found.status == "optimal"
    assert found.cost == found.bound == patient_metres
    assert check_plan(problem, found.networks).holds
    assert found.certificate is not None
    assert verify_certificate(problem, found.certificate).verified


def test_where_no_plan_keeps_the_band_the_least_is_outside() -> None:
    problem = official("05X")
    found = solve(problem, Search(workers=2), silent)
    assert found.status == "optimal"
    assert (found.short, found.above) == (0, 2_209)
    assert found.impossible is not None
    assert verify_certificate(problem, found.impossible).verified
