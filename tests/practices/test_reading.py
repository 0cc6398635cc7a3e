"""What a practices.csv may look like, and what comes of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_group.base.errors import InputError
from pcn_group.practices import Practices, Source, read_practices
from pcn_group.practices.rows import LAYOUT
from pcn_group.practices.table import OPTIONAL_COLUMNS, REQUIRED_COLUMNS, practices_csv
from tests.depth import many
from tests.practices.practice_inputs import (
    HEADER,
    LUTON,
    account,
    column,
    faults_in,
    findings,
    written,
)


def test_rows_are_sorted_by_code_and_every_column_is_there(tmp_path: Path) -> None:
    table = read_practices([written(tmp_path, LUTON)]).table

    assert list(table.columns) == [*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS]
    assert list(table["practice_code"]) == ["00L", "E81001", "E81002"]
    assert list(table["list_size"]) == [88, 7200, 9500]
    assert list(table["easting"]) == [508000.0, 507200.0, 508900.0]
    assert table["list_size"].dtype == "int64"
    assert list(table["current_network"]) == ["", "", ""]
    assert table["weighted_list_size"].isna().all()


def test_codes_and_names_stay_the_text_they_are(tmp_path: Path) -> None:
    table = read_practices([written(tmp_path, LUTON)]).table

    assert table.loc[0, "practice_code"] == "00L"
    assert table.loc[0, "practice_name"] == "NULL"


def test_the_order_of_rows_and_columns_does_not_matter(tmp_path: Path) -> None:
    header, *rows = LUTON.splitlines()
    backwards = [",".join(reversed(line.split(","))) for line in (header, *reversed(rows))]
    one = read_practices([written(tmp_path, LUTON, "one.csv")])
    other = read_practices([written(tmp_path, "\r\n".join(backwards), "other.csv")])

    assert practices_csv(one.table) == practices_csv(other.table)


DATED = """\
practice_code,practice_name,list_size,easting,northing,list_date
A,Abbey,8000,500000,200000,01/01/2021
B,Brook,9000,501000,200000,2020-10-01
C,Church,9000,502000,200000,
"""


def test_the_day_of_a_list_is_kept_and_the_latest_is_that_of_the_region(tmp_path: Path) -> None:
    practices = read_practices([written(tmp_path, DATED)])
    assert column(practices, "list_date") == {"A": "2021-01-01", "B": "2020-10-01", "C": ""}
    assert practices.list_date == "2021-01-01"
    again = read_practices([written(tmp_path, practices_csv(practices.table), "again.csv")])
    assert again.list_date == "2021-01-01"


def test_a_day_that_is_none_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_in(written(tmp_path, DATED.replace("2020-10-01", "autumn")))
    assert "list_date: is not a date ('autumn')" in fault


def test_a_source_is_known_by_its_bytes(tmp_path: Path) -> None:
    (source,) = read_practices([written(tmp_path, LUTON)]).sources

    sha256 = hashlib.sha256(LUTON.encode()).hexdigest()
    assert source == Source(name="practices.csv", sha256=sha256, rows=3)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(("\ufeff" + LUTON).encode(), id="byte-order mark"),
        pytest.param(LUTON.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(LUTON.replace("\n", "\r"), id="CR"),
        pytest.param(LUTON.replace("list_size", " List Size "), id="heading spelt freely"),
        pytest.param(LUTON.replace("E81002,", "E81002  ,"), id="trailing spaces"),
        pytest.param(LUTON.replace("9500", "9500.0"), id="whole number as a float"),
        pytest.param(LUTON.replace("06P\n", "06P,,\n"), id="cells added by a spreadsheet"),
        pytest.param(LUTON + "\n\n", id="empty lines at the end"),
    ],
)
def test_harmless_differences_are_accepted(tmp_path: Path, text: str | bytes) -> None:
    expected = read_practices([written(tmp_path, LUTON)])
    practices = read_practices([written(tmp_path, text)])

    assert practices_csv(practices.table) == practices_csv(expected.table)
    assert not practices.notes


def test_latitude_and_longitude_become_national_grid_metres(tmp_path: Path) -> None:
    # Ordnance Survey's worked example: Caister water tower, (651410, 313177).
    text = (
        "practice_code,practice_name,list_size,latitude,longitude\n"
        "A,Caister,5000,52.65797861,1.71605194\n"
    )
    table = read_practices([written(tmp_path, text)]).table

    assert table.loc[0, "easting"] == pytest.approx(651410, abs=3)
    assert table.loc[0, "northing"] == pytest.approx(313177, abs=3)
    assert table.loc[0, "easting"] == round(table.loc[0, "easting"])


def test_only_the_region_asked_for_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path, LUTON + "X1,Elsewhere,4000,400000,300000,05X\n")

    assert len(read_practices([path], "06P").table) == 3
    assert list(read_practices([path], "05X").table["practice_code"]) == ["X1"]
    assert len(read_practices([path], several_regions=True).table) == 4


def test_several_regions_need_a_choice(tmp_path: Path) -> None:
    path = written(tmp_path, LUTON + "X1,Elsewhere,4000,400000,300000,05X\n")

    assert faults_in(path) == ["input: holds 2 regions. Choose with --region: 05X, 06P."]


def test_a_choice_of_regions_has_their_names(tmp_path: Path) -> None:
    head = "practice_code,practice_name,list_size,easting,northing,region_code,region_name\n"
    luton = "E81028,Larkside,9000,509000,222000,06P,NHS Luton CCG\n"
    path = written(tmp_path, head + luton + "X1,Elsewhere,4000,400000,300000,05X,\n")

    assert faults_in(path) == [
        "input: holds 2 regions. Choose with --region: 05X, 06P (NHS Luton CCG)."
    ]


def test_an_unknown_region_names_the_nearest_ones(tmp_path: Path) -> None:
    path = written(tmp_path, LUTON + "X1,Elsewhere,4000,400000,300000,05X\n")

    (fault,) = faults_in(path, region="6p")
    assert "Did you mean 06P?" in fault
    assert "05X, 06P" in fault


def test_a_faulty_row_of_another_region_does_not_matter(tmp_path: Path) -> None:
    path = written(tmp_path, LUTON + "X1,Elsewhere,minus ten,400000,300000,05X\n")

    assert len(read_practices([path], "06P").table) == 3


def test_practices_of_several_files_are_one_region(tmp_path: Path) -> None:
    more = HEADER + "E81009,Kingsway,6000,509000,222500,06P\n"
    practices = read_practices(
        [written(tmp_path, LUTON, "b.csv"), written(tmp_path, more, "a.csv")]
    )

    assert len(practices.table) == 4
    assert [source.name for source in practices.sources] == ["a.csv", "b.csv"]


def test_the_same_file_twice_is_a_fault(tmp_path: Path) -> None:
    path = written(tmp_path, LUTON)
    (fault,) = faults_in(path, path)

    assert "has the same content as" in fault


def test_what_is_set_aside_or_filled_in_is_told(tmp_path: Path) -> None:
    text = LUTON.replace("region_code", "region_code,opening_hours").replace("06P\n", "06P,9-5\n")
    text = text.replace("Wheatfield", "") + ",,,,,,\n"
    practices = read_practices([written(tmp_path, text)])

    assert practices.notes == ("practices.csv: 1 column not used: opening_hours.",)
    assert account(practices, "practices.csv") == {"used": 3, "blank": 1}
    assert findings(practices, "no_name") == [("E81001", "", "", "the code stands for it")]
    assert practices.table.loc[1, "practice_name"] == "E81001"


def test_practices_without_a_region_are_noted(tmp_path: Path) -> None:
    path = written(tmp_path, LUTON.replace("222000,06P", "222000,"))

    assert read_practices([path]).notes == ("1 practice without a region code.",)
    assert read_practices([path], "06P").notes == ("1 practice without a region code left out.",)


def test_a_written_table_reads_back_the_same(tmp_path: Path) -> None:
    text = LUTON.replace("508900", "508900.25").replace("region_code", "weighted_list_size")
    text = text.replace("06P", "9123.4")
    practices = read_practices([written(tmp_path, text)])
    again = read_practices([written(tmp_path, practices_csv(practices.table))])

    assert practices_csv(again.table) == practices_csv(practices.table)
    assert "508900.25" in practices_csv(again.table)


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["E81001", "", "0", "5903", "5,903", "-1", "1e5", "nan", "inf", "9" * 40, "LU1 1AA", "\x00"]
    ),
    st.integers(-10, 1_400_000).map(str),
    st.floats().map(str),
)
COLUMNS = st.lists(st.sampled_from([*LAYOUT, "PUBLICATION", "CODE", "NUMBER_OF_PATIENTS", ""]))


@settings(max_examples=many(150), deadline=None)
@given(data=st.data())
def test_any_cells_end_in_practices_or_in_faults(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    columns = data.draw(COLUMNS)
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(columns), max_size=len(columns))))
    lines = [columns, *rows]
    text = "\n".join(",".join('"' + c.replace('"', '""') + '"' for c in line) for line in lines)
    path = written(tmp_path_factory.mktemp("any"), text.encode())

    check_outcome(path)


@settings(max_examples=many(100), deadline=None)
@given(cells=st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=6))
def test_any_sizes_and_coordinates_end_in_practices_or_in_faults(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, ...]]
) -> None:
    header = "practice_code,practice_name,list_size,easting,northing,latitude,longitude,postcode"
    rows = [
        [f"A{i}", "", size, *((first, second, "", "") if i % 2 else ("", "", first, second)), code]
        for i, (size, first, second, code) in enumerate(cells)
    ]
    text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    path = written(tmp_path_factory.mktemp("any"), f"{header}\n{text}".encode())

    check_outcome(path)


@settings(max_examples=many(100), deadline=None)
@given(content=st.binary() | st.text().map(str.encode))
def test_any_bytes_end_in_faults(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    check_outcome(written(tmp_path_factory.mktemp("any"), content))


def check_outcome(path: Path) -> None:
    outcome = practices_or_error(path)
    if isinstance(outcome, InputError):
        assert outcome.faults
        assert all(fault.problem and fault.remedy for fault in outcome.faults)
    else:
        check_valid(outcome)


def practices_or_error(path: Path) -> Practices | InputError:
    try:
        return read_practices([path], several_regions=True)
    except InputError as error:
        return error


def check_valid(practices: Practices) -> None:
    table = practices.table
    assert len(table) > 0
    assert table["practice_code"].is_unique
    assert table["practice_code"].is_monotonic_increasing
    assert table["list_size"].ge(1).all()
    assert table["easting"].between(0, 700_000).all()
    assert table["northing"].between(0, 1_300_000).all()
    assert (table[["practice_code", "practice_name"]] != "").all(axis=None)
