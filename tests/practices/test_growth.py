"""What a forecast rests on: lists of earlier days, growth that is given, and new homes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.practices.growth import Site, read_extract, read_homes, read_rates, years_between

EXTRACT = """\
practice_code,practice_name,list_size,easting,northing,list_date
A81001,Abbey,8000,500000,220000,2020-01-01
A81002,Bridge,"2,000",501000,220000,2020-01-01
"""
OFFICIAL = """\
PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS
GP_PRAC_PAT_LIST,01JAN2021,GP,00L,E38000130,A84002,NE65 7UW,ALL,ALL,5903
GP_PRAC_PAT_LIST,01JAN2021,GP,00L,E38000130,A84003,NE63 9UT,ALL,ALL,14738
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "file.csv"
    path.write_text(text, "utf-8")
    return path


def faults(error: InputError) -> list[str]:
    return [str(fault) for fault in error.faults]


def test_an_extract_is_a_practice_table(tmp_path: Path) -> None:
    extract = read_extract(written(tmp_path, EXTRACT))
    assert (extract.source, extract.day) == ("file.csv", "2020-01-01")
    assert extract.patients == {"A81001": 8000, "A81002": 2000}


def test_an_extract_is_an_official_list_and_needs_no_places(tmp_path: Path) -> None:
    extract = read_extract(written(tmp_path, OFFICIAL))
    assert extract.day == "2021-01-01"
    assert extract.patients == {"A84002": 5903, "A84003": 14738}


def test_the_patients_of_closed_practices_are_their_successors(tmp_path: Path) -> None:
    extract = read_extract(written(tmp_path, EXTRACT))
    heirs = extract.by_successor({"A81002": "A81009", "A81009": "A81001"}, {"A81001"})
    assert heirs.patients == {"A81001": 10_000}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (EXTRACT.replace(",2020-01-01", ","), "does not say of which day its lists are"),
        (EXTRACT.replace("8000", "many"), "row 2, column list_size: is no number of patients"),
        (EXTRACT.replace("A81002", "A81001"), "is there twice (row 2)"),
        (EXTRACT.replace("2020-01-01", "early"), "row 3, column list_date: is no date"),
        (OFFICIAL.replace("01JAN2021", ""), "does not say of which day its lists are"),
        (OFFICIAL.replace(",5903", ",some"), "row 2, column NUMBER_OF_PATIENTS: is not a whole"),
        ("practice_code,growth\nA81001,0.01\n", "list_size"),
    ],
)
def test_an_extract_that_is_none_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        read_extract(written(tmp_path, text))
    assert any(told in fault for fault in faults(caught.value)), faults(caught.value)


def test_growth_is_a_share_or_per_cent(tmp_path: Path) -> None:
    rates = read_rates(written(tmp_path, "code,growth\na81001,0.012\nA81002,-1.5%\nA81003,\n"))
    assert rates == pytest.approx({"A81001": 0.012, "A81002": -0.015})


def test_every_fault_of_growth_is_told(tmp_path: Path) -> None:
    text = "practice_code,growth\nA81001,1.2\nA81001,0.01\n,0.01\nA81004,fast\nA81005,-0.3\n"
    with pytest.raises(InputError) as caught:
        read_rates(written(tmp_path, text))
    told = "\n".join(faults(caught.value))
    assert "row 2, column growth: is no growth that a list can have ('1.2')" in told
    assert "row 5, column growth: is no growth that a list can have ('fast')" in told
    assert "row 6, column growth: is no growth that a list can have ('-0.3')" in told
    assert "row 4, column practice_code: is empty" in told
    assert "row 3, column practice_code: is there twice (row 2)" in told


def test_homes_are_on_the_grid_or_in_degrees(tmp_path: Path) -> None:
    text = (
        "Site,People,Year,Easting,Northing,Latitude,Longitude\n"
        "Mill,900,2027,500000,220000,,\n"
        "Hill,1200,2028,,,51.868,-0.548\n"
    )
    mill, hill = read_homes(written(tmp_path, text))
    assert mill == Site("Mill", 900, 2027, 500_000, 220_000)
    assert (hill.easting, hill.northing) == pytest.approx((500_000, 220_000), abs=300)


def test_every_fault_of_homes_is_told(tmp_path: Path) -> None:
    text = "site,people,year,easting,northing\nMill,-4,28,500000,220000\nHill,some,2028,1,\n"
    with pytest.raises(InputError) as caught:
        read_homes(written(tmp_path, text))
    assert len(caught.value.faults) == 4
    told = "\n".join(faults(caught.value))
    for part in ("('-4')", "('28')", "('some')", "is no place in Great Britain"):
        assert part in told


def test_a_year_is_between_two_days() -> None:
    assert years_between("2019-01-01", "2023-01-01") == pytest.approx(4.0, abs=0.001)
