"""Tables made of sheets: headings as they are compared, rows of another width, blank rows."""

from __future__ import annotations

import pytest

from pcn_group.base.errors import InputError
from pcn_group.tables.opening import Sheet
from pcn_group.tables.sheets import key
from pcn_group.tables.text import TextTable

SHEET = Sheet("t.csv", [(1, ["Title", ""]), (3, ["code", "name"]), (4, ["A1", "Bell"])])


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Partner\nOrganisation\nCode", "partner_organisation_code"),
        (" NUMBER OF  PATIENTS ", "number_of_patients"),
        (
            "Practice to PCN Relationship Start Date",
            "practice_to_pcn_relationship_start_date",
        ),
        ("Practice CCG and PCN CCG match?", "practice_ccg_and_pcn_ccg_match"),
        ("list-size", "list_size"),
        ("ICB/STP code", "icb_stp_code"),
        ("No. of patients", "no_of_patients"),
        ("list_size", "list_size"),
        ("?", ""),
    ],
)
def test_headings_as_they_are_compared(heading: str, expected: str) -> None:
    assert key(heading) == expected


def test_the_header_may_be_further_down() -> None:
    table = TextTable.of(SHEET, header_at=1)

    assert (table.label, table.header_row, table.rows) == ("t.csv", 3, 1)
    assert table.keys == {"code", "name"}
    assert table.cells.T.to_dict("list") == {4: ["A1", "Bell"]}


def test_columns_may_be_named_where_there_is_no_header() -> None:
    table = TextTable.of(SHEET, columns=["a", "b"])

    assert (table.header_row, table.rows) == (0, 3)
    assert table.cells["b"].to_dict() == {1: "", 3: "name", 4: "Bell"}


def test_rows_of_another_width_are_faults_but_count() -> None:
    rows = [(1, ["a", "b", ""]), (2, ["1"]), (3, ["1", "2", ""]), (4, ["1", "2", "", "3"])]
    table = TextTable.of(Sheet("t.csv", rows))

    assert table.rows == 3
    assert table.cells.T.to_dict("list") == {3: ["1", "2"]}
    assert [fault.row for fault in table.faults] == [2, 4]


def test_a_worksheet_leaves_out_empty_cells_at_the_end() -> None:
    sheet = Sheet("t.xlsx, sheet A", [(1, ["A1"]), (2, ["B2", "Bell"])], is_worksheet=True)

    assert TextTable.of(sheet, columns=["a", "b", "c"]).cells.T.to_dict("list") == {
        1: ["A1", "", ""],
        2: ["B2", "Bell", ""],
    }


def test_how_a_sheet_was_read_is_noted() -> None:
    sheet = Sheet("t.csv", SHEET.rows, blank=2, notes=("t.csv: separated by tabs.",))

    assert TextTable.of(sheet, header_at=1).notes == (
        "t.csv: separated by tabs.",
        "t.csv: 2 rows with nothing but commas set aside.",
    )


def test_a_header_without_rows() -> None:
    with pytest.raises(InputError, match="has a header but no rows"):
        TextTable.of(SHEET, header_at=2)
