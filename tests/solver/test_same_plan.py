"""The same input, configuration and version: the same bytes, whatever the order of rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from pcn_group.config.model import Configuration
from pcn_group.output.data.plan_files import plan_files
from pcn_group.pipeline import solve
from pcn_group.practices import read_practices
from pcn_group.practices.sample_region import make_sample
from pcn_group.practices.table import Practices, practices_csv
from tests.solver.regions import chessboard, region, sample, silent, solved

REGIONS = [(24, 3), (40, 1)]


def files(practices: Practices, **search: object) -> dict[str, str]:
    configuration = Configuration.model_validate({"search": search})
    return plan_files(solve(practices, configuration, silent))


def squares(rows: int, columns: int) -> Practices:
    """Equal practices on a square grid: many plans cost the same."""
    spots = [(row, column) for row in range(rows) for column in range(columns)]
    return region({f"P{row}{column}": (column, row, 10_000) for row, column in spots})


def networks(texts: dict[str, str]) -> str:
    return texts["groupings.csv"]


@pytest.mark.parametrize(("practices", "seed"), REGIONS)
def test_two_runs_give_the_same_bytes(practices: int, seed: int) -> None:
    assert files(sample(practices, seed)) == files(sample(practices, seed))


@pytest.mark.parametrize(("practices", "seed"), REGIONS)
def test_the_number_of_threads_makes_no_difference(practices: int, seed: int) -> None:
    region = sample(practices, seed)
    assert files(region, workers=1) == files(region, workers=2)


@pytest.mark.parametrize(("practices", "seed"), REGIONS)
def test_the_order_of_rows_makes_no_difference(tmp_path: Path, practices: int, seed: int) -> None:
    header, *rows = practices_csv(make_sample(practices, seed)).splitlines()
    shuffled = np.random.default_rng(seed).permutation(rows).tolist()
    assert shuffled != rows
    first = files(written(tmp_path / "sorted", [header, *rows]))
    second = files(written(tmp_path / "shuffled", [header, *shuffled]))
    # The summary says of the input which bytes it was: only these differ, and its own digest.
    before, after = (json.loads(texts.pop("summary.json")) for texts in (first, second))
    assert before.pop("inputs")[0]["sha256"] != after.pop("inputs")[0]["sha256"]
    assert before["sha256"].pop("summary.json") != after["sha256"].pop("summary.json")
    assert first == second
    assert before == after


def written(folder: Path, lines: Iterable[str]) -> Practices:
    folder.mkdir()
    path = folder / "practices.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_practices([path])


def test_of_many_equal_plans_it_is_always_the_same() -> None:
    texts = [networks(files(squares(4, 4), workers=workers)) for workers in (1, 2, 1)]
    assert texts[0] == texts[1] == texts[2]


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_of_many_equal_plans_the_choice_does_not_hang_on_the_seed(seed: int) -> None:
    assert networks(files(squares(4, 4), seed=seed)) == networks(files(squares(4, 4), seed=1))


def test_of_many_equal_plans_it_is_the_first_in_order_of_code() -> None:
    # Each corner of a board of 2 by 4 may go with the one beside it or the one below it.
    board = chessboard(2, 4, 20_000, (40_000, 40_000))
    found = solved(board)
    assert found.status == "optimal"
    assert found.networks == ((0, 1), (2, 3), (4, 5), (6, 7))
