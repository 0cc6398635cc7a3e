"""The versions of what a plan depends on."""

from __future__ import annotations

from importlib.metadata import version

from pcn_group import __version__

__all__ = ["versions"]

_PACKAGES = ("ortools", "numba", "numpy", "libpysal", "shapely", "pandas")


def versions() -> dict[str, str]:
    """Return the version of this program and of the packages that a plan could change with."""
    return {"pcn-group": __version__, **{name: version(name) for name in _PACKAGES}}
