"""Compiling with numba, whether or not there is a folder where it can keep what it compiled."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numba

__all__ = ["njit"]

_STAMP = "pcn_group.kernels"
"""The file in a cache's folder that says what its kernels were compiled from."""

if TYPE_CHECKING:
    from numba import njit
else:

    def njit(**options: object) -> Callable[[Callable[..., Any]], Any]:
        """Return what `numba.njit` does, without its cache where that has no place.

        That is so where neither the package's folder nor one of the user's own can be written:
        numba refuses then, although compiling anew in every run only takes longer. And nothing is
        kept that an earlier version compiled: numba looks whether a kernel's own file is still the
        same, but not at those of the functions that it calls, and stumbles over types that moved.
        """

        def compiled(function: Callable[..., Any]) -> Any:  # noqa: ANN401 - as numba has it
            try:
                kernel = numba.njit(**options)(function)
            except RuntimeError:
                return numba.njit(**{**options, "cache": False})(function)
            if (folder := kernel.stats.cache_path) is not None:
                forget_earlier_kernels(folder)
            return kernel

        return compiled


@cache
def forget_earlier_kernels(folder: str) -> None:
    """Remove from a cache what was compiled from other sources, and stamp it with these."""
    stamp = Path(folder) / _STAMP
    with contextlib.suppress(OSError):
        if stamp.exists() and stamp.read_text("ascii") == sources_of_kernels():
            return
        for kept in Path(folder).glob("*.nb[ic]"):
            kept.unlink(missing_ok=True)
        stamp.write_text(sources_of_kernels(), "ascii")


@cache
def sources_of_kernels() -> str:
    """Return a digest of all modules that hold kernels."""
    texts = (path.read_bytes() for path in sorted(Path(__file__).parents[1].rglob("*.py")))
    return hashlib.sha256(b"".join(text for text in texts if b"\n@njit" in text)).hexdigest()
