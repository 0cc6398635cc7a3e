"""A region with more practices than can be worked with: what cannot be done is refused at once."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pcn_group.base.errors import InputError
from pcn_group.geography import travel
from tests.solver.regions import sample


@pytest.fixture(autouse=True)
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven practices are the most, and there are two regions, of nine and six."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(travel, "LARGEST_REGION", 7)
    table = sample(15, 1).table
    table["region_code"] = ["WIDE"] * 9 + ["SMALL"] * 6
    table.to_csv("practices.csv", index=False)
    rows = "\n".join(f"{code},N1" for code in table["practice_code"][:9])
    Path("plan.csv").write_text(f"practice_code,network_id\n{rows}\n", encoding="utf-8")


def run(name: str, *arguments: str) -> Result:
    command = importlib.import_module(f"pcn_group.cli.{name}").command
    return CliRunner().invoke(command, [*arguments], standalone_mode=False)


@pytest.mark.parametrize(
    "arguments",
    [
        ("solve", "practices.csv", "--region=WIDE"),
        ("repair", "practices.csv", "--region=WIDE"),
        ("tradeoff", "practices.csv", "--region=WIDE", "--against=band"),
        ("check", "plan.csv", "--practices=practices.csv", "--region=WIDE"),
        ("explain", "plan.csv", "--practices=practices.csv", "--region=WIDE"),
        ("batch", "practices.csv", "--out=batch"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_what_needs_all_pairs_is_refused_with_the_limit(arguments: tuple[str, ...]) -> None:
    before = sorted(Path().iterdir())
    error = run(*arguments).exception
    assert isinstance(error, InputError)
    (fault,) = map(str, error.faults)
    assert "has 9 practices, and 7 is the most. Name a smaller region with --region" in fault
    assert sorted(Path().iterdir()) == before


def test_of_a_batch_the_region_is_named() -> None:
    error = run("batch", "practices.csv", "--out=batch").exception
    assert isinstance(error, InputError)
    assert str(error.faults[0]).startswith("region WIDE: has 9 practices")


def test_a_region_of_the_same_files_that_is_small_enough_is_done() -> None:
    band = ("--set=band.min=5000", "--set=band.max=50000", "--set=search.workers=1")
    result = run("solve", "practices.csv", "--region=SMALL", *band, "--quiet")
    assert result.exception is None


def test_what_looks_at_each_practice_alone_goes_on() -> None:
    assert run("prepare", "practices.csv", "--out=all.csv", "--quiet").exception is None
    assert len(Path("all.csv").read_text(encoding="utf-8").splitlines()) == 16
