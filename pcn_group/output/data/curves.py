"""Trade-off curves as files and as plain values: rows in a fixed order, figures rounded."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.files import Kind, refuse_foreign, what_is_at, write_all
from pcn_group.output.data.columns import (
    CURVE_AGAINST_BAND,
    CURVE_AGAINST_MOVES,
    EXCEPTIONS,
    in_unit,
)
from pcn_group.output.data.stored import Kinds, column_ending, optional, read_back, refuse_damaged
from pcn_group.output.data.tables import groupings_csv, rows_csv
from pcn_group.studies.tradeoff.band import BandCurve, BandPoint, ExceptionalNetwork
from pcn_group.studies.tradeoff.moves import MovesCurve, MovesPoint

__all__ = [
    "CURVE_FILES",
    "CURVE_PAGE",
    "curve_files",
    "curve_json",
    "is_curve",
    "read_curve",
    "refuse_foreign_curve",
    "write_curve",
]

CURVE_FILES = ("plan-1.csv", "exceptions.csv", "curve.csv")
"""The files of a curve, in the order they are written; there is one like the first per plan."""

CURVE_PAGE = "curve.html"
"""What may be beside them: it shows the curve, and goes when that does"""

_PLAN = re.compile(r"plan-\d+\.csv")

_HEAD = b"plan,price_"

_AGAIN = "Have tradeoff write the curve again."

Row = dict[str, Any]


def curve_files(curve: BandCurve | MovesCurve) -> dict[str, str]:
    """Return the text of every file, the curve itself last."""
    region = curve.region
    points: Sequence[BandPoint | MovesPoint] = curve.points
    texts = {
        f"plan-{number}.csv": groupings_csv(point.networks, region.practices.table, region.travel)
        for number, point in enumerate(points, start=1)
    }
    if isinstance(curve, BandCurve):
        texts["exceptions.csv"] = rows_csv(
            in_unit(EXCEPTIONS, region.travel.unit), _exceptions(curve)
        )
    against = CURVE_AGAINST_BAND if isinstance(curve, BandCurve) else CURVE_AGAINST_MOVES
    columns = in_unit(against, region.travel.unit)
    return {**texts, "curve.csv": rows_csv(columns, _points(curve))}


def curve_json(curve: BandCurve | MovesCurve) -> Row:
    """Return a curve, and its exceptions if it has any, as plain values."""
    unit, points = curve.region.travel.unit, _points(curve)
    if isinstance(curve, MovesCurve):
        bound = {"patients_moved_bound": curve.fewest}
        return {"against": "moves", "unit": unit, **bound, "plans": points}
    return {
        "against": "band",
        "unit": unit,
        "floor": curve.smallest,
        "ceiling": curve.largest,
        "fewest_outside_proven": curve.fewest_proven,
        "patients_per_km2": _rounded(curve.density, 1),
        "plans": points,
        "exceptions": _exceptions(curve),
    }


def refuse_foreign_curve(folder: Path, *, overwrite: bool) -> None:
    """Stop before any work is done where the folder holds anything but an earlier curve.

    Raises
    ------
    InputError
        As `refuse_foreign`: unless `overwrite`, if it holds other files, or files of these names
        without a `curve.csv` that begins as ours does.
    """
    own = {*CURVE_FILES, CURVE_PAGE}
    kind = Kind(
        "holds something that is not a curve",
        lambda name: name in own or _PLAN.fullmatch(name) is not None,
        is_curve,
    )
    refuse_foreign(folder, kind, overwrite=overwrite)


def write_curve(folder: Path, texts: Mapping[str, str]) -> None:
    """Write the files in the order given, each whole or not at all, the curve itself last.

    The old curve goes first, and its page and plans with it, so that a folder that has a curve
    always holds one whole one.
    """
    old = [folder / name for name in ("curve.csv", CURVE_PAGE, "exceptions.csv")]
    old += [path for path in sorted(folder.glob("plan-*.csv")) if _PLAN.fullmatch(path.name)]
    write_all({folder / name: text for name, text in texts.items()}, old=old)


def is_curve(folder: Path) -> bool:
    """Whether a folder has a curve of ours."""
    try:
        with (folder / "curve.csv").open("rb") as file:
            return file.read(len(_HEAD)) == _HEAD
    except OSError:
        return False


def read_curve(folder: Path) -> dict[str, str]:
    """Return the text of `curve.csv`, and of `exceptions.csv` where there is one.

    Raises
    ------
    InputError
        If one cannot be read or is damaged, or names files that are no plans of a curve.
    """
    names = [name for name in ("curve.csv", "exceptions.csv") if what_is_at(folder / name)]
    texts = {name: read_back(folder / name, _AGAIN) for name in names}
    unit = column_ending(texts["curve.csv"], "price_")
    for name, text in texts.items():
        kinds = _curve_kinds(text, unit) if name == "curve.csv" else _exception_kinds(unit)
        refuse_damaged(folder / name, text, kinds, _AGAIN)
    plans = [row["plan"] for row in csv.DictReader(io.StringIO(texts["curve.csv"]))]
    foreign = [plan for plan in plans if _PLAN.fullmatch(plan) is None]
    if foreign or not plans:
        problem = "names no plan" if not plans else "names a plan that no curve has"
        fault = Fault(
            str(folder / "curve.csv"), problem, _AGAIN, value=foreign[0] if foreign else None
        )
        raise InputError([fault])
    return texts


def _curve_kinds(text: str, unit: str) -> Kinds:
    """Say what the columns of `curve.csv` hold, so far as its page needs them."""
    moves = ("patients_moved", "practices_moved")
    sides = ("patients_short", "patients_above", "exceptions")
    counts = moves if moves[0] in text.partition("\n")[0] else sides
    figures = (f"cost_patient_{unit}", f"mean_{unit}", f"max_{unit}", "gap")
    return {
        "plan": str,
        f"price_{unit}": optional,
        **dict.fromkeys((*counts, "networks"), int),
        **dict.fromkeys(figures, float),
        "status": str,
    }


def _exception_kinds(unit: str) -> Kinds:
    """Say what the columns of `exceptions.csv` hold, so far as the page needs them."""
    return {
        **dict.fromkeys(("plan", "network_id", "network_name", "status"), str),
        **dict.fromkeys(("patients", "patients_short", "patients_above"), int),
        **dict.fromkeys(("patients_per_km2", f"worth_patient_{unit}"), optional),
    }


def _points(curve: BandCurve | MovesCurve) -> list[Row]:
    unit = curve.region.travel.unit
    points: Sequence[BandPoint | MovesPoint] = curve.points
    return [
        {
            "plan": f"plan-{number}.csv",
            f"price_{unit}": _rounded(point.price, 3),
            **_amounts(point),
            f"cost_patient_{unit}": round(point.cost, 3),
            f"mean_{unit}": round(point.mean_travel, 3),
            f"max_{unit}": round(point.max_travel, 3),
            "networks": len(point.networks),
            "status": point.status,
            "gap": round(point.gap, 6),
        }
        for number, point in enumerate(points, start=1)
    ]


def _amounts(point: BandPoint | MovesPoint) -> Row:
    """Say how much there is of what the curve is against."""
    if isinstance(point, MovesPoint):
        return {"patients_moved": point.patients_moved, "practices_moved": point.practices_moved}
    return {
        "patients_short": point.short,
        "patients_above": point.above,
        "exceptions": len(point.exceptions),
    }


def _exceptions(curve: BandCurve) -> list[Row]:
    columns = _exception_columns(curve)
    return [
        {"plan": f"plan-{number}.csv"} | {name: value(found) for name, value in columns.items()}
        for number, point in enumerate(curve.points, start=1)
        for found in point.exceptions
    ]


def _exception_columns(curve: BandCurve) -> dict[str, Callable[[ExceptionalNetwork], object]]:
    """Say what is told of an exception: each column with how to get its value."""
    codes, unit = curve.region.problem.codes, curve.region.travel.unit
    return {
        "network_id": lambda found: found.network.network_id,
        "network_name": lambda found: found.network.name,
        "hub_practice_code": lambda found: codes[found.network.hub],
        "practices": lambda found: found.network.practices,
        "patients": lambda found: found.network.patients,
        "patients_short": lambda found: found.short,
        "patients_above": lambda found: found.above,
        "patients_per_km2": lambda found: _rounded(found.density, 1),
        f"mean_{unit}": lambda found: round(found.network.mean_travel, 3),
        f"max_{unit}": lambda found: round(found.network.max_travel, 3),
        f"worth_patient_{unit}": lambda found: _rounded(found.worth, 3),
        f"cost_without_patient_{unit}": lambda found: _rounded(found.cost_without, 3),
        "patients_outside_without": lambda found: found.outside_without,
        "status": lambda found: found.status,
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
