"""What the maps of a page are drawn over."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import pytest
import shapely

from pcn_group.output.maps.layers import map_layers
from pcn_group.output.report.facts import facts_of
from pcn_group.output.report.ground import Ground, diameters
from pcn_group.output.report.plan_map import plan_data
from pcn_group.plan.case import open_case
from pcn_group.plan.inputs import PlanInputs

ROWS = """\
practice_code,practice_name,list_size,region_code,network_id,easting,northing,current_network
A,Abbey,20000,R,N1,500000,200000,T1
B,Bridge,9000,R,N1,500000,200000,
C,Castle,12000,R,N2,504000,200000,T2
D,Dale,15000,R,,502000,203000,T1
"""


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    path = tmp_path / "plan.csv"
    path.write_text(ROWS, "utf-8")
    case = open_case(str(path), PlanInputs())
    facts = facts_of(case)
    layers = map_layers(case.region, facts.described)
    return Ground.of(case.region, layers, [network.members for network in facts.described])


def points(ring: list[int]) -> list[tuple[int, int]]:
    return [*zip(accumulate(ring[::2]), accumulate(ring[1::2]), strict=True)]


def test_each_practice_has_its_land_and_stands_on_it(ground: Ground) -> None:
    data = ground.data()
    cells = [shapely.Polygon(points(rings[0])) for rings in data["cells"]]
    assert len(cells) == 4
    for _, _, _, x, y, _, unit in data["practices"]:
        assert cells[unit].distance(shapely.Point(x, y)) <= 1
    overlap = sum(cell.area for cell in cells) - shapely.union_all(cells).area
    assert overlap == pytest.approx(0, abs=1)


def test_practices_and_networks_of_today_are_told_by_position(ground: Ground) -> None:
    data = ground.data()
    assert [practice[:3] for practice in data["practices"]] == [
        ["A", "Abbey", 20000], ["B", "Bridge", 9000], ["C", "Castle", 12000], ["D", "Dale", 15000],
    ]  # fmt: skip
    assert data["today"] == [0, -1, 1, 0]
    assert all(len(pair) == 2 for pair in data["neighbours"])


def test_a_plan_says_where_each_practice_is(ground: Ground, tmp_path: Path) -> None:
    facts = facts_of(open_case(str(tmp_path / "plan.csv"), PlanInputs()))
    plan = plan_data(facts, ground.layers, ground)
    assert [network["id"] for network in plan["networks"]] == ["N1", "N2"]
    assert plan["networkOf"] == [0, 0, 1, -1]
    assert [network["hub"] for network in plan["networks"]] == [0, 2]
    assert plan["travel"][3] == ""


def test_areas_of_circles_are_as_the_lists_are_but_for_the_least() -> None:
    assert diameters([40_000, 10_000, 100]).tolist() == [26.0, 13.0, 6.0]


def test_the_largest_list_has_the_largest_circle_whatever_its_size() -> None:
    assert diameters([900, 400]).max() == pytest.approx(diameters([90_000, 400]).max())
