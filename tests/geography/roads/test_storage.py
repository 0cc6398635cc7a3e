"""The file of roads: the same again, or told what is wrong with it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from pcn_group.base.errors import InputError
from pcn_group.base.extras import EXTRAS, Extra
from pcn_group.cli import group
from pcn_group.geography.roads import storage
from pcn_group.geography.roads.network import Roads
from pcn_group.geography.roads.storage import (
    origin_of,
    read_extracts,
    read_origin,
    read_roads,
    stored,
)
from tests.geography.roads.osm import PRIMARY, osm

SQUARE = {"A": (0.0, 0.0), "B": (6.5, 0.0), "C": (6.5, 6.5), "D": (0.0, 6.5)}


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    return osm(tmp_path / "county.osm", SQUARE, [("ABCDA", PRIMARY), ("AC", PRIMARY)])


def make(*arguments: object) -> Result:
    return CliRunner().invoke(group, ["roads", *map(str, arguments)])


def fault(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_roads(path)
    return str(caught.value)


def test_roads_are_the_same_from_their_file(extract: Path, tmp_path: Path) -> None:
    out = tmp_path / "roads.npz"
    run = make(extract, "--out", out)
    assert run.exit_code == 0
    assert run.stderr == (
        f"Written: {out} (35 km of roads, 2 junctions; © OpenStreetMap contributors (ODbL 1.0))\n"
    )
    before, after = read_extracts([extract]), read_roads(out)
    for each in fields(Roads):
        assert getattr(after, each.name).dtype == getattr(before, each.name).dtype
        assert (getattr(after, each.name) == getattr(before, each.name)).all()
    assert read_origin(out) == origin_of([extract])


def test_the_same_extract_gives_the_same_file(extract: Path) -> None:
    files = [stored(read_extracts([extract]), origin_of([extract])) for _ in range(2)]
    assert files[0] == files[1]


def test_what_is_made_already_is_left_and_what_is_not_is_not_replaced(
    extract: Path, tmp_path: Path
) -> None:
    out = tmp_path / "roads.npz"
    make(extract, "--out", out, "--quiet")
    again = make(extract, "--out", out)
    assert (again.exit_code, again.stderr) == (0, f"{out} is of these extracts already.\n")
    osm(extract, SQUARE, [("ABCDA", PRIMARY)])
    before = out.read_bytes()
    refused = make(extract, "--out", out)
    assert isinstance(refused.exception, InputError)
    assert out.read_bytes() == before
    assert make(extract, "--out", out, "--overwrite").exit_code == 0
    assert read_roads(out).kilometres == pytest.approx(26, 0.001)


def test_a_file_that_is_no_file_of_roads_is_told(tmp_path: Path) -> None:
    out = tmp_path / "roads.npz"
    assert "No such file" in fault(out)
    out.write_text("from,to,value\n")
    assert "is no file of roads, or damaged" in fault(out)
    np.savez(out, places=np.zeros(3))
    assert "roads.npz: is no file of roads" in fault(out)
    np.save(tmp_path / "roads.npy", np.zeros(3))
    assert "is no file of roads" in fault(tmp_path / "roads.npy")
    assert read_origin(out) is None


@pytest.mark.parametrize("share", [0.2, 0.9, 0.999])
def test_a_file_that_is_cut_off_is_told(extract: Path, tmp_path: Path, share: float) -> None:
    whole, out = stored(read_extracts([extract]), origin_of([extract])), tmp_path / "roads.npz"
    out.write_bytes(whole[: int(share * len(whole))])
    assert "or damaged" in fault(out)


def test_a_file_in_which_something_has_changed_is_told(extract: Path, tmp_path: Path) -> None:
    whole, out = stored(read_extracts([extract]), origin_of([extract])), tmp_path / "roads.npz"
    middle = whole.index(b"seconds.npy") + 200
    out.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    assert "damaged" in fault(out)


def test_arrays_that_do_not_fit_each_other_are_told(extract: Path, tmp_path: Path) -> None:
    roads, out = read_extracts([extract]), tmp_path / "roads.npz"
    arrays = roads.arrays()
    for name in arrays:
        short = Roads(**{**arrays, name: arrays[name][:-1]})  # type: ignore[arg-type]
        if name != "rim":
            out.write_bytes(stored(short, origin_of([extract])))
            assert "its parts do not fit each other" in fault(out)


@pytest.mark.parametrize(("name", "value"), [("RULES", "faster"), ("_FORMAT", 2)])
def test_roads_of_other_rules_are_made_again(
    extract: Path, tmp_path: Path, name: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "roads.npz"
    make(extract, "--out", out)
    monkeypatch.setattr(storage, name, value)
    assert "with other speeds or another form" in fault(out)
    assert "Make it again with pcn-group roads." in fault(out)
    assert make(extract, "--out", out, "--overwrite").exit_code == 0
    assert read_roads(out).kilometres == pytest.approx(35.19, 0.001)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("gone.osm", None, "cannot be read: No such file"),
        ("garbage.osm.pbf", b"no roads at all" * 99, "as an extract of OpenStreetMap"),
        ("garbage.osm", b"no roads at all", "as an extract of OpenStreetMap"),
        ("cut.osm", b"<osm version='0.6'><node id='1' lat='5", "as an extract of OpenStreetMap"),
        ("empty.osm.pbf", b"", "as an extract of OpenStreetMap"),
        ("none.osm", b"<osm version='0.6'></osm>", "has no roads for cars"),
        ("practices.csv", b"practice_code\n", "is no extract, by its name"),
    ],
)
def test_what_is_no_extract_is_told_and_nothing_is_written(
    tmp_path: Path, name: str, content: bytes | None, problem: str
) -> None:
    path, out = tmp_path / name, tmp_path / "roads.npz"
    if content is not None:
        path.write_bytes(content)
    run = make(path, "--out", out)
    assert isinstance(run.exception, InputError)
    (only,) = run.exception.faults
    assert name in str(only)
    assert problem in str(only)
    assert only.remedy
    assert not out.exists()


def test_a_road_that_nobody_comes_back_on_is_no_network(tmp_path: Path) -> None:
    path = osm(tmp_path / "map.osm", SQUARE, [("ABC", {**PRIMARY, "oneway": "yes"})])
    with pytest.raises(InputError, match="have no roads that lead there and back"):
        read_extracts([path])


def test_without_the_package_it_is_said_how_to_install_it(
    extract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = {**EXTRAS, "roads": Extra("reading roads of OpenStreetMap", ("no_such_module",))}
    monkeypatch.setattr("pcn_group.base.extras.EXTRAS", without)
    with pytest.raises(InputError, match=r'pip install "pcn-group\[roads\]"'):
        read_extracts([extract])
