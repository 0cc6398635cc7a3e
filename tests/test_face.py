"""The names one works with from Python: where they are, what importing them costs, what they do."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import pcn_group
from pcn_group import (
    Configuration,
    PlanInputs,
    check,
    read_practices,
    solve,
    write_plan,
)
from tests.paths import ROOT
from tests.solver.regions import sample

NAMES = [name for name in pcn_group.__all__ if name != "__version__"]


def test_importing_the_package_imports_nothing_else() -> None:
    code = "import sys, pcn_group; print(*(name for name in sys.modules if 'pcn_group' in name))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name for name in done.stdout.split() if not name.startswith("__editable__")}
    assert loaded == {"pcn_group", "pcn_group.base", "pcn_group.base.versions"}


def test_type_checkers_are_told_of_the_modules_that_names_come_from() -> None:
    tree = ast.parse((ROOT / "pcn_group" / "__init__.py").read_text("utf-8"))
    told = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("pcn_group.")
        for alias in node.names
        if alias.name != "__version__"
    }
    assert sorted(told) == sorted(NAMES)
    for name, module in told.items():
        # The name is asked for anew: tests put what reads regions once in the place of one of them.
        assert pcn_group.__getattr__(name) is getattr(import_module(str(module)), name)


def test_a_name_that_is_not_there_is_told_as_usual() -> None:
    with pytest.raises(AttributeError, match="module 'pcn_group' has no attribute 'resolve'"):
        _ = pcn_group.resolve  # type: ignore[attr-defined]
    assert {"solve", "check"} <= {*dir(pcn_group)}


def test_a_plan_is_read_solved_written_and_checked(tmp_path: Path) -> None:
    table, folder = tmp_path / "practices.csv", tmp_path / "plan"
    sample(8, 1).table.to_csv(table, index=False)
    rules = Configuration.model_validate({"band": {"min": 14_000, "max": 30_000}})
    plan = solve(read_practices([table]), rules)
    assert check(plan).report.holds
    write_plan(folder, plan)
    claims = check(folder).claims
    assert claims is not None
    assert claims.verified
    # Under other rules the same networks are judged by these.
    other = check(folder, PlanInputs(overrides=("band.min=10000", "band.max=20000")))
    assert not other.report.holds
