"""`pcn-group budget`: what the networks and practices of a plan are paid."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from pcn_group.cli.options import (
    by_column,
    exact_number,
    loudness,
    plan_folder,
    regions,
)

if TYPE_CHECKING:
    from pcn_group.funding.budget import Budget
    from pcn_group.plan.money import Payees

__all__ = ["command"]

_LARGEST_GROWTH = Fraction(20, 100)

_EXIT_CODES = """\b
Exit codes:
  0  done
  2  unusable input, tariff or arguments; nothing was written
"""


def _growth(_context: click.Context, _option: click.Parameter, text: str) -> Fraction:
    """Read `0.6%`."""
    try:
        growth = exact_number(text.strip().removesuffix("%")) / 100
    except (ValueError, ZeroDivisionError):
        raise click.BadParameter(f"{text!r} is no percentage. Say 0.6%.") from None
    if not text.strip().endswith("%"):
        raise click.BadParameter(f"{text!r} has no sign. For so many per cent say {text}%.")
    if abs(growth) > _LARGEST_GROWTH:
        raise click.BadParameter(f"{text!r} is not between -20% and 20%.")
    return growth


def _lines(_context: click.Context, _option: click.Parameter, text: str) -> str | tuple[str, ...]:
    """Read `all`, `registered` or names."""
    if text in {"all", "registered"}:
        return text
    return tuple(dict.fromkeys(name.strip() for name in text.split(",")))


@click.command("budget", epilog=_EXIT_CODES)
@click.argument("plan", metavar="PLAN")
@click.option(
    "--year",
    metavar="YEAR",
    help="Financial year, such as 2019/20; by default the plan's own, or that of its lists.",
)
@click.option("--years", metavar="A..B", help="Several years, for example 2019/20..2023/24.")
@click.option(
    "--growth",
    callback=_growth,
    default="0%",
    show_default=True,
    metavar="PERCENT",
    help="Yearly growth of the lists, from the year that they are of on; without a date from the "
    "first year.",
)
@click.option(
    "--lines",
    callback=_lines,
    default="all",
    show_default=True,
    metavar="NAMES",
    help="Funding lines, separated by commas; all means those that the columns at hand settle, and "
    "registered those that registered lists alone do.",
)
@click.option(
    "--networks",
    type=click.Choice(["plan", "current"]),
    help="Pay the networks of the plan, or those of today that it holds; by default as the plan "
    "says: footprints, and what is divided, are paid as the networks they were made of.",
)
@click.option("--unconfirmed", is_flag=True, help="Also count lines whose rate is not confirmed.")
@click.option(
    "--full-year",
    is_flag=True,
    help="Count lines paid for part of the year as if for all of it, where that rate is known.",
)
@click.option(
    "--earlier-tariff",
    is_flag=True,
    help="Pay a year without a tariff by the latest one before it.",
)
@click.option(
    "--tariff",
    "tariffs",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Your own tariff for its year; by default the plan's. May be repeated.",
)
@click.option(
    "--practices",
    "inputs",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Practice files, as for solve; by default the plan's own columns. May be repeated.",
)
@regions("Keep only this region; by default all, each by itself.")
@by_column
@click.option(
    "--workbook",
    is_flag=True,
    help="Also write budget.xlsx, with formulas that finance can audit.",
)
@plan_folder("budget")
@loudness
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    plan: str,
    year: str | None,
    years: str | None,
    growth: Fraction,
    lines: str | tuple[str, ...],
    networks: Literal["plan", "current"] | None,
    tariffs: tuple[Path, ...],
    inputs: tuple[Path, ...],
    region: tuple[str, ...],
    by: str,
    out: Path,
    *,
    unconfirmed: bool,
    full_year: bool,
    earlier_tariff: bool,
    workbook: bool,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Work out what the networks and practices of a plan are paid, to the penny.

    PLAN is a folder that solve or batch wrote, a groupings.csv (made by hand, it needs only
    practice_code and network_id if --practices gives the rest), or the word "current" for the
    networks of today that the practices carry. It may be about one region or several.
    """
    asked = _years(year, years)
    from pcn_group.funding.budget import budget_of
    from pcn_group.funding.scope import refuse_unasked, scope_between
    from pcn_group.output.data.budget_files import (
        budget_basis,
        budget_json,
        refuse_foreign_budget,
        write_budget,
    )
    from pcn_group.plan.inputs import PlanInputs
    from pcn_group.plan.money import open_payees

    refuse_foreign_budget(out, overwrite=overwrite)
    payees = open_payees(plan, PlanInputs(inputs, region, by), networks)
    asked = asked or (_year_of(payees),)
    refuse_unasked(asked, tariffs)
    _refuse_idle_growth(growth, asked, payees.list_date)
    files = tariffs or payees.funding.tariffs
    scope = scope_between(
        asked,
        files,
        lines,
        unconfirmed=unconfirmed or payees.funding.unconfirmed,
        full_year=full_year,
        growth=growth,
        earlier_tariff=earlier_tariff or payees.funding.earlier_tariff,
        asked_by="--lines",
        list_date=payees.list_date,
    )
    budget = budget_of(payees.members, scope)
    told = {
        **budget_json(budget),
        "basis": budget_basis(plan, payees.sources, scope, files),
        "notes": list(payees.notes),
    }
    book = _workbook(budget, growth) if workbook else None
    write_budget(out, budget, told, book, excel_safe=payees.excel_safe)
    if as_json:
        click.echo(json.dumps({**told, "out": str(out)}, indent=2))
    elif not quiet:
        from pcn_group.cli.screens.budget import show_budget

        show_budget(budget, payees.notes, out)


def _workbook(budget: Budget, growth: Fraction) -> bytes:
    from pcn_group.output.workbook.book import budget_workbook

    return budget_workbook(budget, growth)


def _year_of(payees: Payees) -> str:
    """Return the year of the plan's own budget, or else the one that its lists are of."""
    from pcn_group.base.errors import Fault, InputError
    from pcn_group.config.funding import year_of

    found = year_of(payees.funding, payees.list_date)
    if not found:
        problem = "have no date, which would say which year they are paid in"
        raise InputError([Fault("lists", problem, "Say the year with --year, such as 2021/22.")])
    return found


def _refuse_idle_growth(growth: Fraction, years: tuple[str, ...], list_date: str) -> None:
    """Refuse growth where every year is paid by the lists as they are."""
    from pcn_group.funding.tariff import year_paid_by

    base = year_paid_by(list_date) if list_date else years[0]
    if growth and years[-1] <= base:
        raise click.UsageError(
            f"--growth is from {base} on: ask for a later year, or several with --years."
        )


def _years(year: str | None, years: str | None) -> tuple[str, ...]:
    from pcn_group.funding.tariff import years_between

    asked = year or years
    if year and years:
        raise click.UsageError("Say one of --year 2019/20 and --years 2019/20..2023/24.")
    if asked is None:
        return ()
    try:
        found = years_between(asked)
    except ValueError as error:
        raise click.UsageError(f"{asked!r} {error}.") from None
    if year and len(found) > 1:
        raise click.UsageError(f"--year is about one year: say --years {year}.")
    return found
