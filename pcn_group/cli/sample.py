"""`pcn-group sample`: a synthetic region to try things on."""

from __future__ import annotations

from pathlib import Path

import click

from pcn_group.cli.options import output_file

__all__ = ["command"]

_LAND_FILE = "land.geojson"
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
@click.option("--overwrite", is_flag=True, help="Replace the files if they are there.")
@click.option("--quiet", is_flag=True, help="Print nothing.")
def command(
    practices: int,
    seed: int,
    out: Path,
    *,
    lsoa: bool,
    land: bool,
    overwrite: bool,
    quiet: bool,
) -> None:
    """Make a synthetic region: towns, villages, a coast, networks of today; all of it invented."""
    from pcn_group.base.files import refuse_existing, write_all
    from pcn_group.practices.sample.region import make_sample
    from pcn_group.practices.table import practices_csv

    names = [*(_LSOA_FILES if lsoa else ()), *((_LAND_FILE,) if land else ())]
    beside = [out.parent / name for name in names]
    if out in beside:
        flag = "--land" if out.name == _LAND_FILE else "--lsoa"
        raise click.UsageError(f"{out.name} is a file that {flag} writes: choose another --out.")
    refuse_existing(out, *beside, overwrite=overwrite)
    texts = [practices_csv(make_sample(practices, seed))]
    if lsoa:
        texts += _lsoa_texts(practices, seed)
    if land:
        texts.append(_land_text(practices, seed))
    write_all(dict(zip((out, *beside), texts, strict=True)))
    if not quiet:
        click.echo(f"Written: {out} ({practices:,} invented practices)", err=True)
        for path in beside:
            click.echo(f"Written: {path}", err=True)


def _lsoa_texts(practices: int, seed: int) -> list[str]:
    from pcn_group.practices.sample.areas import make_sample_areas

    tables = make_sample_areas(practices, seed)
    return [table.to_csv(index=False, lineterminator="\n") for table in tables]


def _land_text(practices: int, seed: int) -> str:
    from pcn_group.practices.sample.land import sample_land

    return sample_land(practices, seed)
