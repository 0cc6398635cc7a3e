"""`pcn-group explain`: why a plan is as it is, and what each change would cost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from pcn_group.cli.options import beside_a_plan, search_given, time_limit

if TYPE_CHECKING:
    from pcn_group.plan.inputs import PlanInputs

__all__ = ["command"]


_EXIT_CODES = """\b
Exit codes:
  0  done
  2  unusable input, configuration or arguments
  4  proven: no plan satisfies the rules; what is printed says why
  5  no plan was found within the time limit
"""


@click.command("explain", epilog=_EXIT_CODES)
@click.argument("plan", metavar="PLAN")
@click.option(
    "--practice",
    metavar="CODE",
    help="Why this practice is in its network, and where else it could be: its code or name, or "
    "the start of the name.",
)
@click.option(
    "--network",
    metavar="ID",
    help="Why this network has its shape, and which practices could join it: its code or name, or "
    "the start of the name.",
)
@beside_a_plan
@time_limit
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@click.pass_context
def command(
    context: click.Context,
    plan: str,
    practice: str | None,
    network: str | None,
    inputs: PlanInputs,
    time_limit: float | None,
    *,
    as_json: bool,
) -> None:
    """Say why a plan is as it is, and what each change would cost, by solving again.

    PLAN is a folder that solve wrote, a groupings.csv (made by hand, it needs only practice_code
    and network_id if --practices gives the rest), or the word "current" for the networks of today
    that the practices carry. Without --practice and --network: the plan at a glance. Where no plan
    satisfies the rules, it says why, whatever PLAN is.
    """
    from pcn_group.cli.screens.run import Progress
    from pcn_group.output.data.explanation import explanation_json
    from pcn_group.plan.case import open_case
    from pcn_group.studies.explain import explain

    case = open_case(plan, inputs)
    search = case.region.configuration.search.model_copy(update=search_given(time_limit=time_limit))
    with Progress(silent=as_json) as progress:
        explained = explain(case, practice, network, search, progress.ask)
    if as_json:
        click.echo(json.dumps(explanation_json(case, explained), indent=2))
    else:
        from pcn_group.cli.screens.credit import show_attribution
        from pcn_group.cli.screens.explain import show

        show(case, explained)
        show_attribution(case.region.configuration)
    context.exit(0 if explained.standing.best.networks else 4)
