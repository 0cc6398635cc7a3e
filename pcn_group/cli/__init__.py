"""The command line: `main`, and one module per command, imported only when it is called."""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

import click

from pcn_group.base.errors import Fault, InputError, InterruptedRunError, PcnGroupError
from pcn_group.base.versions import __version__
from pcn_group.cli.ends import (
    Stop,
    guarded_streams,
    show_error,
    show_fault_of_program,
    stopped_by_signals,
    with_common_codes,
)
from pcn_group.cli.examples import EXAMPLES_HEAD, with_examples

__all__ = ["main"]

_COMMANDS = {
    "solve": "Group the practices of a region into networks, and prove how good the plan is.",
    "batch": "Group every region of the input into networks, each as solve does.",
    "repair": (
        "Find the plan that moves the fewest patients from the networks of today, or of a plan."
    ),
    "align": "Show how well networks fit neighbourhoods, and the least that must change.",
    "check": "Judge any plan by the rules, independently of the solver.",
    "budget": "Work out what the networks and practices of a plan are paid.",
    "compare": "Compare plans side by side, and show which practices move between them.",
    "alternatives": "Find other good plans, and what is undisputed in all of them.",
    "tradeoff": "Show what moving away from least travel costs, and what it buys.",
    "footprints": "Group the networks of a plan into larger footprints.",
    "divide": "Divide networks of a plan that are too large, and leave the others as they are.",
    "forecast": "Show when each network of a plan leaves the band as lists grow.",
    "report": "Draw a plan: a page with map, tables and proof, and the map as a file.",
    "paper": "Write a paper for the board: a Word document of one plan, or of several regions.",
    "explain": "Say why a plan is as it is, and what each change would cost.",
    "prepare": "Turn official files into one validated practice table.",
    "roads": "Make a file of roads from OpenStreetMap, for travel in minutes by car.",
    "init": "Write a configuration to start from, with a comment on every rule.",
    "config": "Explain a key of the configuration, or list all of them.",
    "sample": "Make a synthetic region to try things on.",
    "doctor": "Show what is installed, and how to get what is missing.",
    "completion": "Have the shell complete commands and options.",
}

_WISHES = {
    wish: commands
    for commands, wishes in (
        (["solve"], "group plan run optimise optimize"),
        (["repair"], "next update merge close closure again round move"),
        (["check"], "validate verify judge test"),
        (["report"], "map draw plot show page html"),
        (["paper"], "word docx document board"),
        (["budget"], "cost costs money pay funding"),
        (["explain", "alternatives"], "why options"),
        (["divide"], "split"),
        (["forecast"], "grow growth future later years"),
        (["tradeoff"], "curve pareto"),
        (["config", "init"], "rules settings"),
    )
    for wish in wishes.split()
}
"""What somebody may ask for who does not know the commands yet."""

_START = """\b
Start here:
  pcn-group sample --out practices.csv   an invented region; or official files of your own
  pcn-group solve practices.csv          group it: the plan is in the folder plan
  pcn-group check plan                   judge the plan, independently of the solver
  pcn-group solve --help                 options and examples of a command
  pcn-group config                       all rules that can be changed
"""


_COMPLETING = "_PCN_GROUP_COMPLETE"
"""The environment variable with which a shell asks how to complete."""


class _SystemError(Exception):
    """An error of the system that no command has foreseen; the cause is the error itself."""


class _LazyGroup(click.Group):
    """A group that knows its commands by name and imports a module only to run its command."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - likewise
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"pcn_group.cli.{cmd_name}")
        command: click.Command = module.command
        if command.epilog is None or not command.epilog.startswith(EXAMPLES_HEAD):
            command.epilog = with_examples(cmd_name, with_common_codes(command.epilog))
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = _WISHES.get(args[0].lower()) or get_close_matches(args[0], _COMMANDS, 2)
            if not near:
                raise
            told = f"{error.format_message()} Did you mean {' or '.join(near)}?"
            raise click.UsageError(told, ctx) from error

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (EOFError, OSError) as error:
            # click takes a file that ends early for Ctrl-C, and any broken pipe for its output.
            raise _SystemError from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - likewise
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


_OBJECTS_AT_ONCE = 1_000_000
"""After so many more objects Python looks for cycles of them to free. By default it does so after
some hundreds, and at the end: a sixth of a short command's time, to find all modules in use."""


@click.group(
    cls=_LazyGroup, epilog=_START, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="pcn-group")
def group() -> None:
    """Group GP practices into networks: contiguous, in the band, least travel, proven."""
    try:
        Path.cwd()
    except OSError as error:
        remedy = "Go to another folder, and run it there."
        fault = Fault(".", f"the folder you are in is not there any more: {error.strerror}", remedy)
        raise InputError([fault]) from error


def main() -> NoReturn:
    """Run the command line and exit, with a code as the documentation has them."""
    gc.set_threshold(_OBJECTS_AT_ONCE)
    atexit.register(gc.freeze)
    stop = Stop()
    try:
        with stopped_by_signals(stop), guarded_streams():
            code = _run(stop)
    except KeyboardInterrupt:  # while the end was told
        code = stop.code
    sys.exit(code)


def _run(stop: Stop) -> int:
    """Run a command, tell whatever ends it on standard error, and return the exit code."""
    try:
        try:
            code = group.main(standalone_mode=False)
        except SystemExit as end:
            if _COMPLETING not in os.environ:
                raise
            code = end.code  # so click ends once it has told a shell how to complete
        finally:
            sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return 2
    except InterruptedRunError as error:
        click.echo(error, err=True)
        return stop.code
    except PcnGroupError as error:
        show_error(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return stop.code
    except BaseException as error:  # noqa: BLE001 - nobody is to see a traceback
        cause = error.__cause__ if isinstance(error, _SystemError) else None
        show_fault_of_program(cause or error)
        return 1
    return code if isinstance(code, int) else 0
