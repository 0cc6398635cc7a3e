"""A table is read back as the rows that were written, or what is wrong with it is told."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import pytest

from pcn_group.base.errors import InputError
from pcn_group.output.data.table import Table

AGAIN = "Write it again."


@dataclass(frozen=True)
class Visit:
    code: Annotated[str, "who"]
    patients: Annotated[int, "how many"]
    mean: Annotated[float | None, "how far", "mean_{unit}"]
    paid: Annotated[Decimal, "how much"]
    is_new: Annotated[bool, "whether for the first time"]


VISITS = Table(Visit)
ROWS = (
    Visit('A, "the first"', 7, 1.25, Decimal("10.50"), is_new=True),
    Visit("B\nC", 0, None, Decimal(0), is_new=False),
)
HEADER = "code,patients,mean_minutes,paid,is_new\n"


def read(text: str) -> tuple[Visit, ...]:
    return VISITS.read(Path("visits.csv"), text, AGAIN)


@pytest.mark.parametrize("unit", ["km", "minutes"])
def test_what_is_written_is_read(unit: str) -> None:
    assert read(VISITS.csv(ROWS, unit)) == ROWS


def test_an_empty_line_is_no_row() -> None:
    assert read(f"{HEADER}\nA,1,2.0,3,true\n\n") == (Visit("A", 1, 2.0, Decimal(3), is_new=True),)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["visits.csv: is damaged. Write it again."]),
        (f'{HEADER}"{"A" * 200_000}\n', ["visits.csv: is damaged. Write it again."]),
        ("code,paid,is_new\n", ["column patients", "column mean_km"]),
        (f"{HEADER}A,many,2,3,true\nB,1,far,3,maybe\n", ["'many'", "'far'", "'maybe'"]),
        (f"{HEADER}A,1\r,2,3,true\n", ["row 2, column paid", "row 3, column is_new"]),
    ],
)
def test_what_is_wrong_is_told_all_at_once(text: str, faults: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert len(caught.value.faults) >= len(faults)
    for fault in faults:
        assert fault in str(caught.value)
