"""Reading the documentation: its pages, and what stands in them."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import click

from pcn_group.cli import group
from tests.paths import ROOT

SAMPLE = ROOT / "data" / "sample" / "practices.csv"
README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
DOCS = ROOT / "docs"
TUTORIAL = DOCS / "agreement.md"
BANDS = DOCS / "how-to" / "bands.md"
HUBS = DOCS / "how-to" / "hubs.md"
FORECAST = DOCS / "how-to" / "forecast.md"
NEIGHBOURHOODS = DOCS / "how-to" / "neighbourhoods.md"
NO_PLACES = DOCS / "how-to" / "no-places.md"
FAIRNESS = DOCS / "how-to" / "fairness.md"
MODEL, PROOF, QUESTIONS = (
    DOCS / "method" / f"{name}.md" for name in ("model", "proof", "questions")
)
GENERATED = sorted((DOCS / "reference").glob("*.md"))
WRITTEN = (
    README,
    CONTRIBUTING,
    ROOT / "CHANGELOG.md",
    ROOT / "data" / "sample" / "README.md",
    *(path for path in sorted(DOCS.rglob("*.md")) if path not in GENERATED),
)
PAGES = (*WRITTEN, *GENERATED)


def section(page: Path, heading: str) -> str:
    """What stands under a heading, up to the next one of any level, in one line for each block."""
    text = page.read_text("utf-8").split(f"# {heading}\n", 1)[1]
    return re.split(r"^#+ ", text, maxsplit=1, flags=re.MULTILINE)[0]


def prose(page: Path, heading: str) -> str:
    """The words under a heading, wherever their lines break."""
    return " ".join(section(page, heading).split())


def table(text: str, heading: str) -> list[list[str]]:
    """The rows of the first table whose first heading this is, without its head."""
    lines = text.splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = itertools.takewhile(lambda line: line.startswith("|"), lines[start + 2 :])
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def number(cell: str) -> int:
    return int(cell.replace(",", ""))


def blocks(page: Path, language: str) -> list[str]:
    """The blocks of code in a language."""
    return re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


def transcripts(page: Path) -> list[tuple[list[str], list[str]]]:
    """Commands shown with their output: the arguments, the lines."""
    shown = (block.split("\n") for block in blocks(page, "console"))
    return [(command.removeprefix("$ pcn-group ").split(), lines[:-1]) for command, *lines in shown]


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
