"""What is fuzzed: every file that is read, what it is before it is mutated, and who reads it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from tests.paths import ROOT
from tests.tables import exploding
from tests.tables.workbook_inputs import workbook

CASES = ROOT / "tests" / "cases" / "inputs"
FIXTURES = ROOT / "tests" / "practices" / "fixtures"


@dataclass(frozen=True)
class Reader:
    """A file that is mutated, what it is at first, and a quick command that reads it.

    Attributes
    ----------
    file
        Its name in a folder where the plan and the practices of `PLAN` are as well.
    start
        Its bytes, or what makes them.
    command
        With `{}` for the name.
    """

    file: str
    start: bytes | Callable[[], bytes]
    command: str


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def case(name: str) -> bytes:
    return (CASES / name).read_bytes()


def rows(name: str) -> list[list[str]]:
    return [line.split(",") for line in fixture(name).decode().splitlines()]


def outline(driver: str) -> bytes:
    import geopandas as gpd  # noqa: PLC0415 - slow, and not needed to list the readers
    import shapely  # noqa: PLC0415

    square = shapely.box(390_000, 290_000, 410_000, 310_000)
    file = io.BytesIO()
    gpd.GeoDataFrame({"name": ["land"]}, geometry=[square], crs=27700).to_file(file, driver=driver)
    return file.getvalue()


PLAN = {name: case(f"forged/{name}") for name in ("practices.csv", "edges.csv")} | {
    f"plan/{name}": case(f"forged/plan/{name}")
    for name in (
        "groupings.csv",
        "networks.csv",
        "adjacency.csv",
        "certificate.json",
        "summary.json",
    )
}
"""A small plan and its practices, as files in a folder."""

CONFIGURATION = b"""\
band: {min: 30_000, max: 50_000, below: avoid, above: {price: 0.5, ceiling: 60000}}
travel: {max_to_hub: 20}
prices: {change: 0.1}
rules:
  together: &pairs
    - [A00001, A00002]
  apart: [[A00001, A00005]]
  prefer: [{practices: [A00003, A00004], price: 1}]
search: {time_limit: 8, seed: 1}
"""

TARIFF = (ROOT / "pcn_group" / "funding" / "tariffs" / "2019-20.yaml").read_bytes()
MATRIX = "from,to,value\n" + "".join(
    f"A0000{a},A0000{b},{1000 * abs(a - b)}\n" for a in range(1, 6) for b in range(1, 6) if a != b
)
RULES = b"rule,group,practice_code,price\ntogether,1,A00001,\ntogether,1,A00002,\nhub,,A00003,\n"

MAP = b"LSOA11CD,neighbourhood_code\nE01099901,N1\nE01099902,N2\nE01099903,N2\n"

PREPARE = "prepare {} --out read.csv --overwrite"
CHECK = "check plan"
JUDGE = "check plan/groupings.csv --practices practices.csv --set "


@cache
def readers() -> tuple[Reader, ...]:
    """Every reader; one more is one more line."""
    return (
        Reader("own.csv", fixture("practices.csv"), PREPARE),
        Reader("list.csv", fixture("list-2021-ccg.csv"), PREPARE),
        Reader("ages.csv", fixture("ages-2021.csv"), PREPARE),
        Reader("register.csv", fixture("epraccur.csv"), PREPARE + " practices.csv"),
        Reader("partners.csv", fixture("epcncorepartnerdetails.csv"), PREPARE + " practices.csv"),
        Reader("map.csv", fixture("map-2020-ccg.csv"), PREPARE + " practices.csv"),
        Reader("postcodes.csv", fixture("postcodes.csv"), PREPARE + " practices.csv"),
        Reader("areas.csv", fixture("areas-2021.csv"), PREPARE + " practices.csv"),
        Reader("centroids.csv", fixture("centroids-grid.csv"), PREPARE + " practices.csv"),
        Reader("list.xlsx", workbook({"List": rows("practices.csv")}), PREPARE),
        Reader("list.ods", exploding.ods(exploding.ods_row(("x", 2), ("", 3), ("y", 1))), PREPARE),
        Reader("list.xls", exploding.xls(exploding.xls_number(1, 1) * 9), PREPARE),
        Reader("list.xlsb", exploding.xlsb(exploding.xlsb_text(3, 1, "a")), PREPARE),
        Reader("all.zip", exploding.archive({"a.csv": fixture("practices.csv")}), PREPARE),
        Reader("config.yaml", CONFIGURATION, "check plan --practices practices.csv --config {}"),
        Reader("tariff.yaml", TARIFF, "budget plan --year 2019/20 --overwrite --tariff {}"),
        Reader("land.geojson", partial(outline, "GeoJSON"), JUDGE + "adjacency.outline={}"),
        Reader("land.gpkg", partial(outline, "GPKG"), JUDGE + "adjacency.outline={}"),
        Reader("map.geojson", partial(outline, "GeoJSON"), JUDGE + "neighbourhoods.map={}"),
        Reader("map.gpkg", partial(outline, "GPKG"), JUDGE + "neighbourhoods.map={}"),
        Reader("lsoas.csv", MAP, JUDGE + "neighbourhoods.map={}"),
        Reader("edges.csv", PLAN["edges.csv"], JUDGE + "adjacency.edges={}"),
        Reader("matrix.csv", MATRIX.encode(), JUDGE + "travel.matrix={}"),
        Reader("rules.csv", RULES, JUDGE + "rules.file={}"),
        Reader("plan.csv", PLAN["plan/groupings.csv"], "check {} --practices practices.csv"),
        *(Reader(name, PLAN[name], CHECK) for name in PLAN if name.startswith("plan/")),
        Reader("plan/summary.json", PLAN["plan/summary.json"], "budget plan --overwrite"),
        Reader("plan/groupings.csv", PLAN["plan/groupings.csv"], "compare plan plan --overwrite"),
    )


def folder_with_plan(folder: Path) -> None:
    """Write what every reader finds in its folder."""
    for name, data in PLAN.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    assert json.loads(PLAN["plan/summary.json"])
