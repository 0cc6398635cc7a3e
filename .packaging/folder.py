"""Makes a folder that starts as it is, and packs it: Python, the program, all that it needs.

Run as `make folder`, on the system that it is for, with an interpreter that works from wherever it
is copied: on Windows python.org's embeddable package, elsewhere one that uv installs.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from wheelhouse import DIST, HERE, PLATFORMS, ROOT, run

UNUSED = shutil.ignore_patterns(
    *("site-packages", "__pycache__", "test", "tests", "ensurepip", "idlelib", "turtledemo"),
    *("tkinter", "lib2to3", "config-*", "*.a", "include", "share", "pkgconfig", "pip*", "idle*"),
)
"""What of an interpreter's folder the program has no use for."""


def main(platform: str, version: str, interpreter: str | None = None) -> None:
    """Make `dist/pcn-group-VERSION-PLATFORM` and its archive, from a wheelhouse.

    Parameters
    ----------
    platform, version
        Those of the wheelhouse.
    interpreter
        The folder of the interpreter, unpacked; by default one that uv installs for this system.
    """
    house = DIST / f"wheelhouse-{platform}-py{version}"
    (wheel,) = (house / "wheels").glob("pcn_group-*.whl")
    folder = DIST / f"pcn-group-{wheel.name.split('-')[1]}-{platform}"
    shutil.rmtree(folder, ignore_errors=True)
    is_windows = platform.startswith("win")
    python = folder / "python"
    shutil.copytree(interpreter or fetched(version), python, symlinks=True, ignore=UNUSED)
    packages = python / ("Lib" if is_windows else f"lib/python{version}") / "site-packages"
    if is_windows:
        admit(packages, python)
        unpack_libraries(house / "wheels", python)
    starts = python / ("python.exe" if is_windows else "bin/python3")
    install(house, packages, starts)
    shutil.copy(HERE / ("pcn-group.cmd" if is_windows else "pcn-group"), folder)
    shutil.copy(ROOT / "LICENSE", folder)
    packed = shutil.make_archive(
        str(folder), "zip" if is_windows else "gztar", root_dir=DIST, base_dir=folder.name
    )
    unpacked = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    print(f"{Path(packed).stat().st_size / 1e6:.0f} MB, {unpacked / 1e6:.0f} MB unpacked: {packed}")


def fetched(version: str) -> Path:
    """Return the folder of an interpreter that works from wherever it is copied."""
    place = ROOT / ".cache" / "python"
    run("uv", "python", "install", "--install-dir", place, version)
    (found,) = (each for each in place.glob(f"cpython-{version}.*") if not each.is_symlink())
    return found


def admit(packages: Path, python: Path) -> None:
    """Tell an embeddable Python of its packages: it looks nowhere that it is not told."""
    (paths,) = python.glob("python*._pth")
    with paths.open("a", encoding="utf-8") as file:
        file.write(f"\n{packages.relative_to(python)}\n")


def unpack_libraries(wheels: Path, python: Path) -> None:
    """Put Visual C++'s libraries beside `python.exe`, where Windows looks first."""
    (runtime,) = wheels.glob("msvc_runtime-*.whl")
    with ZipFile(runtime) as archive:
        for name in archive.namelist():
            target = python / Path(name).name
            if name.endswith(".dll") and not target.exists():
                target.write_bytes(archive.read(name))


def install(house: Path, packages: Path, python: Path) -> None:
    """Install a wheelhouse, compiled: where nobody may write, no later start could keep that."""
    platform, version = house.name.removeprefix("wheelhouse-").rsplit("-py", 1)
    run(
        *("pip", "--isolated", "install", "--quiet", "--no-compile", "--target", packages),
        *("--only-binary", ":all:", "--implementation", "cp", "--python-version", version),
        *(part for tag in PLATFORMS[platform].tags for part in ("--platform", tag)),
        *("--no-index", "--find-links", house / "wheels", "--require-hashes", "--no-deps"),
        *("--requirement", house / "requirements.txt"),
    )
    for unused in [*packages.rglob("tests"), packages / "bin", packages / "share"]:
        shutil.rmtree(unused, ignore_errors=True)
    # By content, not by time: archives and shares keep times less well than files.
    compiling = ["-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([python, "-I", *compiling, packages.parent], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
