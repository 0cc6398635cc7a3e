"""The command line as a whole: help for everything, quickly, and nothing but text when piped."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from pcn_group import __version__
from pcn_group.cli import group
from pcn_group.cli.examples import EXAMPLES
from pcn_group.config.model import Search
from tests.cli.conftest import Command

HEAVY = (
    "geopandas", "highspy", "jinja2", "numba", "numpy", "ortools", "pandas", "pydantic",
    "pyproj", "scipy", "shapely", "yaml",
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
BATCH = """\
import pcn_group.batch.run, pcn_group.batch.crews
import pcn_group.cli.batch, pcn_group.cli.screens.data_report
"""
SOLVE_AND_CHECK = """\
from pcn_group.cli import group
group.main(["solve", "road.csv", "--quiet"], standalone_mode=False)
group.main(["check", "plan"], standalone_mode=False)
"""
DRAWING = {"geopandas", "jinja2", "joblib", "matplotlib", "psutil", "pyogrio", "pyproj"}
LOADED = "\nimport sys; print(*{name.partition('.')[0] for name in sys.modules})"


@pytest.mark.parametrize(
    "code",
    [
        PREPARE,
        BATCH,
    ],
    ids=["prepare", "the process that has a batch done"],
)
def test_what_does_not_search_nor_draw_loads_nothing_for_it(code: str, tmp_path: Path) -> None:
    (tmp_path / "road.csv").write_text(ROAD, encoding="utf-8")
    loaded = python("-c", code + LOADED, folder=tmp_path).stdout.split()
    assert "pandas" in loaded
    assert {"geopandas", "jinja2", "numba", "ortools"}.isdisjoint(loaded)


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
            assert parameter.metavar.removesuffix("...").strip("[]") in command.help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_two_examples_that_it_takes(name: str) -> None:
    command = command_of(name)
    assert len(EXAMPLES[name]) >= 2
    for example in EXAMPLES[name]:
        assert f"  pcn-group {example}\n" in (command.epilog or "")
        first, *arguments = shlex.split(example)
        assert first == name
        command.make_context(name, arguments)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_with_a_value_says_what_it_is_without_one(name: str) -> None:
    # Those about one thing, such as --practice, ask for nothing more where they are left out.
    about = {"practice", "network", "year", "years", "cluster", "settings", "overrides", "out"}
    for option in command_of(name).params:
        if isinstance(option, click.Option) and not option.is_flag and option.name not in about:
            told = option.required or option.show_default or "default" in (option.help or "")
            assert told, f"{name} {option.opts}"


def test_the_defaults_in_the_help_are_those_of_the_model() -> None:
    options = {option.name: option for option in command_of("solve").params}
    for key, default in (("time_limit", 600), ("gap", 0), ("seed", 1), ("workers", 2)):
        assert getattr(Search(), key) == default
        assert f"by default {default}," in str(getattr(options[key], "help", ""))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("sovle", "solve"), ("chek", "check"), ("tradeof", "tradeoff"), ("next", "repair")],
)
def test_an_unknown_command_is_a_usage_error_with_the_one_meant(typed: str, meant: str) -> None:
    result = python("-m", "pcn_group", typed)
    assert result.returncode == 2
    assert f"No such command '{typed}'. Did you mean {meant}?" in result.stderr


def test_an_unknown_option_is_told_with_the_one_meant() -> None:
    result = python("-m", "pcn_group", "solve", "road.csv", "--regoin", "x")
    assert result.returncode == 2
    assert "--region" in result.stderr


def test_the_first_screen_says_where_to_start() -> None:
    result = python("-m", "pcn_group")
    _, _, start = (result.stdout + result.stderr).partition("Start here:")
    for line in start.strip().splitlines():
        _, name, *_ = line.split()
        assert name in COMMANDS


def test_output_that_no_terminal_shows_is_plain_text(run: Command, tmp_path: Path) -> None:
    (tmp_path / "road.csv").write_text(ROAD, encoding="utf-8")
    result = run("solve", "road.csv")
    assert result.code == 0
    assert "\x1b" not in result.out + result.err
    assert "\r" not in result.out
    assert "2 practices, 35,000 patients, " in result.out
    assert (tmp_path / "plan" / "summary.json").exists()


def test_a_plan_without_pictures_loads_nothing_for_maps_pages_or_workers(tmp_path: Path) -> None:
    (tmp_path / "road.csv").write_text(ROAD, encoding="utf-8")
    loaded = python("-c", SOLVE_AND_CHECK + LOADED, folder=tmp_path).stdout.split()
    assert "numba" in loaded
    assert DRAWING.isdisjoint(loaded)
