"""The command line as a whole: help for everything, quickly, and nothing but text when piped."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from pcn_group import __version__
from pcn_group.cli import group

HEAVY = (
    "geopandas", "highspy", "jinja2", "numba", "numpy", "ortools", "pandas", "plotly",
    "pydantic", "pyproj", "scipy", "shapely", "yaml",
)  # fmt: skip
COMMANDS = group.list_commands(click.Context(group))
ROAD = """\
practice_code,practice_name,list_size,easting,northing
A,Abbey,20000,500000,220000
B,Bridge,15000,501000,220000
"""


def python(*arguments: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )


def command_of(name: str) -> click.Command:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    return command


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("--version",), ("solve", "--help")])
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    result = python("-X", "importtime", "-m", "pcn_group", *arguments)
    assert result.returncode == 0
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in result.stderr.splitlines()}
    assert "click" in loaded  # so that it can be told what is loaded
    assert loaded.isdisjoint(HEAVY)


PREPARE = """\
from pcn_group.cli import group
group.main(["prepare", "road.csv", "--out", "new.csv", "--quiet"], standalone_mode=False)
"""
LOADED = "\nimport sys; print(*{name.partition('.')[0] for name in sys.modules})"


@pytest.mark.parametrize(
    "code",
    [
        PREPARE,
        "import pcn_group.batch.run, pcn_group.batch.crews, pcn_group.cli.screens.batch",
    ],
    ids=["prepare", "the process that has a batch done"],
)
def test_what_does_not_search_nor_draw_loads_nothing_for_it(code: str, tmp_path: Path) -> None:
    (tmp_path / "road.csv").write_text(ROAD, encoding="utf-8")
    loaded = python("-c", code + LOADED, folder=tmp_path).stdout.split()
    assert "pandas" in loaded
    assert {"geopandas", "jinja2", "numba", "ortools", "plotly"}.isdisjoint(loaded)


def test_the_version_is_that_of_the_package() -> None:
    assert python("-m", "pcn_group", "--version").stdout == f"pcn-group, version {__version__}\n"


def test_help_lists_every_command() -> None:
    text = " ".join(python("-m", "pcn_group", "--help").stdout.split())
    assert "solve" in COMMANDS
    for name in COMMANDS:
        summary = (command_of(name).help or "").split("\n\n")[0]
        assert f"{name} " in text
        assert summary.split(":")[0].split(",")[0] in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is_for(name: str) -> None:
    command = command_of(name)
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert parameter.help.rstrip().endswith("."), parameter.name
        else:
            assert parameter.metavar is not None
            assert parameter.metavar.removesuffix("...") in command.help


def test_an_unknown_command_is_a_usage_error() -> None:
    result = python("-m", "pcn_group", "sovle")
    assert result.returncode == 2
    assert "sovle" in result.stderr


def test_piped_output_is_plain_text(tmp_path: Path) -> None:
    (tmp_path / "road.csv").write_text(ROAD, encoding="utf-8")
    result = python("-m", "pcn_group", "solve", "road.csv", folder=tmp_path)
    assert result.returncode == 0
    assert "\x1b" not in result.stdout + result.stderr
    assert "\r" not in result.stdout
    assert "2 practices, 35,000 patients, " in result.stdout
    assert (tmp_path / "plan" / "summary.json").exists()
