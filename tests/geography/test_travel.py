"""Travel by straight line and from a user's matrix."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.base.errors import InputError
from pcn_group.config.model import Configuration
from pcn_group.geography import travel
from pcn_group.geography.travel import (
    LARGEST,
    build_travel,
    patient_travel,
    read_matrix,
    straight_line,
)
from pcn_group.tables import columns, delimited
from tests.geography.regions import Place, catchments, region

CODES = ("A", "B", "C")


def matrix_file(folder: Path, *rows: str, header: str = "from,to,value") -> Path:
    path = folder / "matrix.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_matrix(path, CODES, "metres")
    return [str(fault) for fault in caught.value.faults]


def test_a_straight_line_is_measured_in_metres() -> None:
    travel = build_travel(region({"A": (0.0, 0.0), "B": (3.0, 4.0)}), Configuration())
    assert travel.values.tolist() == [[0.0, 5000.0], [5000.0, 0.0]]
    assert travel.unit == "km"


@given(st.lists(st.tuples(st.floats(0, 600), st.floats(0, 900)), min_size=1, max_size=8))
def test_straight_lines_obey_the_triangle_inequality(places: list[tuple[float, float]]) -> None:
    metres = straight_line(region({f"P{k}": place for k, place in enumerate(places)})).values
    assert (metres == metres.T).all()
    assert (metres.diagonal() == 0).all()
    assert (metres[:, :, None] + metres[None, :, :] >= metres[:, None, :] - 1e-6).all()


def test_a_matrix_gives_each_direction_its_own_value(tmp_path: Path) -> None:
    path = matrix_file(tmp_path, "A,B,100", "B,A,120", "A,C,7.5", "C,A,7.5", "B,C,0", "C,B,1e3")
    values = read_matrix(path, CODES, "metres").values
    assert values.tolist() == [[0, 100, 7.5], [120, 0, 0], [7.5, 1000, 0]]


def test_minutes_are_kept_as_seconds(tmp_path: Path) -> None:
    travel = read_matrix(matrix_file(tmp_path, "A,B,2.5"), ("A", "B"), "minutes")
    assert travel.values.tolist() == [[0, 150], [150, 0]]
    assert travel.unit == "minutes"


def test_numbers_of_no_known_unit_are_kept_as_thousandths(tmp_path: Path) -> None:
    found = read_matrix(matrix_file(tmp_path, "A,B,2.5"), ("A", "B"), "none")
    assert found.values.tolist() == [[0, 2500], [2500, 0]]
    assert found.unit == "units"
    assert (found.to_unit(2500), found.price(0.25)) == (2.5, 250)


@pytest.mark.parametrize(
    ("largest", "per_unit"),
    [
        (4_000, 1000),
        (4_000.001, 100),
        (40_000, 100),
        (40_000.5, 10),
        (400_000, 10),
        (400_001, 1),
        (LARGEST["none"], 1),
    ],
)
def test_steps_are_as_fine_as_the_largest_number_lets_them_be(
    tmp_path: Path, largest: float, per_unit: int
) -> None:
    path = matrix_file(tmp_path, f"A,B,{largest}", "A,C,0.5", "B,C,inf")
    found = read_matrix(path, CODES, "none")
    assert found.values[0].tolist() == [0, largest * per_unit, 0.5 * per_unit]
    assert found.values.max(where=np.isfinite(found.values), initial=0) <= LARGEST["metres"]
    assert (found.steps(3), found.to_unit(3 * per_unit)) == (3 * per_unit, 3)


def test_numbers_beyond_the_largest_are_to_be_divided(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_matrix(matrix_file(tmp_path, "A,B,4000001"), ("A", "B"), "none")
    assert str(caught.value.faults[0]) == (
        "matrix.csv, row 2, column value: is more than the largest value, 4,000,000 ('4000001'). "
        "For a hub out of reach leave the value empty; else divide all values by 1,000."
    )


@pytest.mark.parametrize(
    ("rules", "unit"),
    [
        ({}, "km"),
        ({"matrix": "m.csv"}, "km"),
        ({"matrix": "m.csv", "unit": "minutes"}, "minutes"),
        ({"matrix": "m.csv", "unit": "none"}, "units"),
        ({"way": "roads", "roads": "r.roads"}, "minutes"),
        ({"way": "roads", "roads": "r.roads", "matrix": "m.csv"}, "km"),
    ],
)
def test_the_rules_say_what_travel_is_reported_in(rules: dict[str, str], unit: str) -> None:
    assert Configuration.model_validate({"travel": rules}).travel.reported_in == unit


def test_a_pair_given_in_one_direction_counts_for_both(tmp_path: Path) -> None:
    path = matrix_file(tmp_path, "A,B,1", "C,A,2", "B,C,3")
    values = read_matrix(path, CODES, "metres").values
    assert values.tolist() == [[0, 1, 2], [1, 0, 3], [2, 3, 0]]


def test_a_practice_is_no_travel_from_itself(tmp_path: Path) -> None:
    path = matrix_file(tmp_path, "A,B,5", "A,A,3")
    assert read_matrix(path, ("A", "B"), "metres").values[0, 0] == 0


@pytest.mark.parametrize("never", ["", " ", "inf", "INF", "Infinity"])
def test_out_of_reach_has_a_spelling_of_its_own(tmp_path: Path, never: str) -> None:
    path = matrix_file(tmp_path, f"A,B,{never}", "B,A,7", "A,C,1", f"B,C,{never}")
    values = read_matrix(path, CODES, "metres").values
    assert values.tolist() == [[0, math.inf, 1], [7, 0, math.inf], [1, math.inf, 0]]


@pytest.mark.parametrize(("unit", "steps"), [("metres", 1), ("minutes", 60)])
def test_there_is_a_largest_value(
    tmp_path: Path, unit: Literal["metres", "minutes"], steps: int
) -> None:
    largest = LARGEST[unit]
    path = matrix_file(tmp_path, f"A,B,{largest}")
    assert read_matrix(path, ("A", "B"), unit).values[0, 1] == steps * largest
    path = matrix_file(tmp_path, f"A,B,{largest}.5", "B,A,1e11")
    with pytest.raises(InputError) as caught:
        read_matrix(path, ("A", "B"), unit)
    assert [str(fault) for fault in caught.value.faults] == [
        f"matrix.csv, row {row}, column value: is more than the largest value, {largest:,} {unit} "
        f"('{value}'). For a hub out of reach leave the value empty; else give {unit}."
        for row, value in ((2, f"{largest}.5"), (3, "1e11"))
    ]


def test_a_national_matrix_may_have_more_practices_and_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "_LARGE", 0)
    monkeypatch.setattr(delimited, "_BLOCK", 20)  # so that the region is spread over pieces
    rows = ("X,A,minus one", "9,B,Y,A", "9,A,Y,X")
    path = matrix_file(tmp_path, "8,1,X,A", "8,5,B,A", *rows[1:], header="Mode,Value,From,To")
    assert read_matrix(path, ("A", "B"), "metres").values.tolist() == [[0, 5], [5, 0]]


def test_the_configuration_names_the_matrix_and_its_unit(tmp_path: Path) -> None:
    path = matrix_file(tmp_path, "A,B,3")
    configuration = Configuration.model_validate({"travel": {"matrix": path, "unit": "minutes"}})
    travel = build_travel(region({"A": (0.0, 0.0), "B": (9.0, 9.0)}), configuration)
    assert travel.values[0, 1] == 180


def test_every_fault_of_a_matrix_is_named_at_once(tmp_path: Path) -> None:
    found = faults(matrix_file(tmp_path, "A,B,far", "B,A,-1", "A,B,3"))
    assert found == [
        (
            "matrix.csv, row 2, column value: is not a travel distance or time ('far'). "
            "Give a number, zero or more; for a hub out of reach leave the value empty."
        ),
        (
            "matrix.csv, row 3, column value: is not a travel distance or time ('-1'). "
            "Give a number, zero or more; for a hub out of reach leave the value empty."
        ),
        (
            "matrix.csv, row 4, column to: gives a pair again ('A to B'). "
            "Keep one row for each pair and direction."
        ),
        (
            "matrix.csv: lacks 2 pairs of practices ('A to C, B to C'). "
            "Give every pair of practices of the region in at least one direction."
        ),
    ]


@pytest.mark.parametrize("value", ["-inf", "far", "nan", "1,5", "0x10", "-0.1"])
def test_only_numbers_of_zero_or_more_are_travel(tmp_path: Path, value: str) -> None:
    path = matrix_file(tmp_path, f'A,B,"{value}"', "A,C,1", "B,C,1")
    assert "row 2, column value" in faults(path)[0]


def test_a_number_with_a_comma_is_refused_for_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "matrix.csv"
    path.write_text("from;to;value\nA;B;5,5\nA;C;5,903\nB;C;1\n", encoding="utf-8")
    assert [fault.split(". ")[0] for fault in faults(path)] == [
        f"matrix.csv, row {row}, column value: has a comma, which may be a decimal one or one of "
        f"thousands ('{value}')"
        for row, value in ((2, "5,5"), (3, "5,903"))
    ]


def test_a_matrix_under_other_headings(tmp_path: Path) -> None:
    path = tmp_path / "matrix.csv"
    text = "Origin Code|Destination Code|Travel Time\nA|B|5.5\nSource: a planner of journeys\n"
    path.write_text(text, encoding="utf-8")
    assert read_matrix(path, ("A", "B"), "metres").values.tolist() == [[0, 5.5], [5.5, 0]]


def test_many_faults_of_a_kind_are_counted(tmp_path: Path) -> None:
    path = matrix_file(tmp_path, *["A,B,far"] * 70, "A,C,1", "B,C,1")
    found = faults(path)
    assert len(found) == 51 + 51
    assert "has 20 more faults like the one above" in found[50]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    found = faults(matrix_file(tmp_path, "A,B", header="from,towards"))
    assert [fault.split(":")[0] for fault in found] == [
        "matrix.csv, row 1, column to",
        "matrix.csv, row 1, column value",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b"from,to,value\nA,B,caf\xe9\n", "row 2, column value: is not a travel distance"),
        (b"from,to,value\nA,B,1\nA,B,1,2,3\n", "row 3: has 5 cells where the header has 3"),
        (b"from,to,value\nA,B,1,5\n", "row 2: has 4 cells where the header has 3"),
    ],
)
def test_a_file_that_is_no_matrix_is_a_fault(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "matrix.csv"
    path.write_bytes(content)
    assert problem in faults(path)[0]


def test_a_matrix_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert "nowhere.csv: does not exist" in faults(tmp_path / "nowhere.csv")[0]


def test_byte_order_marks_and_blanks_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "matrix.csv"
    path.write_bytes("\ufefffrom, to ,value\r\nA , B,4\r\n\r\n".encode())
    assert (
        read_matrix(path, ("A", "B"), "metres").values.tolist()
        == np.array([[0, 4], [4, 0]]).tolist()
    )


# --- where patients live -------------------------------------------------------------------------

PATIENTS = Configuration.model_validate({"travel": {"origin": "patients"}})
PLACES = {"A": (0.0, 0.0), "B": (6.0, 8.0)}
AREAS = {"W": (0.0, 0.0), "X": (3.0, 4.0), "Y": (6.0, 0.0)}


def test_travel_of_patients_is_the_mean_from_their_areas() -> None:
    homes = catchments(AREAS, {"A": {"W": 3, "X": 1}, "B": {"Y": 2}})
    travel = build_travel(region(PLACES), PATIENTS, homes)
    assert travel.unit == "km"
    assert travel.values.tolist() == [[5000 / 4, (3 * 10_000 + 5000) / 4], [6000, 8000]]


def test_patients_who_all_live_at_their_practice_travel_as_it_would() -> None:
    homes = catchments(PLACES, {code: {code: 7} for code in PLACES})
    table = region(PLACES)
    assert (patient_travel(table, homes).values == straight_line(table).values).all()


def test_a_practice_without_catchment_counts_as_where_its_patients_live() -> None:
    homes = catchments(AREAS, {"B": {"Y": 2}})
    assert patient_travel(region(PLACES), homes).values.tolist() == [[0, 10_000], [6000, 8000]]


@pytest.mark.parametrize("homes", [None, catchments(AREAS, {})])
def test_travel_of_patients_needs_to_know_where_they_live(homes: pd.DataFrame | None) -> None:
    with pytest.raises(InputError) as caught:
        build_travel(region(PLACES), PATIENTS, homes)
    (fault,) = caught.value.faults
    assert fault.source == "travel.origin"
    assert "gp-reg-pat-prac-lsoa-all.csv" in fault.remedy


def test_where_patients_live_is_no_matter_by_default() -> None:
    homes = catchments(AREAS, {"A": {"Y": 2}})
    assert build_travel(region(PLACES), Configuration(), homes).values[0, 0] == 0


@given(data=st.data(), at_once=st.sampled_from([1, 7, 8_000_000]))
def test_travel_of_patients_is_what_adding_them_up_gives(data: st.DataObject, at_once: int) -> None:
    places = data.draw(some_places("P", 5))
    areas = data.draw(some_places("X", 6))
    counts = st.dictionaries(st.sampled_from(sorted(areas)), st.integers(1, 3000))
    patients = data.draw(st.fixed_dictionaries(dict.fromkeys(places, counts)))
    homes, table = catchments(areas, patients), region(places)
    if homes.empty:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(travel, "_DISTANCES_AT_ONCE", at_once)
        found = patient_travel(table, homes).values
    for i, practice in enumerate(places):
        for h, hub in enumerate(places.values()):
            lived = patients[practice] or {"": 1}
            metres = [
                count * 1000 * math.dist(areas.get(area, places[practice]), hub)
                for area, count in lived.items()
            ]
            assert found[i, h] == pytest.approx(sum(metres) / sum(lived.values()), abs=1e-3)
    # A way by the practice is no shorter, from wherever the patients live.
    assert (np.abs(found - straight_line(table).values) <= found.diagonal()[:, None] + 1e-3).all()


def some_places(letter: str, most: int) -> st.SearchStrategy[dict[str, Place]]:
    kilometres = st.integers(0, 100).map(float)
    spots = st.lists(st.tuples(kilometres, kilometres), min_size=1, max_size=most)
    return spots.map(lambda drawn: {f"{letter}{k}": place for k, place in enumerate(drawn)})


def test_a_matrix_may_spell_codes_in_any_way(tmp_path: Path) -> None:
    path = matrix_file(tmp_path, "a,'B,1", "\u200bA,C\u00a0,2", "b,c,3")
    assert read_matrix(path, CODES, "metres").values.tolist() == [[0, 1, 2], [1, 0, 3], [2, 3, 0]]


def test_a_pair_in_two_spellings_is_given_twice(tmp_path: Path) -> None:
    path = matrix_file(tmp_path, "A,B,1", "A,C,2", "B,C,3", "a,b,4")
    (fault,) = faults(path)
    assert fault.startswith("matrix.csv, row 5, column to: gives a pair again ('A to B')")
