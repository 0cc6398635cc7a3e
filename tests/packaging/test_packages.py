"""What is built for the index: all that the program needs at work is in it, and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest
import wheelhouse
import yaml

from pcn_group.base.extras import EXTRAS
from tests.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGE = ROOT / "pcn_group"


def files_of_the_tree() -> set[str]:
    """The files of the program's folder, those left out that running it makes."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_each_data_file_is_named_in_the_project_file() -> None:
    named = PROJECT["tool"]["setuptools"]["package-data"]["pcn_group"]
    found = {path.relative_to(ROOT).as_posix() for each in named for path in PACKAGE.glob(each)}
    assert found == {name for name in files_of_the_tree() if not name.endswith(".py")}


def test_the_extras_are_those_that_the_program_asks_for() -> None:
    offered = set(PROJECT["project"]["optional-dependencies"])
    assert offered - {"dev", "docs"} == set(EXTRAS) == set(wheelhouse.EXTRAS)


def test_what_is_cited_is_the_newest_release() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[([0-9.]+)\] - (\S+)$", changelog, re.MULTILINE)
    assert newest is not None
    assert newest.groups() == (cited["version"], str(cited["date-released"]))


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages, built as `make dist` builds them."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--outdir", folder, ROOT], check=True)
    return folder


@pytest.mark.deep
def test_the_wheel_holds_the_program_and_its_data(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    with ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == files_of_the_tree()


@pytest.mark.deep
def test_the_metadata_are_complete(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    with ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = message_from_bytes(archive.read(name))
    assert metadata["Name"] == "pcn-group"
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["Description-Content-Type"] == "text/markdown"
    description = metadata.get_payload(decode=True).decode("utf-8")
    assert description.strip() == (ROOT / "README.md").read_text("utf-8").strip()
    check = [sys.executable, "-m", "twine", "check", "--strict", *dist.iterdir()]
    subprocess.run(check, check=True)


@pytest.mark.deep
def test_the_source_builds_the_same_wheel(dist: Path, tmp_path: Path) -> None:
    (source,) = dist.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    held = {
        path.relative_to(unpacked).as_posix()
        for path in (unpacked / "pcn_group").rglob("*")
        if path.is_file()
    }
    assert held == files_of_the_tree()
