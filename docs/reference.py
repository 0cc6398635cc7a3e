"""Writes the reference, `docs/reference/*.md`, from the program itself.

    python docs/reference.py

The pages are committed, so that they can be read without building the site; a test compares them
with what this module returns now.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import click

from pcn_group.base.errors import EXIT_CODES
from pcn_group.batch.run import GRAVEST_FIRST
from pcn_group.cli import group
from pcn_group.config.keys import key_sections
from pcn_group.config.presets import PRESETS
from pcn_group.config.template import preset_yaml
from pcn_group.output.data.columns import FOLDERS, TABLES
from pcn_group.practices.table import LOCATING_COLUMNS, OPTIONAL_COLUMNS, REQUIRED_COLUMNS

FOLDER = Path(__file__).parent / "reference"

_NOTE = "<!-- Written by docs/reference.py: change the program, then run `make reference`. -->"

_YAML = re.compile(r"\[\[.*?\]\]|\[\{.*?\}\]|\[[^\]]*\]|\{[^}]*\}")
"""YAML in a description, such as `[[A81001, A81002]]`"""

_ABOUT_OUTPUT = """
    Every file that is written, and every column in it. Travel is in kilometres, and columns are
    named `km_...`, `..._km`; with travel in minutes they are named `minutes` instead, and `units`
    with a matrix of no known unit.

    The same input, configuration and version give the same bytes; the order of the input's rows
    makes no difference but to the SHA-256 of the file.

    Each file is written whole or not at all. All of a folder are written beside the old ones before
    the first is replaced, and the one that marks it as complete comes last: a full disk leaves an
    earlier result as it was.
"""

_FOLDER_HEADINGS = {
    "plan": (
        "A plan",
        (
            "Written by `solve`, `repair`, `footprints` and `divide`, by `batch` for each region, "
            "and by `alternatives` for each plan."
        ),
    ),
    "pictures": (
        "Pictures of a plan",
        (
            "Written by `solve --report` and `report`. Networks have the columns of `networks.csv` "
            "and their `colour`, practices those of `groupings.csv`, lines between neighbours "
            "those of `adjacency.csv`; numbers are numbers there, and flags true or false."
        ),
    ),
    "batch": ("All regions", "Written by `batch`, beside a folder for each region."),
    "comparison": ("A comparison", "Written by `compare --out`."),
    "alternatives": (
        "Alternatives",
        "Written by `alternatives`, beside a folder for each plan: `plan-01`, `plan-02` and so on.",
    ),
    "curve": ("A curve", "Written by `tradeoff`."),
    "forecast": ("A forecast", "Written by `forecast`."),
    "budget": ("A budget", "Written by `budget`."),
}


def pages() -> dict[str, str]:
    """Return the text of every page of the reference, by the name of its file."""
    return {
        "commands.md": _commands(),
        "configuration.md": _configuration(),
        "presets.md": _presets(),
        "input.md": _input(),
        "output.md": _output(),
        "exit-codes.md": _exit_codes(),
    }


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, "utf-8", newline="\n")


def _page(title: str, *parts: str) -> str:
    return "\n\n".join((_NOTE, f"# {title}", *(part for part in parts if part))) + "\n"


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(headings)
    lines = [
        names,
        ["---"] * len(names),
        *([cell.replace("|", "\\|") for cell in row] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(text: str) -> str:
    return f"`{text}`"


# --- commands -----------------------------------------------------------------------------------


def _commands() -> str:
    parent = click.Context(group, info_name="pcn-group")
    names = group.list_commands(parent)
    found = {name: group.get_command(parent, name) for name in names}
    return _page(
        "Commands",
        "Every command with its options. `pcn-group --version` prints the version, and `--help` "
        "(or `-h`) after a command what stands here. Results go to standard output; progress, the "
        "data report and errors to standard error. With `--json`, standard output holds one JSON "
        "object and nothing else.",
        "Commands that write a folder replace earlier results of theirs without asking. They "
        "refuse a folder that holds anything else, and `prepare`, `init`, `sample` and `paper` "
        "refuse a file that exists, unless you say `--overwrite`.",
        _table(
            ("command", "what it does"),
            (
                (f"[`{name}`](#{name})", command.get_short_help_str(200))
                for name, command in found.items()
                if command
            ),
        ),
        *(
            part
            for name, command in found.items()
            if command
            for part in _command(name, command, parent)
        ),
    )


def _command(name: str, command: click.Command, parent: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent)
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"## {name}"
    yield f"```text\npcn-group {name} {usage}\n```"
    yield from _paragraphs(command.help or "")
    options = [option for option in command.params if isinstance(option, click.Option)]
    yield _table(
        ("option", "default", "meaning"),
        ((_code(_signature(option)), _default(option), option.help or "") for option in options),
    )
    if command.epilog:
        for block in command.epilog.replace("\b\n", "").strip().split("\n\n"):
            title, *lines = block.splitlines()
            yield title
            yield "```text\n" + inspect.cleandoc("\n" + "\n".join(lines)) + "\n```"


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        yield " ".join(paragraph.split())


def _signature(option: click.Option) -> str:
    value = "" if option.is_flag else f" {option.metavar or option.type.name.upper()}"
    return f"{max(option.opts, key=len)}{value}"


def _default(option: click.Option) -> str:
    if option.required:
        return "required"
    return _code(str(option.default)) if option.show_default else ""


# --- configuration ------------------------------------------------------------------------------


def _configuration() -> str:
    return _page(
        "Configuration",
        "Every key, with its default and the values it takes. The same words are the comments of "
        "the files that `pcn-group init` writes, and in the JSON Schema beside them. How a "
        "configuration is given: [Choose the rules](../how-to/configuration.md).",
        "Prices and `travel.max_to_hub` are in kilometres, or in minutes where travel is; with "
        "`travel.unit: none` they are numbers such as those of the matrix. A price is per patient.",
        *(
            part
            for section in key_sections()
            for part in (
                f"## {section.name}",
                _prose(section.meaning),
                _table(
                    ("key", "default", "values", "meaning"),
                    (
                        (_code(key.name), key.default, key.values, _prose(key.meaning))
                        for key in section.keys
                    ),
                ),
            )
        ),
    )


def _prose(text: str) -> str:
    """Return a description with the YAML in it as code."""
    return _YAML.sub(lambda found: _code(found[0]), text)


def _presets() -> str:
    return _page(
        "Presets",
        "What `pcn-group init --preset NAME` writes. Each has every key with a comment on it; the "
        "same files are in the folder `configs` of the project.",
        *(
            part
            for name, preset in PRESETS.items()
            for part in (f"## {name}", f"```yaml\n{preset_yaml(preset)}```")
        ),
    )


# --- files --------------------------------------------------------------------------------------


def _input() -> str:
    places = {"easting", "northing", *LOCATING_COLUMNS}
    return _page(
        "The practice table",
        "A practice table of your own, the `practices.csv` that `prepare` writes as well, is a CSV "
        "file or an Excel workbook with a heading row. Columns may be in any order and "
        "[spelled otherwise](../data.md#tables-of-your-own); others are not used, and a note says "
        "so. The official files have [a page of their own](../data.md).",
        _table(
            ("column", "needed", "meaning"),
            (
                (_code(name), _needed(name, places), meaning)
                for columns in (REQUIRED_COLUMNS, LOCATING_COLUMNS, OPTIONAL_COLUMNS)
                for name, meaning in columns.items()
            ),
        ),
        "To be located a practice needs `easting` and `northing`, or `latitude` and `longitude`, "
        "or a `postcode`; coordinates count before the postcode. Every fault "
        "in the input is reported at once, with file, row, column, value and what to do about it; "
        "then nothing is written.",
    )


def _needed(name: str, places: Collection[str]) -> str:
    if name in places:
        return "to be located"
    return "yes" if name in REQUIRED_COLUMNS else "no"


def _output() -> str:
    told: set[str] = set()
    parts = [*_paragraphs(_ABOUT_OUTPUT)]
    for kind, files in FOLDERS.items():
        heading, about = _FOLDER_HEADINGS[kind]
        rows = ((_code(name), what) for name, what in files.items())
        parts += [f"## {heading}", about, _table(("file", "what"), rows)]
        # `summary.json` of alternatives is not that of a plan.
        for name in files:
            if name in TABLES and name not in told:
                parts += _columns_of(name)
                told.add(name)
    return _page("Output files", *parts)


def _columns_of(name: str) -> Iterator[str]:
    yield f"### {name}"
    heading = "key" if name.endswith(".json") else "column"
    several = TABLES[name]
    for against, columns in zip(("the band", "moves"), several, strict=False):
        if len(several) > 1:
            yield f"Against {against}:"
        rows = (
            (_code(name.format(unit="km", figure="{figure}")), what)
            for name, what in columns.items()
        )
        yield _table((heading, "meaning"), rows)


def _exit_codes() -> str:
    return _page(
        "Exit codes",
        _table(("exit code", "meaning"), ((str(code), what) for code, what in EXIT_CODES.items())),
        "Codes 0 and 3 do not say whether the plan is proven best: `status` in `summary.json` does "
        "([what it says](../method/proof.md#what-a-result-says)). Where regions of a `batch` end "
        f"differently, the first of {', '.join(map(str, GRAVEST_FIRST))} counts.",
        "[How a run ends](../ends.md) says what is left when it ends before its time.",
    )


if __name__ == "__main__":
    main()
