"""What the documentation says is what the program does."""

from __future__ import annotations

import importlib
import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Union, get_args, get_origin

import click
import numpy as np
import pytest
from click.testing import CliRunner
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from pcn_group import __version__, errors, limits
from pcn_group.batch import run
from pcn_group.batch.store import NATIONAL_FILES, NATIONAL_PAGES
from pcn_group.cli import group, signals
from pcn_group.config import Configuration, load_configuration
from pcn_group.output.alternatives import ALTERNATIVES_FILES, ALTERNATIVES_PAGE
from pcn_group.output.comparison import COMPARISON_PAGE
from pcn_group.output.curves import CURVE_FILES, CURVE_PAGE
from pcn_group.output.folder import FILES, PICTURES
from pcn_group.pipeline import Result, plan_region
from pcn_group.plan.certificate import Certificate, Toll
from pcn_group.plan.pairs import Verdict
from pcn_group.plan.verify import verify_certificate
from pcn_group.practices import read_practices
from pcn_group.practices.rows import LAYOUT
from pcn_group.practices.table import REGION_COLUMNS
from pcn_group.problem import Problem, SizeRule
from pcn_group.solver.expansion import POOL_LIMIT
from pcn_group.solver.solve import Status
from pcn_group.solver.within import MOST_PLANS
from tests.output.maps import areas, drawn, pictures, texts

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data" / "sample" / "practices.csv"
README = (ROOT / "README.md").read_text("utf-8")
DATA = (ROOT / "docs" / "data.md").read_text("utf-8")
METHOD = (ROOT / "docs" / "method.md").read_text("utf-8")
DOCUMENTS = (
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "data" / "sample" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
)
PRESETS = sorted((ROOT / "configs").glob("*.yaml"))
BAND = (30_000, 50_000)


# --- reading the documents ---------------------------------------------------------------------


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of any level."""
    return re.split(r"^#+ ", text.split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def table(text: str, heading: str) -> list[list[str]]:
    """The rows of the first table whose first heading this is, without its head."""
    lines = text.splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = itertools.takewhile(lambda line: line.startswith("|"), lines[start + 2 :])
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def number(cell: str) -> int:
    return int(cell.replace(",", ""))


def transcripts(text: str) -> list[tuple[list[str], list[str]]]:
    """Commands shown with their output: the arguments, the lines."""
    blocks = re.findall(r"```console\n\$ pcn-group (.*?)\n(.*?)```", text, re.DOTALL)
    return [(arguments.split(), output.splitlines()) for arguments, output in blocks]


def commands() -> dict[str, click.Command]:
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def options(command: click.Command) -> set[str]:
    return {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
        if name.startswith("--")
    }


# --- the command line --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample where the README has it, and `plan` as its first command gives."""
    place = tmp_path_factory.mktemp("docs")
    (place / "data" / "sample").mkdir(parents=True)
    (place / "data" / "sample" / "practices.csv").write_bytes(SAMPLE.read_bytes())
    return place


@pytest.fixture(scope="module")
def first_screen(folder: Path) -> str:
    """What the README's first command prints, piped, where there is no terminal."""
    arguments, _ = transcripts(README)[0]
    odd = {"COLUMNS", "LINES", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"}
    kept = {name: value for name, value in os.environ.items() if name not in odd}
    done = subprocess.run(
        [sys.executable, "-m", "pcn_group", *arguments],
        cwd=folder,
        env={**kept, "COLUMNS": "80", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode("utf-8")


def edited_groupings(folder: Path, networks: dict[str, str]) -> str:
    """The plan's groupings with some practices in other networks."""
    lines = (folder / "plan" / "groupings.csv").read_text("utf-8").splitlines()
    column = lines[0].split(",").index("network_id")
    for k, line in enumerate(lines):
        cells = line.split(",")
        if cells[0] in networks:
            cells[column] = networks[cells[0]]
            lines[k] = ",".join(cells)
    return "\n".join(lines) + "\n"


def assert_shown(shown: list[str], printed: list[str]) -> None:
    """Every line shown was printed, in order; between them only `...` leaves lines out."""
    position, gap = 0, False
    for line in shown:
        if line == "...":
            gap = True
            continue
        wanted = printed[position:] if gap else printed[position : position + 1]
        assert line in wanted, f"not printed here: {line}"
        position += wanted.index(line) + 1
        gap = False
    assert gap or position == len(printed), f"not shown: {printed[position:]}"


def test_the_first_screen_is_what_the_command_prints_now(first_screen: str) -> None:
    assert README.startswith("# pcn-group\n\n```console\n")
    printed = [line.rstrip() for line in first_screen.splitlines()]
    assert transcripts(README)[0][1] == printed


@pytest.mark.usefixtures("first_screen")
def test_the_map_is_what_is_drawn_now(folder: Path) -> None:
    assert "](docs/sample-map.svg)" in README
    committed = (ROOT / "docs" / "sample-map.svg").read_text("utf-8")
    title, *rest = texts(committed)
    verdict = " ".join(itertools.takewhile(lambda text: "nearest practice" not in text, rest))
    svg = pictures(drawn(folder / "plan"), verdict, title)[1]
    assert (areas(svg), texts(svg)) == (areas(committed), texts(committed))
    assert title == "16 primary care networks in XXA"
    assert len(committed) < 200_000


def test_make_demo_is_the_first_command() -> None:
    arguments, _ = transcripts(README)[0]
    recipe = (ROOT / "Makefile").read_text("utf-8").split("demo:")[1].splitlines()[1]
    assert recipe.split()[1:] == arguments


@pytest.mark.usefixtures("first_screen")
@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        pytest.param(*block, id=f"{document}-{'-'.join(block[0][:2])}")
        for document, text in (("readme", README), ("method", METHOD))
        for block in transcripts(text)
        if block != transcripts(README)[0]
    ],
)
def test_other_commands_print_what_is_shown(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], shown: list[str]
) -> None:
    monkeypatch.chdir(folder)
    moved = {"XX00011": "XX00005"}
    Path("moved.csv").write_text(edited_groupings(folder, moved), "utf-8")
    Path("swapped.csv").write_text(edited_groupings(folder, moved | {"XX00014": "XN0011"}), "utf-8")
    done = CliRunner().invoke(group, arguments)
    broken = any(line.startswith("BROKEN") for line in shown)
    infeasible = any(line.startswith("Proven: no plan of these") for line in shown)
    assert done.exit_code == (3 if broken else 4 if infeasible else 0), done.output
    assert_shown(shown, [line.rstrip() for line in done.stdout.splitlines()])


def test_every_command_is_in_the_table_with_exactly_its_options() -> None:
    shown = {
        row[0].strip("`").split()[0]: set(re.findall(r"--[a-z-]+", row[2]))
        for row in table(README, "command")
    }
    assert shown == {name: options(command) - {"--help"} for name, command in commands().items()}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_and_options_named_exist(document: Path) -> None:
    text = document.read_text("utf-8")
    assert set(re.findall(r"pcn-group ([a-z]+)", text)) <= set(commands())
    known = set[str]().union(*map(options, commands().values())) | {"--help", "--version"}
    assert set(re.findall(r"(?<![-\w])--[a-z][a-z-]*", text)) <= known


def test_exit_codes_are_those_of_the_program() -> None:
    classes = [value for value in vars(errors).values() if isinstance(value, type)]
    codes = {kind.exit_code for kind in classes if issubclass(kind, errors.PcnGroupError)}
    codes |= {0, 3, signals.CODES["SIGTERM"]}
    told = {int(code) for row in table(README, "exit code") for code in row[0].split(",")}
    assert told == codes
    for command in commands().values():
        assert command.epilog is not None
        _, listed = command.epilog.split("Exit codes")
        shown = {int(code) for code in re.findall(r"\b(\d+)(?:, |  )", listed)}
        assert {0, 1, 2, 6, 130, 141, 143} <= shown <= codes


def test_what_ends_of_signals_are_told_is_so() -> None:
    ends = (ROOT / "docs" / "ends.md").read_text("utf-8")
    told = {row[0].strip("`"): number(row[1]) for row in table(ends, "signal")}
    assert told == signals.CODES


def test_the_gravest_outcome_of_a_batch_counts() -> None:
    order = ", ".join(map(str, run.GRAVEST_FIRST))
    assert f"the first of {order} counts" in " ".join(README.split())
    epilog = importlib.import_module("pcn_group.cli.batch").command.epilog
    told = [int(code) for code in re.findall(r"^ *(\d)  ", epilog, re.MULTILINE)]
    assert told[: 2 + len(run.GRAVEST_FIRST)] == [2, 6, *run.GRAVEST_FIRST]


def test_what_a_region_can_be_told_by_is_in_the_help() -> None:
    by = next(p for p in commands()["batch"].params if p.name == "by")
    assert isinstance(by, click.Option)
    assert re.findall(r"\w+_\w+", by.help or "") == list(REGION_COLUMNS)


# --- files and configuration -------------------------------------------------------------------


def test_output_files_are_listed() -> None:
    assert tuple(row[0].strip("`") for row in table(README, "file")) == FILES


def test_pictures_are_listed() -> None:
    named = [re.findall(r"`([\w.]+)`", row[0]) for row in table(README, "picture")]
    assert tuple(itertools.chain(*named)) == PICTURES


def test_files_of_a_batch_are_listed() -> None:
    named = [re.findall(r"`(\w+\.csv)`", row[0]) for row in table(README, "batch file")]
    assert tuple(itertools.chain(*named)) == NATIONAL_FILES


def test_pages_of_several_plans_are_listed() -> None:
    named = [re.findall(r"`([\w.]+)`", row[0]) for row in table(README, "page")]
    pages = (COMPARISON_PAGE, CURVE_PAGE, ALTERNATIVES_PAGE, *reversed(NATIONAL_PAGES))
    assert tuple(itertools.chain(*named)) == pages


def test_files_of_alternatives_are_listed() -> None:
    named = tuple(row[0].strip("`") for row in table(README, "alternatives file"))
    assert named == ALTERNATIVES_FILES


def test_files_of_a_curve_are_listed() -> None:
    assert {row[0].strip("`") for row in table(README, "curve file")} == set(CURVE_FILES)


def test_input_columns_are_listed() -> None:
    named = [re.findall(r"`(\w+)`", row[0]) for row in table(README, "column")]
    assert tuple(itertools.chain(*named)) == LAYOUT


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Every key with its default, sections left out."""
    for name, field in model.model_fields.items():
        union = get_origin(field.annotation) in {Union, UnionType}
        parts = get_args(field.annotation) if union else (field.annotation,)
        models = [part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)]
        if union or not models:
            yield prefix + name, field.default
        for part in models:
            yield from keys(part, f"{prefix}{name}.")


def in_words(default: object) -> str:
    if default is None or default is PydanticUndefined:
        return "none"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, int | float):
        return f"`{default:g}`"
    return f"`{default if default != () else '[]'}`"


def test_every_configuration_key_is_listed_with_its_default() -> None:
    listed = {row[0].strip("`"): row[1] for row in table(README, "key")}
    assert listed == {key: in_words(default) for key, default in keys(Configuration)}


@pytest.mark.parametrize("preset", PRESETS, ids=lambda path: path.name)
def test_every_preset_loads_and_is_in_the_readme(preset: Path) -> None:
    load_configuration(preset)
    assert f"(configs/{preset.name})" in README


def test_the_2019_preset_spells_out_every_default() -> None:
    preset = next(path for path in PRESETS if path.name == "pcn-2019.yaml")
    assert load_configuration(preset) == Configuration()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_to_files_and_headings_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", document.read_text("utf-8")):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        path = document.parent / name if name else document
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
            assert anchor in {heading.lower().replace(" ", "-") for heading in headings}, target


def test_the_changelog_has_this_version() -> None:
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


# --- the arithmetic of docs/method.md ----------------------------------------------------------


def road() -> dict[str, tuple[int, int]]:
    """The practices of the worked example: patients, km."""
    return {row[0]: (number(row[1]), number(row[2])) for row in table(METHOD, "practice")}


def candidates() -> dict[str, tuple[int, str, int]]:
    """Every stretch of the road inside the band: patients, hub, cost."""
    practices = road()
    found = {}
    for first, last in itertools.combinations_with_replacement(range(len(practices)), 2):
        inside = list(practices)[first : last + 1]
        patients = sum(practices[i][0] for i in inside)
        costs = {
            hub: sum(practices[i][0] * abs(practices[i][1] - practices[hub][1]) for i in inside)
            for hub in inside
        }
        if BAND[0] <= patients <= BAND[1]:
            hub = min(costs, key=costs.__getitem__)
            found[" ".join(inside)] = (patients, hub, costs[hub])
    return found


def dues() -> dict[str, int]:
    lines = METHOD[METHOD.index("| practice | A |") :].splitlines()
    head, row = ([cell.strip() for cell in lines[k].strip("|").split("|")] for k in (0, 2))
    return dict(zip(head[1:], map(number, row[1:]), strict=True))


def road_problem() -> Problem:
    practices = list(road().values())
    patients = [size for size, _ in practices]
    n = len(practices)
    return Problem(
        codes=tuple(road()),
        weights=np.array(patients),
        cost=np.array([[w * abs(a - b) for _, b in practices] for w, a in practices]),
        neighbours=tuple(tuple(j for j in (i - 1, i + 1) if 0 <= j < n) for i in range(n)),
        size=SizeRule(*BAND, *BAND),
        max_practices=n,
    )


def bound_holds(problem: Problem, dues: list[int], toll: Toll | None, bound: int) -> bool:
    certificate = Certificate(np.array(dues), (toll,) if toll else (), bound)
    return verify_certificate(problem, certificate).verified


def test_the_candidates_of_the_example_are_all_there_are() -> None:
    rows = table(section(METHOD, "A region small enough for paper"), "network")
    listed = {row[0]: (number(row[1]), row[2], number(row[3])) for row in rows}
    assert listed == candidates()


def test_the_two_plans_of_the_example_are_all_there_are() -> None:
    plans = {}
    for several in itertools.combinations(sorted(candidates()), 2):
        if " ".join(several).split() == list(road()):
            plans[several] = sum(candidates()[name][2] for name in several)
    assert plans == {("A B", "C D E"): 94_000, ("A B C", "D E"): 110_000}
    text = section(METHOD, "A region small enough for paper")
    for several, total in plans.items():
        parts = " + ".join(f"{candidates()[name][2]:,}" for name in several)
        assert f"- {' and '.join(several)}: {parts} = {total:,}" in text
    patients = sum(size for size, _ in road().values())
    assert f"94,000 patient-km for {patients:,} patients, {94_000 / patients:.2f} km" in text


def test_the_reduced_costs_of_the_example() -> None:
    rows = table(section(METHOD, "On paper again"), "network")
    listed = {row[0]: tuple(map(number, row[1:])) for row in rows}
    due = {name: sum(dues()[i] for i in name.split()) for name in candidates()}
    assert listed == {
        name: (cost, due[name], cost - due[name]) for name, (_, _, cost) in candidates().items()
    }
    within = {name for name, row in listed.items() if row[2] <= 10_000}
    assert within == {"A B", "C D E", "D E"}


def test_the_other_plan_of_the_example() -> None:
    rows = table(section(METHOD, "On paper again"), "network")
    reduced = {row[0]: number(row[3]) for row in rows}
    text = " ".join(section(METHOD, "Other good plans").split())
    best = sum(dues().values())
    assert f"20 % above {best:,} is {best + best // 5:,}, and the reach is {best // 5:,}" in text
    assert [name for name, more in reduced.items() if more > best // 5] == ["B C D"]
    assert f"only B C D, at {reduced['B C D']:,}," in text
    more = [reduced["A B C"], reduced["D E"]]
    total = f"{best:,} + {more[0]:,} + {more[1]:,} = {best + sum(more):,}"
    assert f"A B C and D E: {total}" in text
    assert f"to have it with A and B costs {sum(more):,}" in text


def test_the_bounds_of_the_example_verify() -> None:
    problem, asked = road_problem(), list(dues().values())
    assert bound_holds(problem, asked, None, 94_000)
    a, b, c, d, _ = asked
    assert not bound_holds(problem, [a, b, c, d, 26_000], None, 100_000)
    assert bound_holds(problem, [a, b, c, d - 6_000, 26_000], None, 94_000)


def test_the_toll_of_the_example_verifies() -> None:
    problem = Problem(
        codes=("P", "Q", "R"),
        weights=np.full(3, 16_000),
        cost=16_000 * (1 - np.eye(3, dtype=np.int64)),
        neighbours=((1, 2), (0, 2), (0, 1)),
        size=SizeRule(*BAND, *BAND),
        max_practices=3,
    )
    assert problem.network_cost([0, 1]) == 16_000
    assert problem.network_cost([0, 1, 2]) == 32_000
    assert bound_holds(problem, [8_000] * 3, None, 24_000)
    assert not bound_holds(problem, [8_001, 8_000, 8_000], None, 24_001)
    halves = Toll((0, 1, 2), (1, 1, 1), 2, 16_000)
    assert bound_holds(problem, [16_000] * 3, halves, 32_000)


def test_the_thirds_of_the_example_verify() -> None:
    weights = np.array([20_000, 10_000, 10_000, 10_000])
    problem = Problem(
        codes=("W", "X", "Y", "Z"),
        weights=weights,
        cost=3 * weights[:, None] * (1 - np.eye(4, dtype=np.int64)),
        neighbours=((1, 2, 3), (0, 2, 3), (0, 1, 3), (0, 1, 2)),
        size=SizeRule(*BAND, *BAND),
        max_practices=4,
    )
    assert problem.network_cost(range(4)) == 90_000
    thirds = Toll((0, 1, 2, 3), (2, 1, 1, 1), 3, 30_000)
    assert bound_holds(problem, [30_000] * 4, thirds, 90_000)


def test_the_pool_limit_is_the_one_named() -> None:
    assert f"{POOL_LIMIT:,}" in section(METHOD, "The time limit")


def test_the_limits_of_alternatives_are_those_named() -> None:
    text = section(METHOD, "Other good plans")
    assert f"ends at {MOST_PLANS:,} of them" in text
    assert f"more than {POOL_LIMIT:,} networks" in text


def test_verdicts_on_pairs_are_listed() -> None:
    named = tuple(row[0].strip("`") for row in table(METHOD, "`verdict`"))
    assert named == get_args(Verdict)


def test_statuses_are_listed() -> None:
    named = tuple(row[0].strip("`") for row in table(METHOD, "`status`"))
    assert named == get_args(Status)


# --- the figures of docs/method.md on the sample -----------------------------------------------


def solved(configuration: Configuration) -> Result:
    return plan_region(read_practices([SAMPLE]), configuration, lambda _: None)


def kilometres(result: Result) -> float:
    return sum(network.mean_travel * network.patients for network in result.networks)


def test_what_a_price_on_change_buys() -> None:
    for price, patients, mean in table(section(METHOD, "Prices"), "price (km)"):
        result = solved(load_configuration(None, (f"prices.change={price}",)))
        today = result.practices.table["current_network"]
        changed = sum(
            int(result.problem.weights[i])
            for network in result.networks
            for i in network.members
            if today[i] and today[network.hub] and today[i] != today[network.hub]
        )
        assert (number(patients), mean) == (changed, f"{result.mean_travel:.2f}")


def test_what_the_rural_exception_buys() -> None:
    rural = solved(load_configuration(ROOT / "configs" / "rural-exception.yaml"))
    short = sum(max(0, BAND[0] - network.patients) for network in rural.networks)
    saved = kilometres(solved(Configuration())) - kilometres(rural)
    text = " ".join(section(METHOD, "Prices").split())
    assert len(rural.exceptions) == 2
    assert f"by {short:,} patients in all" in text
    assert f"they pay {5 * short:,} patient-km" in text
    assert f"falls by {saved:,.0f}." in text


@pytest.mark.usefixtures("first_screen")
def test_the_neighbours_at_one_address(folder: Path) -> None:
    groupings = (folder / "plan" / "groupings.csv").read_text("utf-8").splitlines()
    rows = {row.split(",")[0]: row.split(",") for row in groupings}
    mine, other = rows["XX00011"], rows["XX00014"]
    assert (mine[4], other[4]) == ("XN0011", "XX00005")
    assert mine[8:10] == other[8:10]
    text = " ".join(section(METHOD, "Questions from the room").split())
    assert f"{other[7]} km, against {mine[7]} km" in text
    longer = float(mine[7]) - float(other[7])
    more = int(other[2]) - int(mine[2])
    assert f"{more} patients more to take the longer way, {longer:.3f} km longer" in text
    assert f"costs {more * longer:.0f} patient-km more" in text


@pytest.mark.usefixtures("first_screen")
def test_the_price_of_a_pair(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    CliRunner().invoke(group, ["alternatives", "plan", "--quiet"], catch_exceptions=False)
    table_ = (folder / "alternatives" / "togetherness.csv").read_text("utf-8")
    pairs = {tuple(row[:2]): row for row in (line.split(",") for line in table_.splitlines())}
    pair = pairs["XX00002", "XX00011"]
    assert pair[2:4] == ["together", "open"]
    text = " ".join(README.split())
    assert f"XX00002 and XX00011 apart costs {float(pair[6]):.1f} patient-km at least" in text
    assert [row[6] for row in pairs.values()].count(pair[6]) == 8
    assert "seven other pairs have the same price" in text


@pytest.mark.usefixtures("first_screen")
def test_how_far_the_certificate_reaches(folder: Path) -> None:
    summary = json.loads((folder / "plan" / "summary.json").read_text("utf-8"))
    certificate = json.loads((folder / "plan" / "certificate.json").read_text("utf-8"))
    cost, bound = summary["cost_integer"], certificate["bound"]
    share = f"{1 - bound / cost:.2%}".replace("%", " %")
    assert f"within {share} of the plan's cost" in README
    assert f"The last {share} is CP-SAT's" in METHOD
    assert f"costs {cost / 1000:,.1f} patient-km" in METHOD
    assert f"less than {bound / 1000:,.1f}." in METHOD


def test_every_limit_is_listed_as_it_is() -> None:
    listed = {cells[0].strip("`"): number(cells[1]) for cells in table(DATA, "limit")}
    assert listed == {
        name: value
        for name, value in vars(limits).items()
        if name.isupper() and name in limits.__all__
    }
