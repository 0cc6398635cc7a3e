"""`pcn-group check`: judge any plan by the rules, independently of the solver."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pcn_group.cli.options import by_column

if TYPE_CHECKING:
    import pandas as pd

    from pcn_group.config import Configuration
    from pcn_group.geography.travel import TravelTable
    from pcn_group.plan.check import Judged, Report
    from pcn_group.practices import Practices
    from pcn_group.problem import Problem

__all__ = ["command"]


@dataclass(frozen=True)
class _Given:
    """What the command was given beside the plan."""

    inputs: tuple[Path, ...]
    region: str | None
    by: str
    config: Path | None
    overrides: tuple[str, ...]


@dataclass(frozen=True)
class _Case:
    """A judged plan with what is needed to report it."""

    report: Report
    problem: Problem
    travel: TravelTable


@click.command("check")
@click.argument("plan", metavar="PLAN")
@click.option(
    "--practices",
    "inputs",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Practices as for solve; by default the plan's own columns. Repeat for several files.",
)
@click.option("--region", metavar="CODE", help="Keep only this region of the practices.")
@by_column
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Judge by these rules; by default those the plan was made under.",
)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Judge by the default rules, or those of --config, with this one changed.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@click.pass_context
def command(  # noqa: PLR0913 - one parameter per option
    context: click.Context,
    plan: str,
    inputs: tuple[Path, ...],
    region: str | None,
    by: str,
    config: Path | None,
    overrides: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Judge any plan by the rules, independently of the solver.

    PLAN is a folder that solve wrote, a groupings.csv (made by hand, it needs only practice_code
    and network_id if --practices gives the rest), or the word "current" for the networks of today
    that the practices carry. Ends with exit code 3 where a rule is broken.
    """
    if plan == "current" and not inputs:
        raise click.UsageError("current means the networks of today: say whose with --practices.")
    case = _judge(plan, _Given(inputs, region, by, config, overrides))
    if as_json:
        click.echo(json.dumps(_as_json(case), indent=2, ensure_ascii=False))
    else:
        _print(case)
    context.exit(0 if case.report.holds else 3)


def _judge(plan: str, given: _Given) -> _Case:
    from pcn_group.config import load_configuration
    from pcn_group.plan.claims import check_claims
    from pcn_group.plan.reading import networks_by_code, read_plan
    from pcn_group.practices import read_practices

    if plan == "current":
        practices = read_practices(given.inputs, given.region, by=given.by)
        table = practices.table
        networks = networks_by_code(table["practice_code"], table["current_network"])
        return _case(table, networks, _rules(given, practices))
    stored = read_plan(Path(plan))
    files = given.inputs or (stored.groupings,)
    practices = read_practices(files, given.region, by=given.by)
    table = practices.table
    if given.config is not None or given.overrides:
        return _case(table, stored.networks, _rules(given, practices))
    case = _case(table, stored.networks, stored.configuration or load_configuration())
    claims = check_claims(case.problem, case.travel, stored, case.report)
    return replace(case, report=case.report.with_findings(claims))


def _rules(given: _Given, practices: Practices) -> Configuration:
    from pcn_group.config import load_configuration, refuse_unknown_practices

    configuration = load_configuration(given.config, given.overrides)
    if given.inputs:  # a plan alone does not know the practices of other regions
        refuse_unknown_practices(configuration, practices.known)
    return configuration


def _case(
    table: pd.DataFrame, networks: dict[str, tuple[str, ...]], configuration: Configuration
) -> _Case:
    from pcn_group.geography.adjacency import build_adjacency
    from pcn_group.geography.travel import build_travel
    from pcn_group.plan.check import check_plan
    from pcn_group.plan.reading import located_networks
    from pcn_group.problem import build_problem

    travel = build_travel(table, configuration)
    problem = build_problem(table, travel, build_adjacency(table, configuration), configuration)
    members, strangers = located_networks(networks, problem.codes)
    report = check_plan(problem, members, tuple(networks)).with_findings(strangers)
    return _Case(report, problem, travel)


def _as_json(case: _Case) -> dict[str, Any]:
    report = case.report
    return {
        "holds": report.holds,
        "practices": len(case.problem.codes),
        "patients": report.patients,
        "cost": report.cost,
        "share_in_band": round(report.share_in_band, 4),
        "networks": [_network_json(case, network) for network in report.networks],
        "findings": [
            {
                "rule": finding.rule,
                "where": finding.where,
                "message": finding.message,
                "is_broken": finding.is_broken,
            }
            for finding in report.findings
        ],
    }


def _network_json(case: _Case, network: Judged) -> dict[str, Any]:
    codes = case.problem.codes
    return {
        "network_id": network.label,
        "practices": [codes[i] for i in network.members],
        "patients": network.patients,
        "in_band": network.in_band,
        "hub": None if network.hub is None else codes[network.hub],
        "cost": network.cost,
    }


def _print(case: _Case) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    report, unit = case.report, f"patient-{case.travel.unit}"
    figures = Table(box=SIMPLE if sys.stdout.isatty() else None)
    figures.add_column("network")
    for heading in ("practices", "patients", "in band", "hub", unit):
        figures.add_column(heading, justify="right")
    for network in report.networks:
        figures.add_row(
            network.label,
            str(len(network.members)),
            f"{network.patients:,}",
            "yes" if network.in_band else "no",
            "-" if network.hub is None else case.problem.codes[network.hub],
            _amount(case, network.cost),
        )
    # Wide enough, when piped, that no line is folded.
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False, markup=False)
    console.print(figures)
    for finding in report.findings:
        verdict = "BROKEN" if finding.is_broken else "note"
        line = f"{verdict}: {finding.rule}: {finding.where} {finding.message}"
        console.print(line, style="red" if finding.is_broken else None, soft_wrap=True)
    share = f"{report.share_in_band:.0%} of {len(report.networks)} networks in the band"
    console.print(
        f"{len(case.problem.codes)} practices, {report.patients:,} patients, {share}, "
        f"{_amount(case, report.cost)} {unit}.",
        soft_wrap=True,
    )
    broken = sum(finding.is_broken for finding in report.findings)
    console.print(f"{broken} broken." if broken else "Every rule holds.", soft_wrap=True)


def _amount(case: _Case, cost: int | None) -> str:
    return "-" if cost is None else f"{case.travel.report(cost):,.0f}"
