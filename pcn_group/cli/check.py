"""`pcn-group check`: judge any plan by the rules, independently of the solver."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pcn_group.cli.options import beside_a_plan

if TYPE_CHECKING:
    from pcn_group.output.data.summary import Rule
    from pcn_group.plan.case import Case
    from pcn_group.plan.inputs import PlanInputs
    from pcn_group.verify.rules import Judged, Report

__all__ = ["command"]

_SHOWN = 5
"""Wrong figures of one file that are shown"""

_EXIT_CODES = """\b
Exit codes:
  0  every rule holds
  2  unusable input, configuration or arguments
  3  a rule is broken
"""


@click.command("check", epilog=_EXIT_CODES)
@click.argument("plan", metavar="PLAN")
@beside_a_plan
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@click.pass_context
def command(
    context: click.Context,
    plan: str,
    inputs: PlanInputs,
    *,
    as_json: bool,
) -> None:
    """Judge any plan by the rules, independently of the solver.

    PLAN is a folder that solve wrote, a groupings.csv (made by hand, it needs only practice_code
    and network_id if --practices gives the rest), or the word "current" for the networks of today
    that the practices carry. Ends with exit code 3 where a rule is broken.
    """
    from pcn_group import check
    from pcn_group.plan.case import open_case

    case = open_case(plan, inputs)
    report = check(case).report
    if as_json:
        click.echo(json.dumps(_as_json(case, report), indent=2))
    else:
        _print(case, report)
    context.exit(0 if report.holds else 3)


def _as_json(case: Case, report: Report) -> dict[str, Any]:
    from pcn_group.output.data.summary import credited

    return {
        "holds": report.holds,
        "practices": len(case.region.table),
        "patients": report.patients,
        "cost": report.cost,
        "share_in_band": round(report.share_in_band, 4),
        "rules": {rule.key: rule.plain for rule in _own_rules(case)},
        "networks": [_network_json(case, network) for network in report.networks],
        "fit": _fit_json(case),
        "findings": [
            {
                "rule": finding.rule,
                "where": finding.where,
                "message": finding.message,
                "is_broken": finding.is_broken,
            }
            for finding in report.findings
        ],
        **credited(case.region.configuration),
    }


def _fit_json(case: Case) -> dict[str, Any] | None:
    """Return how well the plan fits neighbourhoods; None without a map of them."""
    from pcn_group.output.data.alignment import fit_json
    from pcn_group.plan.fit import fit_of

    every = case.region.neighbourhoods
    if every is None:
        return None
    fit = fit_of(every, [*case.networks.values()], case.region.problem.weights)
    return fit_json(fit, [*case.networks])


def _own_rules(case: Case) -> list[Rule]:
    """Return the rules that are not the defaults: those of the search play no part here."""
    from pcn_group.output.data.summary import rules_of

    rules = case.region.configuration.portable(Path.cwd())
    return [rule for rule in rules_of(rules, searched=False) if not rule.is_default]


def _network_json(case: Case, network: Judged) -> dict[str, Any]:
    from pcn_group.practices.units import hosts

    codes = case.region.problem.codes
    inside = hosts(case.region.table).isin([codes[i] for i in network.members])
    return {
        "network_id": network.label,
        "practices": case.region.table.loc[inside, "practice_code"].tolist(),
        "patients": network.patients,
        "in_band": network.in_band,
        "hub": None if network.hub is None else case.region.problem.hub_codes[network.hub],
        "cost": network.cost,
    }


def _print(case: Case, report: Report) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    from pcn_group.base.wording import plural
    from pcn_group.cli.screens.credit import show_attribution
    from pcn_group.cli.screens.fit import fit_lines
    from pcn_group.cli.screens.profile import profile_lines

    unit = f"patient-{case.region.travel.unit}"
    figures = Table(box=SIMPLE if sys.stdout.isatty() else None)
    figures.add_column("network")
    figures.add_column("name", no_wrap=True, overflow="ellipsis", max_width=40)
    for heading in ("practices", "patients", "in band"):
        figures.add_column(heading, justify="right")
    figures.add_column("hub")
    figures.add_column(unit, justify="right")
    for network in report.networks:
        figures.add_row(
            network.label,
            case.network_names[network.label],
            str(case.region.units["practices"].iloc[list(network.members)].sum()),
            f"{network.patients:,}",
            "yes" if network.in_band else "no",
            "-" if network.hub is None else case.told(network.hub),
            _amount(case, network.cost),
        )
    # Wide enough, when piped, that no line is folded.
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False, markup=False)
    console.print(figures)
    for rule in _own_rules(case):
        line = f"rule: {rule.key} {rule.value} (by default {rule.default})"
        console.print(line, soft_wrap=True)
    for line, is_broken in _lines(report):
        console.print(line, style="red" if is_broken else None, soft_wrap=True)
    inside = sum(network.in_band for network in report.networks)
    share = f"{inside:,} of {plural(len(report.networks), 'network')} in the band"
    console.print(
        f"{len(case.region.table):,} practices, {report.patients:,} patients, {share}, "
        f"{_amount(case, report.cost)} {unit}.",
        soft_wrap=True,
    )
    for line in (
        *fit_lines(case.region, case.networks),
        *profile_lines(case.region, case.networks, case.network_names),
    ):
        console.print(line, soft_wrap=True)
    show_attribution(case.region.configuration)
    broken = sum(finding.is_broken for finding in report.findings)
    console.print(f"{broken} broken." if broken else "Every rule holds.", soft_wrap=True)


def _lines(report: Report) -> Iterator[tuple[str, bool]]:
    """Say what was found; of the figures of one file that are wrong only the first."""
    told = Counter[str]()
    for finding in report.findings:
        file = finding.where.split(",")[0]
        told[file] += finding.rule == "figures" and finding.is_broken
        if told[file] <= _SHOWN or finding.rule != "figures":
            verdict = "BROKEN" if finding.is_broken else "note"
            line = f"{verdict}: {finding.rule}: {finding.where} {finding.message}"
            yield line, finding.is_broken
    for file, count in told.items():
        if count > _SHOWN:
            more = f"and {count - _SHOWN:,} more in {file}; --json has them all"
            yield f"BROKEN: figures: {more}", True


def _amount(case: Case, cost: int | None) -> str:
    return "-" if cost is None else f"{case.region.travel.to_unit(cost):,.0f}"
