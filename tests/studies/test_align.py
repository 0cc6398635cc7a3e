"""The best fit of a real town: Luton's practices, and its wards in six neighbourhoods."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group import Configuration
from pcn_group.practices import Practices, read_practices
from pcn_group.studies.align import Aligned, align
from pcn_group.studies.aligned_curve import aligned_curve
from tests.practices.practice_inputs import needs_official_data
from tests.region.test_real_maps import AREAS, LISTS, OFFICIAL, drawn, features, grouped

pytestmark = [
    needs_official_data,
    pytest.mark.skipif(not AREAS.is_dir(), reason="the areas are not at ../shared/data/areas"),
]


def luton(folder: Path) -> Practices:
    wards = drawn(folder, grouped(features("ward", "E06000032"), 6))
    return read_practices([LISTS, OFFICIAL / "gp-reg-pat-prac-map.csv", wards], "06P")


def test_luton_can_fit_its_neighbourhoods_better_than_today(tmp_path: Path) -> None:
    found = align(luton(tmp_path), Configuration(), "travel", None, lambda _: None)

    assert isinstance(found, Aligned)
    assert found.plan.solution.status == "optimal"
    assert found.plan.fewest_misaligned == found.after.misaligned < found.before.misaligned
    assert found.plan.keeps_the_band


def test_its_curve_leads_from_the_least_travel_to_the_best_fit(tmp_path: Path) -> None:
    practices = luton(tmp_path)
    curve = aligned_curve(practices, Configuration(), 4, lambda _: None)

    costs = [point.cost for point in curve.points]
    misaligned = [point.misaligned for point in curve.points]
    assert costs == sorted(costs)
    assert misaligned == sorted(misaligned, reverse=True)
    assert misaligned[-1] == curve.fewest
    assert {point.status for point in curve.points} == {"optimal"}
