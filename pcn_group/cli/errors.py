"""What a person is told on standard error when a command ends without its result."""

from __future__ import annotations

import os
import platform
import shlex
import sys
import traceback
from collections import Counter
from pathlib import Path

import click

from pcn_group import __version__
from pcn_group.base.errors import IncompleteError, InputError, PcnGroupError, PipeClosedError

__all__ = ["DEBUG", "show_error", "show_fault_of_program"]

DEBUG = "PCN_GROUP_DEBUG"
"""The environment variable that has a fault of the program shown with all its calls."""

_MOST_ALIKE = 50
"""Faults shown that differ in nothing but row and value: a wrong column has thousands."""

_LONGEST = 300
"""Characters shown of what an error says: some of libraries go on for pages."""


def show_error(error: PcnGroupError) -> None:
    """Print an error that is meant for the user, and what to do about it."""
    if isinstance(error, PipeClosedError):
        return
    if not isinstance(error, InputError):
        remedy = " Run again with --overwrite." if isinstance(error, IncompleteError) else ""
        click.echo(f"{error}{remedy}", err=True)
        return
    count = len(error.faults)
    click.echo(f"{count:,} fault{'s' if count != 1 else ''} in the input:", err=True)
    alike: Counter[tuple[str, ...]] = Counter()
    for fault in error.faults:
        kind = (fault.source, fault.column or "", fault.problem)
        alike[kind] += 1
        if alike[kind] <= _MOST_ALIKE:
            click.echo(f"  {fault}", err=True)
    for (source, _, problem), number in alike.items():
        if number > _MOST_ALIKE:
            click.echo(f"  {source}: {number - _MOST_ALIKE:,} more: {problem}", err=True)
    click.echo("Nothing was written.", err=True)


def show_fault_of_program(error: BaseException) -> None:
    """Print what whoever mends the program needs to know, in few lines."""
    if isinstance(error, MemoryError):
        click.echo("There is not enough memory for this. Try fewer practices at once.", err=True)
    else:
        said = str(error).partition("\n")[0][:_LONGEST]
        click.echo(
            f"A fault of the program: {type(error).__name__}: {said} ({_place(error)})", err=True
        )
        click.echo("Please report it, with the input if you may, and with this:", err=True)
        click.echo(
            f"  pcn-group {__version__}, Python {platform.python_version()}, {sys.platform}: "
            f"{shlex.join(['pcn-group', *sys.argv[1:]])}",
            err=True,
        )
    if os.environ.get(DEBUG):
        click.echo("".join(traceback.format_exception(error)), err=True)
    else:
        click.echo(f"With {DEBUG}=1 in the environment it says more.", err=True)


def _place(error: BaseException) -> str:
    """Return the last line of ours that the error came through, such as `batch/run.py:44`."""
    package = Path(__file__).parents[1]
    *_, last = (
        f"{Path(frame.filename).relative_to(package).as_posix()}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(package)
    )
    return last
