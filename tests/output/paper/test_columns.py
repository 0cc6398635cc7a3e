"""Columns are as wide as their figures need, and a table as the page has room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.output.paper.blocks import Table
from pcn_group.output.paper.columns import column_widths

ROOM = 17.0

words = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=12)
texts = st.lists(words, max_size=6).map(" ".join)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    kinds = draw(st.lists(st.booleans(), min_size=1, max_size=8))
    head = tuple(("#" if is_figure else "") + draw(words) for is_figure in kinds)
    rows = draw(st.lists(st.tuples(*[texts for _ in kinds]), max_size=4))
    return Table("T", head, rows)


@given(tables())
def test_a_table_is_within_its_room(table: Table) -> None:
    widths = column_widths(table, ROOM)
    assert min(widths) > 0
    assert sum(widths) <= ROOM + 1e-9


@given(tables(), st.integers(0, 7))
def test_a_longer_figure_never_narrows_its_column(table: Table, column: int) -> None:
    column %= len(table.titles)
    if sum(column_widths(table, 1000.0)) > ROOM or not table.are_figures[column]:
        return
    longer = tuple("1" if k == column else "" for k in range(len(table.titles)))
    more = Table("T", table.headings, [*table.rows, longer])
    assert column_widths(more, 1000.0)[column] >= column_widths(table, 1000.0)[column]


def test_figures_get_what_they_need_before_texts_share_the_rest() -> None:
    rows = [("A practice with a long name in a long town " * 3, "2,239,706.98")] * 2
    text, number = column_widths(Table("T", ("Name", "#Amount"), rows), ROOM)
    alone, needed = column_widths(Table("T", ("Name", "#Amount"), [("A", "2,239,706.98")]), ROOM)
    assert number == pytest.approx(needed)
    assert text + number == pytest.approx(ROOM)
    assert alone < text


def test_a_small_table_stays_small() -> None:
    assert sum(column_widths(Table("T", ("File", "#Rows"), [("a.csv", "60")]), ROOM)) < ROOM / 2


def test_too_many_figures_share_the_page_in_proportion() -> None:
    headings = tuple(f"#{number}" for number in range(12))
    widths = column_widths(Table("T", headings, [("2,239,706.98",) * 12]), ROOM)
    assert sum(widths) == pytest.approx(ROOM)
    assert max(widths) == pytest.approx(min(widths))
