"""`pcn-group sample`: a synthetic region to try things on."""

from __future__ import annotations

from pathlib import Path

import click

from pcn_group.cli.options import output_file

__all__ = ["command"]


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
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there.")
@click.option("--quiet", is_flag=True, help="Print nothing.")
def command(practices: int, seed: int, out: Path, *, overwrite: bool, quiet: bool) -> None:
    """Make a synthetic region: towns, villages, a coast, networks of today; all of it invented."""
    from pcn_group.output.files import refuse_existing, write_atomically
    from pcn_group.practices.sample import make_sample
    from pcn_group.practices.writing import practices_csv

    refuse_existing(out, overwrite=overwrite)
    write_atomically(out, practices_csv(make_sample(practices, seed)))
    if not quiet:
        click.echo(f"Written: {out} ({practices:,} invented practices)", err=True)
