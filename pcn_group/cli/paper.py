"""`pcn-group paper`: a plan, or those of several regions, as a paper for the board."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pcn_group.cli.options import beside_a_plan

if TYPE_CHECKING:
    from pcn_group.plan.inputs import PlanInputs

__all__ = ["command"]


def _document(_context: click.Context, _option: click.Parameter, path: Path) -> Path:
    """Refuse a name by which no program would know the document."""
    if path.suffix.lower() != ".docx":
        raise click.BadParameter(f"{str(path)!r} is not called .docx, as a Word document is.")
    return path


@click.command("paper")
@click.argument("plans", metavar="PLAN...", nargs=-1, required=True)
@click.option(
    "--with",
    "beside",
    multiple=True,
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="What else goes into the chapter of its plan: a folder that alternatives, tradeoff, "
    "compare or budget wrote, or the record of a draft (what-if.json); by default nothing. May be "
    "repeated.",
)
@click.option(
    "--template",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A Word document (.docx) whose styles, page, header and footer the paper takes; by "
    "default our own.",
)
@beside_a_plan
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    callback=_document,
    help="The Word document (.docx) to write.",
)
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there.")
@click.option("--quiet", is_flag=True, help="Print nothing.")
def command(
    plans: tuple[str, ...],
    beside: tuple[Path, ...],
    template: Path | None,
    inputs: PlanInputs,
    out: Path,
    *,
    overwrite: bool,
    quiet: bool,
) -> None:
    """Write a paper for the board: a Word document with all that a plan says, in plain words.

    It has a summary, the map, the networks, who moves and why, the case for each exception, what
    was considered and what it would cost, the money, open questions, method and data. Every figure
    in it is one of the plan's files'.

    PLAN is a folder that solve wrote, a groupings.csv, or the word "current" for the networks of
    today. Given several, or the folder of a batch, the paper has a chapter for each region.
    """
    from pcn_group.base.extras import refuse_missing
    from pcn_group.base.files import refuse_existing, write_atomically

    refuse_missing("paper", "paper")
    refuse_existing(out, overwrite=overwrite)
    from pcn_group.output.paper.paper import paper, plans_of

    asked = plans_of(plans)

    def tell(plan: str, number: int) -> None:
        if len(asked.plans) > 1 and not quiet:
            click.echo(f"chapter {number} of {len(asked.plans)}: {plan}", err=True)

    write_atomically(out, paper(asked, inputs, beside, template, tell))
    if not quiet:
        click.echo(f"Written: {out}", err=True)
