"""Shapefiles: polygons or lines in several files of one name, in a folder or in an archive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError
from pcn_group.base.paths import SHAPEFILE, shapefile_parts
from pcn_group.base.wording import listed
from pcn_group.tables.opening import shapefiles_in
from pcn_group.tables.packages import open_package
from pcn_group.tables.sheets import Content

__all__ = ["is_shapefile", "opened_shapefile"]

_PARTS = {
    ".shx": "says where each shape begins",
    ".dbf": "says what each shape is",
    ".prj": "says which coordinates these are",
}
"""What must be beside the shapes; `.cpg`, which says how the text is encoded, may be."""

_HEADER, _RECORD = 100, 8
"""Bytes of `.shx`: before the shapes, and for each"""

_TOGETHER = "Give all of its files in one folder, or in one zip archive: .shp, .shx, .dbf and .prj."


def is_shapefile(path: Path) -> bool:
    """Whether a file is a shapefile, or an archive with one."""
    if not path.is_file():
        return False
    content = _content(path)
    return content.start(len(SHAPEFILE)) == SHAPEFILE or bool(shapefiles_in(content))


@contextmanager
def opened_shapefile(path: Path) -> Iterator[Path]:
    """Return where a shapefile is that may be in an archive, all its files beside it.

    Raises
    ------
    InputError
        Where one of its files is missing or too large, or an archive has several shapefiles.
    """
    with TemporaryDirectory() as folder:
        found = shapefiles_in(_content(path))
        if len(found) > 1:
            problem = f"has several shapefiles: {listed(found)}"
            raise InputError([Fault(path.name, problem, "Give the one that is meant.")])
        shapes = _unpacked(path, found[0], Path(folder)) if found else path
        faults = [*_missing(shapes, path.name)]
        if faults:
            raise InputError(faults)
        yield shapes


def _content(path: Path) -> Content:
    return Content(path.name, path.stat().st_size, lambda: path.open("rb"))


def _unpacked(path: Path, member: str, folder: Path) -> Path:
    """Take the files of one shapefile out of an archive."""
    stem = PurePosixPath(member).with_suffix("")
    with open_package(_content(path)) as package:
        for each in package.namelist():
            name = PurePosixPath(each)
            if name.with_suffix("") == stem and name.suffix.lower() in {".shp", ".cpg", *_PARTS}:
                with package.open(each) as file:
                    data = limits.within(file, f"{path.name}: {each}", limits.OUTLINE)
                (folder / f"shapes{name.suffix.lower()}").write_bytes(data)
    return folder / "shapes.shp"


def _missing(shapes: Path, source: str) -> Iterator[Fault]:
    """Say which files are not beside the shapes, or are too large."""
    beside = shapefile_parts(shapes)
    for suffix, what in _PARTS.items():
        if suffix not in beside:
            yield Fault(source, f"has no {suffix} beside it, which {what}", _TOGETHER)
    for suffix in {".shp", *_PARTS} & {*beside}:
        limits.refuse_longer(source, beside[suffix].stat().st_size, limits.OUTLINE)
    index = beside.get(".shx")
    if index is not None and (index.stat().st_size - _HEADER) // _RECORD > limits.SHAPES:
        problem = f"has more than {limits.SHAPES:,} shapes, the most that are read"
        yield Fault(source, problem, "Export those of your region.")
