"""`pcn-group doctor`: versions, the cache and extras."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pcn_group import __version__, pipeline
from pcn_group.base import extras, jit
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
    monkeypatch.setattr(jit, "cache_folder", lambda _: None)
    assert "NUMBA_CACHE_DIR" in shown()
    assert json.loads(shown("--json"))["cache"] == {"folder": None, "compiled": False}


def test_asked_to_compile_it_does_so_before_it_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(pipeline, "compile_all", lambda: calls.append("compiled"))
    monkeypatch.setattr(compiled, "is_first_run", lambda: not calls)
    assert "is not there yet" in shown()
    assert ": later runs start at once." in shown("--compile")


def test_extras_are_those_of_the_package() -> None:
    import tomllib  # noqa: PLC0415 - for this alone

    from tests.paths import ROOT  # noqa: PLC0415 - likewise

    project = tomllib.loads(Path(ROOT, "pyproject.toml").read_text("utf-8"))["project"]
    assert set(extras.EXTRAS) == {*project["optional-dependencies"]} - {"docs", "dev"}
