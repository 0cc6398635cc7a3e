"""Regions to make drafts in, and drafts made at random."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path

import numpy as np

from pcn_group.config.model import Configuration
from pcn_group.practices import read_practices
from pcn_group.region.region import Region, prepare_region
from tests.output.report.opened import rows
from tests.paths import ROOT

SAMPLE = ROOT / "data" / "sample"
Draft = dict[str, list[int]]

ATTACHED = (26, 58)
"""Of the numbers of practices of the sample: those that may be no hubs where they are attached"""

HUBS = [f"XX{number:05}" for number in range(1, 61) if number % 3 and number not in ATTACHED]

RULES = {
    "data": {"atypical": "attach", "atypical_below": 3000},
    "adjacency": {"land": str(SAMPLE / "land.geojson")},
    "band": {
        "min": 30_000,
        "max": 50_000,
        "below": {"price": 1, "floor": 25_000},
        "above": "avoid",
    },
    "limits": {
        "max_practices": 5,
        "networks": "11..14",
        "authorities": 1,
        "max_moved_patients": 100_000,
    },
    "travel": {"max_to_hub": 8},
    "prices": {
        "change": 0.5,
        "authority": 0.25,
        "balance": {"target": 36_000, "price": 0.125},
    },
    "rules": {
        "together": [["XX00041", "XX00042"], ["XX00011", "XX00014", "XX00002"]],
        "apart": [["XX00009", "XX00016", "XX00018"]],
        "fixed": [["XX00036", "XX00037"], ["XX00005"]],
        "hubs": [
            f"XX{number:05}" for number in range(1, 61) if number % 3 and number not in ATTACHED
        ],
        "prefer": [{"practices": ["XX00001", "XX00006"], "price": 2}],
        "free": ["XX00007"],
    },
}
"""One of each, on the sample"""

EXCEPTIONS = {
    "band": {
        "min": 9_000,
        "max": 15_000,
        "below": "avoid",
        "above": {"price": 2, "ceiling": 16_000},
    },
    "limits": {"max_moved_practices": 9},
}
"""So narrow that practices stand alone, and others have to be exceptions"""


def region(rules: dict[str, object], *files: Path) -> Region:
    configuration = Configuration.model_validate(rules)
    return prepare_region(
        read_practices(files or (SAMPLE / "practices.csv",), rules=configuration), configuration
    )


def largest(*files: Path) -> Region:
    """South East London, with 209 practices the largest region of the official lists of 2021."""
    rules = Configuration()
    return prepare_region(read_practices(files, ("72Q",), rules=rules), rules)


def by_car(folder: Path) -> Region:
    """The sample by a matrix in minutes that is not the same both ways, some hubs out of reach."""
    rng = np.random.default_rng(7)
    codes = [row["practice_code"] for row in rows(SAMPLE / "practices.csv")]
    minutes = rng.integers(10, 400, (len(codes), len(codes))) / 8
    pairs = [
        [start, end, "" if rng.random() < 0.05 else minutes[i, j]]
        for i, start in enumerate(codes)
        for j, end in enumerate(codes)
        if i != j
    ]
    matrix = written(folder / "minutes.csv", ["from", "to", "value"], pairs)
    return region({"travel": {"matrix": matrix, "unit": "minutes"}})


def with_sites(folder: Path, *, only: bool) -> Region:
    """The sample with sites that may be hubs, half of them small, and with branch surgeries."""
    rng = np.random.default_rng(5)
    own = [
        (row["practice_code"], float(row["easting"]), float(row["northing"]))
        for row in rows(SAMPLE / "practices.csv")
    ]
    moved = [(code, x + rng.integers(-900, 900), y + rng.integers(-900, 900)) for code, x, y in own]
    sites = [
        [f"S{k:02}", f"Health centre {k}", x, y, 35_000 if k % 2 else ""]
        for k, (_, x, y) in enumerate(moved[::2])
    ]
    heading = ["site_code", "site_name", "easting", "northing", "capacity"]
    places = {
        "sites": written(folder / "sites.csv", heading, sites),
        "branches": written(
            folder / "branches.csv", ["practice_code", "easting", "northing"], moved[1::5]
        ),
    }
    farthest = 14 if only else 8
    return region({"hubs": {**places, "only_sites": only}, "travel": {"max_to_hub": farthest}})


def in_quarters(folder: Path) -> Region:
    """The sample with four neighbourhoods, the quarters of the map, and all rules on them."""
    areas = [
        (row["lsoa_code"], float(row["easting"]), float(row["northing"]))
        for row in rows(SAMPLE / "lsoa-centroids.csv")
    ]
    east, north = (sorted(area[k] for area in areas)[len(areas) // 2] for k in (1, 2))
    quarters = [(code, f"{'NS'[y < north]}{'EW'[x < east]}") for code, x, y in areas]
    heading = ["LSOA21CD", "neighbourhood_code", "neighbourhood_name"]
    places = [[code, quarter, f"{quarter} quarter"] for code, quarter in quarters]
    lists = ("practices.csv", "gp-reg-pat-prac-lsoa-all.csv", "lsoa-centroids.csv")
    return region(
        {
            "neighbourhoods": {
                "map": written(folder / "quarters.csv", heading, places),
                "networks": "one",
            },
            "limits": {"min_aligned": 0.6},
            "prices": {"neighbourhood": 0.5},
        },
        *(SAMPLE / name for name in lists),
    )


def written(path: Path, heading: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *lines])
    return str(path)


PROFILE = {
    "figures": [
        {"name": "elderly", "adds": "sum"},
        {"name": "need", "adds": "mean"},
        {"name": "smokers", "adds": "share"},
    ],
    "bands": [
        {
            "figure": "elderly",
            "min": 3000.5,
            "max": 4000,
            "above": {"price": 0.5, "ceiling": 4500},
        },
        {"figure": "need", "min": 20, "max": 27.3, "below": {"price": 0.01, "floor": 15}},
        {"figure": "smokers", "max": 0.2, "above": "avoid"},
    ],
}


def with_figures(folder: Path) -> Region:
    """The sample with bands on three figures, of which one is not known for all."""
    rng = np.random.default_rng(3)
    practices = rows(SAMPLE / "practices.csv")
    lines = [
        [
            *row.values(),
            round(int(row["list_size"]) * float(rng.uniform(0.05, 0.15))),
            "" if rng.random() < 0.1 else f"{rng.uniform(10, 35):.2f}",
            round(int(row["list_size"]) * float(rng.uniform(0.1, 0.3))),
        ]
        for row in practices
    ]
    heading = [*practices[0], "elderly", "need", "smokers"]
    file = written(folder / "practices.csv", heading, lines)
    return region({"profile": PROFILE, "rules": {"fixed": [["XX00005"]]}}, Path(file))


def square(folder: Path, **rules: object) -> Region:
    """Four practices alike at the corners of a square: whatever can be equal is.

    Two of them are at the minimum, and three at the maximum. A third of the patients of each live
    in either neighbourhood and in none; the authority of one is not known.
    """
    codes = ["A", "B", "C", "D"]
    places = [(0, 0), (2000, 0), (0, 2000), (2000, 2000)]
    practices = [
        [code, f"{code} Surgery", 750, 500_000 + x, 220_000 + y, "R", authority, "T", "2021-01-01"]
        for code, (x, y), authority in zip(codes, places, ["E1", "E1", "E2", ""], strict=True)
    ]
    living = [
        ["GP_PRAC_PAT_LIST", "01JAN2021", code, code, area, "ALL", 250]
        for code in codes
        for area in ("E01000001", "E01000002")
    ]
    headings = {
        "practices.csv": "practice_code,practice_name,list_size,easting,northing,region_code,"
        "local_authority,current_network,list_date",
        "gp-reg-pat-prac-lsoa-all.csv": "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,"
        "LSOA_CODE,SEX,NUMBER_OF_PATIENTS",
        "lsoa-centroids.csv": "lsoa_code,easting,northing",
        "map.csv": "LSOA21CD,neighbourhood_code,neighbourhood_name",
    }
    lines: list[list[list[object]]] = [
        practices,
        living,
        [["E01000001", 500_000, 221_000], ["E01000002", 502_000, 221_000]],
        [["E01000001", "N1", "West"], ["E01000002", "N2", "East"]],
    ]
    files = [
        Path(written(folder / name, heading.split(","), some))
        for (name, heading), some in zip(headings.items(), lines, strict=True)
    ]
    usual = {
        "band": {"min": 1500, "max": 2250},
        "travel": {"way": "straight"},
        "adjacency": {"detour": None},
        "limits": {"authorities": 1, "networks": 2},
        "neighbourhoods": {"map": str(files[3]), "networks": "one"},
    }
    return region(usual | rules, *files[:3])


def every(region: Region, labels: Sequence[str]) -> Iterator[Draft]:
    """Every way to put the practices of a small region into networks, or into none."""
    for chosen in product([*labels, ""], repeat=len(region.units)):
        draft: Draft = {}
        for i, label in enumerate(chosen):
            if label:
                draft.setdefault(label, []).append(i)
        if draft:
            yield dict(sorted(draft.items()))


def of_today(region: Region) -> Draft:
    """The networks of today, and the practices that are in none in one of their own."""
    networks: Draft = {}
    for i, label in enumerate(region.units["current_network"]):
        networks.setdefault(label or "NEW0", []).append(i)
    return dict(sorted(networks.items()))


def edited(region: Region, count: int, seed: int) -> Iterator[Draft]:
    """Drafts, each some practices away from the one before; now and then from today again."""
    rng = random.Random(seed)  # noqa: S311 - for tests
    start = of_today(region)
    network_of = _networks(start)
    for number in range(count):
        if number % 50 == 0:
            network_of = _networks(start)
        labels = sorted({*network_of.values()} - {""})
        moved = {rng.randrange(len(region.units))}
        while rng.random() < 0.4:  # with neighbours, as one who draws a box would take
            moved |= {j for i in moved for j in region.problem.neighbours[i][:2]}
        target = rng.choice([*labels, *labels, "", f"NEW{rng.randrange(3)}"])
        for i in moved:
            network_of[i] = target
        draft: Draft = {}
        for i in sorted(network_of):
            if network_of[i]:
                draft.setdefault(network_of[i], []).append(i)
        yield dict(sorted(draft.items()))


def _networks(draft: Draft) -> dict[int, str]:
    return {i: label for label, members in draft.items() for i in members}
