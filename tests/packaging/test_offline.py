"""What is made for machines without a network, or where nothing may be installed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import folder
import pytest
import wheelhouse

from tests.paths import ROOT

PACKAGING = ROOT / ".packaging"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

on_unix = pytest.mark.skipif(sys.platform == "win32", reason="its scripts are for other systems")


def fake_python(path: Path, does: str) -> Path:
    """Write a program in Python's place, of one line of a shell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{does}\n", encoding="ascii")
    path.chmod(0o755)
    return path


def test_the_requirements_allow_these_wheels_and_no_others(tmp_path: Path) -> None:
    (tmp_path / "numpy-2.5.0-cp313-cp313-win_amd64.whl").write_bytes(b"numpy")
    (tmp_path / "click-8.4.0-py3-none-any.whl").write_bytes(b"click")
    assert wheelhouse.pinned(tmp_path).splitlines() == [
        f"click==8.4.0 --hash=sha256:{hashlib.sha256(b'click').hexdigest()}",
        f"numpy==2.5.0 --hash=sha256:{hashlib.sha256(b'numpy').hexdigest()}",
    ]


@pytest.fixture
def empty_house(tmp_path: Path) -> Path:
    """A folder of wheels that has the one of pip only."""
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "pip-26.3-py3-none-any.whl").touch()
    return tmp_path


@pytest.mark.parametrize("platform", wheelhouse.PLATFORMS)
def test_the_installer_is_one_of_its_system(platform: str, empty_house: Path) -> None:
    name = wheelhouse.PLATFORMS[platform].installer
    wheelhouse.write_installer(name, "3.13", empty_house)
    text = (empty_house / name).read_bytes()
    assert b"pip-26.3-py3-none-any.whl" in text
    assert b"@" not in text.removeprefix(b"@echo off")
    assert b"(3, 13)" in text
    assert b"--no-index" in text
    assert b"--require-hashes" in text
    assert text.count(b"\r\n") == (text.count(b"\n") if platform.startswith("win") else 0)


@on_unix
def test_the_installer_refuses_another_version_of_python(empty_house: Path) -> None:
    wheelhouse.write_installer("install.sh", "3.99", empty_house)
    to = empty_house / "there"
    done = subprocess.run(
        [empty_house / "install.sh", to],
        env={"PATH": os.environ["PATH"], "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "These wheels are for Python 3.99." in done.stderr
    assert not to.exists()


def test_an_embeddable_python_looks_into_its_packages(tmp_path: Path) -> None:
    paths = tmp_path / "python313._pth"
    paths.write_text("python313.zip\n.\n\n# Uncomment to run site.main()\n#import site\n", "ascii")
    folder.admit(tmp_path / "Lib" / "site-packages", tmp_path)
    assert paths.read_text("utf-8").splitlines()[-1] == str(Path("Lib", "site-packages"))


def test_libraries_come_beside_python_where_it_has_none(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.mkdir()
    (python / "vcruntime140.dll").write_bytes(b"its own")
    with ZipFile(tmp_path / "msvc_runtime-14-cp313-cp313-win_amd64.whl", "w") as wheel:
        wheel.writestr("msvc_runtime-14.data/data/msvcp140.dll", b"brought")
        wheel.writestr("msvc_runtime-14.data/data/Scripts/vcruntime140.dll", b"brought")
        wheel.writestr("msvc_runtime-14.dist-info/METADATA", b"")
    folder.unpack_libraries(tmp_path, python)
    assert {path.name: path.read_bytes() for path in python.iterdir()} == {
        "vcruntime140.dll": b"its own",
        "msvcp140.dll": b"brought",
    }


@on_unix
def test_the_folder_starts_wherever_it_is_and_by_a_link(tmp_path: Path) -> None:
    place = tmp_path / "a share" / "pcn-group-1"
    fake_python(place / "python" / "bin" / "python3", 'printf "%s|" "$0" "$@"')
    shutil.copy(PACKAGING / "pcn-group", place)
    link = tmp_path / "pcn-group"
    link.symlink_to(place / "pcn-group")
    printed = subprocess.run(
        [link, "solve", "my lists.csv"], capture_output=True, text=True, check=True
    ).stdout
    python = str(place / "python" / "bin" / "python3")
    assert printed == f"{python}|-I|-m|pcn_group|solve|my lists.csv|"


on_linux = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine != "x86_64", reason="makes what is for Linux"
)


@pytest.fixture(scope="module")
def house() -> Path:
    """The wheels for this very interpreter, collected as `make wheelhouse` does."""
    for earlier in (ROOT / "dist").glob("pcn_group-*"):
        earlier.unlink()
    build = [sys.executable, "-m", "build", "--outdir", ROOT / "dist", ROOT]
    subprocess.run(build, check=True)
    collect = [sys.executable, PACKAGING / "wheelhouse.py", "linux_x86_64", VERSION]
    subprocess.run(collect, check=True)
    return ROOT / "dist" / f"wheelhouse-linux_x86_64-py{VERSION}"


def without_network(home: Path, *command: str | Path) -> None:
    """Run a command that sees no network, no home of before, and none of this environment."""
    found = {"PYTHON": sys.executable, "HOME": str(home), "PATH": "/usr/bin:/bin"}
    alone = ["/usr/bin/unshare", "--map-root-user", "--net"]
    subprocess.run([*alone, *command], env=found, check=True)


@pytest.mark.deep
@on_linux
def test_the_wheels_install_and_run_without_a_network(house: Path, tmp_path: Path) -> None:
    to = tmp_path / "from wheels"
    without_network(tmp_path, shutil.copytree(house, tmp_path / "a share") / "install.sh", to)
    without_network(tmp_path, PACKAGING / "try.sh", to / "bin" / "pcn-group")


@pytest.mark.deep
@on_linux
def test_the_folder_runs_where_it_was_moved_to(house: Path, tmp_path: Path) -> None:
    make = [sys.executable, PACKAGING / "folder.py", "linux_x86_64", VERSION, sys.base_prefix]
    subprocess.run(make, check=True)
    (archive,) = house.parent.glob("pcn-group-*.tar.gz")
    shutil.unpack_archive(archive, tmp_path / "a share", filter="data")
    (place,) = (tmp_path / "a share").iterdir()
    without_network(tmp_path, PACKAGING / "try.sh", place / "pcn-group")
