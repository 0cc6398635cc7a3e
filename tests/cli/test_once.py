"""Each command reads its rules once, and prepares each region that it is about once."""

from __future__ import annotations

import pkgutil
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

import pcn_group
from pcn_group.base.yaml import open_yaml
from pcn_group.cli import group
from pcn_group.config.loading import load_configuration
from pcn_group.geography.adjacency import build_adjacency
from pcn_group.geography.travel import build_travel
from pcn_group.plan.reading import read_plan
from pcn_group.region.building import build_problem
from tests.solver.regions import sample

RULES = "band: {min: 14000, max: 30000}\nsearch: {workers: 1}\n"

PREPARING = (build_travel, build_adjacency, build_problem)
REGION = {each.__name__: 1 for each in PREPARING}
"""A region that is prepared once."""
READ_ONCE = {"load_configuration": 1, "open_yaml": 1}
ANOTHER = {each.__name__: 2 for each in PREPARING}
"""A plan in its region, and the region of another level: rules, practices and networks of today
are others, and those that the plan leaves out are no neighbours of anybody."""

INPUT, RULED = "practices.csv", "--config=rules.yaml"
TODAY = ("current", "--practices=practices.csv", RULED)

FROM_PRACTICES: dict[str, tuple[str, ...]] = {
    "solve": ("solve", INPUT, RULED, "--time-limit=60", "--gap=0.1", "--out=out"),
    "solve and draw": ("solve", INPUT, RULED, "--report", "--seed=2", "--out=out"),
    "repair": ("repair", INPUT, RULED, "--workers=1", "--out=out"),
    "tradeoff, band": ("tradeoff", INPUT, RULED, "--against=band", "--points=2", "--out=out"),
    "tradeoff, moves": ("tradeoff", INPUT, RULED, "--against=moves", "--points=2", "--out=out"),
}
ABOUT_A_PLAN: dict[str, tuple[str, ...]] = {
    "check": ("check",),
    "explain": ("explain", "--time-limit=60"),
    "alternatives": ("alternatives", "--time-limit=60", "--count=2", "--out=out"),
    "report": ("report", "--out=out"),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with eight practices in two networks of today, rules, and a plan made by hand."""
    monkeypatch.chdir(tmp_path)
    table = sample(8, 1).table
    table["current_network"] = [f"today{k // 4}" for k in range(8)]
    table.to_csv("practices.csv", index=False)
    rows = [f"{code},net{k // 4}" for k, code in enumerate(table["practice_code"])]
    Path("plan.csv").write_text("\n".join(["practice_code,network_id", *rows, ""]), "utf-8")
    Path("rules.yaml").write_text(RULES, "utf-8")


@pytest.fixture(scope="module")
def modules() -> list[ModuleType]:
    """All there are: a module that is imported later would have its functions from another test."""
    found = pkgutil.walk_packages(pcn_group.__path__, "pcn_group.")
    return [import_module(each.name) for each in found if not each.name.endswith("__main__")]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, modules: list[ModuleType]) -> Counter[str]:
    """How often each function is called, wherever it is imported; of YAML the rules alone."""
    counted = Counter[str]()

    def watch(original: Callable[..., Any]) -> None:
        name = original.__name__

        def watched(*arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - whatever it takes
            if original is not open_yaml or arguments[0].name == "rules.yaml":
                counted[name] += 1
            return original(*arguments, **more)

        for module in modules:
            if vars(module).get(name) is original:
                monkeypatch.setattr(module, name, watched)

    for function in (*PREPARING, load_configuration, open_yaml, read_plan):
        watch(function)
    return counted


def run(*arguments: str) -> None:
    done = CliRunner().invoke(group, [*arguments], standalone_mode=False)
    assert done.exception is None, done.output


@pytest.mark.parametrize("arguments", FROM_PRACTICES.values(), ids=FROM_PRACTICES)
def test_what_starts_from_practices(arguments: tuple[str, ...], calls: Counter[str]) -> None:
    run(*arguments)
    # What is drawn is what the files say: they are read back, and nothing else.
    read_back = {"read_plan": 1} if "--report" in arguments else {}
    assert calls == {**REGION, **READ_ONCE, **read_back}


@pytest.mark.parametrize("arguments", ABOUT_A_PLAN.values(), ids=ABOUT_A_PLAN)
def test_what_is_about_one_plan(arguments: tuple[str, ...], calls: Counter[str]) -> None:
    command, *options = arguments
    run(command, *TODAY, *options)
    assert calls == {**REGION, **READ_ONCE}
    calls.clear()
    run(
        command,
        "plan.csv",
        *TODAY[1:],
        *options,
        *(["--overwrite"] if "--out=out" in options else []),
    )
    assert calls == {**REGION, **READ_ONCE, "read_plan": 1}


@pytest.mark.parametrize("command", ["compare", "report"])
def test_several_plans_are_in_one_region(command: str, calls: Counter[str]) -> None:
    run(command, "plan.csv", *TODAY, "--out=out")
    assert calls == {**REGION, **READ_ONCE, "read_plan": 1}


def test_footprints(calls: Counter[str]) -> None:
    Path("rules.yaml").write_text("search: {workers: 1}\n", "utf-8")
    run("footprints", *TODAY, "--min=20000", "--max=120000", "--out=out")
    assert calls == {**ANOTHER, **READ_ONCE}


def test_divide(calls: Counter[str]) -> None:
    run("divide", *TODAY, "--network=today0", "--min=8000", "--max=30000", "--out=out")
    # Beside the two regions: the network alone, and all else fixed in the region it is in.
    assert calls == {**ANOTHER, "build_problem": 4, **READ_ONCE}


def test_a_region_of_a_batch(calls: Counter[str]) -> None:
    run("batch", INPUT, RULED, "--workers=1", "--out=out")
    # The workers prepare the regions, each in a process of its own.
    assert calls == READ_ONCE
