"""Arguments and options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import wraps
from pathlib import Path
from typing import Any

import click

__all__ = [
    "AS_ONE",
    "beside_a_plan",
    "by_column",
    "exact_number",
    "input_files",
    "loudness",
    "output_file",
    "plan_folder",
    "regions",
    "rules",
    "search_effort",
    "search_given",
    "search_limits",
    "time_limit",
    "workers",
]

Command = Callable[..., Any]

input_files = click.argument(
    "inputs", metavar="INPUT...", nargs=-1, required=True, type=click.Path(path_type=Path)
)


def regions(does: str) -> Callable[[Command], Command]:
    """Give a command the option `--region`: which it takes, and what it does without."""
    return click.option(
        "--region",
        "region",
        metavar="CODE",
        multiple=True,
        help=f"{does} Several: 11N,15N, or repeated.",
    )


AS_ONE = (
    "The region, where the input has several; by default the only one. Several are taken as one, "
    "and 'all' takes all."
)
"""What `--region` is to a command that is about one region."""

by_column = click.option(
    "--by",
    metavar="COLUMN",
    default="region_code",
    show_default=True,
    help="What a region is: region_code, icb_code, nhs_region_code or local_authority.",
)

_OTHER_TABLES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".zip")
"""How files of tables are called that are no CSV files."""


def _csv_file(_context: click.Context, _option: click.Parameter, path: Path) -> Path:
    """Refuse a name by which a spreadsheet would not open the file."""
    if path.suffix.lower() in _OTHER_TABLES:
        raise click.BadParameter(f"{str(path)!r} is not called .csv, as a CSV file is.")
    return path


output_file = click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    callback=_csv_file,
    help="The practices.csv to write.",
)


class SearchSetting(click.ParamType[float]):
    """A value that the configuration accepts for a key of `search`: type and range are the model's.

    The model is imported once there is a value, so that help appears at once.
    """

    def __init__(self, key: str) -> None:
        self.name = key

    def convert(
        self,
        value: Any,  # noqa: ANN401 - as click has it
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> float:
        """Return the number, or stop with a usage error that says what it should be."""
        from pydantic import ValidationError

        from pcn_group.base.unfit import unfit_values
        from pcn_group.config.model import Search

        number_type = click.INT if Search.model_fields[self.name].annotation is int else click.FLOAT
        number = number_type.convert(value, param, ctx)
        try:
            accepted: float = getattr(Search(**{self.name: number}), self.name)
        except ValidationError as error:
            (unfit,) = unfit_values(error.errors())
            self.fail(f"{value} {unfit.problem}. {unfit.remedy}", param, ctx)
        return accepted


time_limit = click.option(
    "--time-limit",
    type=SearchSetting("time_limit"),
    metavar="SECONDS",
    help="Stop searching a region after this long; by default 600, or what --config says.",
)

workers = click.option(
    "--workers",
    type=SearchSetting("workers"),
    metavar="N",
    help="Number of search threads; by default 2, or what --config says.",
)


def rules(command: Command) -> Command:
    """Give a command the options `--config` and `--set`."""
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
        help="Change one rule, for example band.max=60000; pcn-group config lists them. May be "
        "repeated.",
    )
    return config(settings(command))


def search_limits(command: Command) -> Command:
    """Give a command the options `--time-limit`, `--gap` and `--seed`."""
    gap = click.option(
        "--gap",
        type=SearchSetting("gap"),
        metavar="SHARE",
        help="Stop once the plan is proven this close to the best: 0.01 is 1 %; by default 0, or "
        "what --config says.",
    )
    seed = click.option(
        "--seed",
        type=SearchSetting("seed"),
        metavar="N",
        help="Random seed; by default 1, or what --config says.",
    )
    return time_limit(gap(seed(command)))


def search_effort(command: Command) -> Command:
    """Give a command the options `--time-limit` and `--workers`."""
    return time_limit(workers(command))


def plan_folder(default: str) -> Callable[[Command], Command]:
    """Give a command the options `--out`, with a default, and `--overwrite`."""
    out = click.option(
        "--out",
        type=click.Path(path_type=Path),
        default=Path(default),
        show_default=True,
        metavar="DIR",
        help="Folder to write to.",
    )
    overwrite = click.option(
        "--overwrite", is_flag=True, help="Write into the folder even if it holds other files."
    )
    return lambda command: out(overwrite(command))


def loudness(command: Command) -> Command:
    """Give a command the options `--json` and `--quiet`."""
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


def share(_context: click.Context, _option: click.Parameter, text: str) -> Fraction:
    """Read `1%` or `0.01`."""
    number, percent = text.strip().removesuffix("%"), text.strip().endswith("%")
    try:
        found = exact_number(number) / (100 if percent else 1)
    except (ValueError, ZeroDivisionError):
        raise click.BadParameter(f"{text!r} is not a share. Say 1% or 0.01.") from None
    if not 0 <= found <= 1:
        hint = f" Say {number}%, with the sign." if not percent and 1 < found <= 100 else ""
        raise click.BadParameter(f"{text!r} is not between 0% and 100%.{hint}")
    if found == 1 and not percent:
        raise click.BadParameter(f"{text!r} may mean 1% or 100%. Say which, with the sign.")
    return found


def beside_a_plan(command: Command) -> Command:
    """Give a command about plans `--practices`, `--region`, `--by`, `--config` and `--set`.

    The command has them all as `inputs`.
    """

    @wraps(command)
    def with_inputs(
        *args: object,
        files: tuple[Path, ...],
        region: tuple[str, ...],
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
        help="Practice files, as for solve; by default the plan's own columns. May be repeated.",
    )
    region = regions("Keep only this region's practices; by default all.")
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
        help="Change one of these rules, for example band.max=60000; pcn-group config lists them. "
        "May be repeated.",
    )
    return files(region(by_column(config(settings(with_inputs)))))


def search_given(**options: float | None) -> dict[str, float]:
    """Return the options of the search that were given, by key."""
    return {key: value for key, value in options.items() if value is not None}
