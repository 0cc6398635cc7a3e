"""The versions of what a plan depends on."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

__all__ = ["__version__", "versions"]

__version__ = "0.2.0"

_PACKAGES = ("ortools", "numba", "numpy", "scipy", "shapely", "pandas")


def versions() -> dict[str, str]:
    """Return the version of this program and of the packages that a plan could change with."""
    return {"pcn-group": __version__, **{name: _installed(name) for name in _PACKAGES}}


@cache
def _installed(name: str) -> str:
    """Look up the version of a package once: its metadata are a file to be found and read."""
    return version(name)
