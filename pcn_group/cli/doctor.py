"""`pcn-group doctor`: what is installed, what is kept, what is missing and how to get it."""

from __future__ import annotations

from typing import Any

import click

__all__ = ["command"]


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, and nothing else.")
def command(*, as_json: bool) -> None:
    """Show what is installed, and how to get what is missing.

    That is versions, where compiled code is kept, and extras.
    """
    from json import dumps

    found = _found()
    if as_json:
        click.echo(dumps(found))
    else:
        click.echo("\n".join(_lines(found)))


def _found() -> dict[str, Any]:
    import platform
    import sys

    from pcn_group.base.extras import EXTRAS, how_to_install
    from pcn_group.base.versions import versions
    from pcn_group.solver.compiled import cache_folder, is_first_run

    folder = cache_folder()
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
            "Compiled code cannot be kept, so every run compiles for a minute. Set "
            "NUMBA_CACHE_DIR to a folder that you can write to."
        )
    elif cache["compiled"]:
        lines[-1] += ": later runs start at once."
    else:
        lines[-1] += ", but is not there yet: the first search compiles for a minute."
    lines.append("")
    for name, extra in found["extras"].items():
        there = f"not installed. {extra['remedy']}" if extra["missing"] else "installed"
        lines.append(f"{name} ({extra['purpose']}): {there}")
    return lines
