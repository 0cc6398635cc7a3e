"""The program on the page about Python does what the page shows."""

from __future__ import annotations

from contextlib import chdir, redirect_stdout
from io import StringIO
from pathlib import Path

from tests.docs.pages import DOCS, blocks


def test_the_program_prints_what_is_shown(folder: Path) -> None:
    page = DOCS / "how-to" / "python.md"
    (program,), (shown,) = blocks(page, "python"), blocks(page, "text")
    printed = StringIO()
    with chdir(folder), redirect_stdout(printed):
        exec(compile(program, str(page), "exec"), {})  # noqa: S102 - it is our own page
    assert printed.getvalue() == shown
