"""The commands on the pages exist, and print what is shown."""

from __future__ import annotations

import itertools
import re
from contextlib import chdir
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pcn_group.cli import group
from tests.docs.pages import (
    BANDS,
    CONTRIBUTING,
    DOCS,
    FAIRNESS,
    FORECAST,
    HUBS,
    NEIGHBOURHOODS,
    NO_PLACES,
    PROOF,
    QUESTIONS,
    README,
    TUTORIAL,
    WRITTEN,
    blocks,
    commands,
    options,
    transcripts,
)
from tests.output.maps.drawn import areas, drawn, pictures, texts
from tests.paths import ROOT

FOLLOWED = {BANDS, FAIRNESS, FORECAST, HUBS, NEIGHBOURHOODS, NO_PLACES}
"""Pages whose commands need those before them."""

SHOWN = (PROOF, QUESTIONS, *sorted({*(DOCS / "how-to").glob("*.md")} - FOLLOWED))

LONG = {"explain plan --set", "tradeoff data/sample/practices.csv --against"}
"""How those begin that search longest: tests of the commands have them in small regions."""


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


def exit_code(shown: list[str]) -> int:
    """What a command that prints this ends with."""
    if any(line.startswith("BROKEN") for line in shown):
        return 3
    return 4 if any(line.startswith("Proven: no plan of these") for line in shown) else 0


@cache
def ended(folder: Path, *arguments: str) -> Result:
    """How a command ends in a folder, run once however many pages show it."""
    with chdir(folder):
        return CliRunner().invoke(group, arguments)


def follow(folder: Path, arguments: list[str], shown: list[str]) -> None:
    done = ended(folder, *arguments)
    assert done.exit_code == exit_code(shown), done.output
    assert_shown(shown, [line.rstrip() for line in done.stdout.splitlines()])


def edited_groupings(plan: Path, networks: dict[str, str]) -> str:
    """The plan's groupings with some practices in other networks."""
    lines = (plan / "groupings.csv").read_text("utf-8").splitlines()
    column = lines[0].split(",").index("network_id")
    for k, line in enumerate(lines):
        cells = line.split(",")
        if cells[0] in networks:
            cells[column] = networks[cells[0]]
            lines[k] = ",".join(cells)
    return "\n".join(lines) + "\n"


def test_the_first_screen_is_what_the_command_prints_now(first_screen: list[str]) -> None:
    _, shown = transcripts(README)[0]
    assert_shown(shown, first_screen)


def test_make_demo_is_the_first_command() -> None:
    arguments, _ = transcripts(README)[0]
    recipe = (ROOT / "Makefile").read_text("utf-8").split("demo:")[1].splitlines()[1]
    assert recipe.split()[1:] == arguments


@pytest.mark.usefixtures("first_screen")
def test_the_map_is_what_is_drawn_now(folder: Path) -> None:
    committed = (DOCS / "sample-map.svg").read_text("utf-8")
    title, *rest = texts(committed)
    verdict = " ".join(itertools.takewhile(lambda text: "nearest practice" not in text, rest))
    svg = pictures(drawn(folder / "plan"), verdict, title)[1]
    assert (areas(svg), texts(svg)) == (areas(committed), texts(committed))
    assert title == "16 primary care networks in XXA"
    assert len(committed) < 200_000


@pytest.mark.usefixtures("first_screen")
@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        pytest.param(
            *block,
            id=f"{page.stem}-{'-'.join(block[0][:2])}",
            marks=[pytest.mark.deep] * " ".join(block[0]).startswith(tuple(LONG)),
        )
        for page in SHOWN
        for block in transcripts(page)
    ],
)
def test_commands_print_what_is_shown(folder: Path, arguments: list[str], shown: list[str]) -> None:
    moved = {"XX00011": "XN0008"}
    swapped = moved | {"XX00014": "XN0011"}
    (folder / "moved.csv").write_text(edited_groupings(folder / "plan", moved), "utf-8")
    (folder / "swapped.csv").write_text(edited_groupings(folder / "plan", swapped), "utf-8")
    follow(folder, arguments, shown)


def test_the_tutorial_can_be_followed(folder: Path) -> None:
    (rules,) = blocks(TUTORIAL, "csv")
    (folder / "rules.csv").write_text(rules, "utf-8")
    for arguments, shown in transcripts(TUTORIAL):
        follow(folder, arguments, shown)


def test_further_bands_can_be_followed(folder: Path) -> None:
    (practices,), (rules,) = blocks(BANDS, "csv"), blocks(BANDS, "yaml")
    (folder / "weighted.csv").write_text(practices, "utf-8")
    (folder / "bands.yaml").write_text(rules, "utf-8")
    for arguments, shown in transcripts(BANDS):
        follow(folder, arguments, shown)


def test_other_places_as_hubs_can_be_followed(folder: Path) -> None:
    (practices,), (sites,) = blocks(BANDS, "csv"), blocks(HUBS, "csv")
    (folder / "road.csv").write_text(practices, "utf-8")
    (folder / "sites.csv").write_text(sites, "utf-8")
    for arguments, shown in transcripts(HUBS):
        follow(folder, arguments, shown)


def test_a_region_without_places_can_be_grouped(folder: Path) -> None:
    (rules,) = blocks(NO_PLACES, "yaml")
    (folder / "units.yaml").write_text(rules, "utf-8")
    names = ("people.csv", "travel.csv", "beside.csv")
    for name, text in zip(names, blocks(NO_PLACES, "csv"), strict=True):
        (folder / name).write_text(text, "utf-8")
    for arguments, shown in transcripts(NO_PLACES):
        follow(folder, arguments, shown)


def test_neighbourhoods_can_be_followed(folder: Path) -> None:
    for arguments, shown in transcripts(NEIGHBOURHOODS):
        follow(folder, arguments, shown)


@pytest.mark.usefixtures("first_screen")
def test_a_forecast_can_be_followed(folder: Path) -> None:
    for name, language in (("homes.csv", "csv"), ("lasting.yaml", "yaml")):
        (text,) = blocks(FORECAST, language)
        (folder / name).write_text(text, "utf-8")
    for arguments, shown in transcripts(FORECAST):
        follow(folder, arguments, shown)


@pytest.mark.usefixtures("first_screen")
def test_a_fairness_panel_can_be_followed(folder: Path) -> None:
    (rules,) = blocks(FAIRNESS, "yaml")
    (folder / "fair").mkdir()
    (folder / "fairness.yaml").write_text(rules, "utf-8")
    for arguments, shown in transcripts(FAIRNESS):
        follow(folder, arguments, shown)


def test_the_job_that_checks_a_region_passes(tmp_path: Path) -> None:
    job, _ = blocks(DOCS / "how-to" / "ci.md", "sh")
    (workflow,) = blocks(DOCS / "how-to" / "ci.md", "yaml")
    for line in job.splitlines():
        assert f"- run: {line}\n" in workflow
        done = ended(tmp_path, *line.removeprefix("pcn-group ").split())
        assert done.exit_code == 0, done.output


def about_the_program(page: Path) -> str:
    """What a page says, or of one about other programs too its commands: they have own options."""
    text = page.read_text("utf-8")
    if page.name not in {"install.md", "cluster.md"}:
        return text
    return "\n".join(line for line in text.splitlines() if line.startswith("pcn-group "))


@pytest.mark.parametrize(
    # Contributors use other programs too, which have options of their own.
    "page",
    [page for page in WRITTEN if page != CONTRIBUTING],
    ids=lambda page: page.name,
)
def test_commands_and_options_named_exist(page: Path) -> None:
    text = about_the_program(page)
    assert set(re.findall(r"pcn-group ([a-z]+)", text)) <= set(commands())
    known = set[str]().union(*map(options, commands().values())) | {"--help", "--version"}
    assert set(re.findall(r"(?<![-\w])--[a-z][a-z-]*", text)) <= known


def test_the_readme_can_be_read_standing() -> None:
    assert len(README.read_text("utf-8").split()) <= 700
