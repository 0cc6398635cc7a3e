"""Trade-off curves as files and as plain values: rows in a fixed order, figures rounded."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.files import Kind, refuse_foreign, write_all
from pcn_group.base.paths import begins_with, what_is_at
from pcn_group.output.data.plan_files import grouping_rows, json_text
from pcn_group.output.data.rows import GROUPINGS
from pcn_group.output.data.rows_of_several import (
    CURVE_AGAINST_BAND,
    CURVE_AGAINST_FIGURE,
    CURVE_AGAINST_MOVES,
    CURVE_AGAINST_NEIGHBOURHOODS,
    EXCEPTIONS,
    AlignedPointRow,
    BandPointRow,
    ExceptionRow,
    MovesPointRow,
    SpreadPointRow,
)
from pcn_group.output.data.summary import credited, made_of
from pcn_group.output.data.table import Table, read_back
from pcn_group.studies.aligned_curve import AlignedCurve, AlignedPoint
from pcn_group.studies.spread_curve import SpreadCurve
from pcn_group.studies.tradeoff import BandCurve, BandPoint, CurvePoint, MovesCurve, MovesPoint

__all__ = [
    "CURVE_FILES",
    "CURVE_PAGE",
    "StoredCurve",
    "curve_files",
    "curve_json",
    "is_curve",
    "read_curve",
    "refuse_foreign_curve",
    "write_curve",
]

CURVE_FILES = ("plan-1.csv", "plan-1.json", "exceptions.csv", "curve.csv")
"""The files of a curve, in the order they are written; there are two like the first per plan: the
plan, and the rules that it is the best under."""

CURVE_PAGE = "curve.html"
"""What may be beside them: it shows the curve, and goes when that does"""

_PLAN = re.compile(r"plan-\d+\.csv")
_PLAN_FILE = re.compile(r"plan-\d+\.(csv|json)")

_HEADS = (b"plan,price_", b"plan,figure,")

_AGAIN = "Have tradeoff write the curve again."


def curve_files(curve: BandCurve | MovesCurve | AlignedCurve | SpreadCurve) -> dict[str, str]:
    """Return the text of every file, the curve itself last."""
    region, unit = curve.region, curve.region.travel.unit
    points: Sequence[CurvePoint] = curve.points
    texts = {
        f"plan-{number}.csv": GROUPINGS.csv(
            grouping_rows(point.networks, region.practices.table, region.travel), unit
        )
        for number, point in enumerate(points, start=1)
    }
    texts |= {
        f"plan-{number}.json": json_text(made_of(replace(region, configuration=point.rules)))
        for number, point in enumerate(points, start=1)
    }
    if isinstance(curve, MovesCurve):
        return {**texts, "curve.csv": CURVE_AGAINST_MOVES.csv(_moves_points(curve), unit)}
    if isinstance(curve, AlignedCurve):
        rows = _aligned_points(curve)
        return {**texts, "curve.csv": CURVE_AGAINST_NEIGHBOURHOODS.csv(rows, unit)}
    if isinstance(curve, SpreadCurve):
        return {**texts, "curve.csv": CURVE_AGAINST_FIGURE.csv(_spread_points(curve), unit)}
    return {
        **texts,
        "exceptions.csv": EXCEPTIONS.csv(_exceptions(curve), unit),
        "curve.csv": CURVE_AGAINST_BAND.csv(_band_points(curve), unit),
    }


def curve_json(curve: BandCurve | MovesCurve | AlignedCurve | SpreadCurve) -> dict[str, Any]:
    """Return a curve, and its exceptions if it has any, as plain values."""
    unit = curve.region.travel.unit
    if isinstance(curve, MovesCurve):
        return {
            "against": "moves",
            "unit": unit,
            "patients_moved_bound": curve.fewest,
            "plans": [CURVE_AGAINST_MOVES.plain(row, unit) for row in _moves_points(curve)],
            **credited(curve.region.configuration),
        }
    if isinstance(curve, AlignedCurve):
        rows = _aligned_points(curve)
        return {
            "against": "neighbourhoods",
            "unit": unit,
            "misaligned_bound": curve.fewest,
            "plans": [CURVE_AGAINST_NEIGHBOURHOODS.plain(row, unit) for row in rows],
            **credited(curve.region.configuration),
        }
    if isinstance(curve, SpreadCurve):
        return {
            "against": curve.figure.name,
            "unit": unit,
            "region": curve.value,
            "no_plan_within": curve.within,
            "plans": [CURVE_AGAINST_FIGURE.plain(row, unit) for row in _spread_points(curve)],
            **credited(curve.region.configuration),
        }
    return {
        "against": "band",
        "unit": unit,
        "floor": curve.smallest,
        "ceiling": curve.largest,
        "fewest_outside_proven": curve.fewest_proven,
        "patients_per_km2": _rounded(curve.density, 1),
        "plans": [CURVE_AGAINST_BAND.plain(row, unit) for row in _band_points(curve)],
        "exceptions": [EXCEPTIONS.plain(row, unit) for row in _exceptions(curve)],
        **credited(curve.region.configuration),
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
        lambda name: name in own or _PLAN_FILE.fullmatch(name) is not None,
        is_curve,
    )
    refuse_foreign(folder, kind, overwrite=overwrite)


def write_curve(folder: Path, texts: Mapping[str, str]) -> None:
    """Write the files in the order given, each whole or not at all, the curve itself last.

    The old curve goes first, and its page and plans with it, so that a folder that has a curve
    always holds one whole one.
    """
    old = [folder / name for name in ("curve.csv", CURVE_PAGE, "exceptions.csv")]
    old += [path for path in sorted(folder.glob("plan-*")) if _PLAN_FILE.fullmatch(path.name)]
    write_all({folder / name: text for name, text in texts.items()}, old=old)


def is_curve(folder: Path) -> bool:
    """Whether a folder has a curve of ours."""
    return any(begins_with(folder / "curve.csv", head) for head in _HEADS)


@dataclass(frozen=True)
class StoredCurve:
    """A curve as it was written.

    Attributes
    ----------
    rows, exceptions
        The rows of `curve.csv` and `exceptions.csv`; exceptions only against the band.
    """

    rows: (
        tuple[BandPointRow, ...]
        | tuple[MovesPointRow, ...]
        | tuple[AlignedPointRow, ...]
        | tuple[SpreadPointRow, ...]
    )
    exceptions: tuple[ExceptionRow, ...]


def read_curve(folder: Path) -> StoredCurve:
    """Return a curve that was written.

    Raises
    ------
    InputError
        If a file of it cannot be read or is damaged, or names files that are no plans of a curve.
    """
    path, beside = folder / "curve.csv", folder / "exceptions.csv"
    text = read_back(path, _AGAIN)
    rows = _table_of(text.partition("\n")[0]).read(path, text, _AGAIN)
    exceptions: tuple[ExceptionRow, ...] = ()
    if what_is_at(beside):
        exceptions = EXCEPTIONS.read(beside, read_back(beside, _AGAIN), _AGAIN)
    _refuse_foreign_plans(path, rows)
    return StoredCurve(rows, exceptions)


def _table_of(heading: str) -> Table[Any]:
    """Return what the rows under a heading are."""
    if "patients_moved" in heading:
        return CURVE_AGAINST_MOVES
    if "spread" in heading:
        return CURVE_AGAINST_FIGURE
    return CURVE_AGAINST_NEIGHBOURHOODS if "misaligned" in heading else CURVE_AGAINST_BAND


def _refuse_foreign_plans(
    path: Path, rows: Sequence[BandPointRow | MovesPointRow | AlignedPointRow | SpreadPointRow]
) -> None:
    foreign = [row.plan for row in rows if _PLAN.fullmatch(row.plan) is None]
    if foreign or not rows:
        problem = "names no plan" if not rows else "names a plan that no curve has"
        value = foreign[0] if foreign else None
        raise InputError([Fault(str(path), problem, _AGAIN, value=value)])


def _band_points(curve: BandCurve) -> list[BandPointRow]:
    return [
        BandPointRow(
            patients_short=point.short,
            patients_above=point.above,
            exceptions=len(point.exceptions),
            **_figures(number, point),
        )
        for number, point in enumerate(curve.points, start=1)
    ]


def _moves_points(curve: MovesCurve) -> list[MovesPointRow]:
    return [
        MovesPointRow(
            patients_moved=point.patients_moved,
            practices_moved=point.practices_moved,
            **_figures(number, point),
        )
        for number, point in enumerate(curve.points, start=1)
    ]


def _aligned_points(curve: AlignedCurve) -> list[AlignedPointRow]:
    return [
        AlignedPointRow(
            patients_misaligned=point.misaligned,
            share_aligned=_rounded(point.share, 6),
            **_figures(number, point),
        )
        for number, point in enumerate(curve.points, start=1)
    ]


def _spread_points(curve: SpreadCurve) -> list[SpreadPointRow]:
    return [
        SpreadPointRow(
            plan=f"plan-{number}.csv",
            figure=curve.figure.name,
            spread=round(point.spread, 6),
            region=curve.value,
            lowest=round(point.lowest, 6),
            highest=round(point.highest, 6),
            **_plan(point),
        )
        for number, point in enumerate(curve.points, start=1)
    ]


def _figures(number: int, point: BandPoint | MovesPoint | AlignedPoint) -> dict[str, Any]:
    """Return what there is to say of a plan that has a price."""
    return {
        "plan": f"plan-{number}.csv",
        "price": _rounded(point.price, 3),
        **_plan(point),
    }


def _plan(point: CurvePoint) -> dict[str, Any]:
    """Return what there is to say of a plan, whatever its curve is against."""
    return {
        "cost": round(point.cost, 3),
        "mean": round(point.mean_travel, 3),
        "max": round(point.max_travel, 3),
        "networks": len(point.networks),
        "status": point.status,
        "gap": round(point.gap, 6),
    }


def _exceptions(curve: BandCurve) -> list[ExceptionRow]:
    codes, names = curve.region.problem.codes, curve.region.units["practice_name"].tolist()
    return [
        ExceptionRow(
            plan=f"plan-{number}.csv",
            network_id=found.network.network_id,
            network_name=found.network.name,
            hub_practice_code=codes[found.network.hub],
            practices=found.network.practices,
            patients=found.network.patients,
            patients_short=found.short,
            patients_above=found.above,
            patients_per_km2=_rounded(found.density, 1),
            mean=round(found.network.mean_travel, 3),
            max=round(found.network.max_travel, 3),
            worth=_rounded(found.worth, 3),
            cost_without=_rounded(found.cost_without, 3),
            patients_outside_without=found.outside_without,
            status=found.status,
            hub_practice_name=names[found.network.hub],
        )
        for number, point in enumerate(curve.points, start=1)
        for found in point.exceptions
    ]


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
