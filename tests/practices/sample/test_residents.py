"""Where the patients of real practices might live: lists are kept, and the nearest areas chosen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from pcn_group.cli import group
from pcn_group.practices.sample_residents import make_residents

PRACTICES = pd.DataFrame(
    {
        "practice_code": ["E81001", "E81002"],
        "practice_name": ["Westgate", "Eastfield"],
        "list_size": [7_000, 14_003],
        "easting": [500_000.0, 510_000.0],
        "northing": [220_000.0, 220_000.0],
    }
)
PLACES = pd.DataFrame(
    {
        "easting": [500_000.0 + 500 * k for k in range(40)],
        "northing": [220_300.0] * 40,
    },
    index=[f"E010000{k:02}" for k in range(40)],
)


def test_every_list_is_kept_and_the_nearer_areas_have_more_of_it() -> None:
    rows = make_residents(PRACTICES, PLACES, seed=1)
    sums = rows.groupby("PRACTICE_CODE")["NUMBER_OF_PATIENTS"].sum()
    assert sums.tolist() == [7_000, 14_003]
    west = rows[rows["PRACTICE_CODE"] == "E81001"].set_index("LSOA_CODE")["NUMBER_OF_PATIENTS"]
    assert west.idxmax() in {"E01000000", "E01000001", "E01000002"}
    assert "E01000039" not in west.index


def test_areas_far_from_every_practice_have_no_patients() -> None:
    far = pd.DataFrame({"easting": [600_000.0], "northing": [300_000.0]}, index=["E01099999"])
    rows = make_residents(PRACTICES, pd.concat([PLACES, far]), seed=1)
    assert "E01099999" not in set(rows["LSOA_CODE"])


def test_another_seed_is_another_choice() -> None:
    first, again, other = (make_residents(PRACTICES, PLACES, seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not np.array_equal(first["NUMBER_OF_PATIENTS"], other["NUMBER_OF_PATIENTS"])


def test_the_command_writes_what_prepares_with_the_practices(tmp_path: Path) -> None:
    practices, places, out = (tmp_path / name for name in ("p.csv", "c.csv", "living.csv"))
    PRACTICES.assign(region_code="06P").to_csv(practices, index=False)
    PLACES.rename_axis("lsoa_code").to_csv(places)
    of = ["--residents-of", str(practices), "--residents-of", str(places)]
    ended = CliRunner().invoke(group, ["sample", *of, "--out", str(out)])
    assert ended.exit_code == 0, ended.output
    assert "21,003 patients of 2 practices might live; invented" in ended.stderr
    prepared = [str(path) for path in (practices, places, out)]
    ended = CliRunner().invoke(group, ["prepare", *prepared, "--out", str(tmp_path / "all.csv")])
    assert ended.exit_code == 0, ended.output
    ended = CliRunner().invoke(group, ["sample", *of[:2], "--out", str(tmp_path / "other.csv")])
    assert ended.exit_code == 2
    assert "name a file with centroids of LSOAs as well" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--residents-of", "p.csv", "--lsoa"), "--lsoa says nothing here"),
        (("--residents-of", "p.csv", "--practices", "60"), "--practices says nothing here"),
        (("--region", "06P"), "--region says nothing here"),
    ],
)
def test_options_that_say_nothing_are_refused(
    arguments: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    ended = CliRunner().invoke(group, ["sample", "--out", str(out), *arguments])
    assert ended.exit_code == 2
    assert told in ended.stderr
    assert not out.exists()
