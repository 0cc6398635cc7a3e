"""The pictures of fit: who lives across borders, and the maps before and after."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from pcn_group.output.data.fit_tables import FittedPlan, fit_of_today
from pcn_group.output.maps.layers import map_layers
from pcn_group.output.report.fit_facts import FitFacts
from pcn_group.output.report.fit_maps import FitMap, fit_maps
from pcn_group.output.report.flow_chart import End, FlowChart, flow_chart
from pcn_group.plan.network import labelled_networks
from pcn_group.region.region import Region
from tests.region.mapped import CENTROIDS, LISTS, PRACTICES, RESIDENTS, SHAPES, mapped
from tests.region.mapped import FILES as EVERY

FILES = [PRACTICES, RESIDENTS, CENTROIDS, SHAPES]

TODAY = {"E81001": "U1", "E81002": "U2", "E81003": "U2"}
"""Market Place is with Eastfield today."""


def region_today(folder: Path) -> Region:
    header, *lists = LISTS.splitlines()
    rows = [f"{header},current_network", *(f"{row},{TODAY[row[:6]]}" for row in lists)]
    return mapped(folder, FILES, {PRACTICES: "\n".join(rows) + "\n"})


def fit_of_plan(region: Region, plan: dict[str, tuple[int, ...]]) -> FitFacts:
    facts = FitFacts.of(FittedPlan.of(region, labelled_networks(region, plan, {})))
    assert facts is not None
    return facts


def drawn(region: Region, plan: dict[str, tuple[int, ...]]) -> FlowChart | None:
    return flow_chart(fit_of_plan(region, plan))


def maps_of(region: Region, plan: dict[str, tuple[int, ...]]) -> tuple[FitMap, ...]:
    described = labelled_networks(region, plan, {})
    figures = fit_of_plan(region, plan).figures
    return fit_maps(region, described, figures, map_layers(region, described))


@pytest.fixture
def region(tmp_path: Path) -> Region:
    return region_today(tmp_path)


# --- who lives across borders ------------------------------------------------------------------


def test_bands_are_of_those_who_live_where_another_network_serves(region: Region) -> None:
    # Of Market Place 1,000 patients live in East; of Eastfield all do.
    chart = drawn(region, {"A": (0, 1), "B": (2,)})
    assert chart is not None

    assert [(b.row.neighbourhood, b.row.network_id, b.row.resident) for b in chart.bands] == [
        ("N2", "A", 1000)
    ]
    assert [(end.words, end.patients) for end in chart.homes] == [("East", 1000)]
    assert [(end.words, end.patients) for end in chart.networks] == [("A, serves N1", 1000)]


def test_bars_add_up_and_are_as_long_as_their_bands_are_wide(region: Region) -> None:
    chart = drawn(region, {"A": (0, 2), "B": (1,)})
    assert chart is not None

    # Westgate's patients are across the border now, and those of Market Place who live in West.
    assert [(end.words, end.patients) for end in chart.homes] == [("West", 1900)]
    assert sorted(end.patients for end in chart.networks) == [900, 1000]
    for side in (chart.homes, chart.networks):
        assert sum(end.patients for end in side) == 1900
        assert sum(end.height for end in side) == pytest.approx(160)
        assert below_each_other(side)


def below_each_other(side: tuple[End, ...]) -> bool:
    return all(one.y + one.height < other.y for one, other in pairwise(side))


def test_where_nobody_does_there_is_no_picture(tmp_path: Path) -> None:
    at_home = mapped(tmp_path, [PRACTICES, SHAPES])

    assert drawn(at_home, {"A": (0, 1), "B": (2,)}) is None


# --- before and after --------------------------------------------------------------------------


def test_both_maps_have_the_figures_of_their_networks(region: Region) -> None:
    today = fit_of_today(region)
    assert today is not None
    before, after = maps_of(region, {"U1": (0, 1), "U2": (2,)})

    assert (before.title, before.figures) == ("Networks of today", today.plain)
    assert (after.title, after.figures["misaligned"]) == ("The plan", 1000)
    assert today.misaligned == 900


def test_what_continues_has_its_number_and_colour_on_both(region: Region) -> None:
    before, after = maps_of(region, {"U1": (0, 1), "U2": (2,)})
    looks = [
        {area.words: (area.number, area.colour) for area in each.areas} for each in (before, after)
    ]
    assert looks[0] == looks[1]
    assert len({colour for _, colour in looks[0].values()}) == 2
    assert [before.practices, before.names] == [after.practices, after.names]


def test_one_that_ends_has_a_number_after_those_of_the_plan(region: Region) -> None:
    before, after = maps_of(region, {"U2": (0, 1, 2)})

    assert [area.number for area in after.areas] == [1]
    assert {area.words: area.number for area in before.areas} == {"U1": 2, "U2": 1}


def test_practices_that_move_stand_out(region: Region) -> None:
    before, _ = maps_of(region, {"U1": (0, 1), "U2": (2,)})

    assert [place.words for place in before.practices if place.moves] == ["E81002 (Market Place)"]


def test_all_of_the_drawing_is_on_the_sheet(region: Region) -> None:
    for each in maps_of(region, {"U1": (0, 1), "U2": (2,)}):
        for path in (each.land, each.borders, *(area.path for area in each.areas)):
            points = re.findall(r"[ML]([-\d.]+) ([-\d.]+)", path)
            assert all(0 <= float(x) <= each.width for x, _ in points)
            assert all(0 <= float(y) <= each.height for _, y in points)
        assert each.borders
        assert [name.words for name in each.names] == ["West", "East"]


def test_names_of_neighbourhoods_cover_no_other(tmp_path: Path) -> None:
    """Long ones, on a map that has little room for both beside each other."""
    shapes = EVERY[SHAPES].replace("West", "W" * 60).replace("East", "E" * 60)
    header, *lists = LISTS.splitlines()
    today = [f"{header},current_network", *(f"{row},{TODAY[row[:6]]}" for row in lists)]
    region = mapped(tmp_path, FILES, {PRACTICES: "\n".join(today) + "\n", SHAPES: shapes})
    before, _ = maps_of(region, {"U1": (0, 1), "U2": (2,)})
    west, east = before.names
    assert abs(west.y - east.y) >= 13


def test_networks_of_today_are_not_drawn_beside_themselves(region: Region) -> None:
    assert maps_of(region, {"U1": (0,), "U2": (1, 2)}) == ()


def test_without_networks_of_today_there_is_nothing_before(tmp_path: Path) -> None:
    assert maps_of(mapped(tmp_path, FILES), {"A": (0, 1), "B": (2,)}) == ()
