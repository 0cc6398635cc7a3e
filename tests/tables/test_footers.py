"""What is no row of a table, and what may be one after all."""

from __future__ import annotations

import pytest

from pcn_group.tables.text import AGAIN, NOTE, TOTAL, body_of

HEADER = ["practice_code", "practice_name", "list_size"]
NAMES = {name: name for name in HEADER}
ROWS = [(2, ["A90001", "Alder", "16000"]), (3, ["A90002", "Birch", "15500"])]


def body(*more: tuple[int, list[str]]) -> tuple[int, dict[str, int], tuple[str, ...]]:
    found = body_of(HEADER, [*ROWS, *more], NAMES)
    return len(found.rows), found.aside, found.odd_totals


@pytest.mark.parametrize(
    "cells",
    [
        ["Source: local list sizes"],
        ["Source: NHS Digital", "1 April 2021", "2021"],
        ["© Crown copyright 2021", "", ""],
        ["Contains public sector information licensed under the OGL", "v3.0"],
        ["* fewer than five patients"],
        ["https://digital.nhs.uk"],
        ["", "Note: lists of 1 April", ""],
        ["Lists as at 1 April 2021"],
        ["Prepared by: the board"],
        ["Notes"],
    ],
)
def test_notes_below_a_table(cells: list[str]) -> None:
    assert body((4, cells)) == (2, {NOTE: 1}, ())


def test_words_below_an_empty_line_are_notes() -> None:
    assert body((5, ["Figures are provisional", "see the minutes"])) == (2, {NOTE: 1}, ())
    assert body((4, ["Figures are provisional", "see the minutes"])) == (3, {}, ())
    more = [(6, ["1. Lists of 1 April."]), (7, ["2. Lists", "as they were", "are rounded"])]
    assert body((5, ["Notes"]), *more) == (2, {NOTE: 3}, ())
    assert body((5, ["Notes:"]), (6, ["lists are rounded", "to ten"])) == (2, {NOTE: 2}, ())


@pytest.mark.parametrize(
    "cells",
    [
        ["A90003"],
        ["A90 003", "", ""],
        ["A90003", "Source: unknown", ""],
        ["", "Source Road Surgery", "9000"],
        ["", "Cedar House", ""],
        ["Cedar House Surgery", "9000"],
        ["", "", "9000"],
        ["01/04/2021"],
        ["KEY", "Key House", "9000"],
        ["TOTAL1", "Total Care", "9000"],
    ],
)
def test_what_could_be_a_row_stays_one(cells: list[str]) -> None:
    assert body((4, cells)) == (3, {}, ())


def test_a_note_between_rows_stays_a_row() -> None:
    assert body((4, ["Source: the board"]), (5, ["A90003", "Cedar", "17000"])) == (4, {}, ())


@pytest.mark.parametrize(
    "cells",
    [
        ["", "Total", "31500"],
        ["Total", "", "31,500"],
        ["Grand Total", "", "31500"],
        ["ENGLAND", "", "31500.0"],
        ["E92000001", "England", "31500"],
        ["", "England", "31500"],
        ["Totals:", "2", "31500"],
        ["Total", "", ""],
        ["", "Luton total", "31500"],
        ["", "Total for England", "31500"],
    ],
)
def test_totals(cells: list[str]) -> None:
    assert body((4, cells)) == (2, {TOTAL: 1}, ())


@pytest.mark.parametrize("word", ["Average", "mean", "Median:", "COUNT", "Max"])
def test_averages_are_no_odd_totals(word: str) -> None:
    assert body((4, [word, "", "15750"]), (5, ["", word, "15750"])) == (2, {TOTAL: 2}, ())


def test_a_sum_without_a_word_is_a_total_and_another_figure_is_not() -> None:
    assert body((4, ["", "", "31500"])) == (2, {TOTAL: 1}, ())
    assert body((4, ["", "", "31501"])) == (3, {}, ())


def test_a_total_that_is_not_the_sum_is_odd() -> None:
    count, aside, odd = body((4, ["Total", "", "97000"]))
    assert (count, aside) == (2, {TOTAL: 1})
    assert odd == ("97,000 in row 4, and the rows add up to 31,500",)


def test_subtotals_and_a_total_above_notes() -> None:
    more = [
        (4, ["00X Total", "", "31500"]),
        (5, ["A90003", "Cedar", "17000"]),
        (6, ["00Y Total", "", "17000"]),
        (7, ["Grand Total", "", "48500"]),
        (9, ["Source: the board", "", ""]),
    ]
    assert body(*more) == (3, {NOTE: 1, TOTAL: 3}, ())


def test_headings_once_more() -> None:
    again = (4, ["Practice Code", "Practice name", "LIST_SIZE"])
    assert body(again, (5, ["A90003", "Cedar", "17000"])) == (3, {AGAIN: 1}, ())


def test_a_table_without_codes_has_rows_only() -> None:
    assert len(body_of(["a", "b"], [(2, ["Total", "3"])], {}).rows) == 1
