"""Sites that may be hubs and branch surgeries in a region: whose they are, and how far it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pcn_group.base.errors import InputError
from pcn_group.config.hubs import Hubs
from pcn_group.config.model import Configuration, Prices, Travel
from pcn_group.config.rules import Rules
from pcn_group.geography.travel import straight_line
from pcn_group.region.problem import FORBIDDEN
from pcn_group.region.region import Region, prepare_region
from tests import oracle
from tests.depth import many
from tests.solver.regions import region as practices_at
from tests.solver.regions import solved

# Along a road, at 0, 3, 7 and 9 km; the health centre is at 6 km, a branch of A at 5 km.
ROAD = {
    "A": (0.0, 0.0, 12_000),
    "B": (3.0, 0.0, 20_000),
    "C": (7.0, 0.0, 8_000),
    "D": (9.0, 0.0, 18_000),
}
SITES = "site_code,site_name,easting,northing,capacity\nHC,Health centre,506000,220000,30000\n"
BRANCHES = "practice_code,easting,northing\nA,505000,220000\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    sites, branches = tmp_path / "sites.csv", tmp_path / "branches.csv"
    sites.write_text(SITES, encoding="utf-8")
    branches.write_text(BRANCHES, encoding="utf-8")
    return sites, branches


def prepared(hubs: Hubs, **sections: object) -> Region:
    travel = sections.pop("travel", Travel(way="straight"))
    rules = Configuration.model_validate({"hubs": hubs, "travel": travel, **sections})
    return prepare_region(practices_at(ROAD), rules)


def kilometres(region: Region) -> list[list[float]]:
    values: list[list[float]] = (region.travel.to_hubs / 1000).round(3).tolist()
    return values


def test_a_site_is_one_more_hub_in_the_area_of_the_nearest_practice(
    files: tuple[Path, Path],
) -> None:
    region = prepared(Hubs(sites=files[0]))
    assert [row[4] for row in kilometres(region)] == [6, 3, 1, 3]
    (site,) = region.problem.sites
    assert (site.code, region.problem.codes[site.anchor], site.capacity) == ("HC", "C", 30_000)
    assert region.problem.hub_codes == ("A", "B", "C", "D", "HC")
    assert region.problem.cost[:, 4].tolist() == [72_000_000, 60_000_000, 8_000_000, 54_000_000]
    described = region.site_at(4)
    assert described is not None
    assert described.name == "Health centre"


def test_travel_is_from_the_nearest_place_of_a_practice_to_where_the_hub_is(
    files: tuple[Path, Path],
) -> None:
    plain, region = prepared(Hubs()), prepared(Hubs(sites=files[0], branches=files[1]))
    assert kilometres(plain)[0] == [0, 3, 7, 9]
    assert kilometres(region)[0] == [0, 2, 2, 4, 1]  # B is nearer to the branch as well
    assert [row[0] for row in kilometres(region)] == [0, 3, 7, 9]  # whose hub is where A is


def test_of_equally_near_practices_the_first_has_the_site(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text(SITES.replace("506000", "501500"), encoding="utf-8")
    (site,) = prepared(Hubs(sites=path)).problem.sites
    assert site.anchor == 0


def test_only_sites_may_be_hubs_if_the_rules_say_so(files: tuple[Path, Path]) -> None:
    problem = prepared(Hubs(sites=files[0], only_sites=True)).problem
    assert (problem.cost[:, :4] == FORBIDDEN).all()
    assert (problem.cost[:, 4] < FORBIDDEN).all()
    kept = prepared(Hubs(sites=files[0], only_sites=True), rules=Rules(fixed=(("A", "B"),))).problem
    assert kept.cost[:2, :2].max() < FORBIDDEN  # of a network that is fixed practices may be


def test_for_prices_a_site_is_the_practice_in_whose_area_it_lies(
    files: tuple[Path, Path],
) -> None:
    table = practices_at(ROAD, local_authority=["X", "X", "Y", "Y"])
    rules = Configuration(
        hubs=Hubs(sites=files[0]), travel=Travel(way="straight"), prices=Prices(authority=1.0)
    )
    problem = prepare_region(table, rules).problem
    assert problem.cost[:, 4].tolist() == [84_000_000, 80_000_000, 8_000_000, 54_000_000]


def test_a_site_beyond_the_farthest_that_hubs_may_be_is_no_hub_of_that_practice(
    files: tuple[Path, Path],
) -> None:
    region = prepared(Hubs(sites=files[0]), travel=Travel(way="straight", max_to_hub=5.0))
    assert (region.problem.cost[:, 4] == FORBIDDEN).tolist() == [True, False, False, False]


def test_what_files_have_of_other_regions_is_left_out_and_told(tmp_path: Path) -> None:
    sites, branches = tmp_path / "sites.csv", tmp_path / "branches.csv"
    sites.write_text(SITES + "FAR,Far away,400000,500000,\n", encoding="utf-8")
    branches.write_text(BRANCHES + "Z9,505000,220000\n", encoding="utf-8")
    region = prepared(Hubs(sites=sites, branches=branches))
    assert [site.code for site in region.problem.sites] == ["HC"]
    assert region.practices.notes[-2:] == (
        "hubs.sites: 1 of 2 sites are over 25 km from every practice of the region, and left out.",
        "hubs.branches: 1 of 2 branch surgeries are of practices not in the region.",
    )


def told(**sections: object) -> list[str]:
    with pytest.raises(InputError) as raised:
        prepared(**sections)  # type: ignore[arg-type]
    return [f"{fault.source}: {fault.problem}" for fault in raised.value.faults]


def test_what_cannot_be_used_together_is_refused_by_name(files: tuple[Path, Path]) -> None:
    sites, branches = files
    both = Hubs(sites=sites, branches=branches)
    assert told(hubs=both, travel=Travel(matrix=sites)) == [
        "hubs.sites: names places that a travel matrix does not have",
        "hubs.branches: names places that a travel matrix does not have",
    ]
    assert told(hubs=both, travel=Travel(origin="patients")) == [
        "hubs.branches: has no part in travel that is from where patients live"
    ]
    assert told(hubs=Hubs(sites=sites, only_sites=True), rules=Rules(hubs=("A",))) == [
        "rules.hubs: names practices that may be hubs, and hubs.only_sites says that none may"
    ]


def test_a_site_with_the_code_of_a_practice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text(SITES.replace("HC,", "A,"), encoding="utf-8")
    assert told(hubs=Hubs(sites=path)) == ["sites.csv: has codes that practices have: A"]


def test_only_sites_needs_some() -> None:
    with pytest.raises(ValueError, match="only_sites leaves no hub without sites"):
        Hubs(only_sites=True)


@pytest.mark.parametrize("seed", range(many(60)))
def test_plans_with_sites_and_branches_are_the_best_from_files_on(
    seed: int, tmp_path: Path
) -> None:
    """Travel worked out anew from the files, and every plan looked at."""
    rng = np.random.default_rng(seed)
    places = {
        f"P{i}": (*rng.uniform(0, 12, 2).round(2), int(rng.integers(5_000, 20_000)))
        for i in range(int(rng.integers(4, 9)))
    }
    where = {
        "sites": rng.uniform(0, 12, (int(rng.integers(1, 4)), 2)).round(2),
        "branches": rng.uniform(0, 12, (int(rng.integers(1, 4)), 2)).round(2),
    }
    metres = {name: np.array([500_000, 220_000]) + 1000 * at for name, at in where.items()}
    owners = rng.choice([*places], len(where["branches"]))
    lines = [f"S{k},{x:.0f},{y:.0f}" for k, (x, y) in enumerate(metres["sites"])]
    (tmp_path / "sites.csv").write_text(
        "\n".join(["site_code,easting,northing", *lines]) + "\n", encoding="utf-8"
    )
    lines = [f"{o},{x:.0f},{y:.0f}" for o, (x, y) in zip(owners, metres["branches"], strict=True)]
    (tmp_path / "branches.csv").write_text(
        "\n".join(["practice_code,easting,northing", *lines]) + "\n", encoding="utf-8"
    )
    hubs = Hubs(
        sites=tmp_path / "sites.csv",
        branches=tmp_path / "branches.csv",
        only_sites=seed % 3 == 0,
    )
    rules = Configuration(hubs=hubs, travel=Travel(way="straight"))
    table = practices_at(places)
    problem = prepare_region(table, rules).problem
    own = table.table[["easting", "northing"]].to_numpy()
    all_hubs = np.concatenate((own, metres["sites"].round()))
    for i, code in enumerate(problem.codes):
        mine = np.vstack([own[i], metres["branches"].round()[owners == code]])
        away = np.hypot(*(mine[:, None, :] - all_hubs).transpose(2, 0, 1)).min(axis=0)
        allowed = problem.cost[i] < FORBIDDEN
        expected = np.rint(problem.weights[i] * away).astype(np.int64)
        assert problem.cost[i][allowed].tolist() == expected[allowed].tolist()
    found, best = solved(problem), oracle.lexicographic_best(problem)
    if oracle.best_cost(problem) is not None:
        assert (found.status, found.cost) == ("optimal", oracle.best_cost(problem))
    elif best is None:
        assert found.status == "infeasible"
    else:
        assert (found.short, found.above, found.cost) == (best.short, best.above, best.cost)


def test_travel_between_practices_is_as_it_was_without_either() -> None:
    table = practices_at(ROAD).table
    plain = prepared(Hubs()).travel
    assert plain.to_hubs is plain.values
    assert np.array_equal(plain.values, straight_line(table).values)
