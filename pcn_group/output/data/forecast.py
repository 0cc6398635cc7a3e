"""A forecast as files and as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from pcn_group.base.files import Kind, refuse_foreign, write_all
from pcn_group.base.paths import begins_with
from pcn_group.output.data.rows_of_several import (
    FORECAST,
    LATER_LISTS,
    ForecastRow,
    LaterListRow,
)
from pcn_group.studies.forecast import ForecastPlan
from pcn_group.tables.sheets import safe_files

__all__ = [
    "FORECAST_FILES",
    "forecast_json",
    "refuse_foreign_forecast",
    "write_forecast",
]

FORECAST_FILES = ("later_lists.csv", "forecast.csv")
"""The files of a forecast, in the order they are written."""


_HEAD = b"network_id,network_name,years_ahead,"


def _forecast_rows(plan: ForecastPlan) -> Iterator[ForecastRow]:
    """Return a row for each network and year, today first."""
    size, weights = plan.case.region.problem.size, plan.case.region.problem.weights
    for (label, members), own in zip(
        plan.case.networks.items(), plan.forecast.networks, strict=True
    ):
        name = plan.case.network_names[label]
        today = int(weights[list(members)].sum())
        for year, patients in enumerate((today, *own.patients.tolist())):
            in_band = size.band_min <= patients <= size.band_max
            low, high, below, above = None, None, None, None
            if year and (told := own.scenarios) is not None:
                low, high = int(told.low[year - 1]), int(told.high[year - 1])
                below, above = _share(told.below[year - 1]), _share(told.above[year - 1])
            yield ForecastRow(
                label, name, year, plan.day(year), patients, in_band, low, high, below, above
            )


def _later_lists(plan: ForecastPlan) -> Iterator[LaterListRow]:
    growth = plan.growth
    for code, rate, source, homes, patients in zip(
        plan.case.region.table["practice_code"],
        growth.rates,
        growth.source,
        growth.homes[:, -1].tolist(),
        plan.forecast.practices[:, -1].tolist(),
        strict=True,
    ):
        yield LaterListRow(code, _share(rate), source, homes, patients)


def forecast_json(plan: ForecastPlan) -> dict[str, Any]:
    """Return a forecast as plain values."""
    past = plan.growth.past
    return {
        "list_date": plan.list_date,
        "years": plan.growth.years,
        "sources": list(plan.sources),
        "median_growth": None if past is None else round(past.median, 6),
        "scenarios": 0 if past is None else plan.scenarios,
        "seed": None if past is None else plan.seed,
        "leaves_band_after_years": plan.leaves,
        "networks": [FORECAST.plain(row) for row in _forecast_rows(plan)],
        "notes": list(plan.growth.notes),
    }


def refuse_foreign_forecast(folder: Path, *, overwrite: bool) -> None:
    """Stop before any work is done where the folder holds anything but an earlier forecast.

    Raises
    ------
    InputError
        As `refuse_foreign`.
    """
    kind = Kind("holds something that is not a forecast", FORECAST_FILES.__contains__, _is_forecast)
    refuse_foreign(folder, kind, overwrite=overwrite)


def _is_forecast(folder: Path) -> bool:
    return begins_with(folder / "forecast.csv", _HEAD)


def write_forecast(folder: Path, plan: ForecastPlan) -> None:
    """Write all files, each whole or not at all, the forecast itself last."""
    texts = {
        "later_lists.csv": LATER_LISTS.csv(_later_lists(plan)),
        "forecast.csv": FORECAST.csv(_forecast_rows(plan)),
    }
    safe = plan.case.region.configuration.output.excel_safe
    texts = safe_files(texts, excel_safe=safe)
    write_all(
        {folder / name: texts[name] for name in FORECAST_FILES}, old=[folder / "forecast.csv"]
    )


def _share(value: float) -> Decimal:
    return Decimal(f"{value:.6f}")
