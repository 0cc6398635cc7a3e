"""Keeping what cannot be written where it was asked for: hours of search end in no full disk."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

__all__ = ["keep_elsewhere"]

_PLACES: tuple[Callable[[], str | Path], ...] = (tempfile.gettempdir, Path.home, Path.cwd)
"""Where there may be room; each may be missing."""


def keep_elsewhere(contents: Mapping[Path, bytes], root: Path) -> Path | None:
    """Write files into a new folder wherever there is room, and return it; None if there is none.

    Below it they lie as they would below the root, so that a plan's folder is one there too.
    """
    for place in _PLACES:
        with contextlib.suppress(OSError, RuntimeError):  # RuntimeError: nobody's home
            folder = Path(tempfile.mkdtemp(prefix="pcn-group-", dir=place()))
            try:
                for path, content in contents.items():
                    copy = folder / path.relative_to(root)
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    copy.write_bytes(content)
            except OSError:
                shutil.rmtree(folder, ignore_errors=True)
            else:
                return folder
    return None
