"""The regions of the benchmark, and the plain file in which every program is given them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from pcn_group.config.model import Configuration
from pcn_group.plan.reading import located_networks, networks_by_code
from pcn_group.practices import read_practices
from pcn_group.practices.sample_region import make_sample
from pcn_group.practices.table import practices_csv
from pcn_group.region.problem import Problem
from pcn_group.region.region import prepare_region

__all__ = [
    "OFFICIAL",
    "OFFICIAL_FILES",
    "ROOT",
    "Instance",
    "Spec",
    "build_instance",
    "generated",
    "official",
    "write_region",
]

ROOT = Path(__file__).resolve().parents[1]
OFFICIAL = ROOT.parent / "shared" / "data" / "england-2021"
"""Where the official extract of January 2021 is looked for."""

OFFICIAL_FILES = ("gp-reg-pat-prac-all.csv", "gp-reg-pat-prac-map.csv")


@dataclass(frozen=True)
class Spec:
    """A region to make or to read.

    Attributes
    ----------
    name
        What the tables call it.
    table
        Makes its practice table.
    limit
        Seconds each program has for it.
    real
        Whether the networks it carries are those of today, and not invented.
    """

    name: str
    table: Callable[[], pd.DataFrame]
    limit: float
    real: bool = False


@dataclass(frozen=True)
class Instance:
    """A region laid out in a folder: `practices.csv` for pcn-group, `region.json` for its peers.

    Attributes
    ----------
    shared
        The practices that peers are given, by their number in the problem: all but those larger
        than a network may be, which stand alone whatever the plan.
    current
        The networks of today; None where they are invented.
    """

    spec: Spec
    folder: Path
    problem: Problem
    shared: tuple[int, ...]
    current: tuple[tuple[int, ...], ...] | None


def generated(practices: int, seed: int, limit: float) -> Spec:
    """Specify an invented region."""
    name = f"generated, {practices} practices, seed {seed}"
    return Spec(name, partial(make_sample, practices, seed), limit)


def official(region: str, name: str, limit: float) -> Spec:
    """Specify a region of the official extract."""

    def table() -> pd.DataFrame:
        return read_practices([OFFICIAL / file for file in OFFICIAL_FILES], region).table

    return Spec(f"{name} ({region})", table, limit, real=True)


def build_instance(spec: Spec, folder: Path) -> Instance:
    """Write a region's files, and read it back as pcn-group does."""
    folder.mkdir(parents=True, exist_ok=True)
    practices = folder / "practices.csv"
    practices.write_text(practices_csv(spec.table()), encoding="utf-8")
    region = prepare_region(read_practices([practices]), Configuration())
    problem, table = region.problem, region.units
    shared = write_region(problem, table[["easting", "northing"]].to_numpy(), folder)
    current = None
    if spec.real:
        named = networks_by_code(table["practice_code"], table["current_network"])
        members, _ = located_networks(named, {code: code for code in problem.codes})
        current = tuple(map(tuple, members))
    return Instance(spec, folder, problem, shared, current)


def write_region(problem: Problem, places: np.ndarray, folder: Path) -> tuple[int, ...]:
    """Write what peers are given, in plain numbers; say which practices those are."""
    shared = tuple(sorted(set(range(len(problem.codes))) - set(problem.oversize)))
    number = {practice: k for k, practice in enumerate(shared)}
    region = {
        "weights": problem.weights[list(shared)].tolist(),
        "cost": problem.cost[np.ix_(shared, shared)].tolist(),
        "neighbours": [[number[j] for j in problem.neighbours[i] if j in number] for i in shared],
        "band": [problem.size.band_min, problem.size.band_max],
        "places": places[list(shared)].tolist(),
    }
    (folder / "region.json").write_text(json.dumps(region), encoding="utf-8")
    return shared
