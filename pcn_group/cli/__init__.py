"""The command line: `main`, and one module per command, imported only when it is called."""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from io import TextIOWrapper
from typing import NoReturn

import click

from pcn_group import __version__
from pcn_group.errors import IncompleteError, InputError, PcnGroupError

__all__ = ["main"]

_COMMANDS = {
    "solve": "Group the practices of a region into networks, and prove how good the plan is.",
    "batch": "Group every region of the input into networks, each as solve does.",
    "repair": "Find the plan that moves the fewest patients from the networks of today.",
    "check": "Judge any plan by the rules, independently of the solver.",
    "budget": "Work out what the networks and practices of a plan are paid.",
    "compare": "Put plans side by side, and say who moves where between them.",
    "alternatives": "Find other good plans, and what is undisputed in all of them.",
    "tradeoff": "Show what a step away from the least travel costs, and what it buys.",
    "footprints": "Group the networks of a plan into larger footprints.",
    "divide": "Divide networks of a plan that are too large, and leave the others as they are.",
    "report": "Draw a plan: a page with map, tables and proof, and the map as a file.",
    "explain": "Say why a plan is as it is, and what each change would cost.",
    "prepare": "Turn official files into one validated practice table.",
    "init": "Write a configuration to start from, with a comment on every rule.",
    "sample": "Make a synthetic region to try things on.",
}


_MOST_ALIKE = 50
"""Faults shown that differ in nothing but row and value: a wrong column has thousands."""


class _LazyGroup(click.Group):
    """A group that knows its commands by name and imports a module only to run its command."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - likewise
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"pcn_group.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - likewise
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pcn-group")
def group() -> None:
    """Group GP practices into networks: contiguous, in the band, least travel, proven."""


def main() -> NoReturn:
    """Run the command line and exit: 0 done, 1 our fault, 2 to 5 as the documentation says."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A letter that the terminal's encoding lacks must not end a run, nor spoil JSON.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = group.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        code = 130
    except PcnGroupError as error:
        _show(error)
        code = error.exit_code
    sys.exit(code if isinstance(code, int) else 0)


def _show(error: PcnGroupError) -> None:
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
