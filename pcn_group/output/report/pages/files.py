"""The pictures of a plan as files: a page, a map for slides, and areas for mapping programs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib.util import find_spec
from pathlib import Path

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.files import Kind, in_the_way, refuse_foreign, what_is_at, write_all
from pcn_group.output.maps.files import map_files
from pcn_group.output.maps.layers import map_layers
from pcn_group.output.report.facts import facts_of
from pcn_group.output.report.pages.plan import report_html
from pcn_group.output.report.words import title, verdict
from pcn_group.plan.case import Case

__all__ = [
    "pictures",
    "refuse_missing_packages",
    "refuse_other_pictures",
    "write_pictures",
]

_PACKAGES = ("plotly", "matplotlib")


def refuse_missing_packages() -> None:
    """Stop before any work is done where what draws is not installed.

    Raises
    ------
    InputError
        Naming every package that is missing.
    """
    remedy = 'Install it: pip install "pcn-group[report]".'
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise InputError([Fault(name, "is needed for a report", remedy) for name in missing])


def pictures(case: Case, batch: str | None = None) -> dict[str, str | bytes]:
    """Return the content of every file in `folder.PICTURES`; the same plan gives the same bytes.

    Parameters
    ----------
    case
        The plan.
    batch
        As for `render`.

    Raises
    ------
    InputError
        As `network_areas`, and with the practices that the plan has twice.
    """
    # What draws is loaded here: a command that only may draw shall begin at once.
    from pcn_group.output.maps.pictures import map_pictures  # noqa: PLC0415

    case.refuse_repeated()
    facts = facts_of(case)
    layers = map_layers(case.region, facts.described)
    return {
        "report.html": report_html(facts, layers, case.region, batch),
        **map_pictures(layers, case, title(facts), verdict(facts)),
        **map_files(layers),
    }


def refuse_other_pictures(
    folder: Path, source: Path | None, beside: Collection[str], *, overwrite: bool
) -> None:
    """Stop before any work is done where the folder holds what is not of this kind.

    Parameters
    ----------
    source
        The folder of what is drawn, if it has one.
    beside
        The files that another folder may hold.

    Raises
    ------
    InputError
        As `refuse_foreign`: unless `overwrite`, if it is another folder with more in it than that.
    """
    if source is None or what_is_at(folder) is None or not folder.samefile(source):
        kind = Kind("holds more than pictures", beside.__contains__, Path.is_dir)
        refuse_foreign(folder, kind, overwrite=overwrite)
    elif faults := in_the_way(folder, beside):
        raise InputError(faults)


def write_pictures(
    folder: Path, contents: Mapping[str, str | bytes], root: Path | None = None
) -> None:
    """Write the pictures, each whole or not at all; old ones go first: they may be of another.

    Parameters
    ----------
    root
        As for `write_all`.
    """
    paths = {folder / name: content for name, content in sorted(contents.items())}
    write_all(paths, old=paths, root=root)
