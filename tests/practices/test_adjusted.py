"""Adjusted populations, published by network, and weighted lists as they are published."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.practices import Practices, read_practices

PRACTICES = """\
practice_code,practice_name,list_size,easting,northing,current_network
A81001,Abbey,3000,500000,220000,U00001
A81002,Bridge,2000,501000,220000,U00001
A81003,Church,1000,502000,220000,U00001
A81004,Dale,4000,503000,220000,U00002
"""
POPULATIONS = """\
PCN populations of 1 January 2022,,,
PCN code,PCN name,Parent CCG 1 Jan 22,PCN adjusted population 1 Jan 22
U00001,North,NHS Luton CCG,6100.01
U00002,South,NHS Luton CCG,3900
U99999,Elsewhere,NHS Leeds CCG,50000
"""
PAYMENTS = """\
Practice Code,Practice Name,CCG Code,PCN Code,{heading},Total NHS Payments to General Practice
A81001,Abbey,06P,U00001,3100.50,400000
A81002,Bridge,06P,U00001,1900.25,300000
"""


def read(folder: Path, **files: str) -> Practices:
    """Practices with further files beside them."""
    paths = []
    for name, text in {"practices": PRACTICES, **files}.items():
        path = folder / f"{name}.csv"
        path.write_text(text, "utf-8")
        paths.append(path)
    return read_practices(paths)


def test_the_population_of_a_network_is_shared_by_registered_list(tmp_path: Path) -> None:
    practices = read(tmp_path, populations=POPULATIONS)
    adjusted = practices.table.set_index("practice_code")["adjusted_list_size"]
    # 6,100.01 for 3,000, 2,000 and 1,000 patients: 3,050.005, 2,033.3366 and 1,016.6683.
    assert adjusted.to_dict() == {
        "A81001": 3050.00,
        "A81002": 2033.34,
        "A81003": 1016.67,
        "A81004": 3900.00,
    }


def test_it_is_said_and_so_is_which_population_it_is(tmp_path: Path) -> None:
    notes = read(tmp_path, populations=POPULATIONS).notes
    assert (
        "populations.csv: PCN adjusted population 1 Jan 22 of 3 networks, shared among the "
        "practices of each by their registered lists."
    ) in notes


def test_a_practice_that_has_a_list_of_its_own_keeps_it(tmp_path: Path) -> None:
    own = PRACTICES.replace("current_network\n", "current_network,adjusted_list_size\n")
    own = own.replace("U00002\n", "U00002,4321.00\n").replace("U00001\n", "U00001,\n")
    practices = read(tmp_path, practices=own, populations=POPULATIONS)
    adjusted = practices.table.set_index("practice_code")["adjusted_list_size"]
    assert (adjusted["A81004"], adjusted["A81001"]) == (4321.00, 3050.00)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("3900", "unknown", "is not a number of patients"),
        ("U00002", "U00001", "has a second row"),
    ],
)
def test_what_cannot_be_shared_is_refused(tmp_path: Path, old: str, new: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        read(tmp_path, populations=POPULATIONS.replace(old, new))


@pytest.mark.parametrize(
    "heading",
    ["Average Number of Weighted Patients", "Number of Weighted Patients (Last Known Figure)"],
)
def test_payments_to_general_practice_have_the_weighted_lists(tmp_path: Path, heading: str) -> None:
    practices = read(tmp_path, payments=PAYMENTS.format(heading=heading))
    weighted = practices.table.set_index("practice_code")["weighted_list_size"].dropna()
    assert weighted.to_dict() == {"A81001": 3100.50, "A81002": 1900.25}
