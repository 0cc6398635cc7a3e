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
    """A judged plan with what is needed to report it; positions are in the table of units."""

    report: Report
    table: pd.DataFrame
    units: pd.DataFrame
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
    from pcn_group.config import Configuration, load_configuration
    from pcn_group.plan.claims import check_claims
    from pcn_group.plan.reading import networks_by_code, read_plan

    rules = None
    if given.config is not None or given.overrides:
        rules = load_configuration(given.config, given.overrides)
    if plan == "current":
        rules = rules or Configuration()
        practices = _practices(given.inputs, given, rules)
        table = practices.table
        networks = networks_by_code(table["practice_code"], table["current_network"])
        return _case(practices, networks, rules)
    stored = read_plan(Path(plan))
    own_rules = stored.configuration or Configuration()
    practices = _practices(given.inputs or (stored.groupings,), given, rules or own_rules)
    case = _case(practices, stored.networks, rules or own_rules)
    if rules is not None:
        return case
    claims = check_claims(case.problem, case.units, case.travel, stored, case.report)
    return replace(case, report=case.report.with_findings(claims))


def _practices(files: tuple[Path, ...], given: _Given, rules: Configuration) -> Practices:
    from pcn_group.config import refuse_unknown_practices
    from pcn_group.practices import read_practices

    if given.inputs:
        practices = read_practices(files, given.region, by=given.by, rules=rules)
        refuse_unknown_practices(rules, practices.known)
        return practices
    # A plan alone has neither the weighted lists nor the practices of other regions.
    unweighted = rules.data.model_copy(
        update={"weighted_list_size": None, "adjusted_list_size": None}
    )
    rules = rules.model_copy(update={"data": unweighted})
    return read_practices(files, given.region, by=given.by, rules=rules)


def _case(
    practices: Practices, networks: dict[str, tuple[str, ...]], configuration: Configuration
) -> _Case:
    from pcn_group.geography.adjacency import build_adjacency
    from pcn_group.geography.travel import build_travel
    from pcn_group.plan.check import check_plan
    from pcn_group.plan.reading import located_networks
    from pcn_group.practices.units import attach_atypical, hosts, unit_catchments, units
    from pcn_group.problem import build_problem

    table = attach_atypical(practices.table, configuration.data)
    own, catchments = units(table), unit_catchments(practices.catchments, table)
    travel = build_travel(own, configuration, catchments)
    neighbours = build_adjacency(own, configuration, catchments)
    problem = build_problem(own, travel, neighbours, configuration)
    host_of = dict(zip(table["practice_code"], hosts(table), strict=True))
    members, misplaced = located_networks(networks, host_of)
    report = check_plan(problem, members, tuple(networks)).with_findings(misplaced)
    return _Case(report, table, own, problem, travel)


def _as_json(case: _Case) -> dict[str, Any]:
    report = case.report
    return {
        "holds": report.holds,
        "practices": len(case.table),
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
    from pcn_group.practices.units import hosts

    codes = case.problem.codes
    inside = hosts(case.table).isin([codes[i] for i in network.members])
    return {
        "network_id": network.label,
        "practices": case.table.loc[inside, "practice_code"].tolist(),
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
            str(case.units["practices"].iloc[list(network.members)].sum()),
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
        f"{len(case.table):,} practices, {report.patients:,} patients, {share}, "
        f"{_amount(case, report.cost)} {unit}.",
        soft_wrap=True,
    )
    broken = sum(finding.is_broken for finding in report.findings)
    console.print(f"{broken} broken." if broken else "Every rule holds.", soft_wrap=True)


def _amount(case: _Case, cost: int | None) -> str:
    return "-" if cost is None else f"{case.travel.report(cost):,.0f}"
