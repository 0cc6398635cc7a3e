"""Compiling with numba, whether or not there is a folder where it can keep what it compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numba

__all__ = ["njit"]

if TYPE_CHECKING:
    from numba import njit
else:

    def njit(**options: object) -> Callable[[Callable[..., Any]], Any]:
        """Return what `numba.njit` does, without its cache where that has no place.

        That is so where neither the package's folder nor one of the user's own can be written:
        numba refuses then, although compiling anew in every run only takes longer.
        """

        def compiled(function: Callable[..., Any]) -> Any:  # noqa: ANN401 - as numba has it
            try:
                return numba.njit(**options)(function)
            except RuntimeError:
                return numba.njit(**{**options, "cache": False})(function)

        return compiled
