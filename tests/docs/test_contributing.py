"""What a contributor is told is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import yaml

from tests.docs.pages import CONTRIBUTING, DOCS, ROOT, blocks, section


def recipes(*targets: str) -> list[str]:
    """What targets of the Makefile run through Python."""
    text = (ROOT / "Makefile").read_text("utf-8")
    found = []
    for target in targets:
        lines = text.split(f"\n{target}:")[1].split("\n\n")[0].splitlines()[1:]
        found += [line.strip().replace("$(RUN)", "python -m") for line in lines]
    return [line.replace("$(BIN)/", "") for line in found if "$(MAKE)" not in line]


def test_windows_runs_what_the_makefile_runs() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
    steps = [step["run"] for step in workflow["jobs"]["windows"]["steps"] if "run" in step]
    install, *checks = steps
    assert install.startswith("python -m pip install ")
    assert checks == recipes("lint", "tests", "docs")


def test_the_workflow_shown_is_one(tmp_path: Path) -> None:
    (workflow,) = blocks(DOCS / "how-to" / "ci.md", "yaml")
    (tmp_path / "region.yml").write_text(workflow, "utf-8")
    schema = ("--builtin-schema", "vendor.github-workflows")
    command = [sys.executable, "-m", "check_jsonschema", *schema, tmp_path / "region.yml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_hooks_and_workflows_call_targets_there_are() -> None:
    targets = re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for name in (".pre-commit-config.yaml", ".github/workflows/ci.yml"):
        called = re.findall(r"(?:run|entry): make (\S+)", (ROOT / name).read_text("utf-8"))
        assert called
        assert set(called) <= set(targets)


def test_what_to_look_at_is_there() -> None:
    """Files and folders in backticks, beside commands, are of the program, or of all of it."""
    listed = section(CONTRIBUTING, "To change this, look there")
    named = re.findall(r"`([a-z_]+(?:/[\w./-]*|\.py|\.toml))`", listed)
    assert "base/errors.py" in named
    missing = {name for name in named if not (ROOT / "pcn_group" / name).exists()}
    assert [name for name in missing if not (ROOT / name).exists()] == []
