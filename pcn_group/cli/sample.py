"""`pcn-group sample`: a synthetic region to try things on."""

from __future__ import annotations

from pathlib import Path

import click

from pcn_group.cli.options import output_file

__all__ = ["command"]

_LAND_FILE = "land.geojson"
_SUCCESSORS_FILE = "successors.csv"
_LEAST_LATER = 5
"""Practices that a region has at the least a year before: one closes, and two become one."""
_MAP_FILES = ("neighbourhoods.geojson", "neighbourhoods.csv", "planted.csv")
_LSOA_FILES = ("gp-reg-pat-prac-lsoa-all.csv", "lsoa-centroids.csv")


@click.command("sample")
@click.option(
    "--practices",
    default=60,
    show_default=True,
    type=click.IntRange(1, 10_000),
    metavar="N",
    help="How many practices.",
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=click.IntRange(0, 2**31 - 1),
    metavar="S",
    help="Another seed, another region.",
)
@output_file
@click.option(
    "--lsoa",
    is_flag=True,
    help=f"Write beside it where patients live: {_LSOA_FILES[0]} and {_LSOA_FILES[1]}.",
)
@click.option(
    "--land",
    is_flag=True,
    help=f"Write its land beside it, {_LAND_FILE}, for adjacency.land.",
)
@click.option(
    "--neighbourhoods",
    is_flag=True,
    help="Write beside it where patients live, as with --lsoa but so that a plan is known that "
    f"fits: a map, {_MAP_FILES[0]} and the same as {_MAP_FILES[1]}, and that plan, "
    f"{_MAP_FILES[2]}.",
)
@click.option(
    "--next-year",
    is_flag=True,
    help="The same region a year later: a practice has closed, two have merged, and lists have "
    f"grown by 1 %. Write beside it who took over, {_SUCCESSORS_FILE}, for data.successors.",
)
@click.option("--overwrite", is_flag=True, help="Replace the files if they are there.")
@click.option("--quiet", is_flag=True, help="Print nothing.")
def command(  # noqa: PLR0913 - one parameter per option
    practices: int,
    seed: int,
    out: Path,
    *,
    lsoa: bool,
    land: bool,
    neighbourhoods: bool,
    next_year: bool,
    overwrite: bool,
    quiet: bool,
) -> None:
    """Make a synthetic region: towns, villages, a coast, networks of today; all of it invented."""
    import pandas as pd

    from pcn_group.base.files import refuse_existing, write_all
    from pcn_group.practices.sample_next_year import make_next_year
    from pcn_group.practices.sample_region import make_sample
    from pcn_group.practices.table import practices_csv

    if next_year:
        _refuse_next_year(practices, lsoa=lsoa, neighbourhoods=neighbourhoods)
    flags = {
        **(dict.fromkeys(_LSOA_FILES, "--lsoa") if lsoa or neighbourhoods else {}),
        **(dict.fromkeys(_MAP_FILES, "--neighbourhoods") if neighbourhoods else {}),
        **({_LAND_FILE: "--land"} if land else {}),
        **({_SUCCESSORS_FILE: "--next-year"} if next_year else {}),
    }
    beside = [out.parent / name for name in flags]
    if out in beside:
        flag = flags[out.name]
        raise click.UsageError(f"{out.name} is a file that {flag} writes: choose another --out.")
    refuse_existing(out, *beside, overwrite=overwrite)
    table = make_sample(practices, seed)
    successors = pd.DataFrame()
    if next_year:
        table, successors = make_next_year(table)
    texts = [practices_csv(table)]
    if neighbourhoods:
        texts += _planted_texts(practices, seed)
    elif lsoa:
        texts += _lsoa_texts(practices, seed)
    if land:
        texts.append(_land_text(practices, seed))
    if next_year:
        texts.append(successors.to_csv(index=False, lineterminator="\n"))
    write_all(dict(zip((out, *beside), texts, strict=True)))
    if not quiet:
        click.echo(f"Written: {out} ({len(table):,} invented practices)", err=True)
        for path in beside:
            click.echo(f"Written: {path}", err=True)


def _refuse_next_year(practices: int, *, lsoa: bool, neighbourhoods: bool) -> None:
    """Stop where the region of a year later cannot be what else is asked for."""
    for flag, is_given in (("--lsoa", lsoa), ("--neighbourhoods", neighbourhoods)):
        if is_given:
            why = "where patients live has no next one"
            raise click.UsageError(f"{flag} is for the first year: {why}.")
    if practices < _LEAST_LATER:
        raise click.UsageError(f"--next-year needs {_LEAST_LATER} practices or more.")


def _lsoa_texts(practices: int, seed: int) -> list[str]:
    from pcn_group.practices.sample_areas import make_sample_areas

    tables = make_sample_areas(practices, seed)
    return [table.to_csv(index=False, lineterminator="\n") for table in tables]


def _planted_texts(practices: int, seed: int) -> list[str]:
    from pcn_group.practices.sample_neighbourhoods import make_sample_neighbourhoods

    planted = make_sample_neighbourhoods(practices, seed)
    if planted is None:
        raise click.UsageError(
            "--neighbourhoods: these practices were not found to divide into groups in the band. "
            "Choose other --practices or another --seed."
        )
    patients, centroids, areas, plan = (
        table.to_csv(index=False, lineterminator="\n")
        for table in (planted.patients, planted.centroids, planted.areas, planted.plan)
    )
    return [patients, centroids, planted.shapes, areas, plan]


def _land_text(practices: int, seed: int) -> str:
    from pcn_group.practices.sample_land import sample_land

    return sample_land(practices, seed)
