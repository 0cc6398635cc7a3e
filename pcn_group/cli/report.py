"""`pcn-group report`: the picture of any plan, or of several."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pcn_group.cli.options import beside_a_plan

if TYPE_CHECKING:
    from pcn_group.plan.inputs import PlanInputs

__all__ = ["command"]


@click.command("report")
@click.argument("plans", metavar="PLAN...", nargs=-1, required=True)
@click.option(
    "--with",
    "alternatives",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="A folder that alternatives wrote for this plan: where one tries changes, the page then "
    "says what it costs to have two practices together or apart; by default nothing.",
)
@beside_a_plan
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write to; by default that of the plan, the curve or the alternatives.",
)
@click.option(
    "--overwrite", is_flag=True, help="Write into the folder even if it holds other files."
)
@click.option("--quiet", is_flag=True, help="Print nothing.")
def command(
    plans: tuple[str, ...],
    alternatives: Path | None,
    inputs: PlanInputs,
    out: Path | None,
    *,
    overwrite: bool,
    quiet: bool,
) -> None:
    """Draw a plan: a page with its map, tables and proof, and the map for slides and for GIS.

    The page, report.html, is one file that opens in any browser without a network. Beside it:
    map.png, map.svg, networks.geojson and networks.gpkg.

    PLAN is a folder that solve wrote, a groupings.csv (made by hand, it needs only practice_code
    and network_id if --practices gives the rest), or the word "current" for the networks of today
    that the practices carry.

    Given several plans, it draws one page, comparison.html: the first beside each of the others,
    with what moves. A folder that tradeoff wrote gets curve.html, one that alternatives wrote
    alternatives.html.
    """
    from pcn_group.base.extras import refuse_missing
    from pcn_group.output.data.folder import PICTURES
    from pcn_group.output.report.files import (
        drawing_of,
        refuse_other_pictures,
        write_pictures,
    )

    drawing = drawing_of(plans, alternatives)
    own = drawing.source
    told = "This has no folder of its own" if len(plans) == 1 else "Plans share no folder"
    if own is not None and inputs.changes_rules and drawing.beside == PICTURES:
        own, told = None, "Only pictures under the plan's own rules go beside it"
    folder = out or own
    if folder is None:
        raise click.UsageError(f"{told}: say where to write with --out.")
    refuse_missing("report", "report")
    refuse_other_pictures(folder, own, drawing.beside, overwrite=overwrite)
    contents = drawing.draw(inputs)
    write_pictures(folder, contents)
    if not quiet:
        for name in sorted(contents):
            click.echo(f"Written: {folder / name}", err=True)
