"""Text that a spreadsheet would take for a formula, marked and unmarked."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from pcn_group.tables.sheets import safe_csv, unmarked

CELLS = st.text("=+-@'\t\n,\"a1. ", max_size=6)


def test_text_is_marked_and_numbers_are_not() -> None:
    text = "a,b,c\n=1+1,-5,+44 1582\n@x,-5.25,-\n'=1,'a,1e-05\n"
    assert safe_csv(text) == "a,b,c\n'=1+1,-5,'+44 1582\n'@x,-5.25,'-\n''=1,'a,1e-05\n"


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1))
def test_reading_gives_back_what_was_marked(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    read = csv.reader(io.StringIO(safe_csv(text.getvalue()), newline=""))
    assert [[*map(unmarked, row)] for row in read] == rows
