"""`pcn-group sample`: a synthetic region to try things on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pcn_group.cli.options import output_file, regions

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["command"]

_LAND_FILE = "land.geojson"
_SUCCESSORS_FILE = "successors.csv"
_LEAST_LATER = 5
"""Practices that a region has at the least a year before: one closes, and two become one."""
_MAP_FILES = ("neighbourhoods.geojson", "neighbourhoods.csv", "planted.csv")
_FIGURES_FILE = "area-figures.csv"
_LSOA_FILES = ("gp-reg-pat-prac-lsoa-all.csv", "lsoa-centroids.csv")

_OF_INVENTED = ("practices", "lsoa", "land", "neighbourhoods", "next_year", "profile")
"""The options that are about a region that is invented."""


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
@click.option(
    "--profile",
    is_flag=True,
    help="Give the practices figures of age and need, as further columns, and with --lsoa the "
    f"areas too: {_FIGURES_FILE}.",
)
@click.option(
    "--residents-of",
    "files",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write to --out, in place of a region, where the patients of real practices might live: "
    "name the files of the practices, and one with centroids of LSOAs. May be repeated; by "
    "default the region is invented too.",
)
@regions("With --residents-of the region, where the files have several; by default their only one.")
@click.option("--overwrite", is_flag=True, help="Replace the files if they are there.")
@click.option("--quiet", is_flag=True, help="Print nothing.")
@click.pass_context
def command(  # noqa: PLR0913 - one parameter per option
    context: click.Context,
    practices: int,
    seed: int,
    out: Path,
    *,
    lsoa: bool,
    land: bool,
    neighbourhoods: bool,
    next_year: bool,
    profile: bool,
    overwrite: bool,
    quiet: bool,
    files: tuple[Path, ...],
    region: tuple[str, ...],
) -> None:
    """Make a synthetic region: towns, villages, a coast, networks of today; all of it invented.

    With --residents-of the practices are real, and only where their patients live is invented.
    """
    import pandas as pd

    from pcn_group.base.files import refuse_existing, write_all
    from pcn_group.practices.sample_next_year import make_next_year
    from pcn_group.practices.sample_region import make_sample

    _refuse_unused(context, has_files=bool(files))
    if files:
        _write_residents(out, files, region, seed, overwrite=overwrite, quiet=quiet)
        return
    if next_year:
        _refuse_next_year(practices, lsoa=lsoa, neighbourhoods=neighbourhoods)
    has_areas = lsoa or neighbourhoods
    flags = _files_beside(lsoa=lsoa, land=land, neighbourhoods=neighbourhoods, next_year=next_year)
    flags |= {_FIGURES_FILE: "--profile"} if profile and has_areas else {}
    beside = [out.parent / name for name in flags]
    if out in beside:
        flag = flags[out.name]
        raise click.UsageError(f"{out.name} is a file that {flag} writes: choose another --out.")
    refuse_existing(out, *beside, overwrite=overwrite)
    table = make_sample(practices, seed)
    successors = pd.DataFrame()
    if next_year:
        table, successors = make_next_year(table)
    texts = [_practices_text(table, practices, seed, profile=profile)]
    texts += _texts_of_areas(practices, seed, lsoa=lsoa, neighbourhoods=neighbourhoods)
    if land:
        texts.append(_land_text(practices, seed))
    if next_year:
        texts.append(successors.to_csv(index=False, lineterminator="\n"))
    if profile and has_areas:
        texts.append(_area_figures_text(texts[2], practices, seed))
    write_all(dict(zip((out, *beside), texts, strict=True)))
    if not quiet:
        told = [f"{out} ({len(table):,} invented practices)", *map(str, beside)]
        click.echo("\n".join(f"Written: {each}" for each in told), err=True)


def _files_beside(
    *, lsoa: bool, land: bool, neighbourhoods: bool, next_year: bool
) -> dict[str, str]:
    """Return the files beside the region, each with the option that asks for it."""
    return {
        **(dict.fromkeys(_LSOA_FILES, "--lsoa") if lsoa or neighbourhoods else {}),
        **(dict.fromkeys(_MAP_FILES, "--neighbourhoods") if neighbourhoods else {}),
        **({_LAND_FILE: "--land"} if land else {}),
        **({_SUCCESSORS_FILE: "--next-year"} if next_year else {}),
    }


def _refuse_unused(context: click.Context, *, has_files: bool) -> None:
    """Stop for options that say nothing of what is asked for."""
    unused = _OF_INVENTED if has_files else ("region",)
    why = "the region is not invented" if has_files else "the region is invented, and has one code"
    for option in context.command.params:
        given = context.get_parameter_source(option.name or "")
        if option.name in unused and given is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(f"{option.opts[0]} says nothing here: {why}.")


def _write_residents(
    out: Path,
    files: tuple[Path, ...],
    region: tuple[str, ...],
    seed: int,
    *,
    overwrite: bool,
    quiet: bool,
) -> None:
    """Write where the patients of real practices might live."""
    from pcn_group import Configuration, read_practices
    from pcn_group.base.files import refuse_existing, write_all
    from pcn_group.config.model import Neighbourhoods
    from pcn_group.practices.sample_residents import make_residents

    refuse_existing(out, overwrite=overwrite)
    # With a map in the rules, which is not read here, all centroids are kept.
    rules = Configuration(neighbourhoods=Neighbourhoods(map=out))
    read = read_practices(files, region, rules=rules)
    if read.residents is None or read.residents.places.empty:
        raise click.UsageError("--residents-of: name a file with centroids of LSOAs as well.")
    rows = make_residents(read.table, read.residents.places, seed)
    write_all({out: rows.to_csv(index=False, lineterminator="\n")})
    if not quiet:
        told = f"{rows['NUMBER_OF_PATIENTS'].sum():,} patients of {len(read.table):,} practices"
        click.echo(f"Written: {out} (where {told} might live; invented)", err=True)


def _refuse_next_year(practices: int, *, lsoa: bool, neighbourhoods: bool) -> None:
    """Stop where the region of a year later cannot be what else is asked for."""
    for flag, is_given in (("--lsoa", lsoa), ("--neighbourhoods", neighbourhoods)):
        if is_given:
            why = "where patients live has no next one"
            raise click.UsageError(f"{flag} is for the first year: {why}.")
    if practices < _LEAST_LATER:
        raise click.UsageError(f"--next-year needs {_LEAST_LATER} practices or more.")


def _practices_text(table: pd.DataFrame, practices: int, seed: int, *, profile: bool) -> str:
    from pcn_group.practices.sample_profile import FIGURES, make_practice_figures
    from pcn_group.practices.table import practices_csv

    if not profile:
        return practices_csv(table)
    return practices_csv(table.join(make_practice_figures(table, practices, seed)), FIGURES)


def _texts_of_areas(practices: int, seed: int, *, lsoa: bool, neighbourhoods: bool) -> list[str]:
    """Return the texts of the files about areas that are asked for: the centroids second."""
    if neighbourhoods:
        return _planted_texts(practices, seed)
    return _lsoa_texts(practices, seed) if lsoa else []


def _lsoa_texts(practices: int, seed: int) -> list[str]:
    from pcn_group.practices.sample_areas import make_sample_areas

    tables = make_sample_areas(practices, seed)
    return [table.to_csv(index=False, lineterminator="\n") for table in tables]


def _area_figures_text(centroids: str, practices: int, seed: int) -> str:
    from io import StringIO

    import pandas as pd

    from pcn_group.practices.sample_profile import make_area_figures

    table = make_area_figures(pd.read_csv(StringIO(centroids)), practices, seed)
    return table.to_csv(index=False, lineterminator="\n")


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
