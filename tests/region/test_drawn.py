"""A region as maps draw it: with places of a scheme, where practices have none."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from pcn_group.config.model import Configuration
from pcn_group.geography.areas import cell_areas
from pcn_group.practices import Practices
from pcn_group.region.one_place import at_one_place
from pcn_group.region.region import Region, prepare_region
from tests.solver.regions import sample


def prepared(folder: Path, practices: Practices) -> Region:
    """The region of practices with all travel and all neighbours given: each beside the next."""
    codes = practices.table["practice_code"].tolist()
    pairs = [
        f"{codes[i]},{codes[j]},{(j - i) ** 0.5}\n"
        for i in range(len(codes))
        for j in range(i + 1, len(codes))
    ]
    (folder / "travel.csv").write_text("from,to,value\n" + "".join(pairs), "utf-8")
    beside = [f"{one},{other}\n" for one, other in pairwise(codes)]
    (folder / "beside.csv").write_text("practice_code,neighbour_code\n" + "".join(beside), "utf-8")
    rules = {
        "travel": {"matrix": folder / "travel.csv", "unit": "none"},
        "adjacency": {"method": "edges", "edges": folder / "beside.csv"},
    }
    return prepare_region(practices, Configuration.model_validate(rules))


def without_places(practices: Practices) -> Practices:
    table = practices.table.assign(easting=np.nan, northing=np.nan)
    return replace(practices, table=table)


def test_with_places_it_is_the_same(tmp_path: Path) -> None:
    region = prepared(tmp_path, sample(6, 1))
    assert region.has_places
    assert region.drawn is region


def test_without_places_it_has_some_and_nothing_else_changes(tmp_path: Path) -> None:
    region = prepared(tmp_path, without_places(sample(6, 1)))
    drawn = region.drawn
    assert (region.has_places, drawn.has_places) == (False, True)
    assert drawn is region.drawn
    assert region.units["easting"].isna().all()
    assert (drawn.problem, drawn.travel) == (region.problem, region.travel)
    same = drawn.units.drop(columns=["easting", "northing"])
    assert same.equals(region.units.drop(columns=["easting", "northing"]))
    assert drawn.table["northing"].tolist() == drawn.units["northing"].tolist()


def test_the_problem_is_the_one_that_places_have(tmp_path: Path) -> None:
    practices = sample(6, 1)
    placed, unplaced = (prepared(tmp_path, of) for of in (practices, without_places(practices)))
    assert (placed.problem.cost == unplaced.problem.cost).all()
    assert placed.problem.neighbours == unplaced.problem.neighbours


def test_without_places_nobody_shares_one_and_nobody_has_land(tmp_path: Path) -> None:
    region = prepared(tmp_path, without_places(sample(6, 1)))
    assert list(at_one_place(region.units)) == []
    assert cell_areas(region.units, None).tolist() == [0.0] * 6
