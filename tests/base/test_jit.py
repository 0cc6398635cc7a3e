"""Compiling where there is no folder to keep it in."""

from __future__ import annotations

from typing import Any

import numba
import pytest

from pcn_group.base.jit import njit
from pcn_group.cli.screens import run as display
from pcn_group.solver import compiled


def doubled(number: int) -> int:
    return 2 * number


def no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where neither the package's folder nor one of the user's own can be written."""
    monkeypatch.setattr(numba.config, "CACHE_LOCATOR_CLASSES", "IPythonCacheLocator", raising=False)


def test_where_numba_has_no_folder_it_compiles_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    no_folder(monkeypatch)
    with pytest.raises(RuntimeError, match="no locator"):
        numba.njit(cache=True)(doubled)

    function: Any = njit(cache=True, nogil=True)(doubled)
    assert (function(21), function.stats.cache_path) == (42, None)


def test_where_it_has_one_it_keeps_what_it_compiled() -> None:
    function: Any = njit(cache=True)(doubled)
    assert function.stats.cache_path is not None


def test_what_cannot_be_kept_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    no_folder(monkeypatch)
    monkeypatch.setattr(compiled, "enumerate_hub", njit(cache=True)(doubled))
    with display.Progress(silent=False):
        pass

    told = " ".join(capsys.readouterr().err.split())
    assert told == (
        "Compiling the search, which takes about a minute. There is no folder to keep it in for "
        "the next run: name one that you may write to in the environment variable NUMBA_CACHE_DIR."
    )
