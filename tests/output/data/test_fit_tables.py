"""The tables of how a plan fits neighbourhoods: each figure as one would work it out by hand."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pcn_group.output.data.fit_rows import FIT_FILES, RESIDENTS
from pcn_group.output.data.fit_tables import (
    FittedPlan,
    fit_tables,
    neighbourhood_rows,
    network_fit_rows,
    practice_fit_rows,
    residents_rows,
)
from pcn_group.output.data.who_else import who_else_json, who_else_of
from pcn_group.plan.network import labelled_networks
from pcn_group.plan.who_else import WhoElse
from pcn_group.region.region import Region, with_value
from tests.region.mapped import CENTROIDS, PRACTICES, SHAPES, TABLE, mapped
from tests.region.mapped import RESIDENTS as LSOAS


def fitted(region: Region) -> FittedPlan:
    """Westgate and Market Place in network A, Eastfield in B."""
    networks = labelled_networks(region, {"A": (0, 1), "B": (2,)}, {}, {"A": "Alpha", "B": "Beta"})
    plan = FittedPlan.of(region, networks)
    assert plan is not None
    return plan


@pytest.fixture
def by_area(tmp_path: Path) -> FittedPlan:
    return fitted(mapped(tmp_path, [PRACTICES, LSOAS, CENTROIDS, SHAPES]))


def test_networks(by_area: FittedPlan) -> None:
    """A: 700 of Westgate live at its door, and others 2.24 km (300) and so on from theirs."""
    first, second = network_fit_rows(by_area)

    assert (first.serves, first.serves_name) == ("N1", "West")
    assert (first.aligned, first.misaligned, first.in_none) == (1900, 1000, 100)
    assert first.share_aligned == Decimal("0.655172")
    assert (second.serves, second.aligned, second.misaligned) == ("N2", 3000, 0)
    away = 700 * 0 + 300 * 5**0.5 + 900 * 0.9 + 1000 * 1.1
    assert first.mean_km_from_home == Decimal(f"{away / 2900:.3f}")
    assert first.max_km_from_home == Decimal(f"{5**0.5:.3f}")
    assert first.overlaps_most == "B"
    assert first.overlap == Decimal("0.333333")
    assert first.by == "residents"


def test_practices(by_area: FittedPlan) -> None:
    westgate, market_place, eastfield = practice_fit_rows(by_area)

    assert (westgate.lives_in, westgate.share_there) == ("N1", Decimal("1.000000"))
    assert (market_place.lives_in, market_place.share_there) == ("N2", Decimal("0.526316"))
    assert (market_place.network_id, market_place.serves) == ("A", "N1")
    assert (market_place.aligned, market_place.misaligned, market_place.in_none) == (900, 1000, 100)
    assert (market_place.straddles, market_place.lives_elsewhere) == (True, True)
    assert (eastfield.straddles, eastfield.lives_elsewhere) == (False, False)


def test_neighbourhoods(by_area: FittedPlan) -> None:
    rows = {(row.neighbourhood, row.network_id): row for row in neighbourhood_rows(by_area)}

    assert {key: (row.resident, row.registered) for key, row in rows.items()} == {
        ("N1", "A"): (1900, 3000),
        ("N2", "A"): (1000, 0),
        ("N2", "B"): (3000, 3000),
        ("", "A"): (100, 0),
    }
    assert rows["N2", "A"].share_of_neighbourhood == Decimal("0.250000")
    assert rows["N2", "A"].share_of_network == Decimal("0.333333")
    assert [key for key, row in rows.items() if row.serves] == [("N1", "A"), ("N2", "B")]


def test_residents(by_area: FittedPlan) -> None:
    shown = {
        (row.area_code, row.network_id): (row.patients, row.share, row.is_largest)
        for row in residents_rows(by_area)
    }

    assert shown == {
        ("E01000001", "A"): (700, Decimal("1.000000"), True),
        ("E01000002", "A"): (1200, Decimal("1.000000"), True),
        ("E01000003", "A"): (1000, Decimal("0.500000"), True),
        ("E01000003", "B"): (1000, Decimal("0.500000"), False),
        ("E01000004", "B"): (2000, Decimal("1.000000"), True),
        ("NO2011", "A"): (100, Decimal("1.000000"), True),
    }


def test_small_counts_are_suppressed_if_that_is_asked(by_area: FittedPlan) -> None:
    region = with_value(by_area.region, "output.suppress_below", 1001)
    rows = residents_rows(fitted(region))

    assert [row.patients for row in rows] == [None, 1200, None, None, 2000, None]
    assert [row.area_code for row in rows if row.is_largest] == ["E01000002", "E01000004"]
    assert RESIDENTS.csv(rows).splitlines()[1] == "E01000001,N1,A,Alpha,,,false"


def test_the_tables_agree_with_each_other(by_area: FittedPlan) -> None:
    living: defaultdict[tuple[str, str], int] = defaultdict(int)
    for area in residents_rows(by_area):
        living[area.neighbourhood, area.network_id] += area.patients or 0

    networks = network_fit_rows(by_area)
    assert living == {
        (row.neighbourhood, row.network_id): row.resident for row in neighbourhood_rows(by_area)
    }
    for network in networks:
        own = [row for row in practice_fit_rows(by_area) if row.network_id == network.network_id]
        assert sum(row.misaligned for row in own) == network.misaligned
        assert sum(row.patients for row in own) == network.patients


def test_without_areas_every_table_says_where_patients_count(tmp_path: Path) -> None:
    plan = fitted(mapped(tmp_path, [PRACTICES, SHAPES]))
    texts = fit_tables(plan)

    assert [*texts] == [*FIT_FILES[:3]]
    assert all(
        line.endswith(",practices") for text in texts.values() for line in text.splitlines()[1:]
    )
    assert [row.mean_km_from_home for row in network_fit_rows(plan)] == [None, None]
    assert [row.overlaps_most for row in network_fit_rows(plan)] == ["", ""]


def test_a_table_alone_does_not_say_where_practices_stand(tmp_path: Path) -> None:
    plan = fitted(mapped(tmp_path, [PRACTICES, LSOAS, TABLE]))

    assert {row.registered for row in neighbourhood_rows(plan)} == {None}
    assert [row.mean_km_from_home for row in network_fit_rows(plan)] == [None, None]


def test_there_are_no_tables_without_a_map(tmp_path: Path) -> None:
    region = mapped(tmp_path, [PRACTICES, LSOAS, CENTROIDS])

    assert fit_tables(FittedPlan.of(region, ())) == {}


def test_who_else_moves_is_told_of_each_that_could_join_another(by_area: FittedPlan) -> None:
    known = WhoElse("proven", others=(0,), patients=1000, aligned=-200, cost=1_500_000)
    rows = practice_fit_rows(replace(by_area, who_else={1: known}))
    _, market_place, eastfield = rows

    assert market_place.could_join == "B"
    assert (market_place.others_known, market_place.others) == ("proven", "E81001 (Westgate)")
    assert (market_place.others_patients, market_place.others_aligned_more) == (1000, -200)
    assert market_place.others_more == 1500.0
    assert (eastfield.others_known, eastfield.others, eastfield.others_more) == ("", "", None)


def test_what_was_not_worked_out_is_said(by_area: FittedPlan) -> None:
    _, market_place, _ = practice_fit_rows(by_area)

    assert market_place.others_known == "not worked out"
    assert market_place.others_patients is None


CODES = ("A", "B", "C")


def test_who_else_moves_is_read_as_it_was_written() -> None:
    known = {
        0: WhoElse("proven", others=(2,), patients=1000, aligned=-200, cost=1_500_000),
        1: WhoElse("no plan"),
        2: WhoElse("not worked out"),
    }
    stored = json.loads(json.dumps(who_else_json(known, CODES)))

    assert who_else_of({"who_else_moves": stored}, CODES) == known


@pytest.mark.parametrize(
    "changed",
    [
        None,
        "nobody",
        ["nobody"],
        [{"practice_code": "Z", "answer": "nobody", "others": []}],
        [{"practice_code": "A", "answer": "perhaps", "others": []}],
        [{"practice_code": "A", "answer": "found", "others": ["Z"]}],
        [{"practice_code": "A", "answer": "found", "others": None}],
        [{"practice_code": "A", "answer": "found", "others": [], "cost": "much"}],
    ],
)
def test_what_cannot_be_of_these_practices_is_left_out(changed: object) -> None:
    assert who_else_of({"who_else_moves": changed}, CODES) == {}
