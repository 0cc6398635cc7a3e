"""Colours of two maps at once: what continues keeps its colour, and neighbours differ on both."""

from __future__ import annotations

import geopandas as gpd
import shapely

from pcn_group.output.maps.colours import PALETTE, matched_colours


def strip(*widths: int) -> gpd.GeoSeries:
    """Areas side by side."""
    ends = [sum(widths[: k + 1]) for k in range(len(widths))]
    boxes = [shapely.box(end - wide, 0, end, 5) for end, wide in zip(ends, widths, strict=True)]
    return gpd.GeoSeries(boxes, crs=27700)


def test_neighbours_on_either_map_differ() -> None:
    # 0 and 2 touch on the second map alone, 0 and 1 on the first alone; 3 is new.
    colours = matched_colours([(strip(10, 10, 10), [0, 1, 2]), (strip(10, 10, 10), [0, 2, 3])])
    assert len(colours) == 4
    for a, b in ((0, 1), (1, 2), (0, 2), (2, 3)):
        assert colours[a] != colours[b]
    assert set(colours) <= set(PALETTE)


def test_the_colours_depend_on_the_numbers_not_on_the_order() -> None:
    first = matched_colours([(strip(10, 20, 30), [0, 1, 2])])
    assert matched_colours([(strip(30, 20, 10), [2, 1, 0])]) == first
