"""Practices at one place: kept together where the rules ask for it and a network has room."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.config.loading import load_configuration
from pcn_group.practices import read_practices
from pcn_group.region.region import Region, prepare_region, rules_in_force

HEAD = "practice_code,practice_name,list_size,region_code,easting,northing\n"
ROWS = (
    "A,Abbey,20000,R,500000,220000\n"
    "B,Bridge,15000,R,500000.3,220000\n"
    "C,Church,30000,R,503000,223000\n"
    "D,Dene,28000,R,503000,223000\n"
    "E,Elms,9000,R,506000,220000\n"
)


def prepared(folder: Path, *settings: str) -> Region:
    path = folder / "practices.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    rules = load_configuration(None, settings)
    return prepare_region(read_practices([path]), rules)


def together(region: Region) -> list[tuple[str, ...]]:
    return [rule.practices for rule in rules_in_force(region) if rule.key == "rules.together"]


def test_by_default_a_plan_may_split_them(tmp_path: Path) -> None:
    assert together(prepared(tmp_path)) == []


def test_practices_at_one_place_to_the_metre_are_in_one_network(tmp_path: Path) -> None:
    region = prepared(tmp_path, "data.shared=together")
    assert together(region) == [("A", "B")]
    assert region.problem.together == ((0, 1),)


def test_those_that_are_too_many_for_a_network_are_told(tmp_path: Path) -> None:
    (note,) = (
        note
        for note in prepared(tmp_path, "data.shared=together").practices.notes
        if "data.shared" in note
    )
    assert "C and D are at one place and too many for one network (58,000 patients)" in note


@pytest.mark.parametrize("setting", ["band.max=58000", "band.above={price: 1, ceiling: 60000}"])
def test_a_network_that_may_be_larger_has_room(tmp_path: Path, setting: str) -> None:
    assert ("C", "D") in together(prepared(tmp_path, "data.shared=together", setting))


def test_a_limit_on_practices_counts_too(tmp_path: Path) -> None:
    assert together(prepared(tmp_path, "data.shared=together", "limits.max_practices=1")) == []


def test_prepared_again_nothing_is_added(tmp_path: Path) -> None:
    region = prepared(tmp_path, "data.shared=together")
    again = prepare_region(region.practices, region.configuration)
    assert again.configuration == region.configuration
