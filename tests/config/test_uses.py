"""Which settings each command uses: every key of the configuration, for every command."""

from __future__ import annotations

import importlib
from pathlib import Path

import click
import pytest

from pcn_group.base.errors import InputError
from pcn_group.cli import group
from pcn_group.config.loading import load_configuration
from pcn_group.config.model import Configuration
from pcn_group.config.uses import EFFORT, MATTERS, USES, refuse_unused, use_of
from pcn_group.pipeline import solve
from pcn_group.studies.tradeoff import moves_curve
from tests.solver.regions import sample, silent

KEYS = [
    f"{section}.{key}"
    for section, field in Configuration.model_fields.items()
    for key in type(field.default).model_fields
]

SET = {
    "data.atypical": "attach",
    "data.atypical_below": "500",
    "data.shared": "together",
    "data.weighted_list_size": "Weighted",
    "data.successors": "{A: B}",
    "data.adjusted_list_size": "Adjusted",
    "band.min": "20000",
    "band.max": "60000",
    "band.below": "{price: 2, floor: 9000}",
    "band.above": "{price: 2, ceiling: 90000}",
    "travel.way": "straight",
    "travel.roads": "roads.npz",
    "travel.snap_max": "2",
    "travel.origin": "patients",
    "travel.matrix": "matrix.csv",
    "hubs.sites": "sites.csv",
    "hubs.only_sites": "true",
    "hubs.branches": "branches.csv",
    "travel.unit": "minutes",
    "travel.max_to_hub": "9",
    "adjacency.method": "knn",
    "adjacency.outline": "land.geojson",
    "adjacency.nearest": "4",
    "adjacency.shared": "0.4",
    "adjacency.main": "0.4",
    "adjacency.edges": "edges.csv",
    "adjacency.detour": "2.5",
    "adjacency.detour_km": "1.5",
    "adjacency.islands": "leave",
    "adjacency.land": "land.geojson",
    "adjacency.crossings": "bridges.csv",
    "adjacency.barriers": "rivers.geojson",
    "adjacency.add": "[[A, B]]",
    "adjacency.remove": "[[A, C]]",
    "prices.change": "2",
    "prices.authority": "2",
    "prices.balance": "{price: 1, target: 40000}",
    "prices.neighbourhood": "2",
    "limits.max_practices": "9",
    "limits.networks": "12",
    "limits.authorities": "2",
    "limits.min_aligned": "0.9",
    "limits.max_moved_patients": "1000",
    "limits.max_moved_practices": "3",
    "neighbourhoods.map": "map.geojson",
    "neighbourhoods.code": "INT",
    "neighbourhoods.name": "Team",
    "neighbourhoods.networks": "one",
    "profile.figures": "[{name: need}]",
    "profile.bands": "[{figure: need, max: 30}]",
    "rules.together": "[[A, B]]",
    "rules.apart": "[[A, B]]",
    "rules.fixed": "[[A, B]]",
    "rules.exclude": "[A]",
    "rules.hubs": "[A]",
    "rules.prefer": "[{practices: [A, B], price: 1}]",
    "rules.free": "[A]",
    "rules.names": "{A: Riverside}",
    "rules.file": "rules.csv",
    "funding.year": "2020/21",
    "funding.lines": "all",
    "funding.unconfirmed": "true",
    "funding.earlier_tariff": "true",
    "funding.networks": "current",
    "funding.tariffs": "[mine.yaml]",
    "output.excel_safe": "true",
    "output.travel": "true",
    "output.suppress_below": "5",
    "search.time_limit": "5",
    "search.gap": "0.1",
    "search.seed": "2",
    "search.workers": "1",
    "search.who_else": "5",
}
"""A value of each key that is not the default."""

NEEDED = {
    "travel.roads": ["travel.way=roads"],
    "travel.unit": ["travel.matrix=matrix.csv"],
    "hubs.only_sites": ["hubs.sites=sites.csv"],
    "adjacency.edges": ["adjacency.method=edges"],
    "profile.bands": ["profile.figures=[{name: need}]"],
}
"""What else a value needs."""


@pytest.mark.parametrize("key", sorted(SET.keys() - {"rules.file", "funding.tariffs"}))
def test_the_rules_of_a_plan_are_what_they_were_where_nothing_is_set(key: str) -> None:
    own = load_configuration(None, (*NEEDED.get(key, []), f"{key}={SET[key]}"))
    assert load_configuration(own=own) == own
    assert load_configuration(overrides=("output.travel=true",), own=own).output.travel


def test_every_key_is_placed_once() -> None:
    placed = [key for keys in MATTERS.values() for key in keys]
    assert sorted(placed) == sorted(KEYS)
    assert sorted(SET) == sorted(KEYS)


def test_every_command_with_a_configuration_says_what_it_makes_of_each_matter() -> None:
    with_rules = {
        name
        for name in group.list_commands(click.Context(group))
        if any(
            "--config" in option.opts
            for option in importlib.import_module(f"pcn_group.cli.{name}").command.params
        )
    }
    assert {command.partition(" ")[0] for command in USES} == with_rules
    assert all(uses.keys() == MATTERS.keys() for uses in USES.values())


def changed(key: str) -> Configuration:
    """The default rules with another value of one key, and what that needs."""
    configuration = Configuration()
    section, _, name = key.partition(".")
    value = load_value(key)
    part = getattr(configuration, section).model_copy(update={name: value})
    return configuration.model_copy(update={section: part})


def load_value(key: str) -> object:
    if key in {"rules.file", "funding.tariffs"}:  # read at once, and there is no such file
        return Path("rules.csv") if key == "rules.file" else (Path("mine.yaml"),)
    read = load_configuration(None, (*NEEDED.get(key, []), f"{key}={SET[key]}"))
    section, _, name = key.partition(".")
    return getattr(getattr(read, section), name)


def refused(command: str, key: str, *overrides: str) -> bool:
    try:
        refuse_unused(command, changed(key), overrides)
    except InputError as error:
        return [fault.source for fault in error.faults] == [key]
    return False


@pytest.mark.parametrize("command", USES)
def test_of_a_file_what_would_change_the_answer_is_refused(command: str) -> None:
    assert [key for key in KEYS if refused(command, key)] == [
        key for key in KEYS if use_of(command, key) == "refused" and key not in MATTERS[EFFORT]
    ]


@pytest.mark.parametrize("command", USES)
def test_what_is_asked_for_by_itself_is_used_or_refused(command: str) -> None:
    assert [key for key in KEYS if refused(command, key, f"{key}={SET[key]}")] == [
        key for key in KEYS if use_of(command, key) != "used" and key not in MATTERS[EFFORT]
    ]


@pytest.mark.parametrize("command", USES)
def test_the_defaults_are_never_refused(command: str) -> None:
    refuse_unused(command, Configuration(), ("band.min=30000",))


def fault_of(*arguments: str) -> str:
    """The only fault of a command line; nothing that it names needs to be there."""
    command = importlib.import_module(f"pcn_group.cli.{arguments[0]}").command
    with pytest.raises(InputError) as caught:
        command.main([*arguments[1:]], standalone_mode=False)
    (fault,) = caught.value.faults
    return str(fault)


@pytest.mark.parametrize(
    ("arguments", "setting"),
    [
        (("repair", "practices.csv"), "limits.max_moved_patients=1000"),
        (("tradeoff", "practices.csv", "--against", "moves"), "limits.max_moved_practices=3"),
        (("tradeoff", "practices.csv", "--against", "band"), "limits.max_moved_patients=1000"),
        (("align", "current"), "limits.min_aligned=0.9"),
        (
            ("tradeoff", "practices.csv", "--against", "neighbourhoods"),
            "prices.neighbourhood=2",
        ),
        (("prepare", "practices.csv", "--out", "out.csv"), "limits.max_practices=9"),
        (("check", "plan"), "funding.year=2020/21"),
        (("explain", "plan"), "funding.year=2020/21"),
        (("alternatives", "plan"), "funding.unconfirmed=true"),
        (("footprints", "plan"), "band.min=20000"),
        (("divide", "plan"), "prices.change=2"),
    ],
)
def test_the_command_line_names_it_before_it_reads_anything(
    arguments: tuple[str, ...],
    setting: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    key = setting.partition("=")[0]
    found = fault_of(*arguments, "--set", setting)
    assert found.startswith(f"{key}: is set, and {arguments[0]}")
    assert f"Leave it out, or say --set {key}=" in found
    # What it says to do helps: the fault after it is that there is no such file.
    default = found.rpartition("--set ")[2].rstrip(".")
    assert "is set, and" not in fault_of(*arguments, "--set", setting, "--set", default)


def test_what_divide_does_in_any_case_may_be_asked_for() -> None:
    refuse_unused("divide", load_configuration(None, ("band.below=forbid", "band.above=forbid")))


def test_a_file_may_serve_several_commands(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("band: {min: 20000}\nfunding: {year: 2020/21}\nsearch: {workers: 1}\n")
    for command in ("solve", "check", "explain", "alternatives", "prepare", "report"):
        refuse_unused(command, load_configuration(file))


def test_a_curve_against_moves_begins_with_the_plan_that_solve_finds() -> None:
    rules = load_configuration(
        None, ("band.min=14000", "band.max=30000", "prices.change=1.5", "search.workers=1")
    )
    practices = sample(12, 1)
    first = moves_curve(practices, rules, 5, silent).points[0]
    best = solve(practices, rules)
    assert first.cost == best.region.travel.to_unit(best.solution.cost)
    plain = rules.model_copy(update={"prices": Configuration().prices})
    other = solve(practices, plain)
    assert first.cost != other.region.travel.to_unit(other.solution.cost)
