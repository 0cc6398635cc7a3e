"""Arguments and options that several commands have."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["input_files", "output_file"]

input_files = click.argument(
    "inputs", metavar="INPUT...", nargs=-1, required=True, type=click.Path(path_type=Path)
)

output_file = click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The practices.csv to write.",
)
