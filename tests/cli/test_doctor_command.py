"""`pcn-group doctor`: versions, the cache and extras."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pcn_group import __version__
from pcn_group.base import extras
from pcn_group.cli import group
from pcn_group.solver import compiled


def shown(*arguments: str) -> str:
    result = CliRunner().invoke(group, ["doctor", *arguments], standalone_mode=False)
    assert result.exception is None
    return result.output


def test_versions_cache_and_extras_are_told() -> None:
    text = shown()
    assert f"pcn-group  {__version__}" in text
    assert "ortools" in text
    for name in extras.EXTRAS:
        assert f"\n{name} (" in text


def test_what_is_missing_is_told_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "xlsxwriter" else name)
    assert (
        'excel (the budget as a workbook): not installed. Run: pip install "pcn-group[excel]"; '
        'in a clone of the project: pip install ".[excel]".\n'
    ) in shown()
    found = json.loads(shown("--json"))["extras"]
    assert [name for name in found if found[name]["missing"]] == ["excel"]


def test_a_cache_that_has_no_place_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "cache_folder", lambda: None)
    assert "NUMBA_CACHE_DIR" in shown()
    assert json.loads(shown("--json"))["cache"] == {"folder": None, "compiled": False}


def test_extras_are_those_of_the_package() -> None:
    import tomllib  # noqa: PLC0415 - for this alone

    from tests.paths import ROOT  # noqa: PLC0415 - likewise

    project = tomllib.loads(Path(ROOT, "pyproject.toml").read_text("utf-8"))["project"]
    assert set(extras.EXTRAS) == {*project["optional-dependencies"]} - {"docs", "dev"}
