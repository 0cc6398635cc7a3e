"""Alternatives as files: a table of the plans, a table of pairs, and a folder for each plan."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError
from pcn_group.base.files import Kind, refuse_foreign, refuse_links
from pcn_group.output.data.folder import (
    FILES,
    ON_REQUEST,
    PICTURES,
    refuse_foreign_folder,
    write_folders,
)
from pcn_group.output.data.plan_files import plan_files
from pcn_group.output.data.profile_tables import apart
from pcn_group.output.data.rows_of_several import (
    ALTERNATIVES,
    TOGETHERNESS,
    AlternativeRow,
    PairRow,
)
from pcn_group.output.data.summary import summary
from pcn_group.output.data.table import read_back
from pcn_group.studies.alternatives import Alternatives
from pcn_group.tables.sheets import safe_files

__all__ = [
    "ALTERNATIVES_FILES",
    "ALTERNATIVES_PAGE",
    "StoredAlternatives",
    "alternatives_json",
    "is_alternatives",
    "plan_rows",
    "read_alternatives",
    "refuse_foreign_alternatives",
    "write_alternatives",
]

_AGAIN = "Have alternatives write them again."

Row = dict[str, Any]

ALTERNATIVES_FILES = ("togetherness.csv", "alternatives.csv", "summary.json")
"""The files beside the folders of the plans, in the order they are written."""

ALTERNATIVES_PAGE = "alternatives.html"
"""What may be beside them: it shows them, and goes when they do"""

_SUMMARY = {
    "within": int | float,
    "plans_known": int,
    "plans_are_all": bool,
    "always_together": list,
    "pairs_not_settled": int,
}
"""What the page of alternatives needs of their summary"""

_FOLDER = re.compile(r"plan-\d{2,}")


def plan_rows(found: Alternatives) -> list[AlternativeRow]:
    """Return the figures of each plan, the name of its folder first."""
    to_unit = found.best.region.travel.to_unit
    return [
        AlternativeRow(
            plan=_name(number),
            cost=round(to_unit(plan.solution.cost), 3),
            over_best=round(found.over_best(plan.solution.cost), 6),
            mean=round(plan.mean_travel, 3),
            max=round(max(n.max_travel for n in plan.networks), 3),
            networks=len(plan.networks),
            share_in_band=round(plan.share_in_band, 4),
            patients_moved=moves.patients,
            practices_moved=moves.practices,
            **apart(plan.region, [network.members for network in plan.networks]),
        )
        for number, (plan, moves) in enumerate(zip(found.plans, found.moves, strict=True), start=1)
    ]


def alternatives_json(found: Alternatives) -> Row:
    """Describe what was found as plain values: what `summary.json` holds and `--json` prints."""
    verdicts = [pair.verdict for pair in found.pairs]
    about, unit = summary(found.best), found.best.region.travel.unit
    return {
        "within_asked": float(found.asked),
        "within": float(found.within),
        "plans_known": found.known,
        "plans_are_all": found.are_all,
        f"plans_are_all_to_patient_{unit}": round(
            found.best.region.travel.to_unit(found.all_to), 3
        ),
        "plans": [ALTERNATIVES.plain(row, unit) for row in plan_rows(found)],
        "always_together": found.cores,
        "pairs_open": verdicts.count("open"),
        "pairs_not_settled": sum(not pair.is_settled for pair in found.pairs),
        **{key: about[key] for key in ("configuration", "inputs", "notes", "versions")},
    }


def refuse_foreign_alternatives(folder: Path, *, overwrite: bool) -> None:
    """Stop before any work is done where the folder holds something that is not of this command.

    Raises
    ------
    InputError
        As `refuse_foreign`: unless `overwrite`, if it holds anything else than plans with the names
        that this command gives, and its own files with its own summary.
    """
    own = {*ALTERNATIVES_FILES, ALTERNATIVES_PAGE}
    kind = Kind(
        "holds something that this command did not write",
        own.__contains__,
        lambda folder: bool(_earlier_plans(folder)),
        lambda name: _FOLDER.fullmatch(name) is not None,
    )
    refuse_foreign(folder, kind, overwrite=overwrite)
    faults: list[Fault] = []
    for plan in sorted(folder.glob("plan-*")):
        if kind.is_folder(plan.name):
            try:
                refuse_links([plan])
                refuse_foreign_folder(plan, overwrite=overwrite)
            except InputError as error:
                faults += error.faults
    if faults:
        raise InputError(faults)


def write_alternatives(folder: Path, found: Alternatives) -> None:
    """Write all files, each whole or not at all, the summary last; plans of an earlier run go.

    The old summary goes first, so that a folder with a summary always holds what it says.
    """
    plans = {
        folder / _name(number): plan_files(plan) for number, plan in enumerate(found.plans, start=1)
    }
    gone = [folder / name for name in _earlier_plans(folder) if folder / name not in plans]
    old = [folder / name for name in ("summary.json", ALTERNATIVES_PAGE)]
    old += [plan / name for plan in gone for name in (*FILES, *ON_REQUEST, *PICTURES)]
    unit = found.best.region.travel.unit
    texts = {
        "togetherness.csv": TOGETHERNESS.csv(_pair_rows(found), unit),
        "alternatives.csv": ALTERNATIVES.csv(plan_rows(found), unit),
        "summary.json": json.dumps(alternatives_json(found), indent=2, ensure_ascii=False) + "\n",
    }
    texts = safe_files(texts, excel_safe=found.best.region.configuration.output.excel_safe)
    write_folders(plans, {folder / name: texts[name] for name in ALTERNATIVES_FILES}, old)
    for plan in gone:
        with contextlib.suppress(OSError):  # not there, or holds something of the user's
            plan.rmdir()


def is_alternatives(folder: Path) -> bool:
    """Whether a folder holds alternatives of ours."""
    return bool(_earlier_plans(folder)) and (folder / "togetherness.csv").is_file()


@dataclass(frozen=True)
class StoredAlternatives:
    """Alternatives as they were written.

    Attributes
    ----------
    rows, pairs
        The rows of `alternatives.csv` and `togetherness.csv`.
    summary
        What `summary.json` holds.
    """

    rows: tuple[AlternativeRow, ...]
    pairs: tuple[PairRow, ...]
    summary: Mapping[str, Any]


def read_alternatives(folder: Path) -> StoredAlternatives:
    """Return alternatives that were written.

    Raises
    ------
    InputError
        If a file of them cannot be read, or does not hold what it must.
    """
    texts = {name: read_back(folder / name, _AGAIN) for name in ALTERNATIVES_FILES}
    summary = _summary(folder / "summary.json", texts["summary.json"])
    path, beside = folder / "alternatives.csv", folder / "togetherness.csv"
    rows = ALTERNATIVES.read(path, texts[path.name], _AGAIN)
    pairs = TOGETHERNESS.read(beside, texts[beside.name], _AGAIN)
    foreign = [row.plan for row in rows if _FOLDER.fullmatch(row.plan) is None]
    if foreign or not rows:
        problem = "names a plan that no alternatives have" if foreign else "names no plan"
        value = foreign[0] if foreign else None
        raise InputError([Fault(str(path), problem, _AGAIN, value=value)])
    return StoredAlternatives(rows, pairs, summary)


def _summary(path: Path, text: str) -> Row:
    """Read the summary of alternatives, so far as their page needs it."""
    try:
        summary = json.loads(text)
    except (ValueError, RecursionError) as error:
        fault = Fault(str(path), f"is not readable JSON: {error}", _AGAIN)
        raise InputError([fault]) from error
    if not isinstance(summary, dict):
        raise InputError([Fault(str(path), "is not a summary", _AGAIN)])
    faults = [
        Fault(str(path), f"is damaged: {key}", _AGAIN)
        for key, kind in _SUMMARY.items()
        if not isinstance(summary.get(key), kind)
    ]
    if faults:
        raise InputError(faults)
    return summary


def _name(number: int) -> str:
    """Return the name of the folder of a plan, counted from 1."""
    return f"plan-{number:02d}"


def _earlier_plans(folder: Path) -> list[str]:
    """Return the folders of plans that an earlier run wrote here; none without such a run."""
    try:
        earlier = json.loads(limits.read_whole(folder / "summary.json", limits.PLAIN))
        names = [plan["plan"] for plan in earlier["plans"]]
    except (OSError, ValueError, LookupError, TypeError, RecursionError, InputError):
        return []
    return [name for name in names if isinstance(name, str) and _FOLDER.fullmatch(name)]


def _pair_rows(found: Alternatives) -> list[PairRow]:
    """Return what there is to say about each pair; no cost where there is no plan."""
    best = found.best.solution.cost

    def amount(cost: int | None) -> Decimal | None:
        return None if cost is None else Decimal(f"{found.best.region.travel.to_unit(cost):.3f}")

    table = found.best.region.table
    names = dict(zip(table["practice_code"], table["practice_name"], strict=True))
    return [
        PairRow(
            practice_code=pair.first,
            other_practice_code=pair.second,
            in_best="together" if pair.in_best else "apart",
            verdict=pair.verdict,
            cost_together=amount(pair.together),
            cost_apart=amount(pair.apart),
            price=amount(None if pair.otherwise is None else pair.otherwise - best),
            settled=pair.is_settled,
            practice_name=names[pair.first],
            other_practice_name=names[pair.second],
        )
        for pair in found.pairs
    ]
