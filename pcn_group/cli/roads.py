"""`pcn-group roads`: extracts of OpenStreetMap made into a file of roads."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]


@click.command("roads")
@click.argument(
    "extracts", metavar="EXTRACT...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The file of roads to write, such as roads.npz.",
)
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there.")
@click.option("--quiet", is_flag=True, help="Print nothing.")
def command(extracts: tuple[Path, ...], out: Path, *, overwrite: bool, quiet: bool) -> None:
    """Make a file of roads, for travel in minutes by car.

    EXTRACT is OpenStreetMap data of a county, as Geofabrik offers it (.osm.pbf). Give those of the
    counties around it as well: without them ways near the border are too long. Solve then takes
    the file with --set travel.way=roads --set travel.roads=FILE. A file that was made from the same
    extracts by the same rules is left as it is.
    """
    from pcn_group.base.files import refuse_existing, write_atomically
    from pcn_group.geography.roads.storage import (
        ATTRIBUTION,
        origin_of,
        read_extracts,
        read_origin,
        stored,
    )

    origin = origin_of(extracts)
    if read_origin(out) == origin:
        if not quiet:
            click.echo(f"{out} is of these extracts already.", err=True)
        return
    refuse_existing(out, overwrite=overwrite)
    roads = read_extracts(extracts)
    write_atomically(out, stored(roads, origin))
    if not quiet:
        click.echo(
            f"Written: {out} ({roads.kilometres:,.0f} km of roads, "
            f"{roads.number_of_junctions:,} junctions; {ATTRIBUTION})",
            err=True,
        )
