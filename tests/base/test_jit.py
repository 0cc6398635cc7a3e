"""Where compiled kernels are kept, and for how long."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numba
import pytest

from pcn_group.base import jit
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


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where numba keeps what is compiled of this module."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    kernel: Any = njit(cache=True)(doubled)
    assert kernel(21) == 42
    jit.forget_earlier_kernels.cache_clear()
    return Path(kernel.stats.cache_path)


def test_what_was_compiled_from_the_same_sources_is_kept(folder: Path) -> None:
    before = sorted(folder.iterdir())
    kernel: Any = njit(cache=True)(doubled)
    assert kernel(21) == 42
    assert sorted(folder.iterdir()) == before
    assert sum(kernel.stats.cache_hits.values()) == 1


def test_what_an_earlier_version_compiled_is_not_used(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jit, "sources_of_kernels", lambda: "other sources")
    kernel: Any = njit(cache=True)(doubled)
    assert kernel(21) == 42
    assert not kernel.stats.cache_hits
    assert (folder / "pcn_group.kernels").read_text("ascii") == "other sources"


def test_kernels_of_types_that_have_moved_since_do_no_harm(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jit, "sources_of_kernels", lambda: "other sources")
    (index,) = folder.glob("*.nbi")
    moved = pickle.dumps(numba.__version__) + b"cpcn_group.moved\nKernelState\n."
    index.write_bytes(moved)
    kernel: Any = njit(cache=True)(doubled)
    assert kernel(21) == 42


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
