"""Bars of characters against the band."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.cli.screens.run import BandBar

FINE = BandBar(30_000, 50_000, 12, plain=False)
PLAIN = BandBar(30_000, 50_000, 12, plain=True)


@pytest.mark.parametrize(
    ("patients", "fine", "plain"),
    [
        (0, "     │   │  ", "     :   :  "),
        (15_000, "██▌  │   │  ", "##   :   :  "),
        (29_999, "████▉│   │  ", "#### :   :  "),
        (30_000, "█████│   │  ", "#####:   :  "),
        (30_001, "█████│▏  │  ", "#####:#  :  "),
        (40_000, "█████│█▌ │  ", "#####:## :  "),
        (50_000, "█████│███│  ", "#####:###:  "),
        (50_001, "█████│███│▏ ", "#####:###:# "),
        (99_000, "█████│███│██", "#####:###:##"),
    ],
)
def test_a_bar_passes_a_mark_exactly_where_the_patients_do(
    patients: int, fine: str, plain: str
) -> None:
    assert (FINE.draw(patients), PLAIN.draw(patients)) == (fine, plain)


@pytest.mark.parametrize(
    ("least", "most", "width", "heading"),
    [
        (30_000, 50_000, 12, "   30k 50k"),
        (30_000, 50_000, 17, "      30k   50k"),
        (200_000, 300_000, 12, "200k to 300k"),
        (27_500, 50_000, 12, "27.5k  50k"),
        (45_000, 45_000, 12, "45k to 45k"),
    ],
)
def test_the_heading_names_the_limits_over_their_marks_where_there_is_room(
    least: int, most: int, width: int, heading: str
) -> None:
    assert BandBar(least, most, width, plain=False).heading == heading


@given(
    limits=st.tuples(st.integers(1, 500_000), st.integers(1, 500_000)).map(sorted),
    width=st.integers(5, 30),
    patients=st.integers(0, 2_000_000),
    plain=st.booleans(),
)
def test_any_bar_has_its_width_and_two_marks(
    limits: list[int], width: int, patients: int, *, plain: bool
) -> None:
    bar = BandBar(*limits, width, plain=plain).draw(patients)
    assert len(bar) == width
    below, inside, above = bar.split(":" if plain else "│")
    full = "#" if plain else "█"
    assert (below == full * len(below)) == (patients >= limits[0])
    assert (above.strip() != "") == (patients > limits[1])
    assert inside.strip() == "" or patients > limits[0]
