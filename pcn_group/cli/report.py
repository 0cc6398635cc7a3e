"""`pcn-group report`: the picture of any plan."""

from __future__ import annotations

from pathlib import Path

import click

from pcn_group.cli.options import beside_a_plan

__all__ = ["command"]


@click.command("report")
@click.argument("plan", metavar="PLAN")
@beside_a_plan
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write to; by default that of the plan.",
)
@click.option("--overwrite", is_flag=True, help="Write even into a folder with other files.")
@click.option("--quiet", is_flag=True, help="Print nothing.")
def command(  # noqa: PLR0913 - one parameter per option
    plan: str,
    inputs: tuple[Path, ...],
    region: str | None,
    by: str,
    config: Path | None,
    overrides: tuple[str, ...],
    out: Path | None,
    *,
    overwrite: bool,
    quiet: bool,
) -> None:
    """Draw a plan: a page with its map, tables and proof, and the map for slides and for GIS.

    The page is one file that opens in any browser without a network. Beside it: map.png, map.svg,
    networks.geojson and networks.gpkg.

    PLAN is a folder that solve wrote, a groupings.csv (made by hand, it needs only practice_code
    and network_id if --practices gives the rest), or the word "current" for the networks of today
    that the practices carry.
    """
    if plan == "current" and not inputs:
        raise click.UsageError("current means the networks of today: say whose with --practices.")
    own = None if plan == "current" else Path(plan)
    folder = out or own
    if folder is None or (out is None and folder.is_file()):
        raise click.UsageError("this plan has no folder of its own: say where to write with --out.")
    from pcn_group.explain.subject import open_subject
    from pcn_group.output.folder import PICTURES
    from pcn_group.output.pictures import (
        pictures,
        refuse_missing_packages,
        refuse_other_pictures,
        write_pictures,
    )
    from pcn_group.plan.case import Given

    refuse_missing_packages()
    refuse_other_pictures(folder, own, overwrite=overwrite)
    subject = open_subject(plan, Given(inputs, region, by, config, overrides))
    write_pictures(folder, pictures(subject))
    if not quiet:
        for name in PICTURES:
            click.echo(f"Written: {folder / name}", err=True)
