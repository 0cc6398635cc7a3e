"""`pcn-group doctor`: what is installed, what is kept, what is missing and how to get it."""

from __future__ import annotations

from typing import Any

import click

__all__ = ["command"]


@click.command("doctor")
@click.option(
    "--compile", "is_to_compile", is_flag=True, help="Compile the search first, for all later runs."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, and nothing else.")
def command(*, is_to_compile: bool, as_json: bool) -> None:
    """Show what is installed, and how to get what is missing.

    That is versions, where compiled code is kept, and extras. Run with `--compile` by who may write
    to the installation, it spares every user of it the compiling in their first run.
    """
    from json import dumps

    if is_to_compile:
        from pcn_group.pipeline import compile_all

        compile_all()
    found = _found()
    if as_json:
        click.echo(dumps(found))
    else:
        click.echo("\n".join(_lines(found)))


def _found() -> dict[str, Any]:
    import platform
    import sys

    from pcn_group.base.extras import EXTRAS, how_to_install
    from pcn_group.base.jit import cache_folder
    from pcn_group.base.versions import versions
    from pcn_group.solver.bound.kernel import enumerate_hub
    from pcn_group.solver.compiled import is_first_run

    folder = cache_folder(enumerate_hub)
    return {
        "python": platform.python_version(),
        "executable": sys.executable,
        "versions": versions(),
        "cache": {
            "folder": None if folder is None else str(folder),
            "compiled": folder is not None and not is_first_run(),
        },
        "extras": {
            name: {
                "purpose": extra.purpose,
                "missing": list(extra.missing),
                "remedy": how_to_install(name) if extra.missing else None,
            }
            for name, extra in EXTRAS.items()
        },
    }


def _lines(found: dict[str, Any]) -> list[str]:
    cache, width = found["cache"], max(map(len, found["versions"]))
    lines = [f"Python {found['python']}, {found['executable']}", ""]
    lines += [f"  {name:{width}}  {version}" for name, version in found["versions"].items()]
    lines += ["", f"Compiled code is kept in {cache['folder']}"]
    if cache["folder"] is None:
        lines[-1] = (
            "Compiled code cannot be kept, so every run compiles for about half a minute. Set "
            "NUMBA_CACHE_DIR to a folder that you can write to."
        )
    elif cache["compiled"]:
        lines[-1] += ": later runs start at once."
    else:
        lines[-1] += (
            ", but is not there yet: the first search compiles for about half a minute, "
            "or `pcn-group doctor --compile` does."
        )
    lines.append("")
    for name, extra in found["extras"].items():
        there = f"not installed. {extra['remedy']}" if extra["missing"] else "installed"
        lines.append(f"{name} ({extra['purpose']}): {there}")
    return lines
