"""The versions of what a plan depends on."""

from __future__ import annotations

from importlib.metadata import version

__all__ = ["__version__", "versions"]

__version__ = "0.2.0"

_PACKAGES = ("ortools", "numba", "numpy", "scipy", "shapely", "pandas")


def versions() -> dict[str, str]:
    """Return the version of this program and of the packages that a plan could change with."""
    return {"pcn-group": __version__, **{name: version(name) for name in _PACKAGES}}
