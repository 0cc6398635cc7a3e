"""One definition of a table writes its rows, and reads them again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.base.errors import InputError
from pcn_group.output.data.columns import TABLES
from pcn_group.output.data.rows import NETWORKS, NetworkRow
from pcn_group.output.data.table import Table
from pcn_group.tables.sheets import safe_csv

PATH = Path("fruit.csv")
AGAIN = "Count it again."


@dataclass(frozen=True)
class FruitRow:
    name: Annotated[str, "what it is"]
    count: Annotated[int, "how many there are"]
    ripe: Annotated[bool, "whether one can eat it"]
    price: Annotated[Decimal | None, "of one, to the penny"]
    fall: Annotated[float, "how far it falls", "fall_{unit}"]


FRUIT = Table(FruitRow)
ROWS = (
    FruitRow("apple, red", 3, ripe=True, price=Decimal("0.50"), fall=2.5),
    FruitRow("=pear", 0, ripe=False, price=None, fall=0.001),
)
TEXT = 'name,count,ripe,price,fall_km\n"apple, red",3,true,0.50,2.500\n=pear,0,false,,0.001\n'


def faults(text: str) -> list[str]:
    with pytest.raises(InputError) as refused:
        FRUIT.read(PATH, text, AGAIN)
    return [str(fault) for fault in refused.value.faults]


def test_rows_are_written_under_headings_in_the_unit_of_travel() -> None:
    assert FRUIT.csv(ROWS, "km") == TEXT
    assert FRUIT.csv((), "minutes") == "name,count,ripe,price,fall_minutes\n"


def test_rows_are_read_as_they_were_written() -> None:
    assert FRUIT.read(PATH, TEXT, AGAIN) == ROWS
    assert FRUIT.read(PATH, TEXT.replace("_km", "_minutes"), AGAIN) == ROWS


def test_what_is_written_for_a_spreadsheet_or_by_one_is_read_alike() -> None:
    safe = safe_csv(TEXT)
    assert "'=pear" in safe
    assert FRUIT.read(PATH, safe, AGAIN) == ROWS
    assert FRUIT.read(PATH, TEXT.replace("true", "TRUE"), AGAIN) == ROWS


def test_a_row_as_plain_values_has_exact_numbers_and_flags_as_text() -> None:
    first, second = (FRUIT.plain(row, "km") for row in ROWS)
    assert list(first.items())[1:] == [
        ("count", 3),
        ("ripe", "true"),
        ("price", "0.50"),
        ("fall_km", 2.5),
    ]
    assert second["price"] is None
    assert FRUIT.cells(ROWS[1], "km")["price"] == ""


def test_every_damaged_cell_is_a_fault() -> None:
    damaged = TEXT.replace(",3,true,0.50", ",many,perhaps,cheap").replace(",0.001", ",")
    told = [fault.split(": ", 1)[0] for fault in faults(damaged)]
    assert told == [
        "fruit.csv, row 2, column count",
        "fruit.csv, row 2, column ripe",
        "fruit.csv, row 2, column price",
        "fruit.csv, row 3, column fall_km",
    ]


def test_missing_columns_are_faults_and_others_are_left_alone() -> None:
    assert faults("name,price,fall_minutes\nfig,1,much\n") == [
        f"fruit.csv, row 1, column {name}: has no such column. {AGAIN}"
        for name in ("count", "ripe")
    ]
    more = "".join(f"{line},{more}\n" for line, more in zip(TEXT.splitlines(), "abc", strict=True))
    assert FRUIT.read(PATH, more, AGAIN) == ROWS


def test_what_is_no_table_is_a_fault() -> None:
    (told,) = faults(TEXT.replace("=pear", "pe\rar"))
    assert told.startswith("fruit.csv: cannot be read: ")


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]))
TEXTS = {name: NAMES for name, kind in get_type_hints(NetworkRow).items() if kind is str}
TRAVEL = st.decimals(0, 999, places=3)


@given(st.builds(NetworkRow, **TEXTS, mean=TRAVEL, max=TRAVEL))
def test_any_network_comes_back(row: NetworkRow) -> None:
    row = replace(row, exception=row.network_name)
    assert NETWORKS.read(PATH, safe_csv(NETWORKS.csv([row], "km")), AGAIN) == (row,)


def test_no_heading_is_there_twice() -> None:
    for several in TABLES.values():
        for columns in several:
            assert len({name.format(unit="km", figure="x") for name in columns}) == len(columns)
