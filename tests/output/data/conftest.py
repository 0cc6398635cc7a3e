"""Plans of a plain region, one with exceptions and one with rules: as 0.1 wrote them, and now."""

from __future__ import annotations

import shutil

import pytest

from tests.output.data.judged import HOW, OLD, Prepared, prepared, solved


@pytest.fixture(scope="module", params=HOW)
def old(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A plan as version 0.1 wrote it."""
    folder = tmp_path_factory.mktemp("old") / str(request.param)
    shutil.copytree(OLD / str(request.param), folder)
    return prepared(folder / "plan")


@pytest.fixture(scope="module", params=HOW)
def new(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The same plan as it is written now."""
    folder = tmp_path_factory.mktemp("new") / str(request.param)
    shutil.copytree(OLD / str(request.param), folder, ignore=shutil.ignore_patterns("plan"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        solved("practices.csv", *HOW[str(request.param)])
    return prepared(folder / "plan")
