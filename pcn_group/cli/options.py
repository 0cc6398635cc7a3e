"""Arguments and options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import wraps
from pathlib import Path
from typing import Any

import click

__all__ = [
    "beside_a_plan",
    "by_column",
    "exact_number",
    "input_files",
    "loudness",
    "output_file",
    "plan_folder",
    "rules",
    "search_effort",
    "search_given",
    "search_limits",
    "time_limit",
    "workers",
]

input_files = click.argument(
    "inputs", metavar="INPUT...", nargs=-1, required=True, type=click.Path(path_type=Path)
)

by_column = click.option(
    "--by",
    metavar="COLUMN",
    default="region_code",
    show_default=True,
    help="What a region is: region_code, icb_code, nhs_region_code or local_authority.",
)

output_file = click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The practices.csv to write.",
)

time_limit = click.option(
    "--time-limit", type=float, metavar="SECONDS", help="Stop the search of a region by then."
)

workers = click.option("--workers", type=int, metavar="N", help="Threads of the search.")

Command = Callable[..., Any]


def rules(command: Command) -> Command:
    """Return a command `--config` and `--set`."""
    config = click.option(
        "--config",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The rules as YAML; without it, the defaults.",
    )
    settings = click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="KEY=VALUE",
        help="Change one rule, for example band.max=60000. May be repeated.",
    )
    return config(settings(command))


def search_limits(command: Command) -> Command:
    """Return a command `--time-limit`, `--gap` and `--seed`."""
    gap = click.option(
        "--gap", type=float, metavar="SHARE", help="Good enough: 0.01 is within 1 % of best."
    )
    seed = click.option("--seed", type=int, metavar="N", help="Of the random parts of the search.")
    return time_limit(gap(seed(command)))


def search_effort(command: Command) -> Command:
    """Return a command `--time-limit` and `--workers`."""
    return time_limit(workers(command))


def plan_folder(default: str) -> Callable[[Command], Command]:
    """Return a command `--out`, with a default, and `--overwrite`."""
    out = click.option(
        "--out",
        type=click.Path(path_type=Path),
        default=Path(default),
        show_default=True,
        metavar="DIR",
        help="Folder to write to.",
    )
    overwrite = click.option(
        "--overwrite", is_flag=True, help="Write even into a folder with other files."
    )
    return lambda command: out(overwrite(command))


def loudness(command: Command) -> Command:
    """Return a command `--json` and `--quiet`."""
    as_json = click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON object, and nothing else."
    )
    quiet = click.option("--quiet", is_flag=True, help="Print nothing but errors.")
    return as_json(quiet(command))


def exact_number(text: str) -> Fraction:
    """Return a number as it is written; without powers of ten, whose digits may fill the memory.

    Raises
    ------
    ValueError
        If it is none.
    """
    if "e" in text.lower():
        raise ValueError(text)
    return Fraction(text)


def beside_a_plan(command: Command) -> Command:
    """Return a command about plans `--practices`, `--region`, `--by`, `--config` and `--set`.

    The command has them all as `inputs`.
    """

    @wraps(command)
    def with_inputs(
        *args: object,
        files: tuple[Path, ...],
        region: str | None,
        by: str,
        config: Path | None,
        overrides: tuple[str, ...],
        **options: object,
    ) -> object:
        from pcn_group.plan.inputs import PlanInputs

        name = click.get_current_context().command.name or ""
        inputs = PlanInputs(files, region, by, config, overrides, name)
        return command(*args, inputs=inputs, **options)

    files = click.option(
        "--practices",
        "files",
        multiple=True,
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Practices as for solve; by default a plan's own columns. Repeat for several files.",
    )
    region = click.option("--region", metavar="CODE", help="Keep only this region's practices.")
    config = click.option(
        "--config",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Judge by these rules; by default those a plan was made under.",
    )
    settings = click.option(
        "--set",
        "overrides",
        multiple=True,
        metavar="KEY=VALUE",
        help="Judge by the default rules, or those of --config, with this one changed.",
    )
    return files(region(by_column(config(settings(with_inputs)))))


def search_given(**options: float | None) -> dict[str, float]:
    """Return the options of the search that were given, by key.

    Raises
    ------
    InputError
        Naming every option that is out of range.
    """
    from dataclasses import replace

    from pydantic import ValidationError

    from pcn_group.base.errors import InputError
    from pcn_group.base.model_faults import Origins, faults_of
    from pcn_group.config.model import Search

    given = {key: value for key, value in options.items() if value is not None}
    try:
        Search.model_validate(given)
    except ValidationError as error:
        faults = []
        for fault in faults_of(error, Origins("", {}, []), ()):
            key, _, problem = fault.problem.partition(": ")
            faults.append(replace(fault, source=f"--{key.replace('_', '-')}", problem=problem))
        raise InputError(faults) from error
    return given
