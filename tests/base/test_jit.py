"""Where compiled kernels are kept, for how long, and for whom."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numba
import pytest

from pcn_group.base import jit
from pcn_group.base.jit import cache_folder, helper, is_kept, kernel
from pcn_group.cli.screens import run as display
from pcn_group.solver import compiled
from pcn_group.solver.bound.kernel import enumerate_hub
from pcn_group.solver.search.anneal_kernel import try_moves

POPEN = subprocess.Popen


def doubled(number: int) -> int:
    return 2 * number


def compile_doubled() -> Any:  # noqa: ANN401 - numba has no types
    """The kernel, compiled or found, in a process that has not looked at its cache before."""
    jit.prepare_cache.cache_clear()
    found: Any = kernel(doubled)
    assert found(21) == 42
    return found


def no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where neither the package's folder nor one of the user's own can be written."""
    monkeypatch.setattr(numba.config, "CACHE_LOCATOR_CLASSES", "IPythonCacheLocator", raising=False)


def test_where_numba_has_no_folder_it_compiles_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    no_folder(monkeypatch)
    with pytest.raises(RuntimeError, match="no locator"):
        numba.njit(cache=True)(doubled)

    function = compile_doubled()
    assert (cache_folder(function), is_kept(function)) == (None, False)


def test_a_helper_ends_up_in_the_kernel_that_calls_it() -> None:
    twice = helper(doubled)

    @numba.njit
    def four_times(number: int) -> int:
        return twice(twice(number))

    assert four_times(21) == 84


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where numba keeps what is compiled of this module."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    path = cache_folder(compile_doubled())
    assert path is not None
    return path


def test_what_was_compiled_from_the_same_sources_is_kept(folder: Path) -> None:
    before = sorted(folder.iterdir())
    function = compile_doubled()
    assert is_kept(function)
    assert sorted(folder.iterdir()) == before
    assert sum(function.stats.cache_hits.values()) == 1


def test_what_an_earlier_version_compiled_is_not_used(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jit, "sources_of_kernels", lambda: "other sources")
    function = compile_doubled()
    assert not function.stats.cache_hits
    assert (folder / "pcn_group.kernels").read_text("ascii") == "other sources"


def test_kernels_of_types_that_have_moved_since_do_no_harm(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jit, "sources_of_kernels", lambda: "other sources")
    (index,) = folder.glob("*.nbi")
    moved = pickle.dumps(numba.__version__) + b"cpcn_group.moved\nKernelState\n."
    index.write_bytes(moved)
    compile_doubled()


def test_who_may_not_write_to_the_installation_takes_over_what_was_compiled_there(
    folder: Path, tmp_path: Path
) -> None:
    installed, own = tmp_path / "installed", tmp_path / "own"
    shutil.copytree(folder, installed)
    own.mkdir()
    jit.prepare_cache(own, installed)
    assert sorted(path.name for path in own.iterdir()) == sorted(
        path.name for path in installed.iterdir()
    )


def test_what_was_compiled_there_from_other_sources_is_left(folder: Path, tmp_path: Path) -> None:
    installed, own = tmp_path / "installed", tmp_path / "own"
    shutil.copytree(folder, installed)
    (installed / "pcn_group.kernels").write_text("other sources", "ascii")
    own.mkdir()
    jit.prepare_cache(own, installed)
    assert [path.name for path in own.iterdir()] == ["pcn_group.kernels"]


def test_what_cannot_be_kept_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    no_folder(monkeypatch)
    monkeypatch.setattr(compiled, "enumerate_hub", compile_doubled())
    with display.Progress(silent=False):
        pass

    told = " ".join(capsys.readouterr().err.split())
    assert told == (
        "Compiling the search, which takes about half a minute. There is no folder to keep it in "
        "for the next run: name one that you may write to in the environment variable "
        "NUMBA_CACHE_DIR."
    )


# --- two processes -----------------------------------------------------------------------------


@pytest.mark.parametrize("python", [sys.executable, "/no/python", "/bin/false", ""])
def test_whether_a_second_process_helps_or_not_the_search_is_compiled(
    python: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "is_first_run", lambda _: True)
    monkeypatch.setattr(sys, "executable", python)
    compiled.compile_once.cache_clear()
    compiled.compile_kernels()
    assert is_kept(enumerate_hub)
    assert is_kept(try_moves)


def test_an_interrupted_run_leaves_no_second_process(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[subprocess.Popen[bytes]] = []

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    def watched(*args: Any, **kwargs: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401 - as Popen's
        begun.append(POPEN(*args, **kwargs))
        return begun[-1]

    monkeypatch.setattr(compiled, "is_first_run", lambda _: True)
    monkeypatch.setattr(compiled, "_compile_enumeration", interrupted)
    monkeypatch.setattr(subprocess, "Popen", watched)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    compiled.compile_once.cache_clear()
    with pytest.raises(KeyboardInterrupt):
        compiled.compile_kernels()
    (process,) = begun
    assert process.returncode not in {None, 0}
