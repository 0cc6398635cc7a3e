"""The map as a picture: what is on it, whatever the names, and the same bytes every time."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
import shapely

from pcn_group.output.maps.colours import OUTSIDE
from pcn_group.output.maps.pictures import map_pictures
from pcn_group.output.maps.placing import label_places
from pcn_group.output.maps.sheet import settled, shortened, traced, wrapped
from tests.output.maps.drawn import VALLEY, areas, drawn, left_out, odd_names, pictures, texts


def test_the_map_shows_every_network_with_its_patients() -> None:
    png, svg = pictures(drawn(VALLEY), "The verdict.", "2 networks")
    shown = texts(svg)
    assert areas(svg) == ["area-1", "area-2"]
    assert shown[:2] == ["2 networks", "The verdict."]
    for text in ("1", "2", "South", "35,112", "North, with a comma", "31,345", "30k", "50k"):
        assert text in shown
    assert "outside the band of 30,000 to 50,000 patients" in shown
    assert "2 km" in shown
    assert struct.unpack(">II", png[16:24]) == (1600, 1131)


def test_the_same_plan_gives_the_same_bytes_whatever_the_settings() -> None:
    first = pictures(drawn(VALLEY))
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9, "svg.fonttype": "none"}):
        again = pictures(drawn(VALLEY))
        assert mpl.rcParams["font.size"] == 30
    assert first == again


@pytest.mark.parametrize("plan", [odd_names, left_out])
def test_odd_plans_are_drawn(tmp_path: Path, plan: object) -> None:
    assert callable(plan)
    png, svg = pictures(drawn(plan(tmp_path)))
    assert png.startswith(b"\x89PNG")
    ET.fromstring(svg)  # noqa: S314 - our own
    assert "<script" not in svg


def test_a_name_is_shown_as_it_is(tmp_path: Path) -> None:
    shown = texts(pictures(drawn(odd_names(tmp_path)))[1])
    assert any(text.startswith('O\'Brien "the" <script') for text in shown)
    assert any(text.startswith("Long name Long name") and text.endswith("…") for text in shown)


def test_what_is_outside_the_band_is_hatched() -> None:
    inside, outside = pictures(drawn(VALLEY))[1], pictures(drawn(VALLEY, "band.max=33000"))[1]
    assert outside.count("fill: url(#") == inside.count("fill: url(#") + 1


def test_a_long_key_says_what_it_leaves_out() -> None:
    plan = drawn(VALLEY)
    networks = plan.layers.networks
    times = np.repeat(networks.index, 40)
    hubs = plan.layers.hubs.loc[times]
    layers = replace(plan.layers, networks=networks.loc[times], hubs=hubs)
    shown = texts(map_pictures(layers, plan.case, "", "")["map.svg"])  # type: ignore[arg-type]  # an SVG is bytes
    assert "and 20 more, in report.html" in shown
    assert shown.count("31,345") == 40


def test_numbers_never_cover_one_another_and_the_map_says_how_many_it_leaves_out() -> None:
    plan = drawn(VALLEY)
    networks = plan.layers.networks
    tiny = networks.set_geometry(networks.geometry.representative_point().buffer(50))
    times = np.repeat(tiny.index, 4)
    many = replace(plan.layers, networks=tiny.loc[times], hubs=plan.layers.hubs.loc[times])
    assert "6 numbers left out for want of room; report.html has all" in texts(
        pictures(replace(plan, layers=many))[1]
    )
    assert not any("left out" in text for text in texts(pictures(plan)[1]))


def test_a_bar_that_is_cut_short_has_a_break() -> None:
    plan = drawn(VALLEY)
    networks = plan.layers.networks
    large = networks.assign(patients=[90_000, 70_000])
    svg = pictures(replace(plan, layers=replace(plan.layers, networks=large)))[1]
    assert 'id="cut-90000"' in svg
    assert svg.count('id="cut-') == 1
    assert 'id="cut-' not in pictures(plan)[1]


def circles(svg: str, style: str) -> int:
    """How many circles, which are curves, are drawn so."""
    found = re.findall(r'<path d="([^"]*)"[^>]*style="([^"]*)"', svg)
    return sum("C" in path and style in look for path, look in found)


def test_what_is_outside_the_band_has_a_ring_around_its_hub() -> None:
    ring = f"fill: none; stroke: {OUTSIDE}"
    assert circles(pictures(drawn(VALLEY))[1], ring) == 0
    assert circles(pictures(drawn(VALLEY, "band.max=33000"))[1], ring) == 1


def test_a_practice_at_the_place_of_its_hub_is_a_ring_over_it(tmp_path: Path) -> None:
    def rings(place: int) -> int:
        path = tmp_path / "groupings.csv"
        path.write_text(
            "practice_code,practice_name,list_size,network_id,easting,northing\n"
            "A,Abbey,20000,A,500000,220000\n"
            f"B,Bridge,15000,A,{place},220000\n"
            "C,Church,30000,C,503000,223000\n",
            encoding="utf-8",
        )
        return circles(pictures(drawn(path))[1], "fill: none; stroke: #ffffff")

    assert (rings(500_000), rings(501_000)) == (1, 0)


# --- numbers on the map ------------------------------------------------------------------------


def test_a_number_stands_in_the_middle_where_that_is_free() -> None:
    nobody = np.array([[50.0, 50.0]]), np.array([1.0])
    (place,) = label_places([shapely.box(0, 0, 10, 10)], *nobody, 1)
    assert place == pytest.approx([5, 5], abs=0.2)


def test_numbers_keep_clear_of_circles_and_borders_and_one_another() -> None:
    area = [shapely.box(0, 0, 10, 10), shapely.box(0, 0, 10, 10)]
    circle = np.array([[5.0, 5.0]])
    first, second = label_places(area, circle, np.array([2.0]), 1)
    for place in (first, second):
        assert np.linalg.norm(place - circle[0]) >= 3
        assert area[0].boundary.distance(shapely.Point(place)) >= 1
    assert np.linalg.norm(first - second) >= 2


def test_a_number_stands_on_the_largest_part() -> None:
    parts = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(20, 0, 30, 10)])
    (place,) = label_places([parts], np.array([[25.0, 5.0]]), np.array([1.0]), 1)
    assert shapely.box(20, 0, 30, 10).contains(shapely.Point(place))


def test_an_area_too_thin_for_a_grid_has_a_number_all_the_same() -> None:
    sliver = shapely.LineString([(0, 0), (10, 7)]).buffer(1e-9)
    (place,) = label_places([sliver], np.array([[50.0, 50.0]]), np.array([1.0]), 1)
    assert sliver.covers(shapely.Point(place))


# --- paper -------------------------------------------------------------------------------------


def test_a_text_that_fits_is_left_alone_and_another_shortened() -> None:
    with settled():
        assert shortened("Abbey", 2, 10) == "Abbey"
        assert shortened("Abbey Bridge Church Dale", 1, 10) == "Abbey Bridg…"
        assert shortened("Abbey", 0, 10) == "…"


def test_a_sentence_is_wrapped_and_its_last_line_shortened() -> None:
    with settled():
        assert wrapped("Abbey Bridge Church Dale", 1, 10, 3) == ["Abbey Bridge", "Church Dale"]
        assert wrapped("Abbey Bridge Church Dale", 1, 10, 1) == ["Abbey Bridg…"]


def test_a_hole_is_traced_the_other_way_round() -> None:
    outer, inner = traced(shapely.box(0, 0, 4, 4) - shapely.box(1, 1, 2, 2)).to_polygons()
    assert shapely.LinearRing(outer).is_ccw != shapely.LinearRing(inner).is_ccw
