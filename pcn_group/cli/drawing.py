"""`--report`: drawing what a command wrote, and a word on pictures of an earlier plan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pcn_group.plan.inputs import PlanInputs
    from pcn_group.region.region import Region

__all__ = ["draw_plan", "draw_several", "draws_too", "tell_of_lost_pictures"]

draws_too = click.option(
    "--report", "draws", is_flag=True, help="Also draw what is written, as report does."
)


def draw_plan(folder: Path, region: Region, *, tell: bool) -> None:
    """Draw the plan in a folder as `report` does: from its files, in the region it was made in.

    Raises
    ------
    PcnGroupError
        If that fails or is interrupted: not because of the input, for the plan is written.
    """
    from pcn_group.output.report.files import pictures, write_pictures
    from pcn_group.plan.case import case_in

    with _written_already(folder, "The plan is", "it"):
        write_pictures(folder, pictures(case_in(folder, region)))
    if tell:
        click.echo(f"Drawn in {folder / 'report.html'}")


def draw_several(folder: Path, inputs: PlanInputs, *, tell: bool) -> None:
    """Draw the curve or the alternatives in a folder likewise, with the lists that are given."""
    from pcn_group.output.report.files import drawing_of, write_pictures

    with _written_already(folder, "The plans are", "them"):
        drawing = drawing_of((str(folder),))
        write_pictures(folder, drawing.draw(inputs))
    if tell:
        click.echo(f"Drawn in {folder / drawing.beside[0]}")


@contextmanager
def _written_already(folder: Path, what: str, drawn: str) -> Iterator[None]:
    """Have what goes wrong say that all but the pictures is there."""
    from pcn_group.base.errors import InterruptedRunError, PcnGroupError, UnwrittenError

    try:
        yield
    except PcnGroupError as error:
        kind = UnwrittenError if isinstance(error, UnwrittenError) else PcnGroupError
        raise kind(f"{error} {what} in {folder}: draw {drawn} with report.") from error
    except KeyboardInterrupt as stop:
        told = f"Interrupted. {what} kept; draw {drawn} with: pcn-group report {folder}"
        raise InterruptedRunError(told) from stop


@contextmanager
def tell_of_lost_pictures(folder: Path, *, tell: bool) -> Iterator[None]:
    """Say so where writing a plan, without drawing it, took pictures of an earlier one away."""
    from pcn_group.output.data.folder import has_pictures

    had = tell and has_pictures(folder)
    yield
    if had and not has_pictures(folder):
        click.echo(
            f"The pictures in {folder} were of the earlier plan and are gone: "
            f"pcn-group report {folder} draws this one, and so does --report.",
            err=True,
        )
