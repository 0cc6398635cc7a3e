"""The circles of practices on the maps of a page."""

from __future__ import annotations

import pytest

from pcn_group.output.report.ground import diameters


def test_areas_are_as_the_lists_are_but_for_the_least() -> None:
    assert diameters([40_000, 10_000, 100]).tolist() == [26.0, 13.0, 6.0]


def test_the_largest_list_has_the_largest_circle_whatever_its_size() -> None:
    assert diameters([900, 400]).max() == pytest.approx(diameters([90_000, 400]).max())
