"""`pcn-group init`: what it writes, and what it never overwrites."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pcn_group.base.errors import InputError
from pcn_group.cli import group
from pcn_group.config.loading import load_configuration
from pcn_group.config.model import Configuration
from pcn_group.config.presets import PRESETS, SCHEMA_NAME
from pcn_group.config.template import preset_rules, schema_json
from tests.cli.test_solve_help import HEAVY, python


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init(*arguments: str | Path) -> Result:
    return CliRunner().invoke(group, ["init", *map(str, arguments)])


def refusal(*arguments: str | Path) -> str:
    error = init(*arguments).exception
    assert isinstance(error, InputError)
    return str(error)


def test_the_defaults_are_written_with_their_schema(folder: Path) -> None:
    done = init()
    assert done.exit_code == 0
    assert {path.name for path in folder.iterdir()} == {"pcn-group.yaml", SCHEMA_NAME}
    assert load_configuration(Path("pcn-group.yaml")) == Configuration()
    assert (folder / SCHEMA_NAME).read_text("utf-8") == schema_json()
    assert "pcn-group.yaml (preset pcn-2019)" in done.stderr
    assert SCHEMA_NAME in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("name", PRESETS)
def test_any_preset_goes_to_any_file(name: str, folder: Path) -> None:
    assert init("--preset", name, "--out", "new/rules.yaml", "--quiet").output == ""
    assert load_configuration(folder / "new" / "rules.yaml") == preset_rules(PRESETS[name])
    assert (folder / "new" / SCHEMA_NAME).exists()


def test_a_configuration_that_is_there_is_kept(folder: Path) -> None:
    Path("pcn-group.yaml").write_text("mine", "utf-8")
    assert refusal().startswith("pcn-group.yaml: is already there. ")
    assert Path("pcn-group.yaml").read_text("utf-8") == "mine"
    assert not (folder / SCHEMA_NAME).exists()
    assert init("--overwrite").exit_code == 0
    assert load_configuration(Path("pcn-group.yaml")) == Configuration()


def test_another_schema_that_is_there_is_kept_and_then_nothing_is_written() -> None:
    Path(SCHEMA_NAME).write_text("mine", "utf-8")
    assert refusal().startswith(f"{SCHEMA_NAME}: is already there. ")
    assert Path(SCHEMA_NAME).read_text("utf-8") == "mine"
    assert not Path("pcn-group.yaml").exists()
    assert init("--overwrite").exit_code == 0
    assert json.loads(Path(SCHEMA_NAME).read_text("utf-8"))


def test_the_same_schema_serves_several_configurations() -> None:
    assert init("--out", "a.yaml").exit_code == init("--out", "b.yaml").exit_code == 0


@pytest.mark.parametrize("out", [".", ".."])
def test_a_folder_is_not_a_file_to_write(out: str) -> None:
    assert "is a folder, not a file" in refusal("--out", out, "--overwrite")


def test_the_name_of_the_schema_is_taken() -> None:
    done = init("--out", SCHEMA_NAME)
    assert done.exit_code == 2
    assert "is for the schema" in done.stderr


def test_an_unknown_preset_lists_the_choices(folder: Path) -> None:
    done = init("--preset", "pcn-2020")
    assert done.exit_code == 2
    assert all(name in done.stderr for name in PRESETS)
    assert not list(folder.iterdir())


def test_the_help_lists_the_presets_and_loads_nothing_heavy() -> None:
    result = python("-X", "importtime", "-m", "pcn_group", "init", "--help")
    for name in PRESETS:
        assert f"\n    {name} " in result.stdout
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in result.stderr.splitlines()}
    assert "click" in loaded
    assert loaded.isdisjoint(HEAVY)
