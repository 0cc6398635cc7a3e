"""The reference says what the program says, of all of it."""

from __future__ import annotations

import importlib
import json
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Union, get_args, get_origin

import click
import pytest
from pydantic import BaseModel

from pcn_group import __version__
from pcn_group.base import errors, limits
from pcn_group.batch import run
from pcn_group.batch.store import NATIONAL_FILES, NATIONAL_PAGES
from pcn_group.cli import ends
from pcn_group.config.loading import load_configuration
from pcn_group.config.model import Configuration
from pcn_group.output.data.alternatives import ALTERNATIVES_FILES, ALTERNATIVES_PAGE
from pcn_group.output.data.budget_files import BASIS, BUDGET_FILES, WORKBOOK
from pcn_group.output.data.columns import CERTIFICATE, FOLDERS, SUMMARY, TABLES
from pcn_group.output.data.comparison import COMPARISON_FILES, COMPARISON_PAGE
from pcn_group.output.data.curves import CURVE_FILES, CURVE_PAGE
from pcn_group.output.data.folder import FILES, ON_REQUEST, PICTURES
from pcn_group.output.data.forecast import FORECAST_FILES
from pcn_group.output.data.table import in_unit
from pcn_group.practices.rows import LAYOUT
from pcn_group.practices.table import REGION_COLUMNS
from tests.docs.pages import DOCS, GENERATED, ROOT, commands, number, options, table

REFERENCE = DOCS / "reference"
PRESETS = sorted((ROOT / "configs").glob("*.yaml"))


def test_the_reference_is_up_to_date() -> None:
    pages: dict[str, str] = runpy.run_path(str(DOCS / "reference.py"))["pages"]()
    assert {path.name for path in GENERATED} == set(pages)
    for path in GENERATED:
        assert path.read_text("utf-8") == pages[path.name], "run `make reference`"


def test_every_option_is_explained() -> None:
    text = (REFERENCE / "commands.md").read_text("utf-8")
    for name, command in commands().items():
        part = text.split(f"\n## {name}\n")[1].split("\n## ")[0]
        rows = table(part, "option")
        assert {row[0].strip("`").split()[0] for row in rows} == options(command) - {"--help"}
        assert all(row[2] for row in rows), name


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Every key, sections left out."""
    for name, field in model.model_fields.items():
        union = get_origin(field.annotation) in {Union, UnionType}
        parts = get_args(field.annotation) if union else (field.annotation,)
        models = [part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)]
        if union or not models:
            yield prefix + name
        for part in models:
            yield from keys(part, f"{prefix}{name}.")


def test_every_key_is_explained() -> None:
    text = (REFERENCE / "configuration.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `([\w.]+)` .* \| (.*) \|$", text, re.MULTILINE))
    assert list(rows) == list(keys(Configuration))
    assert all(rows.values())


def test_every_file_is_named() -> None:
    assert {kind: tuple(files) for kind, files in FOLDERS.items()} == {
        "plan": (*ON_REQUEST, *FILES),
        "pictures": PICTURES,
        "batch": (*NATIONAL_FILES, *NATIONAL_PAGES),
        "comparison": (*COMPARISON_FILES, COMPARISON_PAGE),
        "alternatives": (*ALTERNATIVES_FILES, ALTERNATIVES_PAGE),
        "curve": (*CURVE_FILES, CURVE_PAGE),
        "forecast": FORECAST_FILES,
        "budget": (*BUDGET_FILES, BASIS, WORKBOOK),
    }


def test_every_table_has_its_columns_explained() -> None:
    named = {name for files in FOLDERS.values() for name in files if name.endswith(".csv")}
    assert named - set(TABLES) == {"plan-1.csv"}
    assert all(
        what for several in TABLES.values() for columns in several for what in columns.values()
    )


@pytest.mark.usefixtures("first_screen")
def test_what_a_plan_holds_is_what_is_explained(folder: Path) -> None:
    plan = folder / "plan"
    for path in plan.glob("*.csv"):
        head = path.read_text("utf-8").partition("\n")[0]
        assert [head] == [",".join(in_unit(columns, "km")) for columns in TABLES[path.name]]
    networks_are_small = {key: told for key, told in CERTIFICATE.items() if key != "tree"}
    for name, described in (("summary.json", SUMMARY), ("certificate.json", networks_are_small)):
        assert list(json.loads((plan / name).read_text("utf-8"))) == in_unit(described, "km")


def test_input_columns_are_listed() -> None:
    rows = table((REFERENCE / "input.md").read_text("utf-8"), "column")
    assert tuple(row[0].strip("`") for row in rows) == LAYOUT


def test_exit_codes_are_those_of_the_program() -> None:
    classes = [value for value in vars(errors).values() if isinstance(value, type)]
    codes = {kind.exit_code for kind in classes if issubclass(kind, errors.PcnGroupError)}
    codes |= {0, 3, *ends.CODES.values()}
    assert set(errors.EXIT_CODES) == codes
    for command in commands().values():
        assert command.epilog is not None
        _, listed = command.epilog.split("Exit codes")
        shown = {int(code) for code in re.findall(r"\b(\d+)(?:, |  )", listed)}
        assert {0, 1, 2, 6, 130, 141, 143} <= shown <= codes


def test_what_ends_of_signals_are_told_is_so() -> None:
    rows = table((DOCS / "ends.md").read_text("utf-8"), "signal")
    assert {row[0].strip("`"): number(row[1]) for row in rows} == ends.CODES


def test_every_limit_is_listed_as_it_is() -> None:
    rows = table((DOCS / "data.md").read_text("utf-8"), "limit")
    assert {row[0].strip("`"): number(row[1]) for row in rows} == {
        name: value
        for name, value in vars(limits).items()
        if name.isupper() and name in limits.__all__
    }


def test_the_gravest_outcome_of_a_batch_counts() -> None:
    epilog = importlib.import_module("pcn_group.cli.batch").command.epilog
    told = [int(code) for code in re.findall(r"^ *(\d)  ", epilog, re.MULTILINE)]
    assert told[: 2 + len(run.GRAVEST_FIRST)] == [2, 6, *run.GRAVEST_FIRST]


def test_what_a_region_can_be_told_by_is_in_the_help() -> None:
    by = next(p for p in commands()["batch"].params if p.name == "by")
    assert isinstance(by, click.Option)
    assert re.findall(r"\w+_\w+", by.help or "") == list(REGION_COLUMNS)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda path: path.name)
def test_every_preset_loads_and_is_shown(preset: Path) -> None:
    load_configuration(preset)
    assert preset.read_text("utf-8") in (REFERENCE / "presets.md").read_text("utf-8")
    chosen = (DOCS / "how-to" / "configuration.md").read_text("utf-8")
    assert f"(../reference/presets.md#{preset.stem})" in chosen


def test_the_2019_preset_spells_out_every_default() -> None:
    preset = next(path for path in PRESETS if path.name == "pcn-2019.yaml")
    assert load_configuration(preset) == Configuration()


def test_the_changelog_has_this_version() -> None:
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")
