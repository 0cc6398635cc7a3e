"""`pcn-group completion`: have the shell complete commands and options."""

from __future__ import annotations

import os
from pathlib import Path

import click

__all__ = ["command"]

_NAME, _VARIABLE = "pcn-group", "_PCN_GROUP_COMPLETE"

_FILES = {"bash": ".bashrc", "zsh": ".zshrc"}
_FISH = ".config/fish/completions/pcn-group.fish"


@click.command("completion")
@click.argument(
    "shell", metavar="[SHELL]", required=False, type=click.Choice(["bash", "zsh", "fish"])
)
@click.option("--print", "shows", is_flag=True, help="Print what would be installed, only.")
def command(shell: str | None, *, shows: bool) -> None:
    """Have the shell complete commands and options, from its next start on.

    SHELL is bash, zsh or fish; by default the one that $SHELL names. One line is added to
    ~/.bashrc or ~/.zshrc, or fish's own file is written. To run it again changes nothing.
    """
    from pcn_group.base.files import write_all

    shell = shell or _present_shell()
    path, line = _place(shell), _line(shell)
    if shows:
        click.echo(line)
        return
    before = path.read_text("utf-8") if path.exists() and shell != "fish" else ""
    if line not in before.splitlines():
        ended = before if before.endswith("\n") or not before else f"{before}\n"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_all({path: f"{ended}{line}\n"})
    click.echo(f"Completion is in {path}. Start a new {shell} to have it.", err=True)


def _present_shell() -> str:
    shell = Path(os.environ.get("SHELL", "")).name
    if shell not in {*_FILES, "fish"}:
        raise click.UsageError("Name the shell: bash, zsh or fish.")
    return shell


def _place(shell: str) -> Path:
    return Path.home() / (_FISH if shell == "fish" else _FILES[shell])


def _line(shell: str) -> str:
    if shell == "fish":
        return f"{_VARIABLE}=fish_source {_NAME} | source"
    return f'eval "$({_VARIABLE}={shell}_source {_NAME})"'
