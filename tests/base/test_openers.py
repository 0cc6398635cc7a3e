"""Files are opened in few places, where their size is limited and their faults are told."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.paths import ROOT

PACKAGE = ROOT / "pcn_group"

OPENERS = ("base/files.py", "base/limits.py", "base/paths.py", "tables/")
"""What opens files for all others: to write them whole, to read them whole, to read tables."""

EXCEPTIONS = {
    ("base/jit.py", "path.read_bytes"): "the program's own kernels",
    ("base/jit.py", "stamp.read_text"): "what is said of them in numba's own folder",
    ("base/jit.py", "stamp.write_text"): "what is said of them in numba's own folder",
    ("cli/completion.py", "path.read_text"): "the shell's own file, to which a line is added",
    ("cli/ends.py", "os.open"): "the device that stands for a closed stream",
    (
        "cli/sample.py",
        "pd.read_csv",
    ): "no file: centroids that it is about to write",
    ("geography/land.py", "OUTLINE.read_text"): "the program's own land",
    ("geography/roads/storage.py", "path.open"): "NumPy reads an array at a time, size limited",
    ("geography/outline.py", "gpd.read_file"): "GDAL reads a file that was judged before",
    ("output/maps/backdrop.py", "pd.read_csv"): "the program's own towns",
    ("output/maps/layers.py", "path.read_bytes"): "what GDAL wrote into a temporary folder",
    ("output/maps/layers.py", "pyogrio.write_dataframe"): "GDAL writes into a temporary folder",
    ("output/paper/word.py", "zipfile.ZipFile"): "no file: the bytes of a document",
    ("output/report/document.py", "read_text"): "the program's own styles and scripts",
    ("practices/authorities.py", "read_text"): "the program's own list of authorities",
}
"""What opens files elsewhere, and why."""

NAMES = {"open", "fdopen", "ZipFile", "read_bytes", "read_text", "write_bytes", "write_text"}
LIBRARIES = {"pd", "gpd", "np", "pyogrio", "json", "yaml"}


def opened_in(path: Path) -> Iterator[str]:
    """The calls in a module that open a file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        call = node.func
        if isinstance(call, ast.Name) and call.id in NAMES:
            yield call.id
        if isinstance(call, ast.Attribute):
            owner = call.value.id if isinstance(call.value, ast.Name) else ""
            is_library = owner in LIBRARIES and call.attr.startswith(("read_", "write_"))
            if call.attr in NAMES or is_library:
                yield f"{owner}.{call.attr}".removeprefix(".")


def test_files_are_opened_by_the_openers_alone() -> None:
    found = {
        (name, call)
        for path in PACKAGE.rglob("*.py")
        for name in [path.relative_to(PACKAGE).as_posix()]
        if not name.startswith(OPENERS)
        for call in opened_in(path)
        if (name, call) != ("batch/run.py", "store.open")  # begins a batch, and is no file
    }
    assert found == set(EXCEPTIONS)


def test_a_table_becomes_text_and_no_file() -> None:
    """`to_csv` without a path returns what the openers write."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert not (node.func.attr == "to_csv" and node.args), path
