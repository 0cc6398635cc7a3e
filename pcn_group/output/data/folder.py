"""The folder of a plan: which files make it up, and writing them all or none."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pcn_group.base import limits
from pcn_group.base.errors import InputError
from pcn_group.base.files import Kind, refuse_foreign, write_all
from pcn_group.output.data.budget_files import BUDGET_FILES, PRACTICES_FILE
from pcn_group.output.data.fit_rows import FIT_FILES
from pcn_group.output.data.profile_rows import PROFILE_FILES

__all__ = [
    "FILES",
    "INDEX_FILE",
    "ON_REQUEST",
    "PICTURES",
    "has_pictures",
    "refuse_foreign_folder",
    "write_folder",
    "write_folders",
]

FILES = (
    "groupings.csv",
    "networks.csv",
    *(name for name in BUDGET_FILES if name != PRACTICES_FILE),
    "adjacency.csv",
    "certificate.json",
    "data_report.csv",
    "summary.json",
)
"""The files of a plan, in the order they are written: a folder with a summary is complete."""

ON_REQUEST = ("travel.csv", *FIT_FILES, *PROFILE_FILES, PRACTICES_FILE)
"""What is written before them if the rules ask for it, or there is something to say: of a map of
neighbourhoods, of figures, or of a line paid to practices."""

PICTURES = ("map.png", "map.svg", "networks.geojson", "networks.gpkg", "report.html")
"""What a plan's folder may hold beside them: they show the plan, and go when it does."""

INDEX_FILE = "index.html"
"""The page of all regions of a batch."""


def has_pictures(folder: Path) -> bool:
    """Whether there are pictures of a plan in a folder."""
    return any((folder / name).exists() for name in PICTURES)


def refuse_foreign_folder(folder: Path, *, overwrite: bool) -> None:
    """Stop before any work is done where the folder holds something that is not an earlier plan.

    Raises
    ------
    InputError
        As `refuse_foreign`: unless `overwrite`, if it holds files that a plan does not have, or a
        plan's file names without a plan's summary.
    """
    own = {*FILES, *ON_REQUEST, *PICTURES}
    kind = Kind("holds something that is not a plan", own.__contains__, _is_plan)
    refuse_foreign(folder, kind, overwrite=overwrite)


def _is_plan(folder: Path) -> bool:
    try:
        summary = json.loads(limits.read_whole(folder / "summary.json", limits.PLAIN))
    except (OSError, ValueError, RecursionError, InputError):
        return False
    versions = summary.get("versions") if isinstance(summary, dict) else None
    return isinstance(versions, dict) and "pcn-group" in versions


def write_folder(folder: Path, texts: Mapping[str, str], root: Path | None = None) -> None:
    """Write the files of a plan, each whole or not at all, the summary last.

    The old summary goes first, so that a folder with a summary always holds one whole plan, and
    with it the pictures of the old plan.

    Parameters
    ----------
    root
        As for `write_all`.
    """
    write_folders({folder: texts}, root=root)


def write_folders(
    plans: Mapping[Path, Mapping[str, str]],
    beside: Mapping[Path, str] | None = None,
    old: Sequence[Path] = (),
    root: Path | None = None,
) -> None:
    """Write several plans as `write_folder` does one, and after them files about all of them.

    Parameters
    ----------
    plans
        The texts of each folder.
    beside
        The text of each file about them.
    old
        What else is not true any more.
    root
        As for `write_all`.
    """
    contents = {
        folder / name: texts[name]
        for folder, texts in plans.items()
        for name in (*ON_REQUEST, *FILES)
        if name in texts
    }
    gone = ("summary.json", *ON_REQUEST, *PICTURES)
    stale = [folder / name for folder in plans for name in gone]
    write_all({**contents, **(beside or {})}, old=[*old, *stale], root=root)
