"""Collects the program and all that it needs for one system: for machines without a network.

Run as `make wheelhouse PLATFORM=win_amd64 PYTHON=3.12`, anywhere that a network reaches. What comes
of it is a folder in `dist` that needs none: wheels, their hashes, and a script that installs them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
DIST = ROOT / "dist"
EXTRAS = ("cluster", "excel", "paper", "postcodes", "report", "roads")
"""All of them: nobody can add one later without a network."""


@dataclass(frozen=True)
class Platform:
    """A system that wheels are collected for.

    Attributes
    ----------
    name
        As uv has it, which knows what is needed only there.
    tags
        As wheels have it, the newest of the system first.
    installer
        The script of this folder that installs there.
    beside
        What is needed there beside what the program asks for.
    """

    name: str
    tags: tuple[str, ...]
    installer: str = "install.sh"
    beside: tuple[str, ...] = ()


def _linux(machine: str) -> Platform:
    tags = tuple(f"manylinux_2_{minor}_{machine}" for minor in range(28, 16, -1))
    return Platform(f"{machine}-manylinux_2_28", (*tags, f"manylinux2014_{machine}"))


PLATFORMS = {
    # OR-Tools and numba load msvcp140.dll, which Windows has only where somebody installed it.
    "win_amd64": Platform(
        "x86_64-pc-windows-msvc", ("win_amd64",), "install.cmd", ("msvc-runtime",)
    ),
    "macosx_arm64": Platform("aarch64-apple-darwin", ("macosx_14_0_arm64",)),
    "linux_x86_64": _linux("x86_64"),
    "linux_aarch64": _linux("aarch64"),
}


def main(platform: str, python: str) -> None:
    """Fill `dist/wheelhouse-PLATFORM-pyVERSION`, and say how large it is."""
    (wheel,) = DIST.glob("pcn_group-*.whl")
    house = DIST / f"wheelhouse-{platform}-py{python}"
    shutil.rmtree(house, ignore_errors=True)
    wheels = house / "wheels"
    wheels.mkdir(parents=True)
    shutil.copy(wheel, wheels)
    download(PLATFORMS[platform], python, wheels)
    (house / "requirements.txt").write_text(pinned(wheels), encoding="ascii", newline="\n")
    write_installer(PLATFORMS[platform].installer, python, house)
    for file in sorted(wheels.iterdir(), key=lambda file: -file.stat().st_size):
        print(f"{file.stat().st_size / 1e6:7.1f} MB  {file.name}")
    total = sum(file.stat().st_size for file in wheels.iterdir())
    print(f"{total / 1e6:7.1f} MB  in {house.relative_to(ROOT)}")


def download(platform: Platform, python: str, wheels: Path) -> None:
    """Download the newest versions that suit a system, checked by the hashes of the index."""
    lock = wheels.parent / "lock.txt"
    wanted = ["pip", *platform.beside]
    run(
        *("uv", "pip", "compile", "--quiet", "--no-build", "--generate-hashes"),
        *("--python-platform", platform.name, "--python-version", python),
        *(part for extra in EXTRAS for part in ("--extra", extra)),
        *(ROOT / "pyproject.toml", "-", "--output-file", lock),
        text="\n".join(wanted),
    )
    run(
        *("pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"),
        *("--implementation", "cp", "--python-version", python),
        *(part for tag in platform.tags for part in ("--platform", tag)),
        *("--require-hashes", "--requirement", lock, "--dest", wheels),
    )
    lock.unlink()


def pinned(wheels: Path) -> str:
    """Return the requirements that allow these very files and no others."""
    lines = []
    for wheel in sorted(wheels.iterdir()):
        name, version, *_ = wheel.name.split("-")
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        lines.append(f"{name}=={version} --hash=sha256:{digest}\n")
    return "".join(lines)


def write_installer(name: str, python: str, house: Path) -> None:
    """Write the script that installs, with the line ends of its system."""
    (pip,) = (house / "wheels").glob("pip-*.whl")
    text = (HERE / name).read_text(encoding="ascii").replace("@PIP@", pip.name)
    text = text.replace("@PYTHON@", python).replace("@MINOR@", python.removeprefix("3."))
    newline = "\r\n" if name.endswith(".cmd") else "\n"
    (house / name).write_text(text, encoding="ascii", newline=newline)
    (house / name).chmod(0o755)


def run(*command: str | Path, text: str | None = None) -> None:
    """Run a module of this Python, with something to read or without."""
    environment = {**os.environ, "MACOSX_DEPLOYMENT_TARGET": "14.0"}
    subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        input=text,
        text=True,
        check=True,
        env=environment,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
