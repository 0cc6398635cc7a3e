"""Compiling with numba, and where what it compiled is kept.

A kernel is what Python calls. It allocates nothing: what it writes to is given. So numba need not
count who holds which array, which makes kernels compile in a few seconds and run twice as fast.
Helpers are called by kernels alone, and end up inside them; they return numbers, never arrays.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

__all__ = ["cache_folder", "helper", "is_kept", "kernel"]

_STAMP = "pcn_group.kernels"
"""The file in a cache's folder that says what its kernels were compiled from."""

_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "no_cfunc_wrapper": True,
    "_nrt": False,
}
"""No checks for division by zero, no entry for callers in C, and no counting of arrays' holders."""

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Compile what Python calls, and keep it for later runs, where there is a folder for that.

    Where neither the package's folder nor one of the user's own can be written, numba refuses,
    although compiling anew in every run only takes longer. And nothing is kept that an earlier
    version compiled: numba looks whether a kernel's own file is still the same, but not at those of
    the functions that it calls, and stumbles over types that moved.
    """
    try:
        compiled: Any = numba.njit(**_OPTIONS, cache=True)(function)
    except RuntimeError:
        compiled = numba.njit(**_OPTIONS)(function)
    if (folder := cache_folder(compiled)) is not None:
        prepare_cache(folder, Path(function.__code__.co_filename).parent / "__pycache__")
    return cast("Function", compiled)


def helper(function: Function) -> Function:
    """Compile what kernels call: it ends up inside them, and is of no use to Python."""
    options = {**_OPTIONS, "no_cpython_wrapper": True, "forceinline": True}
    compiled: Any = numba.njit(**options)(function)
    return cast("Function", compiled)


def cache_folder(function: Callable[..., Any]) -> Path | None:
    """Return where a kernel is kept for later runs; None where there is no place."""
    path = cast("Any", function).stats.cache_path
    return None if path is None else Path(path)


def is_kept(function: Callable[..., Any]) -> bool:
    """Whether later runs find a kernel compiled."""
    name = f"{function.__module__.rpartition('.')[-1]}.{function.__name__}"
    folder = cache_folder(function)
    return folder is not None and any(folder.glob(f"{name}-*.nbi"))


@cache
def prepare_cache(folder: Path, installed: Path) -> None:
    """Remove from a cache what was compiled from other sources, and stamp it with these.

    Parameters
    ----------
    installed
        Where kernels are kept beside their sources. What was compiled there ahead is taken over by
        users who may not write to it.
    """
    stamp = folder / _STAMP
    with contextlib.suppress(OSError):
        if _is_stamped(folder):
            return
        for kept in folder.glob("*.nb[ic]"):
            kept.unlink(missing_ok=True)
        if _is_stamped(installed):
            for kept in installed.glob("*.nb[ic]"):
                part = folder / f"{kept.name}.{os.getpid()}"  # nobody is to read a part of it
                shutil.copyfile(kept, part)
                part.replace(folder / kept.name)
        stamp.write_text(sources_of_kernels(), "ascii")


def _is_stamped(folder: Path) -> bool:
    """Whether a cache is of the sources at hand."""
    stamp = folder / _STAMP
    return stamp.exists() and stamp.read_text("ascii") == sources_of_kernels()


@cache
def sources_of_kernels() -> str:
    """Return a digest of all modules that hold kernels."""
    texts = (path.read_bytes() for path in sorted(Path(__file__).parents[1].rglob("*.py")))
    digest = hashlib.sha256()
    for text in texts:
        if b"\n@kernel" in text or b"\n@helper" in text:
            digest.update(text)
    return digest.hexdigest()
