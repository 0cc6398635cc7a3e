"""Plans with all that a paper can say of them, made once for all of its tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner

from pcn_group.base.files import write_atomically
from pcn_group.cli.alternatives import command as alternatives
from pcn_group.cli.budget import command as budget
from pcn_group.cli.compare import command as compare
from pcn_group.cli.sample import command as sample
from pcn_group.cli.solve import command as solve
from pcn_group.cli.tradeoff import command as tradeoff
from tests.output.paper.papers import Papers, rows_of

RULES = """\
band: {below: {price: 3, floor: 20000}}
profile:
  figures:
    - {name: aged_75_plus, label: Aged 75 and over, adds: share}
    - {name: deprivation, column: deprivation_score, better: low}
    - {name: older, column: aged_75_plus, label: People aged 75 and over, adds: sum}
"""


def run(command: Command, *arguments: object) -> None:
    done = CliRunner().invoke(command, [str(argument) for argument in arguments])
    assert done.exit_code in {0, 3}, (done.output, done.exception)


@pytest.fixture(scope="session")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    """A plan with exceptions, moves, neighbourhoods and figures, and everything beside it."""
    folder = tmp_path_factory.mktemp("paper")
    write_atomically(folder / "rules.yaml", RULES)
    made = folder / "in"
    inputs = [
        made / "practices.csv",
        made / "gp-reg-pat-prac-lsoa-all.csv",
        made / "lsoa-centroids.csv",
        made / "area-figures.csv",
        made / "neighbourhoods.geojson",
    ]
    rules, plan = folder / "rules.yaml", folder / "plan"
    named = ("--seed", 5, "--neighbourhoods", "--profile", "--out", inputs[0])
    run(sample, "--practices", 30, *named, "--quiet")
    run(solve, *inputs, "--config", rules, "--out", plan, "--quiet")
    run(alternatives, plan, "--count", 3, "--out", folder / "alternatives", "--quiet")
    years = ("--years", "2019/20..2024/25", "--growth", "1%")
    run(budget, plan, *years, "--out", folder / "budget", "--quiet")
    against = ("--against", "band", "--floor", 20_000, "--points", 4)
    run(tradeoff, *inputs, *against, "--config", rules, "--out", folder / "curve", "--quiet")
    practices = [option for path in inputs for option in ("--practices", path)]
    out = ("--out", folder / "comparison", "--config", rules, "--quiet")
    run(compare, "current", plan, *practices, *out)
    write_atomically(folder / "what-if.json", json.dumps(_record(plan)))
    names = ("alternatives", "curve", "comparison", "budget", "what-if.json")
    beside = tuple(folder / name for name in names)
    return Papers(folder, (plan,), beside)


def _record(plan: Path) -> dict[str, object]:
    """A draft in which the first practice that is no hub joins another network."""
    rows = rows_of(plan / "groupings.csv")
    networks = {row["practice_code"]: row["network_id"] for row in rows}
    moved = next(row for row in rows if row["is_hub"] == "false")
    other = next(row for row in rows if row["network_id"] != moved["network_id"])
    networks[moved["practice_code"]] = other["network_id"]
    return {
        "what_if": 1,
        "exported": "2026-11-20T10:11:12.000Z",
        "keeps_rules": False,
        "broken": ["contiguity: the network is in 2 pieces"],
        "networks": networks,
        "notes": {
            "practices": {moved["practice_code"]: "They share staff,\nand a building."},
            "networks": {other["network_id"]: "Is <b>this</b> & that\u0001 agreed?"},
        },
    }
