"""Tables of sites that may be hubs, and of branch surgeries."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.practices.hub_sites import HubPlace, read_branches, read_hub_sites

SITES = """\
Site code,Site name,easting,northing,capacity
HC2,Riverside,500100,220000,
HC1,,500000,220000,45000
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "sites.csv"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str, read: object = read_hub_sites) -> list[tuple[object, ...]]:
    assert callable(read)
    with pytest.raises(InputError) as raised:
        read(written(folder, text))
    return [(f.row, f.column, f.value, f.problem) for f in raised.value.faults]


def test_sites_are_in_order_of_code_and_called_by_it_if_they_have_no_name(tmp_path: Path) -> None:
    assert read_hub_sites(written(tmp_path, SITES)) == (
        HubPlace("HC1", "HC1", 500_000, 220_000, 45_000),
        HubPlace("HC2", "Riverside", 500_100, 220_000, None),
    )


def test_places_may_be_in_degrees(tmp_path: Path) -> None:
    text = "site_code,latitude,longitude\nHC1,51.8787,-0.42\n"
    (site,) = read_hub_sites(written(tmp_path, text))
    assert (round(site.easting, -2), round(site.northing, -2)) == (508_900, 221_200)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = SITES + "HC1,Again,500000,220000,0\n,None,500000,220000,5\nHC3,,far,220000,many\n"
    assert faults(tmp_path, text) == [
        (5, "site_code", "", "is empty"),
        (4, "site_code", "HC1", "is there twice"),
        (4, "capacity", "0", "is no number of patients"),
        (6, "capacity", "many", "is no number of patients"),
        (6, "easting", "far", "is not a number"),
    ]


def test_a_file_without_places_is_refused(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "site_code,capacity\nHC1,5\n")
    assert fault[-1] == "has no columns for a location"


def test_branches_are_of_practices(tmp_path: Path) -> None:
    text = "practice_code,easting,northing\nb1,500300,220000\nA1,500200,220000\nA1,500100,220000\n"
    assert read_branches(written(tmp_path, text)).to_numpy().tolist() == [
        [500_100, 220_000, "A1"],
        [500_200, 220_000, "A1"],
        [500_300, 220_000, "B1"],
    ]
    assert faults(tmp_path, "practice_code,easting,northing\n,500300,220000\n", read_branches) == [
        (2, "practice_code", "", "is empty")
    ]
