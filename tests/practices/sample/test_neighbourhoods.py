"""Synthetic neighbourhoods: what is planted is there, whichever way the map is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from pcn_group.cli import group
from pcn_group.config.model import Configuration
from pcn_group.plan.fit import Fit, fit_of
from pcn_group.practices import read_practices
from pcn_group.practices.sample_neighbourhoods import PlantedMap, make_sample_neighbourhoods
from pcn_group.practices.sample_region import make_sample
from pcn_group.practices.table import practices_csv
from pcn_group.region.region import Region, prepare_region
from pcn_group.verify.rules import check_plan

SEEDS = [(60, 214), (60, 1), (26, 2), (81, 3), (200, 3)]


def planted(practices: int, seed: int) -> PlantedMap:
    made = make_sample_neighbourhoods(practices, seed)
    assert made is not None
    return made


def region_of(folder: Path, practices: int, seed: int, made: PlantedMap, name: str) -> Region:
    """Prepare the region from files as the command writes them, with one of the two maps."""
    tables = {"areas.csv": made.patients, "centroids.csv": made.centroids, "map.csv": made.areas}
    texts = {key: table.to_csv(index=False) for key, table in tables.items()}
    texts |= {"practices.csv": practices_csv(make_sample(practices, seed))}
    texts |= {"map.geojson": made.shapes}
    names = ("practices.csv", "areas.csv", "centroids.csv", name)
    for each in names:
        (folder / each).write_text(texts[each])
    rules = Configuration()
    return prepare_region(read_practices([folder / each for each in names], rules=rules), rules)


def networks_of(made: PlantedMap) -> list[list[int]]:
    return [rows.index.tolist() for _, rows in made.plan.groupby("network_id")]


def fit(region: Region, made: PlantedMap) -> Fit:
    assert region.neighbourhoods is not None
    return fit_of(region.neighbourhoods, networks_of(made), region.problem.weights)


@pytest.mark.parametrize(("practices", "seed"), SEEDS)
@pytest.mark.parametrize("name", ["map.csv", "map.geojson"])
def test_nobody_is_misaligned_in_the_plan_that_is_planted(
    tmp_path: Path, practices: int, seed: int, name: str
) -> None:
    made = planted(practices, seed)
    region = region_of(tmp_path, practices, seed, made, name)
    found = fit(region, made)

    assert region.neighbourhoods is not None
    assert region.neighbourhoods.codes == tuple(sorted(set(made.plan["network_id"])))
    assert found.misaligned == 0
    assert found.unserved == ()
    nowhere = made.patients.loc[made.patients["LSOA_CODE"] == "NO2011", "NUMBER_OF_PATIENTS"].sum()
    assert found.in_none == nowhere


@pytest.mark.parametrize(("practices", "seed"), SEEDS)
def test_that_plan_keeps_the_rules(tmp_path: Path, practices: int, seed: int) -> None:
    made = planted(practices, seed)
    region = region_of(tmp_path, practices, seed, made, "map.csv")

    assert check_plan(region.problem, networks_of(made)).holds


def test_an_area_that_goes_elsewhere_makes_those_who_live_there_misaligned(tmp_path: Path) -> None:
    made = planted(60, 214)
    before, after = made.areas["neighbourhood_code"].unique()[:2]
    area = made.areas.loc[made.areas["neighbourhood_code"] == before, "lsoa_code"].iloc[0]
    is_it = made.areas["lsoa_code"] == area
    made.areas.loc[is_it, ["neighbourhood_code", "neighbourhood_name"]] = [after, ""]
    living = made.patients["LSOA_CODE"] == area
    region = region_of(tmp_path, 60, 214, made, "map.csv")

    assert fit(region, made).misaligned == made.patients.loc[living, "NUMBER_OF_PATIENTS"].sum()


@pytest.mark.parametrize(("practices", "seed"), SEEDS)
def test_the_patients_of_every_practice_add_up_to_its_list(practices: int, seed: int) -> None:
    lists = planted(practices, seed).patients.groupby("PRACTICE_CODE")["NUMBER_OF_PATIENTS"].sum()

    assert lists.tolist() == make_sample(practices, seed)["list_size"].tolist()


def test_the_same_seed_gives_the_same_map() -> None:
    first, again, other = (planted(40, seed) for seed in (3, 3, 4))

    assert first.shapes == again.shapes
    assert first.areas.equals(again.areas)
    assert first.plan.equals(again.plan)
    assert first.shapes != other.shapes


def test_the_command_writes_map_plan_and_where_patients_live(tmp_path: Path) -> None:
    out = tmp_path / "practices.csv"
    run = CliRunner().invoke(group, ["sample", "--neighbourhoods", "--out", str(out)])

    assert run.exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "gp-reg-pat-prac-lsoa-all.csv",
        "lsoa-centroids.csv",
        "neighbourhoods.csv",
        "neighbourhoods.geojson",
        "planted.csv",
        "practices.csv",
    ]
    assert (tmp_path / "neighbourhoods.geojson").read_text() == planted(60, 1).shapes


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--practices", "1"), "not found to divide into groups in the band"),
        (("--next-year",), "is for the first year"),
    ],
)
def test_what_cannot_be_planted_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], problem: str
) -> None:
    out = str(tmp_path / "practices.csv")
    run = CliRunner().invoke(group, ["sample", "--neighbourhoods", "--out", out, *arguments])

    assert run.exit_code == 2
    assert problem in " ".join(run.stderr.replace("│", " ").split())
    assert not [*tmp_path.iterdir()]
