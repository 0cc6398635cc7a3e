"""Plans made by hand, opened as the commands do, and every way to group things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from pcn_group.plan.case import Case, open_case
from pcn_group.plan.inputs import PlanInputs
from pcn_group.practices.table import OPTIONAL_COLUMNS
from tests.solver.regions import sample


def sample_case(folder: Path, practices: int, seed: int, networks: int, *rules: str) -> Case:
    """A synthetic region, its practices dealt to networks from west to east."""
    table = sample(practices, seed).table
    order = table["easting"].rank(method="first").astype(int) - 1
    numbers = order * networks // practices
    return case_of(folder, table, table["practice_code"], [f"net{k}" for k in numbers], *rules)


def contiguous_case(folder: Path, practices: int, seed: int, networks: int) -> Case:
    """A synthetic region whose networks each grew from one practice over its neighbours."""
    plain = sample_case(folder, practices, seed, networks)
    beside = neighbours(plain)
    label_of = {code: f"net{k}" for k, code in enumerate(list(beside)[:networks])}
    for code in (reached := list(label_of)):
        new = sorted(beside[code] - label_of.keys())
        label_of |= dict.fromkeys(new, label_of[code])
        reached += new
    return case_of(folder, plain.region.table, list(label_of), list(label_of.values()))


def case_of(
    folder: Path, table: pd.DataFrame, codes: Sequence[str], labels: Sequence[str], *rules: str
) -> Case:
    """Practices of a region in networks of these names."""
    practices, plan = folder / "practices.csv", folder / "plan.csv"
    table.drop(columns=list(OPTIONAL_COLUMNS)).to_csv(practices, index=False)
    rows = [f"{code},{label},Network {label}" for code, label in zip(codes, labels, strict=True)]
    plan.write_text("\n".join(["practice_code,network_id,network_name", *rows, ""]), "utf-8")
    return open_case(
        str(plan), PlanInputs(files=(practices,), overrides=("search.workers=1", *rules))
    )


def networks(case: Case) -> dict[str, tuple[str, ...]]:
    """The practice codes of each network."""
    codes = case.region.problem.codes
    return {label: tuple(codes[i] for i in members) for label, members in case.listed.items()}


def patients(case: Case) -> dict[str, int]:
    """Of each network."""
    return {
        label: int(case.region.problem.weights[list(members)].sum())
        for label, members in case.listed.items()
    }


def partitions(items: Sequence[str]) -> list[list[tuple[str, ...]]]:
    """Every way to put things into groups."""
    if not items:
        return [[]]
    first, rest = items[0], partitions(items[1:])
    return [[(first,), *groups] for groups in rest] + [
        [*groups[:k], (first, *groups[k]), *groups[k + 1 :]]
        for groups in rest
        for k in range(len(groups))
    ]


def is_contiguous(members: Sequence[str], beside: Mapping[str, set[str]]) -> bool:
    """Whether one gets from any to any other by neighbours among them."""
    reached, frontier = set[str](), {members[0]}
    while frontier:
        reached |= frontier
        frontier = {b for a in frontier for b in beside[a] if b in members} - reached
    return reached == set(members)


def neighbours(case: Case) -> dict[str, set[str]]:
    """The codes of each practice's neighbours."""
    codes = case.region.problem.codes
    return {
        codes[i]: {codes[j] for j in beside}
        for i, beside in enumerate(case.region.problem.neighbours)
    }


def metres(case: Case, start: str, end: str) -> int:
    """What the patients of a practice travel to another, in all."""
    codes = case.region.problem.codes
    return int(case.region.problem.cost[codes.index(start), codes.index(end)])
